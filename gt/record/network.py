"""A network, ready to be called, and how it is fed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from gt.record.chain import Chain
from gt.record.hooks import undisturbed
from gt.record.pixels import Pixels
from gt.run import RunError

BATCH = 256


@dataclass(frozen=True)
class Network:
    """A network and how it is fed.

    Attributes:
        model: Maps ``(n, *shape)`` float32 to ``(n, k)`` logits.
        shape: Of one input.
        classes: The k class names.
        pixels: How images become inputs; None if that is not known.
        epoch: After which epoch of its training, None if that is not known.
        uid: Of the run that it is of.
    """

    model: Chain
    shape: tuple[int, ...]
    classes: tuple[str, ...]
    pixels: Pixels | None
    epoch: int | None
    uid: str

    def logits(self, inputs: torch.Tensor) -> np.ndarray:
        """``(n, k)`` float32 of inputs ``(n, *shape)``."""
        with undisturbed(self.model):
            parts = [self.model(part).cpu().numpy() for part in inputs.split(BATCH)]
        return np.concatenate(parts)

    def inputs_of(self, images: np.ndarray) -> torch.Tensor:
        """Inputs of images ``(n, h, w, c)`` uint8.

        Raises:
            RunError: If it is not known how images become inputs.
        """
        if self.pixels is None:
            raise RunError(
                "network: how images become inputs must be known, it is not; record the run with"
                " its images and all layers"
            )
        return self.pixels.inputs(images, self.shape)
