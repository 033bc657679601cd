"""Axes and planes of points: what they span, where most of them lies, the orthonormal columns of a view."""

from __future__ import annotations

import numpy as np

from gt.tour.orthonormal import orthonormalise_rows

NOTHING = 1e-9  # beside the size of the data, a length like this is rounding
WIDE = 96  # coordinates, beyond which whole decompositions of all of them are not asked for
LEAST_SHRINKAGE = 1e-6  # keeps the covariance of points that lie in a plane invertible


def spanned(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points in coordinates of the space that they span about their mean, of size 1; and the way back.

    Coordinates that are zero for all, or copies of others, would make the ball too small or the covariance singular.
    """
    about = z - z.mean(0)
    size = np.abs(about).max()
    if size <= NOTHING * np.abs(z).max():
        return np.zeros((len(z), 0)), np.zeros((z.shape[1], 0))
    _, sigma, axes = np.linalg.svd(about / size, full_matrices=False)
    back = axes[sigma > NOTHING * sigma[0]].T
    return about / size @ back, back


def plane_along(
    first: np.ndarray, *clouds: np.ndarray, less: np.ndarray | None = None
) -> np.ndarray:
    """Two orthonormal columns: an axis, and the leading direction of the first cloud that leaves it.

    Where none does, the second is the unit vector farthest from the axis.

    Args:
        first: ``(k,)``, not zero.
        clouds: ``(n, k)`` about the origin, each.
        less: ``(k, k)``, subtracted from the scatter of the first of them.
    """
    first = first / np.linalg.norm(first)
    second = np.zeros_like(first)
    if len(first) > WIDE and less is None:
        second = next(
            (axis for cloud in clouds if (axis := _leading(first, cloud)) is not None), second
        )
        return np.ascontiguousarray(orthonormalise_rows(np.stack([first, second])).T)
    others = np.linalg.svd(first[None])[2][1:]  # orthonormal rows: all that is orthogonal to it
    for i, cloud in enumerate(clouds):
        rest = cloud @ others.T
        if np.linalg.norm(rest) > NOTHING * max(float(np.linalg.norm(cloud)), NOTHING):
            square = rest.T @ rest
            if less is not None and i == 0:
                square -= others @ less @ others.T
            second = settled(np.linalg.eigh(square)[1][:, -1] @ others, cloud)
            break
    return np.ascontiguousarray(orthonormalise_rows(np.stack([first, second])).T)


def leading(cloud: np.ndarray) -> np.ndarray:
    """The direction ``(k,)`` along which most of a cloud about the origin lies, its farthest point on the right.

    Args:
        cloud: ``(n, k)``, not all zero.
    """
    found = _leading(np.zeros(cloud.shape[1]), cloud)
    if found is None:
        raise ValueError("leading: a point must lie off the origin, none of them does")
    return found


def in_picture(plane: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Orthonormal columns ``(k, 2)`` of a plane: points vary most along the first, and the farthest lies to its right.

    Args:
        plane: ``(k, 2)``, two directions that span it, of any lengths and angle.
        z: ``(n, k)``, the points.
    """
    span = np.linalg.svd(plane / np.linalg.norm(plane, axis=0), full_matrices=False)[0]
    about = z - z.mean(0)
    shown = about @ span
    turned = span @ np.linalg.eigh(shown.T @ shown)[1][:, ::-1]
    return np.ascontiguousarray(np.stack([settled(axis, about) for axis in turned.T], 1))


def settled(axis: np.ndarray, cloud: np.ndarray) -> np.ndarray:
    """An axis or its opposite: the row farthest out along it, the first of equals, is on the positive side."""
    along = cloud @ axis
    far = np.abs(along)
    at = int(np.argmax(far >= (1 - 1e-6) * far.max()))
    return -axis if along[at] < 0 else axis


def ledoit_wolf(x: np.ndarray) -> float:
    """How far to shrink the covariance of points about the origin towards a ball, from 0 to 1.

    Source: Ledoit & Wolf 2004, doi:10.1016/S0047-259X(03)00096-4, section 3.

    Args:
        x: ``(n, r)``, centred.
    """
    n, r = x.shape
    s = x.T @ x / n
    from_ball = float(((s - np.trace(s) / r * np.eye(r)) ** 2).sum())
    noise = float(((x**2).sum(1) ** 2).sum() / n - (s**2).sum()) / n
    return min(1.0, noise / from_ball) if from_ball > 0 else 1.0


def _leading(first: np.ndarray, cloud: np.ndarray) -> np.ndarray | None:
    """The direction along which most of a cloud lies that is at right angles to a unit vector; None where nothing is.

    Of the two moment matrices, of points and of coordinates, the smaller is decomposed.
    """
    from scipy.linalg import eigh

    rest = cloud - np.outer(cloud @ first, first)
    if np.linalg.norm(rest) <= NOTHING * max(float(np.linalg.norm(cloud)), NOTHING):
        return None
    n, k = rest.shape
    square = rest @ rest.T if n < k else rest.T @ rest
    top = eigh(square, subset_by_index=[len(square) - 1] * 2)[1][:, 0]
    axis = rest.T @ top if n < k else top
    return settled(axis / np.linalg.norm(axis), cloud)
