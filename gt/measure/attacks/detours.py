"""Whether attacked examples that take a detour are those whose perturbation is noisy.

An attack moves each example along a path through the softmax space: one corner for each class. The path of some
goes straight from corner to corner; others stray, through classes that nobody asked for. Their perturbations look
noisier, it is said: here both are measured, and how they go together. ``MEANINGS`` says it for readers.

Sources: the observation is from Li, Zhao and Scheidegger 2020, doi:10.23915/distill.00025; perturbations by their
frequencies: Yin et al. 2019, arXiv:1906.08988; the p-value: Phipson and Smyth 2010, doi:10.2202/1544-6115.1585.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gt.errors import RunError
from gt.kept.attack import Attack
from gt.measure.check import alike, numbers
from gt.measure.embeddings.correspondence import rank_correlation
from gt.tour import average_ranks

NAN = float("nan")
CUT = 0.25  # cycles per pixel, half of what a grid of pixels can show along its rows
RESOLUTION = (
    2e-4  # lengths in softmax space; the 16 bits that shipped outputs keep are as good as this
)
NOTHING = 1e-20  # of the energy: what is left of a flat image after a transform in float64
SHUFFLES = 9_999  # so the smallest p-value is 1 in 10,000
FEWEST = 3  # the order of two is always the same or the reverse

MEANINGS = {
    "stray": "The largest distance of the path from the straight line between its first and its last step, in the"
    " space of the softmax, where two corners are √2 ≈ 1.41 apart: 0 if it goes straight, √1.5 ≈ 1.22 if it passes"
    " through a third corner.",
    "excess": "The length of the path over the distance between its first and its last step, minus 1: 0 if it goes"
    " straight and never back, 1 if it is twice as long as need be.",
    "noise": f"The share of the final perturbation's energy in waves shorter than {1 / CUT:g} pixels (above {CUT:g}"
    " cycles per pixel in its two-dimensional Fourier transform, all channels together, the mean left out):"
    " about 0.8 for white noise, near 0 for broad strokes.",
    "rho": "Spearman's rank correlation between straying and noise over the examples that moved: 1 if those that stray"
    " further are always noisier, 0 if the one says nothing about the other.",
    "p_value": f"How often a correlation as far from 0, or farther, came about in {SHUFFLES:,} random shuffles.",
}


@dataclass(frozen=True)
class Detours:
    """The detours of m attacked examples; see ``MEANINGS``.

    Attributes:
        ids: ``(m,)`` int64.
        stray: ``(m,)`` float64; what is below `RESOLUTION` is 0.
        excess: ``(m,)`` float64; what is below `RESOLUTION` is 0; NaN where the path ends where it began.
        noise: ``(m,)`` float64; NaN where nothing was changed, or all pixels alike, or there are no images.
        rho: Between ``stray`` and ``noise``; NaN for fewer than `FEWEST`, or where one of the two is constant.
        p_value: Two-sided; NaN where ``rho`` is.
        n: How many examples ``rho`` is over: their softmax moved, and their noise is not NaN.
    """

    ids: np.ndarray
    stray: np.ndarray
    excess: np.ndarray
    noise: np.ndarray
    rho: float
    p_value: float
    n: int


def detours(
    attack: Attack, ids: Iterable[int] | None = None, *, rng: np.random.Generator | None = None
) -> Detours:
    """Measure the detours of an attack and the noise of its last step.

    An example whose softmax stays where it was has no path that could be straight or not: its ``stray`` is 0, and it
    does not count in ``rho``.

    Args:
        attack: With a step at least.
        ids: Only the attacked points among these; all when None.
        rng: Shuffles for the p-value; seeded with 0 when None, so the same question gets the same answer.

    Raises:
        RunError: If no attacked point is among ``ids``.
    """
    chosen = rows_of(attack, ids, "detours")
    path = attack.probabilities[:, chosen]
    stray, excess = straying(path)
    noise = np.full(len(chosen), NAN)
    if attack.run.images is not None:
        noise = high_share(attack.change(len(attack.steps) - 1)[chosen])
    went = np.linalg.norm(path.astype(np.float64) - path[0], axis=2).max(0) > RESOLUTION
    count = went & ~np.isnan(noise)
    rho, p_value = association(stray[count], noise[count], rng or np.random.default_rng(0))
    return Detours(attack.ids[chosen], stray, excess, noise, rho, p_value, int(count.sum()))


def rows_of(attack: Attack, ids: Iterable[int] | None, where: str) -> np.ndarray:
    """Which of the attacked points are among ``ids``: indices ``(m',)`` into ``attack.ids``; all when None.

    Raises:
        RunError: If none is.
    """
    if ids is None:
        return np.arange(len(attack.ids))
    wanted = np.fromiter(ids, np.int64)
    chosen = np.flatnonzero(np.isin(attack.ids, wanted))
    if not len(chosen):
        raise RunError(
            f"{where}: ids must hold one of the {len(attack.ids)} attacked points, got"
            f" {wanted.size} others"
        )
    return chosen


def straying(path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far paths stray from the straight lines between their ends, and how much longer they are.

    The distance is that from the segment, not from the line that goes on behind its ends. Between two steps a path
    is straight, so it is nowhere farther away than at one of its steps.

    Args:
        path: ``(e, m, k)``, m paths of e steps.

    Returns:
        ``stray`` and ``excess`` of `Detours`, ``(m,)`` float64.

    Raises:
        ValueError: If the shape is another or a value is not finite.
    """
    path = numbers("straying", "path", path, "emk")
    along = path[-1] - path[0]
    straight = np.linalg.norm(along, axis=1)
    from_start = path - path[0]
    square = np.where(straight > 0, straight**2, 1.0)
    share = np.clip((from_start * along).sum(2) / square, 0, 1)
    stray = np.linalg.norm(from_start - share[..., None] * along, axis=2).max(0)
    further = np.linalg.norm(np.diff(path, axis=0), axis=2).sum(0) - straight
    excess = np.full(len(straight), NAN)
    there = straight > RESOLUTION
    excess[there] = np.where(further > RESOLUTION, further, 0.0)[there] / straight[there]
    return np.where(stray > RESOLUTION, stray, 0.0), excess


def high_share(change: np.ndarray, cut: float = CUT) -> np.ndarray:
    """Share of the energy of images in their high frequencies.

    Args:
        change: ``(m, h, w, c)``, in any unit.
        cut: Frequencies above it are high, in cycles per pixel; that of a wave which is slanted is the length of the
            vector of its frequencies along rows and columns.

    Returns:
        ``(m,)`` float64 from 0 to 1: the squares of the Fourier transform of each channel, summed over all channels,
        without those of the mean. NaN where there is no energy but that of the mean.

    Raises:
        ValueError: If the shape is another or a value is not finite.
    """
    change = numbers("high_share", "change", change, "mhwc")
    h, w = change.shape[1:3]
    size = np.abs(change).max(axis=(1, 2, 3), keepdims=True)
    waves = np.fft.rfft2(change / np.where(size > 0, size, 1.0), axes=(1, 2))
    energy = (np.abs(waves) ** 2).sum(3)
    across = np.arange(w // 2 + 1)
    energy *= np.where(
        (across == 0) | (2 * across == w), 1, 2
    )  # a real image: the other half is its mirror image
    frequency = np.hypot(np.fft.fftfreq(h)[:, None], np.fft.rfftfreq(w))
    whole = energy.sum((1, 2))
    high = energy[:, frequency > cut * (1 + 1e-12)].sum(1)  # on the cut is on it, rounded or not
    rest = energy[:, frequency > 0].sum(1)
    share = np.full(len(change), NAN)
    there = rest > NOTHING * whole
    share[there] = np.minimum(high[there] / rest[there], 1.0)
    return share


def association(
    stray: np.ndarray, noise: np.ndarray, rng: np.random.Generator
) -> tuple[float, float]:
    """Spearman's ρ of two measures ``(n,)`` and its two-sided p-value by permutation.

    Equal values share their average rank. The p-value is (1 + b) / (1 + `SHUFFLES`), with b the shuffles whose ρ is at
    least as far from 0: the order that was found is one of those possible, so it is never 0.

    Returns:
        NaN and NaN for fewer than `FEWEST`, or if one of the measures is constant.

    Raises:
        ValueError: If shapes disagree, or a value is negative or not finite.
    """
    alike("association", "stray", stray, "noise", noise)
    if len(stray) < FEWEST:
        return NAN, NAN
    rho = rank_correlation(stray, noise)
    if np.isnan(rho):
        return NAN, NAN
    a, b = (average_ranks(one) - (len(stray) + 1) / 2 for one in (stray, noise))
    found = abs(a @ b) * (1 - 1e-12)  # a sum in another order may be less by its rounding
    shuffled = np.fromiter((a @ rng.permutation(b) for _ in range(SHUFFLES)), float, SHUFFLES)
    return rho, float((1 + (np.abs(shuffled) >= found).sum()) / (1 + SHUFFLES))
