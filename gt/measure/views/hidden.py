"""Keep what is seen, and turn in what is hidden: the next view that shows most of what the present one does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.measure.check import numbers
from gt.measure.views.planes import NOTHING, leading


@dataclass(frozen=True)
class TurnedIn:
    """A view that keeps one axis of another.

    Attributes:
        columns: ``(k, 2)`` float64 orthonormal.
        before: Of the variance of the points, what the view before shows.
        after: What this view shows.
        kept: What the axis shows that both have.
        new: What the axis shows that was turned in.
        by_chance: What a direction by chance would show, of those at right angles to the view before, in the mean.
    """

    columns: np.ndarray
    before: float
    after: float
    kept: float
    new: float
    by_chance: float


def turned_in(z: np.ndarray, columns: np.ndarray) -> TurnedIn:
    """Keep the axis of a view along which points vary most; turn the other to where most of what is hidden lies.

    The axis that is kept stays where it is on the screen, with all points' places along it. The new one is the leading
    principal component of the points without what the view shows (Pearson 1901, doi:10.1080/14786440109462720).

    Args:
        z: ``(n, k)``, k at least 3.
        columns: ``(k, 2)``, orthonormal: the first two columns of the tour matrix.

    Raises:
        ValueError: If the columns are not those of a view of these points, or the view shows all that varies.
    """
    where = "turned_in"
    z, columns = numbers(where, "z", z, "nk"), numbers(where, "columns", columns, "kd")
    k = z.shape[1]
    if columns.shape != (k, 2) or not np.allclose(columns.T @ columns, np.eye(2), atol=1e-3):
        raise ValueError(f"{where}: columns must be ({k}, 2) and orthonormal, got {columns.shape}")
    columns = np.linalg.qr(columns)[0] * np.sign(np.diag(np.linalg.qr(columns)[1]))
    x = z - z.mean(0)
    x /= max(float(np.abs(x).max()), np.finfo(float).tiny)
    whole = float((x**2).sum())
    shown = x @ columns
    rest = x - shown @ columns.T
    hidden = float((rest**2).sum())
    if k < 3 or hidden <= NOTHING * max(whole, NOTHING):
        raise ValueError(f"{where}: nothing is hidden, this view shows all that varies")
    along = np.linalg.eigh(shown.T @ shown)[1][:, -1]  # (2,), on the screen
    across = np.array([-along[1], along[0]])
    kept = columns @ along
    new = leading(rest)
    new -= columns @ (columns.T @ new)
    new /= np.linalg.norm(new)
    found = np.outer(kept, along) + np.outer(new, across)

    def share(axes: np.ndarray) -> float:
        return float(((x @ axes) ** 2).sum() / whole)

    return TurnedIn(
        found, share(columns), share(found), share(kept), share(new), hidden / whole / (k - 2)
    )
