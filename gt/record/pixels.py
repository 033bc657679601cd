"""How a network takes images: each channel's pixels in 0..1, less a mean, by a deviation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from gt.data import Run, RunError, ShapeError
from gt.record.datasets import SOURCES

FITS = 1e-3  # largest difference of fitted and recorded inputs as a share of the largest: float16 is off by half of it


@dataclass(frozen=True)
class Pixels:
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
                "Pixels: mean and std must be finite, one of each channel, and std above 0, got"
                f" {self.mean} and {self.std}"
            )

    def inputs(self, images: np.ndarray, shape: tuple[int, ...]) -> torch.Tensor:
        """What the network takes: ``(n, *shape)`` float32 of images ``(n, h, w, c)`` uint8, channels first."""
        if images.ndim != 4 or images.shape[3] != len(self.mean):
            raise ShapeError(
                f"Pixels: images must have shape (n, h, w, {len(self.mean)}), got {images.shape}"
            )
        n, h, w, c = images.shape
        if h * w * c != int(np.prod(shape)):
            raise ShapeError(f"Pixels: the network takes {shape}, images of {(h, w, c)} do not fit")
        # as in training: the same operations in the same order, and so the same bits
        x = torch.from_numpy(images.transpose(0, 3, 1, 2).astype(np.float32, order="C")).div_(255)
        mean, std = (torch.tensor(v)[:, None, None] for v in (self.mean, self.std))
        return x.sub_(mean).div_(std).reshape(n, *shape)

    def bounds(
        self, size: tuple[int, int], shape: tuple[int, ...]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """What pixels of 0 and of 1 are, ``shape`` float32 each, for images of ``size`` (h, w)."""
        black = np.zeros((1, *size, len(self.mean)), np.uint8)
        return self.inputs(black, shape)[0], self.inputs(black + np.uint8(255), shape)[0]

    def to_json(self) -> dict[str, list[float]]:
        """As it is stored."""
        return {"mean": list(self.mean), "std": list(self.std)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Pixels:
        """Read back what `to_json` wrote."""
        return cls(tuple(map(float, stored["mean"])), tuple(map(float, stored["std"])))


def pixels_of(run: Run) -> Pixels | None:
    """How a run's network takes its images, None if that cannot be told.

    It is known for runs on the data sets that come with the project; for others it is found by comparing the recorded
    inputs with the images.
    """
    source = SOURCES.get(str(dict(run.made.get("recipe", {})).get("dataset")))
    if source is not None:
        return Pixels(tuple(source["mean"]), tuple(source["std"]))
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
    return Pixels(tuple((-offset / slope).tolist()), tuple((1 / slope).tolist()))
