"""What each measure is, in words for readers: pages and the documentation print these, and no others."""

from __future__ import annotations

from dataclasses import dataclass

from gt.measure.embeddings.neighbours import NEIGHBOURS


@dataclass(frozen=True)
class Definition:
    """One measure.

    Attributes:
        title: A few words.
        formula: Plain text. m and s are the motions of the n points in the data and on the screen
            in one epoch, s′ is s after the fit, H the half that moved least in the data, Nᵏ the k
            nearest points and r their rank by distance.
        explanation: One sentence.
        per_transition: Measured between two epochs; otherwise in each epoch.
    """

    title: str
    formula: str
    explanation: str
    per_transition: bool


DEFINITIONS: dict[str, Definition] = {
    "rank_correlation": Definition(
        "Rank correlation of motions",
        "ρ(m, s),  mᵢ = ‖xᵢ(t+1) − xᵢ(t)‖,  sᵢ = ‖yᵢ(t+1) − yᵢ(t)‖",
        "Spearman's ρ between how far each point moved in the data and on the screen from one"
        " epoch to the next: 1 if what moves more in the data always moves more on the screen, 0 if"
        " the one says nothing about the other.",
        per_transition=True,
    ),
    "fitted_rank_correlation": Definition(
        "Rank correlation, fitted",
        "ρ(m, s′),  s′ᵢ = ‖yᵢ(t+1) − T(yᵢ(t))‖",
        "The same after the rotation, reflection, shift and scaling T of the whole picture, fitted"
        " to the half that moved least in the data, has been taken out.",
        per_transition=True,
    ),
    "false_motion": Definition(
        "False motion",
        "Σ_{i∈H} sᵢ / Σᵢ sᵢ",
        "Share of all motion on the screen that belongs to the half of the points that moved least"
        " in the data: 0.5 if all move alike; the data's own share is what it compares with.",
        per_transition=True,
    ),
    "fitted_false_motion": Definition(
        "False motion, fitted",
        "Σ_{i∈H} s′ᵢ / Σᵢ s′ᵢ",
        "The same after the rotation, reflection, shift and scaling of the whole picture, fitted to"
        " that half, has been taken out.",
        per_transition=True,
    ),
    "data_share": Definition(
        "The data's own share",
        "Σ_{i∈H} mᵢ / Σᵢ mᵢ",
        "Share of all motion in the data that belongs to the half that moved least: what false"
        " motion would be if the screen showed every motion in proportion.",
        per_transition=True,
    ),
    "trustworthiness": Definition(
        "Trustworthiness",
        "1 − 2 / (n k (2n − 3k − 1)) · Σᵢ Σ_{j∈Nᵏ(yᵢ)} max(0, r(xᵢ, xⱼ) − k)",
        "Whether points that are close on the screen are close in the data: 1 if the"
        f" k = {NEIGHBOURS} nearest of each on the screen are the {NEIGHBOURS} nearest in the data.",
        per_transition=False,
    ),
    "continuity": Definition(
        "Continuity",
        "1 − 2 / (n k (2n − 3k − 1)) · Σᵢ Σ_{j∈Nᵏ(xᵢ)} max(0, r(yᵢ, yⱼ) − k)",
        "Whether points that are close in the data are close on the screen: trustworthiness with"
        f" data and screen exchanged, k = {NEIGHBOURS} too.",
        per_transition=False,
    ),
}

NAMES: tuple[str, ...] = tuple(DEFINITIONS)
