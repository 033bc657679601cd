"""The plane in which attacked points are seen beside the boundary that they are pushed across.

Height is what the network decides by: the output for one class less that for the other, so the boundary between the two
is the horizontal line through the origin. Sideways is what tells the attacked points from all others best,
of what is orthogonal to the height: where they lie in no way that the height says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.measure.check import numbers
from gt.measure.views.directions import separating


@dataclass(frozen=True)
class AttackPlane:
    """A view of attacked points among others.

    Attributes:
        columns: ``(k, 2)`` float64 orthonormal, the first two columns of a tour matrix.
        told: Shares of the others and of the attacked that are told right on the horizontal axis alone, leave-one-out.
    """

    columns: np.ndarray
    told: tuple[float, float]


def boundary_plane(z: np.ndarray, attacked: np.ndarray, below: int, above: int) -> AttackPlane:
    """Find the plane.

    Args:
        z: ``(n, k)``, outputs of the network, the first coordinates one a class.
        attacked: ``(n,)`` bool, two points or more of both kinds.
        below: The class whose side of the boundary is below it.
        above: The class whose side is above.

    Raises:
        ValueError: If both are one class, or the means of attacked and other points differ in nothing but height.
    """
    where = "boundary_plane"
    z = numbers(where, "z", z, "nk")
    if below == above or not 0 <= min(below, above) <= max(below, above) < z.shape[1]:
        raise ValueError(f"{where}: classes must be two of {z.shape[1]}, got {below} and {above}")
    height = np.zeros(z.shape[1])
    height[[below, above]] = -np.sqrt(0.5), np.sqrt(0.5)
    found = separating(z - np.outer(z @ height, height), np.asarray(attacked, np.int64))
    across = found.columns[:, 0]
    across = across - (across @ height) * height  # what rounding left
    return AttackPlane(np.stack([across / np.linalg.norm(across), height], 1), found.told)
