"""PGD in L∞: as iterated FGSM, from a place drawn at random.

Source: Madry et al. 2018, arXiv:1706.06083.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gt.attack.method import Method, Usual, register
from gt.attack.methods import fgsm

if TYPE_CHECKING:
    import torch

    from gt.attack.room import Room


def start(room: Room, epsilon: float, rng: np.random.Generator) -> torch.Tensor:
    """A place drawn evenly from the box around each clean point."""
    import torch

    away = torch.as_tensor(rng.uniform(-epsilon, epsilon, tuple(room.clean.shape))).to(room.clean)
    return room.clean + away * room.scale


register(
    Method(
        "pgd-linf",
        "PGD, L∞",
        "PGD",
        place=20,
        norm="L∞",
        text="how far each pixel may get; pixels count from 0 to 1",
        photographs=Usual(0.03, 0.004, 25),
        strokes=Usual(0.3, 0.01, 50),
        move=fgsm.move,
        bounded=fgsm.bounded,
        start=start,
    )
)
