"""The shortest way from one view to another: pictures turn into each other, they don't jump.

What is seen is V, the first two columns of a frame. Among all rotations R with R V0 = V1 the one
with the least sum of squared angles is found, and the path is its powers R^u: constant speed,
orthogonal all along, no mirroring. It lies in the span of V0 and V1, at most four-dimensional
(Edelman, Arias and Smith 1998, doi:10.1137/S0895479895290954, section 2.3.2), where rotations are
pairs of quaternions, and V0 and V1 leave one angle free: how much the two hidden directions turn.
Principal angles followed by a turn in the plane would be simpler, but longer.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gt.tour.frame import complete_frame
from gt.tour.orthonormal import orthonormalise_rows
from gt.tour.quaternion import angle_of, from_rotation, multiply, power, to_rotation

Array = NDArray[np.float64]


class Geodesic:
    """A path between two views, made by ``create_geodesic``.

    Attributes:
        angle: Radians: the length of the path, the root of the sum of the squared angles of its two
            plane rotations; a metric on views.
    """

    def __init__(self, start: Array, end: Array) -> None:
        self._start, self._end, p = start, end, len(start)
        self._rows = min(p, 4)
        if p == 1:
            self.angle = 0.0 if start[0, 0] == end[0, 0] else float(np.pi)
            return
        columns = np.concatenate([start[:, :2], end[:, :2]], axis=1)[:, : self._rows]
        self._basis = orthonormalise_rows(columns.T)
        padded = np.zeros((4, 2))
        padded[: self._rows] = self._basis @ end[:, :2]
        rotation = complete_frame(padded)
        if np.linalg.det(rotation) < 0:
            rotation[:, 2] *= -1
        self._left, self._right = _shortest(*from_rotation(rotation), free=self._rows == 4)
        self.angle = float(np.sqrt(2) * np.hypot(angle_of(self._left), angle_of(self._right)))

    def at(self, u: float) -> Array:
        """The frame at u, clamped to [0, 1]: a new ``(p, p)`` float64 array.

        ``at(0)`` is the start; ``at(1)`` has the first two columns of the end, its other columns
        are those of the start, carried along.

        Args:
            u: From 0 to 1.

        Returns:
            Shape ``(p, p)``, float64.
        """
        if not u > 0:
            return self._start.copy()
        if len(self._start) == 1:
            return (self._start if u < 1 else self._end).copy()
        turned = to_rotation(power(self._left, min(u, 1)), power(self._right, min(u, 1)))
        change = (turned - np.eye(4))[: self._rows, : self._rows]
        out = self._start + self._basis.T @ change @ (self._basis @ self._start)
        if u >= 1:
            out[:, :2] = self._end[:, :2]
        return np.asarray(out)


def create_geodesic(start: ArrayLike, end: ArrayLike) -> Geodesic:
    """The shortest path from one view to another.

    In two dimensions a mirrored view cannot be reached by turning: the picture is flipped over like
    a card, and only then is the path not orthogonal.

    Args:
        start: Frame, shape ``(p, p)``, orthogonal.
        end: Frame, shape ``(p, p)``, orthogonal.

    Returns:
        A ``Geodesic``.
    """
    return Geodesic(np.array(start, dtype=np.float64), np.array(end, dtype=np.float64))


def _shortest(left: Array, right: Array, free: bool) -> tuple[Array, Array]:
    """Turn the two hidden directions among themselves so that the whole rotation is shortest.

    That multiplies both quaternions by e^(i s), 0 <= s < 2π, which also passes the other sign of
    the pair. Fewer than four dimensions have not two hidden directions: only the sign is free.
    """

    def turned(s: float) -> tuple[Array, Array]:
        hidden = np.array([np.cos(s), np.sin(s), 0, 0])
        return multiply(left, hidden), multiply(right, hidden)

    def cost(s: float) -> float:
        return sum(angle_of(q) ** 2 for q in turned(s))

    def slope(s: float) -> float:
        return sum(angle_of(q) * q[1] / (np.linalg.norm(q[1:]) or 1) for q in turned(s))

    samples = 64 if free else 2
    spacing = 2 * np.pi / samples
    best = 0.0
    for k in range(1, samples):
        if cost(k * spacing) < cost(best) - 1e-9:
            best = k * spacing
    if free:
        low, high = best - spacing, best + spacing
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if slope(middle) > 0 else (middle, high)
        best = (low + high) / 2
    return turned(best)
