"""How a network takes images: each channel's pixels in 0..1, less a mean, by a deviation. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.errors import RunError, ShapeError
from gt.run.read import Run

FITS = 1e-3  # largest difference of fitted and recorded inputs as a share of the largest: float16 is off by half of it


@dataclass(frozen=True)
class Scaling:
    """Means and deviations, one of each channel.

    Attributes:
        mean: What is taken off a pixel in 0..1.
        std: What the rest is divided by, above 0.

    Raises:
        RunError: If they are not finite, not as many, or a deviation is not above 0.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]

    def __post_init__(self) -> None:
        good = len(self.mean) == len(self.std) > 0 and min(self.std) > 0
        if not good or not np.isfinite([*self.mean, *self.std]).all():
            raise RunError(
                "Scaling: mean and std must be finite, one of each channel, and std above 0, got"
                f" {self.mean} and {self.std}"
            )

    def inputs(self, images: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """What the network takes: ``(n, *shape)`` float32 of images ``(n, h, w, c)`` uint8, channels first.

        Raises:
            ShapeError: If the images have other channels or another size.
        """
        if images.ndim != 4 or images.shape[3] != len(self.mean):
            raise ShapeError(
                f"Scaling: images must have shape (n, h, w, {len(self.mean)}), got {images.shape}"
            )
        if int(np.prod(images.shape[1:])) != int(np.prod(shape)):
            raise ShapeError(
                f"Scaling: the network takes {shape}, images of {images.shape[1:]} do not fit"
            )
        # as in training: the same operations in the same order, and so the same bits
        x = images.transpose(0, 3, 1, 2).astype(np.float32, order="C") / np.float32(255)
        mean, std = (np.array(v, np.float32)[:, None, None] for v in (self.mean, self.std))
        out: np.ndarray = ((x - mean) / std).reshape(len(images), *shape)
        return out


def fit_scaling(run: Run) -> Scaling | None:
    """Find how a run's network takes its images by comparing them with the inputs that were recorded.

    Returns:
        None if the run lacks one of the two, or the inputs are no scaled pixels.
    """
    first = run.layers[0] if run.layers else None
    if run.images is None or first is None or first.kind != "Input" or not len(run.epochs):
        return None
    n, h, w, c = run.images.shape
    if int(np.prod(first.shape)) != h * w * c:
        return None
    x = run.activations(first.name, 0).reshape(n, c, -1).transpose(1, 0, 2).reshape(c, -1)
    p = run.images.transpose(3, 0, 1, 2).reshape(c, -1) / 255.0
    fits = [np.polyfit(p[i], x[i], 1) for i in range(c) if np.ptp(p[i]) > 0]
    if len(fits) < c:
        return None
    slope, offset = np.array(fits).T
    off = np.abs(slope[:, None] * p + offset[:, None] - x).max()
    if (slope <= 0).any() or off > FITS * max(1.0, float(np.abs(x).max())):
        return None
    return Scaling(tuple((-offset / slope).tolist()), tuple((1 / slope).tolist()))
