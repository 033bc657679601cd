"""What every operator can do, and the simplest of them."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class Operator(Protocol):
    """A linear map of row vectors, ``y = x M``.

    Attributes:
        shape: ``(d_in, d_out)`` of M.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """``(d_in, d_out)``."""
        ...

    def apply(self, x: np.ndarray) -> np.ndarray:
        """``x M``: ``(n, d_in)`` to ``(n, d_out)``, in the type of x.

        Args:
            x: ``(n, d_in)``, points.

        Returns:
            ``(n, d_out)``.
        """
        ...

    def adjoint(self, y: np.ndarray) -> np.ndarray:
        """``y Mᵀ``: ``(n, d_out)`` to ``(n, d_in)``, in the type of y.

        Args:
            y: ``(n, d_out)``.

        Returns:
            ``(n, d_in)``.
        """
        ...


class Dense:
    """A matrix as an operator: a linear layer, on a vector or on each of several side by side.

    Args:
        matrix: ``(d_in, d_out)``; the transpose of what PyTorch calls the weight.
        times: How many vectors a point has (tokens, places); the matrix acts on each.

    Raises:
        ValueError: If the matrix has not two axes.
    """

    def __init__(self, matrix: np.ndarray, times: int = 1) -> None:
        if matrix.ndim != 2:
            raise ValueError(f"Dense: matrix must be (d_in, d_out), got shape {matrix.shape}")
        self.matrix = matrix
        self.times = times

    @property
    def shape(self) -> tuple[int, int]:
        """``(d_in, d_out)``, of all vectors together."""
        d_in, d_out = self.matrix.shape
        return self.times * d_in, self.times * d_out

    def apply(self, x: np.ndarray) -> np.ndarray:
        """``x M``: ``(n, d_in)`` to ``(n, d_out)``.

        Args:
            x: ``(n, d_in)``, points.

        Returns:
            ``(n, d_out)``.
        """
        return self._each(x, self.matrix)

    def adjoint(self, y: np.ndarray) -> np.ndarray:
        """``y Mᵀ``: ``(n, d_out)`` to ``(n, d_in)``.

        Args:
            y: ``(n, d_out)``.

        Returns:
            ``(n, d_in)``.
        """
        return self._each(y, self.matrix.T)

    def _each(self, x: np.ndarray, matrix: np.ndarray) -> np.ndarray:
        parts = x.reshape(len(x) * self.times, len(matrix))
        return (parts @ matrix.astype(x.dtype, copy=False)).reshape(
            len(x), self.times * matrix.shape[1]
        )


class Diagonal:
    """Each value by a factor of its own: normalisation with settled statistics; ones for none.

    Args:
        factors: ``(d,)``.
    """

    def __init__(self, factors: np.ndarray) -> None:
        self.factors = factors

    @property
    def shape(self) -> tuple[int, int]:
        """``(d, d)``."""
        return len(self.factors), len(self.factors)

    def apply(self, x: np.ndarray) -> np.ndarray:
        """``x M``: ``(n, d)`` to ``(n, d)``.

        Args:
            x: ``(n, d)``, points.

        Returns:
            ``(n, d)``.
        """
        return x * self.factors.astype(x.dtype, copy=False)

    adjoint = apply
