"""What an alignment says of itself in parts: what it depends on, its states, what lies between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from gt.kept import stated
from gt.kept.stated import Check, Stated
from gt.run import metadata

SORTS = ("operation", "addition", "concatenation", "several")
ROLES = ("", "skip", "branch", "beside")


def _one_of(known: tuple[str, ...]) -> Check:
    return lambda value, name: metadata.one_of(value, name, known)


@dataclass(frozen=True)
class Recipe(stated.Recipe):
    """Everything that an alignment depends on.

    Attributes:
        uid: Of the run whose layers it is of.
        fingerprint: Of the stored bytes of all its layers.
        split: "train" or "test": whose points.
        points: How many of them at most.
        every: Which epochs: each, every second, ...
        k: Coordinates of each state.
        reference: Number of the epoch whose weights and points decide the bases.
        code: Version of the code that computes.
    """

    CHECKS: ClassVar[Mapping[str, Check]] = {
        "uid": metadata.text,
        "fingerprint": metadata.text,
        "split": stated.split,
        "points": stated.counted,
        "every": stated.counted,
        "k": stated.counted,
        "reference": metadata.whole,
        "code": metadata.whole,
    }

    uid: str
    fingerprint: str
    split: str
    points: int
    every: int
    k: int
    reference: int
    code: int


def _sentence(value: Any, name: str) -> str:
    return metadata.text(value, name) if value else ""


@dataclass(frozen=True)
class State(Stated):
    """The data behind one layer.

    Attributes:
        name: Of the layer, as in the run.
        kind: Of the layer: "Conv2d".
        shape: Of one point.
        width: Values of one point.
        rank: Coordinates kept.
        classes: Whether the coordinates are the classes, in their order.
        scale: Its size at the reference epoch: nearly all points are within.
        step: Size of a step of the stored coordinates.
        kept: What the recording kept of a wide layer, for people; "" where that was all of it.
    """

    CALLED = "states"
    OF = " of a state"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "name": metadata.text,
        "kind": metadata.text,
        "width": metadata.whole,
        "rank": metadata.whole,
        "scale": metadata.above_zero,
        "step": metadata.above_zero,
        "classes": metadata.flag,
        "shape": metadata.wholes,
        "kept": _sentence,
    }

    name: str
    kind: str
    shape: tuple[int, ...]
    width: int
    rank: int
    classes: bool
    scale: float
    step: float
    kept: str = ""

    def to_json(self) -> dict[str, Any]:
        """As it is stored; of a layer that was kept whole nothing is said."""
        found = super().to_json()
        return found if self.kept else {key: one for key, one in found.items() if key != "kept"}

    @classmethod
    def from_json(cls, said: Any) -> Self:
        """Read back what `to_json` made."""
        return super().from_json({"kept": "", **metadata.mapping(said, cls.CALLED)})


def _pair(value: Any, name: str) -> tuple[float, float]:
    first, second = metadata.numbers(value, name)
    return first, second


@dataclass(frozen=True)
class Passage(Stated):
    """What is said of a transition.

    Attributes:
        kind: Of the layer, as `how`, `sigma`, `exact` and `residual` from `gt.align.Transition` and its pair.
        moved: Mean distance that the points move at the reference epoch, in all k coordinates and in units of the
            picture: aligned, and naive.
    """

    CALLED = "transitions"
    OF = " of a transition"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "kind": metadata.text,
        "how": metadata.text,
        "exact": metadata.whole,
        "residual": stated.optional(metadata.number),
        "moved": _pair,
        "sigma": metadata.numbers,
    }

    kind: str
    how: str
    sigma: tuple[float, ...]
    exact: int
    residual: float | None
    moved: tuple[float, float]


@dataclass(frozen=True)
class Way(Stated):
    """What leads from one state to another in a network with branches.

    Attributes:
        before: Number of the one among all states.
        behind: Of the other; it is larger.
        sort: As `gt.align.paths.Edge.sort`.
        role: As `gt.align.paths.Edge.role`.
        factor: Of an addition: that of the state before.
        between: Names of the nodes between them that are not recorded.
    """

    CALLED = "ways"
    OF = " of a way"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "before": metadata.whole,
        "behind": metadata.whole,
        "sort": _one_of(SORTS),
        "role": _one_of(ROLES),
        "factor": metadata.number,
        "between": metadata.names,
    }

    before: int
    behind: int
    sort: str
    role: str
    factor: float
    between: tuple[str, ...]


@dataclass(frozen=True)
class Whole:
    """All of a network with branches, of which an alignment shows one path.

    Attributes:
        states: All, in the order of their calls.
        ways: Between them.
        passages: One for each way.
        pairs: ``(ways, k, k)``: coordinates before times this are in the axes of those behind.
        variance: As that of the alignment, of all states; so are the next three.
        separation: See there.
        radii: See there.
        opposite: See there.
    """

    states: tuple[State, ...]
    ways: tuple[Way, ...]
    passages: tuple[Passage, ...]
    pairs: np.ndarray
    variance: np.ndarray
    separation: np.ndarray
    radii: np.ndarray
    opposite: np.ndarray

    @property
    def names(self) -> list[str]:
        """Of all states."""
        return [state.name for state in self.states]
