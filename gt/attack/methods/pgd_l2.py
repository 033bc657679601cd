"""PGD in L2: steps along the gradient itself, within a ball around the clean point.

Source: Madry et al. 2018, arXiv:1706.06083.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gt.attack.method import Method, Usual, register

if TYPE_CHECKING:
    import torch

    from gt.attack.room import Room


def start(room: Room, epsilon: float, rng: np.random.Generator) -> torch.Tensor:
    """A place drawn evenly from the ball around each clean point."""
    import torch

    shape = tuple(room.clean.shape)
    drawn = rng.standard_normal(shape).reshape(len(room.clean), -1)
    radius = epsilon * rng.uniform(size=(len(drawn), 1)) ** (1 / drawn.shape[1])
    drawn = (drawn * radius / np.linalg.norm(drawn, axis=1, keepdims=True)).reshape(shape)
    return room.clean + torch.as_tensor(drawn).to(room.clean) * room.scale


def move(
    room: Room, epsilon: float, step: float, at: torch.Tensor, uphill: torch.Tensor
) -> torch.Tensor:
    """A step of the same length for each point, and back onto the ball.

    Moving a value back between its bounds, as is done next, only brings it nearer to the clean one.
    """
    import torch

    from gt.attack.room import norm

    tiny = torch.finfo(at.dtype).tiny
    way = uphill * room.scale  # by pixels
    way = way / norm(way).clamp_min(tiny)
    away = (at - room.clean) / room.scale + step * way
    away = away * (epsilon / norm(away).clamp_min(tiny)).clamp_max(1)
    return room.clean + away * room.scale


register(
    Method(
        "pgd-l2",
        "PGD, L2",
        "PGD",
        place=30,
        norm="L2",
        text="how far a whole image may get: root of the sum of squares; pixels count from 0 to 1",
        photographs=Usual(1.0, 0.1, 25),
        strokes=Usual(3.0, 0.1, 50),
        move=move,
        start=start,
        most=1000.0,  # a ball may be wider than a pixel's range, but no image is that long
    )
)
