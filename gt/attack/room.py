"""Where attacked points may go, and what keeps them there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch


@dataclass(frozen=True)
class Room:
    """All that is fixed while points are pushed.

    Attributes:
        clean: ``(n, ...)`` where they were, in the model's units.
        scale: ``(...)`` what a pixel's whole range is in those units.
        lower: ``(n, ...)`` the least value of each …
        upper: … and the largest.
    """

    clean: torch.Tensor
    scale: torch.Tensor
    lower: torch.Tensor
    upper: torch.Tensor

    def of(self, part: slice) -> Room:
        """The same for some of the points."""
        return replace(self, clean=self.clean[part], lower=self.lower[part], upper=self.upper[part])

    def kept(self, values: torch.Tensor) -> torch.Tensor:
        """Values brought back between their bounds."""
        return torch.clamp(values, self.lower, self.upper)


def within_each(room: Room, epsilon: float) -> Room:
    """Each value within epsilon of the clean one (an L∞ ball is a box)."""
    return replace(
        room,
        lower=torch.maximum(room.lower, room.clean - epsilon * room.scale),
        upper=torch.minimum(room.upper, room.clean + epsilon * room.scale),
    )


def along_signs(
    room: Room, epsilon: float, step: float, at: torch.Tensor, uphill: torch.Tensor
) -> torch.Tensor:
    """A step of the same length for each value, which is steepest in L∞."""
    return at + step * room.scale * uphill.sign()


def norm(values: torch.Tensor) -> torch.Tensor:
    """Euclidean length of each point, ``(n, 1, ...)``; scaled first, as squares of tiny gradients are 0."""
    rows = values.flatten(1)
    largest = rows.abs().amax(1, keepdim=True).clamp_min(torch.finfo(rows.dtype).tiny)
    length = largest * (rows / largest).norm(dim=1, keepdim=True)
    return length.reshape(-1, *[1] * (values.ndim - 1))
