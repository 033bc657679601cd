"""What is to be seen, and whether it is so in the data: numpy, and scipy once it is asked to measure.

``measure_all`` measures the embedding of a training over its epochs; ``DEFINITIONS`` says, for
readers, what each number means. The screen never sees the data's own space, so a picture can show
motion where there was none; these numbers say how much of it does. ``separating``, ``movers`` and ``gap`` find
the plane of view that answers a question.
"""

from gt.analysis.correspondence import (
    Measures,
    Transition,
    false_motion,
    fitted_motion,
    measure_all,
    measure_transition,
    rank_correlation,
    still_half,
    summary,
)
from gt.analysis.definitions import DEFINITIONS, NAMES, Definition
from gt.analysis.directions import Gap, Movers, Separation, gap, movers, separating
from gt.analysis.neighbours import neighbourhoods
from gt.analysis.similarity import Similarity, fit_similarity

__all__ = [
    "DEFINITIONS",
    "NAMES",
    "Definition",
    "Gap",
    "Measures",
    "Movers",
    "Separation",
    "Similarity",
    "Transition",
    "false_motion",
    "fit_similarity",
    "fitted_motion",
    "gap",
    "measure_all",
    "measure_transition",
    "movers",
    "neighbourhoods",
    "rank_correlation",
    "separating",
    "still_half",
    "summary",
]
