"""What is asked of a picture, read and checked, and how answers are worded; the points that the picture shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import numpy as np

from gt.errors import ToldError
from gt.kept.alignment import Alignment
from gt.kept.attack import KEY
from gt.run import Run, wide

NAMED = 3  # classes in a sentence at most

Clouds = Callable[[int, int], np.ndarray]


@dataclass(frozen=True)
class OnlyState:
    """The one state of a picture of a layer alone; see `gt.kept.alignment.State`."""

    name: str
    scale: float = 1.0


@dataclass(frozen=True)
class OneLayer:
    """A layer as the Grand Tour shows it, all points of both splits: what is asked of an alignment can be asked of it.

    Attributes:
        run: Whose layer it is.
        layer: Its name.
    """

    run: Run
    layer: str

    @property
    def states(self) -> tuple[OnlyState, ...]:
        """The layer alone."""
        return (OnlyState(self.layer),)

    @property
    def epochs(self) -> np.ndarray:
        """Numbers of the epochs, ``(e,)`` int64."""
        return self.run.epochs

    @property
    def ids(self) -> np.ndarray:
        """Of all points, ``(n,)`` int64."""
        return self.run.ids

    @property
    def k(self) -> int:
        """How many coordinates are drawn."""
        return int(self.turned(0, 0).shape[1])

    def rows(self, run: Run) -> np.ndarray:
        """Which points of the run these are, ``(n,)``: all."""
        return np.arange(run.n)

    def turned(self, state: int, epoch_index: int) -> np.ndarray:
        """The points in one epoch, ``(n, k)`` float64.

        Raises:
            TruncatedRunError: If the stored bytes are damaged.
        """
        return wide.drawn_values(self.run, self.layer, epoch_index).astype(np.float64)

    def constant(self, state: int) -> bool:
        """Whether the state is the same in all epochs: it is not known to be."""
        return False


Pictured = Alignment | OneLayer


class Question(TypedDict):
    """What the page asks; other keys are not looked at."""

    kind: str  # see `gt.measure.views.find_view.KINDS`
    state: NotRequired[float]  # 0 the input; in between with a fraction; all but "movers-layers"
    epoch: NotRequired[float]  # its number, not its index; all but "movers-epochs"
    classes: NotRequired[list[int]]  # two: "classes"
    ids: NotRequired[list[int]]  # of points, some of them perhaps not in the picture: "selection"
    epochs: NotRequired[list[float]]  # two, from and to: "movers-epochs"
    states: NotRequired[list[float]]  # two, from and to: "movers-layers"
    naive: NotRequired[bool]  # each state in axes of its own
    columns: NotRequired[list[list[float]]]  # (k, 2) of the present view: "hidden"
    chance: NotRequired[
        bool
    ]  # only what the same search reaches where there is nothing to be found


class Answer(TypedDict):
    """What the page shows."""

    columns: list[
        list[float]
    ]  # (k, 2): the first two columns of the tour matrix; none of what chance reaches
    text: str  # a sentence with what was measured
    ids: list[int]  # of points to select, the biggest mover first; empty where none are meant


def clock(run: Run) -> str:
    """What a run's epochs are, in a word: an attack's are its steps."""
    return "step" if KEY in run.made else run.unit


def points(alignment: Pictured, state: float, epoch: float, naive: bool = False) -> np.ndarray:
    """The points of the picture, ``(n, k)`` float64, before the tour matrix.

    Args:
        alignment: The alignment.
        state: From 0, the input, to the last; the straight line between two neighbours.
        epoch: A number from the first epoch to the last; the straight line between two neighbours.
        naive: Each state in its own axes, not in those of the last state.
    """

    def cloud(s: int, j: int) -> np.ndarray:
        if not naive or isinstance(alignment, OneLayer):
            return alignment.turned(s, j)
        own = alignment.coordinates(s, j).astype(np.float64) / alignment.states[s].scale
        return np.pad(own, ((0, 0), (0, alignment.k - own.shape[1])))

    return between(alignment, state, epoch, cloud)


def between(alignment: Pictured, state: float, epoch: float, cloud: Clouds) -> np.ndarray:
    """Points between two states, and two recorded epochs, on the straight lines from one to the other.

    Args:
        alignment: The picture.
        state: From 0 to the last.
        epoch: A number from the first epoch to the last.
        cloud: The points ``(n, k)`` of a state, by its place, in an epoch, by its index.
    """
    at = float(np.interp(epoch, alignment.epochs, np.arange(len(alignment.epochs))))
    out: np.ndarray | None = None
    for s, of_state in _shares(state):
        for j, of_epoch in _shares(at):
            part = of_state * of_epoch * cloud(s, j)
            out = part if out is None else out + part
    assert out is not None
    return out


def _shares(position: float) -> list[tuple[int, float]]:
    low, t = math.floor(position), position % 1
    return [(low, 1 - t), (low + 1, t)] if t else [(low, 1.0)]


def only_chance(question: Mapping[str, Any]) -> bool:
    """Whether it is asked what chance reaches, of a view that has been found."""
    chance = question.get("chance", False)
    if not isinstance(chance, bool):
        raise ToldError(f"chance must be true or false, got {chance!r}", by="find")
    return chance


def moment(
    alignment: Pictured, question: Mapping[str, Any], *, state: bool = True, epoch: bool = True
) -> tuple[float, float, bool]:
    """State, epoch and whether naive, each checked where it is part of the question."""
    last = len(alignment.states) - 1
    naive = question.get("naive", False)
    if not isinstance(naive, bool):
        raise ToldError(f"naive must be true or false, got {naive!r}", by="find")
    return (
        number("state", question.get("state"), 0, last) if state else 0.0,
        number("epoch", question.get("epoch"), alignment.epochs[0], alignment.epochs[-1])
        if epoch
        else 0.0,
        naive,
    )


def two(
    question: Mapping[str, Any], name: str, low: float, high: float, whole: bool = False
) -> tuple[float, float]:
    """Two numbers of a question, of one name.

    Raises:
        ToldError: If they are not two, not different, out of their bounds, or not whole where they must be.
    """
    value = question.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise ToldError(f"{name} must be a list of two numbers, got {value!r}", by="find")
    a, b = (number(name, one, low, high) for one in value)
    if a == b:
        raise ToldError(f"the two {name} must be different ones, choose another", by="find")
    if whole and not (a.is_integer() and b.is_integer()):
        raise ToldError(f"{name} must be whole numbers, got {value!r}", by="find")
    return a, b


def number(name: str, value: object, low: float, high: float) -> float:
    """A number of a question.

    Raises:
        ToldError: If it is none, or out of its bounds.
    """
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not known or not low <= value <= high:  # type: ignore[operator]
        raise ToldError(
            f"{name} must be a number from {low:g} to {high:g}, got {value!r}", by="find"
        )
    return float(value)  # type: ignore[arg-type]


def at(alignment: Pictured, state: float) -> str:
    """Where a state is, in words."""
    names = [one.name for one in alignment.states]
    low = math.floor(state)
    return f"at {names[low]}" if low == state else f"between {names[low]} and {names[low + 1]}"


def percent(share: float) -> str:
    """A share, 0 to 1, in three digits; all of it only where it is all."""
    text = f"{100 * share:.3g}"
    return "over 99.9 %" if text == "100" and share < 1 - 1e-9 else f"{text} %"


def times(factor: float) -> str:
    """A factor, in two digits or as a whole number."""
    return f"{factor:,.0f}" if factor >= 9.95 else f"{factor:.2g}"


def by_class(run: Run, picture: Pictured, rows: np.ndarray) -> tuple[str, bool]:
    """How many points of a picture, by their rows in it, are of which class, in words; and whether all are told."""
    labels = run.labels[picture.rows(run)][rows]
    counts = np.bincount(labels, minlength=len(run.classes))
    least = max(len(labels), 1) / 10
    named = [c for c in np.argsort(-counts, kind="stable")[:NAMED] if counts[c] >= least]
    said = listed([f"{counts[c]:,} of class {run.classes[c]}" for c in named])
    return said, bool(counts[named].sum() == len(labels))


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence, the last two joined by "and"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
