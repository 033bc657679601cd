"""How a network takes images, as tensors; what is the same in numpy alone is `gt.run.pixels`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from gt.record.published import SOURCES
from gt.run import Run
from gt.run.pixels import Scaling, fit_scaling


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
        Scaling(self.mean, self.std)  # says what is wrong with them

    def inputs(self, images: np.ndarray, shape: tuple[int, ...]) -> torch.Tensor:
        """What the network takes: ``(n, *shape)`` float32 of images ``(n, h, w, c)`` uint8, channels first."""
        return torch.from_numpy(Scaling(self.mean, self.std).inputs(images, shape))

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
    found = fit_scaling(run)
    return None if found is None else Pixels(found.mean, found.std)
