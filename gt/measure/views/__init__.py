"""The plane of view that answers a question, and how much a frame tells.

``separating`` finds where groups lie apart, ``movers`` what moved, ``gap`` where test differs from train.
"""

from gt.measure.views.directions import Gap, Movers, Separation, gap, movers, separating

__all__ = ["Gap", "Movers", "Separation", "gap", "movers", "separating"]
