"""The part of a concatenation that takes one of its inputs: values are placed among others, and nothing else."""

from __future__ import annotations

import numpy as np


class Placed:
    """Values put among those of others.

    Args:
        shape: Of a point in what they are put into.
        axis: Along which inputs stand one behind the other.
        first: Where along it this one begins.
        size: How far it goes.

    Raises:
        ValueError: If it goes beyond the axis.
    """

    def __init__(self, shape: tuple[int, ...], axis: int, first: int, size: int) -> None:
        if not (0 <= axis < len(shape) and 0 <= first < first + size <= shape[axis]):
            raise ValueError(
                f"Placed: {first} to {first + size} must be within axis {axis} of {shape}"
            )
        self._d_out = int(np.prod(shape))
        everywhere = np.arange(self._d_out).reshape(shape)
        self.at = everywhere.take(range(first, first + size), axis).reshape(-1)

    @property
    def shape(self) -> tuple[int, int]:
        """``(d_in, d_out)``."""
        return len(self.at), self._d_out

    def apply(self, x: np.ndarray) -> np.ndarray:
        """``x M``: ``(n, d_in)`` to ``(n, d_out)``, zeros where the others are.

        Args:
            x: ``(n, d_in)``, points.

        Returns:
            ``(n, d_out)``.
        """
        made = np.zeros((len(x), self._d_out), x.dtype)
        made[:, self.at] = x
        return made

    def adjoint(self, y: np.ndarray) -> np.ndarray:
        """``y Mᵀ``: ``(n, d_out)`` to ``(n, d_in)``: what stands in its place.

        Args:
            y: ``(n, d_out)``.

        Returns:
            ``(n, d_in)``.
        """
        return y[:, self.at]
