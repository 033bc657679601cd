"""Whether what a picture shows is so in the data: neighbours, and what moved.

``measure_all`` measures the embedding of a training over its epochs; ``DEFINITIONS`` says, for
readers, what each number means. The screen never sees the data's own space, so a picture can show
motion where there was none; these numbers say how much of it does.
"""

from gt.measure.embeddings.correspondence import (
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
from gt.measure.embeddings.definitions import DEFINITIONS, NAMES, Definition
from gt.measure.embeddings.neighbours import neighbourhoods
from gt.measure.embeddings.similarity import Similarity, fit_similarity

__all__ = [
    "DEFINITIONS",
    "NAMES",
    "Definition",
    "Measures",
    "Similarity",
    "Transition",
    "false_motion",
    "fit_similarity",
    "fitted_motion",
    "measure_all",
    "measure_transition",
    "neighbourhoods",
    "rank_correlation",
    "still_half",
    "summary",
]
