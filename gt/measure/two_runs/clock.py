"""Which epoch of one run stands beside which of another: runs may have different lengths, steps and units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.run.read import Run

ENOUGH = 2  # epochs with one number in both, for numbers to be the clock
PERCENT = "percent"


@dataclass(frozen=True)
class Clock:
    """Epochs that are compared.

    Attributes:
        at_a: ``(e,)`` int64, positions in a's epochs, increasing.
        at_b: ``(e,)`` positions in b's, never decreasing.
        numbers: ``(e,)`` what the slider says, increasing.
        unit: "epoch", "step", or "percent" of each training.
        said: What a reader must know of it, in sentences.
    """

    at_a: np.ndarray
    at_b: np.ndarray
    numbers: np.ndarray
    unit: str
    said: tuple[str, ...]


def common_clock(a: Run, b: Run, called: tuple[str, str]) -> Clock:
    """Compare the epochs that both recorded; where these are too few or their units differ, shares of each training.

    Args:
        a: A run with an epoch at least.
        b: Another one.
        called: What sentences call them.
    """
    if a.unit == b.unit:
        both, at_a, at_b = np.intersect1d(a.epochs, b.epochs, return_indices=True)
        if len(both) >= ENOUGH:
            return Clock(at_a, at_b, both, a.unit, _said(a, b, both, called))
    return _by_share(a, b, called)


def _said(a: Run, b: Run, both: np.ndarray, called: tuple[str, str]) -> tuple[str, ...]:
    said = []
    ends = zip((int(run.epochs[-1]) for run in (a, b)), called, strict=True)
    (first, short), (last, long) = sorted(ends)
    if first != last:
        said.append(
            f"{short} ends at {a.unit} {first}; what {long} does behind it, up to {last}, is compared with nothing."
        )
    within = [int((run.epochs <= both[-1]).sum()) - len(both) for run in (a, b)]
    if any(within):
        said.append(f"Compared are the {len(both):,} {a.unit}s that both recorded.")
    return tuple(said)


def _by_share(a: Run, b: Run, called: tuple[str, str]) -> Clock:
    """The run with fewer epochs says when; of the other, the epoch that is nearest in its own share of the training."""
    shares = [_shares(run.epochs) for run in (a, b)]
    few = 0 if len(shares[0]) <= len(shares[1]) else 1
    percent = np.round(100 * shares[few]).astype(np.int64)
    numbers, at_few = np.unique(percent, return_index=True)
    other = shares[1 - few]
    at_other = np.abs(other[None] - shares[few][at_few][:, None]).argmin(1)
    pair = (at_few, at_other) if few == 0 else (at_other, at_few)
    why = (
        f"{called[0]} counts {a.unit}s and {called[1]} {b.unit}s"
        if a.unit != b.unit
        else f"The runs have fewer than {ENOUGH} {a.unit}s in common"
    )
    said = f"{why}, so the slider counts percent of each training, and shows of both what was recorded nearest to that."
    return Clock(np.asarray(pair[0]), np.asarray(pair[1]), numbers, PERCENT, (said,))


def _shares(epochs: np.ndarray) -> np.ndarray:
    """How much of a training has passed at each of its epochs; 1 where there is but one."""
    first, last = float(epochs[0]), float(epochs[-1])
    return np.ones(1) if first == last else (epochs - first) / (last - first)
