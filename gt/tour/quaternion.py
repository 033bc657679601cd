"""Rotations of four-dimensional space as pairs of unit quaternions, x ↦ l x r̄, and their powers.

Source: Mebius 2005, arXiv:math/0501249. A quaternion is (w, x, y, z); so is a vector of the space.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEFT = np.zeros((4, 4, 4))
"""LEFT[a] @ x is unit quaternion a times x."""
LEFT[0] = np.eye(4)
LEFT[1, [1, 0, 3, 2], [0, 1, 2, 3]] = 1, -1, 1, -1
LEFT[2, [2, 3, 0, 1], [0, 1, 2, 3]] = 1, -1, -1, 1
LEFT[3, [3, 2, 1, 0], [0, 1, 2, 3]] = 1, 1, -1, -1


def multiply(a: Array, b: Array) -> Array:
    """The product a b, shape ``(4,)``."""
    return np.asarray(np.einsum("a,aik,k->i", a, LEFT, b))


def conjugate(a: Array) -> Array:
    """The conjugate, shape ``(4,)``."""
    return np.asarray(a * [1, -1, -1, -1])


def angle_of(a: Array) -> float:
    """The angle of a unit quaternion, 0 to π."""
    return float(np.arctan2(np.linalg.norm(a[1:]), a[0]))


def power(a: Array, u: float) -> Array:
    """The real power of a unit quaternion: same axis, u times the angle; -1 gets the first axis."""
    length, angle = np.linalg.norm(a[1:]), u * angle_of(a)
    axis = a[1:] / length if length > 0 else np.array([1.0, 0.0, 0.0])
    return np.concatenate([[np.cos(angle)], np.sin(angle) * axis])


def to_rotation(left: Array, right: Array) -> Array:
    """The ``(4, 4)`` matrix of x ↦ l x r̄."""
    columns = [multiply(multiply(left, e), conjugate(right)) for e in np.eye(4)]
    return np.stack(columns, axis=1)


def from_rotation(rotation: Array) -> tuple[Array, Array]:
    """The pair (l, r) of a ``(4, 4)`` rotation, up to the sign of both.

    The matrix of all products l_a r_b has rank one and is linear in the rotation.
    """
    units = np.eye(4)
    products = np.array([[(rotation * to_rotation(a, b)).sum() / 4 for b in units] for a in units])
    row, column = 0, 0
    for a in range(4):
        for b in range(4):
            if abs(products[a, b]) > abs(products[row, column]) + 1e-9:
                row, column = a, b
    left, right = products[:, column], products[row] * np.sign(products[row, column])
    return left / np.linalg.norm(left), right / np.linalg.norm(right)
