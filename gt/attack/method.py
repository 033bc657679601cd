"""What a method of attack is, and the table of all there are; shell, forms and pages read it without PyTorch.

A method is one file in `gt/attack/methods` that says `register(Method(...))`: where points may go, where they start,
and what one step is. The loop, the gradient and the batches around it are `gt.attack.steps`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gt.discover import Table

if TYPE_CHECKING:
    import torch

    from gt.attack.room import Room

Bounded = Callable[["Room", float], "Room"]
Start = Callable[["Room", float, np.random.Generator], "torch.Tensor"]
Move = Callable[["Room", float, float, "torch.Tensor", "torch.Tensor"], "torch.Tensor"]


class Usual(NamedTuple):
    """What a reader finds in the form; pixels count from 0 to 1."""

    epsilon: float
    step: float
    steps: int


@dataclass(frozen=True)
class Method:
    """One way to push points, step by step.

    Attributes:
        name: For machines; the store and addresses have it.
        title: For people.
        short: The same in a sentence that says the norm besides.
        place: Among all methods, in lists.
        norm: In which epsilon is measured: "L∞" or "L2".
        text: What epsilon is, in a few words.
        photographs: Usual numbers for photographs …
        strokes: … and for strokes of white on black, which take more.
        move: One step: where points may go, epsilon, the step's length, where they are, and the way uphill by their
            values to where they are next; bounds are kept by `gt.attack.steps`.
        bounded: Where points may go within epsilon, as bounds of each value by itself; the whole range when None.
        start: Where points start, drawn at random, which is part of the first step; where they are when None.
        most: The largest epsilon and step; of each value 1, its whole range.
    """

    name: str
    title: str
    short: str
    place: int
    norm: str
    text: str
    photographs: Usual
    strokes: Usual
    move: Move
    bounded: Bounded | None = None
    start: Start | None = None
    most: float = 1.0

    def __str__(self) -> str:
        return self.title


METHODS: Table[Method] = Table("gt.attack.methods")
register = METHODS.register
