"""Direct manipulation: the frame that puts a handle, or the middle of points, at the pointer."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gt.tour.frame import gram_schmidt
from gt.tour.rotate import rotate_columns, rotate_view

RIM = 1 - 1e-12
"""Beyond the unit circle a handle is held just inside: its hidden part keeps a direction."""
HIDDEN = 1e-9
"""A hidden part shorter than this has no direction to go by."""


def drag_handle(m: ArrayLike, i: int, x: float, y: float) -> NDArray[np.float64]:
    """Move the end of handle i to (x, y), or to the nearest point of the unit circle if outside.

    The article (doi:10.23915/distill.00025) adds the pointer's step to row i and then runs
    Gram-Schmidt with row i first. Normalising that row takes the handle away from the pointer
    again. Here the hidden part of the row is scaled instead, so that the row is a unit vector from
    the start: the handle is where the pointer is, and can be pulled out to the circle and back.
    The other rows follow by Gram-Schmidt with row i first; the JavaScript twin has a closed form
    of it. Two dimensions have no hidden part: the picture turns towards the pointer. One dimension
    stays.

    Args:
        m: Frame, shape ``(p, p)``, orthogonal.
        i: The handle, ``0 <= i < p``.
        x: Wanted place.
        y: Wanted place.

    Returns:
        A new ``(p, p)`` float64 frame.
    """
    m = np.array(m, dtype=np.float64)
    p, radius = len(m), np.hypot(x, y)
    if p < 2 or not np.isfinite(radius):
        return m
    if p == 2:
        turn = np.arctan2(y, x) - np.arctan2(m[i, 1], m[i, 0])
        return m if radius == 0 else rotate_columns(m, turn)
    inside = RIM / radius if radius > RIM else 1.0
    hidden = np.sqrt(max(0.0, 1 - (radius * inside) ** 2))
    direction = _hidden_direction(m, i)
    m[i] = np.concatenate([[x * inside, y * inside], hidden * direction])
    return gram_schmidt(m, i)


def _hidden_direction(m: NDArray[np.float64], i: int) -> NDArray[np.float64]:
    """The unit direction of row i in the hidden coordinates, shape ``(p - 2,)``.

    A handle that lies in the picture has none. Pulling it in then moves handle j by an amount
    proportional to the product of its hidden part with the direction taken; the squares of these
    products sum to one whatever the direction, so the one that spares the worst-off is the one that
    shares evenly: the sum of the other rows.
    """
    hidden = m[:, 2:]
    others = np.delete(hidden, i, axis=0).sum(axis=0)
    for direction in (hidden[i], others):
        length = np.linalg.norm(direction)
        if length > HIDDEN:
            return np.asarray(direction / length)
    best, most = i, 0.0
    for j, square in enumerate((hidden**2).sum(axis=1)):
        if square > most + 1e-9:
            best, most = j, square
    return np.asarray(hidden[best] / np.linalg.norm(hidden[best]))


def drag_centroid(m: ArrayLike, c: ArrayLike, dx: float, dy: float) -> NDArray[np.float64]:
    """Drag points: turn the view so that their centroid moves by (dx, dy).

    With c̃ = c G and c̃' = (c̃ + Δ)·|c̃| / |c̃ + Δ|, G becomes G ρ, where ρ turns the plane of c̃ and c̃'
    from the one to the other. A centroid at the origin, or one dragged onto it, has no direction:
    nothing happens. One dragged through the origin turns in the picture's own plane.
    Source: Li, Zhao and Scheidegger 2020, doi:10.23915/distill.00025.

    Args:
        m: Frame, shape ``(p, p)``, orthogonal.
        c: The centroid in data space, shape ``(p,)``.
        dx: Step in data units.
        dy: Step in data units.

    Returns:
        A new ``(p, p)`` float64 frame.
    """
    m = np.array(m, dtype=np.float64)
    if len(m) < 2 or not np.isfinite(dx + dy):
        return m
    start = np.asarray(c, dtype=np.float64) @ m
    end = start.copy()
    end[:2] += dx, dy
    start_square, end_square = start @ start, end @ end
    if not (start_square > 0 and end_square > 1e-20 * start_square):
        return m
    cosine = (start @ end) / np.sqrt(start_square * end_square)
    across = end / np.sqrt(end_square) - cosine * start / np.sqrt(start_square)
    angle = float(np.arctan2(np.linalg.norm(across), cosine))
    if angle > np.pi - 1e-9:
        return rotate_columns(m, np.pi)
    return rotate_view(m, start, end, angle)
