"""Average-pooling as an operator whose singular values and vectors have a closed form.

It does the same to every channel, and along each axis by itself: the matrix is a Kronecker product of the
identity of the channels and one small matrix an axis. Its singular vectors are products of theirs, and
its singular values products of theirs, whatever the stride, padding and overlap of the windows.
Windows side by side all have the same singular value, ``1 / sqrt(values in a window)``.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np


class Pooling:
    """Average-pooling over any number of axes.

    Args:
        axes: For each spatial axis ``(size_in, size_out)``: how outputs average inputs.
        channels: How many there are.
    """

    def __init__(self, axes: Sequence[np.ndarray], channels: int) -> None:
        self.axes = tuple(axes)
        self.channels = channels

    @classmethod
    def of(
        cls,
        shape: Sequence[int],
        outputs: Sequence[int],
        *,
        kernel: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        count_padding: bool = True,
    ) -> Pooling:
        """From a layer's settings.

        Args:
            shape: Of one input point, ``(channels, *spatial)``.
            outputs: Of one output point, ``(channels, *spatial)``, which settles rounding.
            kernel: Size of the window along each axis, or one number for all.
            stride: Steps; the window's size when None.
            padding: On both sides.
            dilation: Distance of two neighbours in the window.
            count_padding: Whether an average counts the padding as zeros; otherwise it is of the
                real inputs alone.

        Returns:
            The pooling.

        Raises:
            ValueError: If the outputs cannot be of such a layer.
        """
        spatial = len(shape) - 1
        if len(outputs) != spatial + 1 or outputs[0] != shape[0]:
            raise ValueError(
                f"Pooling: outputs must have {shape[0]} channels and {spatial} axes,"
                f" got {tuple(outputs)}"
            )
        settings = [kernel, kernel if stride is None else stride, padding, dilation]
        each = [(s,) * spatial if isinstance(s, int) else tuple(s) for s in settings]
        wrong = [s for s in each if len(s) != spatial]
        if wrong:
            raise ValueError(f"Pooling: settings must have {spatial} numbers, got {wrong[0]}")
        axes = [
            _axis(size, out, k, s, p, d, count_padding)
            for size, out, k, s, p, d in zip(shape[1:], outputs[1:], *each, strict=True)
        ]
        return cls(axes, int(shape[0]))

    @classmethod
    def adaptive(cls, shape: Sequence[int], outputs: Sequence[int]) -> Pooling:
        """From the sizes alone: windows as even as can be, as in PyTorch's adaptive pooling.

        Args:
            shape: Of one input point, ``(channels, *spatial)``.
            outputs: Of one output point, ``(channels, *spatial)``.

        Returns:
            The pooling.
        """
        axes = []
        for size, out in zip(shape[1:], outputs[1:], strict=True):
            matrix = np.zeros((size, out))
            for j in range(out):
                window = slice(j * size // out, -((j + 1) * size // -out))
                matrix[window, j] = 1.0 / (window.stop - window.start)
            axes.append(matrix)
        return cls(axes, int(shape[0]))

    @property
    def shape(self) -> tuple[int, int]:
        """``(d_in, d_out)``."""
        sizes = np.array([a.shape for a in self.axes], np.int64).reshape(-1, 2).prod(0)
        return self.channels * int(sizes[0]), self.channels * int(sizes[1])

    def apply(self, x: np.ndarray) -> np.ndarray:
        """``x M``: ``(n, d_in)`` to ``(n, d_out)``.

        Args:
            x: ``(n, d_in)``, points.

        Returns:
            ``(n, d_out)``.
        """
        return self._each_axis(x, [a.T for a in self.axes])

    def adjoint(self, y: np.ndarray) -> np.ndarray:
        """``y Mᵀ``: ``(n, d_out)`` to ``(n, d_in)``.

        Args:
            y: ``(n, d_out)``.

        Returns:
            ``(n, d_in)``.
        """
        return self._each_axis(y, list(self.axes))

    def largest(self, x: np.ndarray) -> np.ndarray:
        """The largest of the inputs that each output averages: ``(n, d_in)`` to ``(n, d_out)``.

        Args:
            x: ``(n, d_in)``.

        Returns:
            ``(n, d_out)``.
        """
        out = x.reshape(len(x), self.channels, *(len(a) for a in self.axes))
        for axis, matrix in enumerate(self.axes, start=2):
            seen = [np.flatnonzero(column) for column in matrix.T]
            out = np.stack([out.take(one, axis).max(axis) for one in seen], axis)
        return out.reshape(len(x), -1)

    def triplets(self, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The k leading singular triplets, from those of the axes.

        Args:
            k: How many; fewer come where there are fewer.

        Returns:
            ``left`` (d_in, r), ``sigma`` (r,) falling and ``right`` (d_out, r), float64; among equal
            values the first channel comes first.
        """
        parts = [np.linalg.svd(a.astype(np.float64), full_matrices=False) for a in self.axes]
        ranks = [range(len(s)) for _, s, _ in parts]
        choices = [
            (float(np.prod([s[i] for i, (_, s, _) in zip(place, parts, strict=True)])), place)
            for place in itertools.product(*ranks)
        ]
        choices.sort(key=lambda one: -round(one[0], 12))  # equal ones stay in order
        order = list(itertools.product(choices, range(self.channels)))[:k]
        left = np.empty((self.shape[0], len(order)))
        right = np.empty((self.shape[1], len(order)))
        for j, ((_, place), channel) in enumerate(order):
            left[:, j] = self._spread(
                channel, [u[:, i] for i, (u, _, _) in zip(place, parts, strict=True)]
            )
            right[:, j] = self._spread(
                channel, [v[i] for i, (_, _, v) in zip(place, parts, strict=True)]
            )
        return left, np.array([s for (s, _), _ in order]), right

    def _spread(self, channel: int, vectors: list[np.ndarray]) -> np.ndarray:
        """The Kronecker product of a vector an axis, in one channel."""
        one = np.zeros(self.channels)
        one[channel] = 1.0
        for vector in vectors:
            one = np.multiply.outer(one, vector)
        return one.ravel()

    def _each_axis(self, x: np.ndarray, matrices: list[np.ndarray]) -> np.ndarray:
        sizes = [m.shape[1] for m in matrices]
        out = x.reshape(len(x), self.channels, *sizes)
        for axis, matrix in enumerate(matrices, start=2):
            turned = np.tensordot(out, matrix.astype(x.dtype, copy=False), axes=(axis, 1))
            out = np.moveaxis(turned, -1, axis)
        return out.reshape(len(x), int(np.prod(out.shape[1:])))


def _axis(
    size: int, out: int, kernel: int, stride: int, padding: int, dilation: int, count: bool
) -> np.ndarray:
    """How the outputs along one axis average its inputs, ``(size, out)`` float64."""
    matrix = np.zeros((size, out))
    for j in range(out):
        places = [j * stride - padding + i * dilation for i in range(kernel)]
        inside = [at for at in places if 0 <= at < size]
        if not inside:
            raise ValueError(
                f"Pooling: output {j} of an axis must see some of its {size} inputs, its window is"
                f" {places[0]} to {places[-1]}"
            )
        # windows that reach beyond the padding (ceil_mode) do not count what lies there
        counted = [at for at in places if -padding <= at < size + padding]
        matrix[inside, j] = 1.0 / len(counted if count else inside)
    return matrix
