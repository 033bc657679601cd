"""How alike a layer of two networks is: linear CKA and Procrustes distance, each with what chance reaches.

Source: Kornblith, Norouzi, Lee & Hinton, Similarity of neural network representations revisited, 2019,
arXiv:1905.00414. Both say more than nothing of unrelated layers, the more the fewer points there are for their width
(Murphy, Zylberberg & Fyshe 2024, arXiv:2405.01012): so the same is measured with the points of one run shuffled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.measure.two_runs.procrustes import procrustes_distance

SHUFFLES = 20


@dataclass(frozen=True)
class Alike:
    """A layer of two networks at one epoch.

    Attributes:
        cka: 0 to 1, 1 for the same but for a turn and a size.
        cka_chance: The median of the same with shuffled points.
        cka_as_good: How many of the shuffles reach as much.
        distance: Procrustes, 0 for the same but for a turn and a size, to 1.
        distance_chance: The median of the same with shuffled points.
        distance_as_good: How many of the shuffles are as near.
        of: How many shuffles there were.
    """

    cka: float
    cka_chance: float
    cka_as_good: int
    distance: float
    distance_chance: float
    distance_as_good: int
    of: int


def linear_cka(a: np.ndarray, b: np.ndarray) -> float:
    """Linear centred kernel alignment of two layers.

    Args:
        a: ``(n, p)``.
        b: ``(n, q)``, of the same points.

    Returns:
        0 to 1; 0 where one of them has all points in one place.

    Source: Kornblith et al. 2019, section 3.
    """
    return _aligned(_centred_gram(a), _centred_gram(b))


def alike(
    a: np.ndarray,
    b: np.ndarray,
    near_a: np.ndarray,
    near_b: np.ndarray,
    times: int = SHUFFLES,
    seed: int = 0,
) -> Alike:
    """Measure how alike a layer is, and how alike it would seem by chance.

    Args:
        a: ``(n, p)``, all of it: for CKA.
        b: ``(n, q)``.
        near_a: ``(n, k)``, the same or its leading principal coordinates: for the Procrustes distance.
        near_b: ``(n, k)`` or as wide as it is.
        times: How often the points of b are shuffled.
        seed: Of the shuffles.
    """
    rng = np.random.default_rng(seed)
    gram_a, gram_b = _centred_gram(a), _centred_gram(b)
    cka, distance = _aligned(gram_a, gram_b), procrustes_distance(near_a, near_b)
    orders = [rng.permutation(len(a)) for _ in range(times)]
    ckas = [_aligned(gram_a, gram_b[np.ix_(one, one)]) for one in orders]
    distances = [procrustes_distance(near_a, near_b[one]) for one in orders]
    return Alike(
        cka,
        float(np.median(ckas)),
        sum(one >= cka for one in ckas),
        distance,
        float(np.median(distances)),
        sum(one <= distance for one in distances),
        times,
    )


def _centred_gram(x: np.ndarray) -> np.ndarray:
    """``(n, n)``: the products of all pairs of points about their mean."""
    wide = np.asarray(x, np.float64)
    wide = wide - wide.mean(0)
    return np.asarray(wide @ wide.T)


def _aligned(gram_a: np.ndarray, gram_b: np.ndarray) -> float:
    size = np.linalg.norm(gram_a) * np.linalg.norm(gram_b)
    return float(np.clip((gram_a * gram_b).sum() / size, 0, 1)) if size else 0.0
