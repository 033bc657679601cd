"""Whether what moved on the screen moved in the data, between epochs of a training.

With the data x_i(t) ``(n, p)`` and the picture y_i(t) ``(n, d)`` of epoch t, point i moved by
m_i = ‖x_i(t+1) − x_i(t)‖ in the data and by s_i = ‖y_i(t+1) − y_i(t)‖ on the screen. Only order and
shares are compared, for data and screen have no common unit. NaN means that there was nothing to
measure, never that something went wrong.

Sources: Spearman 1904, doi:10.2307/1412159; the fit is in ``similarity``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

import numpy as np

from gt.measure.check import alike, numbers, same_points
from gt.measure.embeddings.definitions import DEFINITIONS, NAMES
from gt.measure.embeddings.neighbours import neighbourhoods
from gt.measure.embeddings.similarity import fit_similarity
from gt.tour import average_ranks

NAN = float("nan")
EQUAL = 1e-9  # steps that differ by less than this part are one step and rounding


@dataclass(frozen=True)
class Transition:
    """The measures between two epochs; see ``DEFINITIONS``.

    Attributes:
        rank_correlation: Of motions in the data and on the screen, -1 to 1.
        fitted_rank_correlation: The same once the picture's own motion is taken out.
        false_motion: Share of the screen's motion of the half that is still in the data, 0 to 1.
        fitted_false_motion: The same once the picture's own motion is taken out.
        data_share: Share of the data's motion of that half.
    """

    rank_correlation: float
    fitted_rank_correlation: float
    false_motion: float
    fitted_false_motion: float
    data_share: float


@dataclass(frozen=True)
class Measures:
    """The measures of a whole training, float32; see ``DEFINITIONS``.

    Attributes:
        rank_correlation, fitted_rank_correlation, false_motion, fitted_false_motion, data_share:
            ``(e - 1,)``; number t is from epoch t to epoch t + 1.
        trustworthiness, continuity: ``(e,)``.
    """

    rank_correlation: np.ndarray
    fitted_rank_correlation: np.ndarray
    false_motion: np.ndarray
    fitted_false_motion: np.ndarray
    data_share: np.ndarray
    trustworthiness: np.ndarray
    continuity: np.ndarray


def rank_correlation(m: np.ndarray, s: np.ndarray) -> float:
    """Spearman's ρ of two motions ``(n,)``; ties have their average rank; NaN if one is constant.

    Args:
        m: Lengths of motions in the data, ``(n,)``.
        s: On the screen, ``(n,)``.

    Returns:
        -1 to 1.
    """
    m, s = _motions("rank_correlation", m, s)
    if any(np.ptp(a) <= EQUAL * a.max() for a in (m, s)):
        return NAN
    a, b = (average_ranks(one) - (len(one) + 1) / 2 for one in (m, s))
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def still_half(m: np.ndarray) -> np.ndarray:
    """Which ``n // 2`` points moved least, ``(n,)`` bool; of equal ones, the first.

    Args:
        m: Lengths of motions, ``(n,)``.

    Returns:
        ``(n,)`` bool.
    """
    m, _ = _motions("still_half", m, m)
    still = np.zeros(len(m), bool)
    still[np.argsort(m, kind="stable")[: len(m) // 2]] = True
    return still


def false_motion(m: np.ndarray, s: np.ndarray) -> float:
    """Share of the motion ``s`` of the half that is still in ``m``; NaN if nothing moved in ``s``.

    Args:
        m: Lengths of motions in the data, ``(n,)``.
        s: On the screen, ``(n,)``.

    Returns:
        0 to 1.
    """
    m, s = _motions("false_motion", m, s)
    whole = s.sum()
    return float(s[still_half(m)].sum() / whole) if whole > 0 else NAN


def fitted_motion(m: np.ndarray, ya: np.ndarray, yb: np.ndarray) -> np.ndarray:
    """Motion on the screen beyond a similarity of the whole picture: ``‖yb − T(ya)‖``.

    T is fitted to the half that moved least in the data, so that what moved in earnest does not
    turn it. What is below the precision of the positions' own dtype is 0: the rounding of a fit
    that leaves nothing has an order too, and would be ranked.

    Args:
        m: Motion in the data, ``(n,)``.
        ya: Positions before, ``(n, d)``.
        yb: Positions after, ``(n, d)``.

    Returns:
        ``(n,)`` float64, in the unit of ``yb``.
    """
    where = "fitted_motion"
    eps = max(_precision(ya), _precision(yb))
    ya, yb = numbers(where, "ya", ya, "nd"), numbers(where, "yb", yb, "nd")
    same_points(where, "m", np.asarray(m), "ya", ya)
    fit = fit_similarity(ya, yb, still_half(m))
    motion = _steps(fit.apply(ya), yb)
    resolution = 4 * eps * (fit.scale * np.abs(ya).max() + np.abs(yb).max())
    return np.where(motion > resolution, motion, 0.0)


def measure_transition(
    xa: np.ndarray, xb: np.ndarray, ya: np.ndarray, yb: np.ndarray
) -> Transition:
    """Measure what happened between two epochs.

    Args:
        xa: Data before, ``(n, p)``.
        xb: Data after, ``(n, p)``.
        ya: Positions before, ``(n, d)``.
        yb: Positions after, ``(n, d)``.

    Returns:
        The measures.

    Raises:
        ValueError: If shapes disagree or a value is not finite.
    """
    where = "measure_transition"
    x0, x1 = numbers(where, "xa", xa, "np"), numbers(where, "xb", xb, "np")
    y0, y1 = numbers(where, "ya", ya, "nd"), numbers(where, "yb", yb, "nd")
    alike(where, "xa", x0, "xb", x1)
    alike(where, "ya", y0, "yb", y1)
    same_points(where, "xa", x0, "ya", y0)
    m, s = _steps(x0, x1), _steps(y0, y1)
    fitted = fitted_motion(m, ya, yb)
    return Transition(
        rank_correlation(m, s),
        rank_correlation(m, fitted),
        false_motion(m, s),
        false_motion(m, fitted),
        false_motion(m, m),
    )


def measure_all(
    data: Callable[[int], np.ndarray],
    positions: np.ndarray,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Measures:
    """Measure the embedding of a training in every epoch and between all that follow each other.

    Args:
        data: Gives the data ``(n, p)`` of an epoch by its index; asked once for each, in order, and
            at most two are kept.
        positions: ``(e, n, d)``.
        progress: Called with (epochs done, epochs in all) after each.

    Returns:
        All measures: ``(e,)`` those of an epoch, ``(e - 1,)`` those of a transition.

    Raises:
        ValueError: If shapes disagree or a value is not finite.
    """
    where = "measure_all"
    positions = np.asarray(positions)
    numbers(where, "positions", positions, "end")
    e = len(positions)
    found = {
        name: np.full(e - definition.per_transition, NAN, np.float32)
        for name, definition in DEFINITIONS.items()
    }
    before = np.empty(0)
    for i, y in enumerate(positions):
        name = f"data of epoch {i}"
        x = numbers(where, name, data(i), "np")
        same_points(where, name, x, "positions", y)
        found["trustworthiness"][i], found["continuity"][i] = neighbourhoods(x, y)
        if i > 0:
            alike(where, f"data of epoch {i - 1}", before, name, x)
            transition = measure_transition(before, x, positions[i - 1], y)
            for measure, value in asdict(transition).items():
                found[measure][i - 1] = value
        before = x
        if progress:
            progress(i + 1, e)
    return Measures(**found)


def summary(measures: Measures, transitions: Iterable[int] | None = None) -> dict[str, float]:
    """Median of each measure, by its name; what is NaN does not count, NaN if nothing else is there.

    Args:
        measures: Of a training.
        transitions: Only these, t being from epoch t to t + 1; what is measured by epoch then
            counts in the epochs that these join.

    Returns:
        A number a measure.

    Raises:
        ValueError: If there is no such transition.
    """
    count = len(measures.rank_correlation)
    chosen = list(range(count)) if transitions is None else list(transitions)
    for t in chosen:
        whole = isinstance(t, (int, np.integer)) and not isinstance(t, bool)  # no mask
        if not whole or not 0 <= t < count:
            raise ValueError(
                f"summary: transitions must be indices from 0 to {count - 1}, got {t!r}"
            )
    joined = sorted({*chosen, *(t + 1 for t in chosen)})
    if transitions is None:
        joined = list(range(count + 1))  # the only epoch of a training without transitions too
    medians = {}
    for name in NAMES:
        at = np.array(chosen if DEFINITIONS[name].per_transition else joined, np.intp)
        values = getattr(measures, name).astype(np.float64)[at]
        values = values[~np.isnan(values)]
        medians[name] = float(np.median(values)) if values.size else NAN
    return medians


def _steps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.sqrt(((b - a) ** 2).sum(axis=1))


def _motions(where: str, m: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    m, s = numbers(where, "m", m, "n"), numbers(where, "s", s, "n")
    alike(where, "m", m, "s", s)
    if min(m.min(), s.min()) < 0:
        raise ValueError(f"{where}: motions must not be negative, got {min(m.min(), s.min())}")
    return m, s


def _precision(a: np.ndarray) -> float:
    dtype = np.asarray(a).dtype
    return float(np.finfo(dtype if dtype.kind == "f" else np.float64).eps)
