"""Iterated FGSM: steps along the gradient's signs, from the clean point.

Source: Kurakin, Goodfellow and Bengio 2017, arXiv:1607.02533, as in the article: no random start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gt.attack.method import Method, Usual, register

if TYPE_CHECKING:
    import torch

    from gt.attack.room import Room


def bounded(room: Room, epsilon: float) -> Room:
    """Each value within epsilon of the clean one."""
    from gt.attack.room import within_each

    return within_each(room, epsilon)


def move(
    room: Room, epsilon: float, step: float, at: torch.Tensor, uphill: torch.Tensor
) -> torch.Tensor:
    """A step of the same length for each value."""
    from gt.attack.room import along_signs

    return along_signs(room, epsilon, step, at, uphill)


register(
    Method(
        "fgsm",
        "iterated FGSM",
        "iterated FGSM",
        place=10,
        norm="L∞",
        text="how far each pixel may get; pixels count from 0 to 1",
        photographs=Usual(0.03, 0.002, 25),
        strokes=Usual(0.3, 0.01, 50),
        move=move,
        bounded=bounded,
    )
)
