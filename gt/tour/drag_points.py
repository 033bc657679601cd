"""Drag points: a selection is pulled by its centroid, and the view follows in one of three ways.

* ``rotate``: the plane of the centroid turns: the centroid goes where the pointer is, as far as its
  length allows, and all else turns along.
* ``fit``: the selected points should move, all others should stay: the orthogonal matrix that comes
  nearest to that.
* ``spread``: however it is dragged, the view goes to the plane in which the selected points spread
  most; the length of the drag is how far.

All are functions of the displacement since the gesture began, not of the last step: a gesture
leaves no drift, its path does not matter, and back where it began the view is what it was. This is
the reference, with numpy's singular values; the JavaScript twin has iterations that are quick enough
for a pointer. It takes points as one flat array and therefore also their number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gt.tour.drag import drag_centroid
from gt.tour.frame import complete_frame, gram_schmidt, orthonormal_error
from gt.tour.geodesic import Geodesic, create_geodesic
from gt.tour.principal import POINT, symmetric_eigen

Array = NDArray[np.float64]
Rows = Sequence[int] | NDArray[np.integer]

OFF = 1e-9
"""A frame that is off by more is put right."""
RIDGE = 1e-3
"""Share of the mean variance that is added to each direction's: see ``create_fit``."""
REACH = 100
"""A displacement of this many times the points' root mean square is as good as endless to a fit."""
SPREAD_LENGTH = 0.5
"""Plot units of drag that take ``spread`` all the way."""
LINE = 1e-12
"""Points whose variance across their line is a smaller share of that along it lie on a line."""


@dataclass(frozen=True)
class Drag:
    """One gesture.

    Attributes:
        at: The frame, a new ``(p, p)`` float64 array, after the displacement (dx, dy) from where
            the gesture began, in data units. A displacement that is not finite is none.
    """

    at: Callable[[float, float], Array]


def create_drag(mode: str, g: ArrayLike, points: ArrayLike, selected: Rows) -> Drag | None:
    """Begin to drag some points.

    Args:
        mode: ``"rotate"``, ``"fit"`` or ``"spread"``.
        g: Frame, shape ``(p, p)`` with ``p >= 2``, orthogonal: the view when the gesture begins.
        points: Shape ``(n, p)``: all points.
        selected: Distinct rows of points.

    Returns:
        The gesture; None where there is nothing to drag: no points (for spread: no two different
        ones), or some that are not finite.

    Raises:
        ValueError: If there is no such mode.
    """
    if mode == "rotate":
        return create_rotate(g, points, selected)
    if mode == "fit":
        return create_fit(g, points, selected)
    if mode != "spread":
        raise ValueError(f"create_drag: mode must be rotate, fit or spread, got {mode!r}")
    path = create_spread(g, points, selected)
    if path is None:
        return None

    def at(dx: float, dy: float) -> Array:
        length = float(np.hypot(dx, dy))
        return path.at(min(1.0, length / SPREAD_LENGTH) if np.isfinite(length) else 0.0)

    return Drag(at)


def create_rotate(g: ArrayLike, points: ArrayLike, selected: Rows) -> Drag | None:
    """Turn the plane of the centroid: see ``drag_centroid``.

    Args:
        g: The frame when the drag begins, shape ``(p, p)``.
        points: Shape ``(n, p)``.
        selected: Distinct rows of points.

    Returns:
        The gesture; None where there is nothing to drag, as `create_drag` says.
    """
    start = _orthogonal(g)
    c = _centroid(np.asarray(points, dtype=np.float64), selected)
    if c is None or len(start) < 2:
        return None
    return Drag(lambda dx, dy: _orthogonal(drag_centroid(start, c, dx, dy)))


def create_fit(g: ArrayLike, points: ArrayLike, selected: Rows) -> Drag | None:
    """Move the selected points by (dx, dy) and leave the others, as nearly as a rotation can.

    With D = (dx, dy, 0, ...) for the selected points and 0 for the others, that is the orthogonal
    G' with the least |W(X G' - (X G + D))|: orthogonal Procrustes (Schönemann 1966,
    doi:10.1007/BF02289451), G' = the polar factor of XᵀW²(X G + D). All p view coordinates count,
    not only the two that are seen: that has a closed form, and keeps what is hidden from being
    thrown about. As D is the same for all selected points, that matrix is (S + c bᵀ) G, with
    S = XᵀW²X, c the weight of the selection times its centroid and b = G (dx, dy, 0, ...)ᵀ.

    Weights: the selected points weigh as much as all others together. With a weight for each
    point, ten among five hundred would hardly move.

    Not centred: G turns about the origin, and cannot move all points alike. Centred points would
    not count such a move as one, so that others could be thrown far in the name of staying.

    Ridge: S has no say in directions without data (fewer points than dimensions, a narrow layer).
    λ on its diagonal, which asks λ G of G', keeps them wherever the data leave it open.

    Mirrored views are left out: when the selection is dragged through the origin the nearest
    orthogonal matrix may be one, and the picture would jump.

    Args:
        g: The frame when the drag begins, shape ``(p, p)``.
        points: Shape ``(n, p)``.
        selected: Distinct rows of points.

    Returns:
        The gesture; None where there is nothing to drag, as `create_drag` says.
    """
    start, x = _orthogonal(g), np.asarray(points, dtype=np.float64)
    p, n = len(start), len(x)
    c = _centroid(x, selected)
    if c is None or p < 2:
        return None
    share = 0.5 if len(selected) < n else 1.0
    weights = np.full(n, (1 - share) / max(1, n - len(selected)))
    weights[selected] = share / len(selected)
    with np.errstate(over="ignore", invalid="ignore"):
        moments = x.T @ (weights[:, None] * x)
        trace = float(np.trace(moments))
    if not 0 < trace < np.inf:
        return None
    moments += RIDGE * trace / p * np.eye(p)

    def at(dx: float, dy: float) -> Array:
        length, farthest = np.hypot(dx, dy), REACH * np.sqrt(trace)
        if not 0 < length < np.inf:
            return start.copy()
        held = farthest / length if length > farthest else 1.0
        b = start[:, :2] @ (held * np.array([dx, dy]))
        return _orthogonal(polar_rotation(moments + np.outer(share * c, b)) @ start)

    return Drag(at)


def create_spread(g: ArrayLike, points: ArrayLike, selected: Rows) -> Geodesic | None:
    """The shortest way to the plane in which the selected points spread most.

    The plane may be shown from either side and turned at will: it is shown so that the picture
    turns least, which makes the way a pure tilt. For points on a line, two points say, the plane
    holds that line and the direction of the picture that need not turn for it.

    Args:
        g: Frame, shape ``(p, p)`` with ``p >= 2``, orthogonal: where the way begins.
        points: Shape ``(n, p)``.
        selected: Distinct rows of points.

    Returns:
        The path; None if there are no two different points.
    """
    start = _orthogonal(g)
    plane = principal_plane(points, selected)
    if plane is None:
        return None
    seen = start[:, :2]
    if not plane[:, 1].any():
        x, y = plane[:, 0] @ seen
        length = np.hypot(x, y)
        across = np.array([-y, x]) / length if length > OFF else np.array([1.0, 0.0])
        plane[:, 1] = seen @ across
    (a, b), (c, d) = plane.T @ seen
    mirror = -1 if np.hypot(a - d, b + c) > np.hypot(a + d, c - b) + OFF else 1
    angle = np.arctan2(c - mirror * b, a + mirror * d)
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.array([[cosine, -mirror * sine], [sine, mirror * cosine]])
    return create_geodesic(start, complete_frame(plane @ turn))


def principal_plane(points: ArrayLike, selected: Rows) -> Array | None:
    """The two directions in which some points spread most about their own centroid.

    Args:
        points: Shape ``(n, p)``, ``p >= 2``.
        selected: Distinct rows of points.

    Returns:
        Shape ``(p, 2)``, orthonormal columns, the larger spread first, each with its largest entry
        positive. Points on a line have no second direction: their second column is zero. None if
        there is no direction at all: fewer than two points, all equal, or not finite.
    """
    x = np.asarray(points, dtype=np.float64)
    if len(selected) < 2 or x.shape[1] < 2:
        return None
    x = x[selected]
    with np.errstate(over="ignore", invalid="ignore"):
        square = float((x**2).sum()) / len(x)
    if not np.isfinite(square):
        return None
    x = x - x.mean(axis=0)
    values, vectors = symmetric_eigen(x.T @ x / len(x))
    if not values[0] > POINT * square:
        return None
    plane = vectors[:2].T.copy()
    if not values[1] > LINE * values[0]:
        plane[:, 1] = 0
    return plane


def polar_factor(m: ArrayLike) -> Array:
    """The orthogonal matrix nearest to m: U Vᵀ for m = U Σ Vᵀ.

    The twin iterates (Higham 1986, doi:10.1137/0907079). Where m is singular there are many, and
    the two need not give the same; a matrix that is zero or not finite gives the identity.

    Args:
        m: Shape ``(p, p)``.

    Returns:
        A new ``(p, p)`` float64 array.
    """
    u, v = _singular_vectors(m)
    return np.asarray(u @ v)


def polar_rotation(m: ArrayLike) -> Array:
    """The rotation nearest to m: the polar factor, or with its weakest direction turned round.

    While m changes steadily it changes steadily too, also where the determinant of m passes zero
    and the polar factor jumps to a mirror image. Source: Kabsch 1976,
    doi:10.1107/S0567739476001873.

    Args:
        m: Shape ``(p, p)``.

    Returns:
        A new ``(p, p)`` float64 array of determinant 1.
    """
    u, v = _singular_vectors(m)
    if np.linalg.det(u) * np.linalg.det(v) < 0:
        u[:, -1] *= -1
    return np.asarray(u @ v)


def _singular_vectors(m: ArrayLike) -> tuple[Array, Array]:
    m = np.array(m, dtype=np.float64)
    largest = np.abs(m).max()
    if not 0 < largest < np.inf:
        return np.eye(len(m)), np.eye(len(m))
    u, _, v = np.linalg.svd(m / largest)
    return u, v


def _orthogonal(g: ArrayLike) -> Array:
    """A copy of a frame, put right if it is off, from a link say."""
    m = np.array(g, dtype=np.float64)
    return m if orthonormal_error(m) < OFF else gram_schmidt(m)


def _centroid(points: Array, selected: Rows) -> Array | None:
    if len(selected) == 0:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        c = (points[selected] / len(selected)).sum(axis=0)
    return c if np.isfinite(c).all() else None
