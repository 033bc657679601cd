"""Alignments of a run: the states of its network in few coordinates, and the turns between them.

A group of ``ids``, ``turns``, ``variance``, ``separation``, ``radii``, ``opposite`` and, for each state,
``states/<place>``, its coordinates in whole steps of one size, see `gt.kept.steps`: all errors of k
coordinates together stay below 1e-4 of a plot two sizes wide.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import zarr

from gt.align.paths import settled, walk
from gt.align.turn import carry, scaled
from gt.cache.memory import Held
from gt.errors import ShapeError
from gt.kept.alignment_parts import Passage, Recipe, State, Way, Whole
from gt.kept.artifact import Arrays, Computed, written
from gt.kept.steps import from_steps, to_steps
from gt.run import disk, measure, metadata
from gt.run.read import Run

__all__ = [
    "ARRAYS",
    "FOLDER",
    "Alignment",
    "Passage",
    "Recipe",
    "State",
    "Way",
    "Whole",
    "find_alignments",
    "moved_between",
    "open_alignment",
    "write_alignment",
]
HELD_BYTES = 40 * 2**20  # of states that were read last, all of one run 15 MB in runs like ours
# version of the code from which on "identity" is said where every value is the one before
TOLD_APART = 3
CHAIN_VERSION = 1  # of the format, in which an alignment of a chain of layers is still written
TABLES = ("variance", "separation", "radii", "opposite")
ARRAYS = ("ids", "turns", "variance", "separation", "radii", "opposite")


@dataclass(frozen=True)
class Alignment(Computed):
    """A finished alignment, opened; coordinates are read as asked for.

    Of a network with branches it shows one path, the main one at first; see `along`.

    Attributes:
        owner: ``uid`` of the run it is kept with, which has the same points and outputs.
        states: From the input to the softmax.
        transitions: One fewer.
        turns: ``(states, k, k)`` float64 orthogonal: coordinates of a state times its own are in the axes of
            the last state.
        variance: ``(states, e)`` share of the variance that the coordinates keep.
        separation: ``(states, e, classes)`` share of each class that is nearest to its own centroid.
        radii: ``(states, e)`` size of the state in each epoch, as `State.scale`.
        opposite: ``(states, e, classes, k)`` float32: means of each class's points of the other split, in own
            coordinates and units of the layer, zeros behind a state's rank; NaN for no points.
        opposite_n: How many points of the other split those are of; 0 where it has none.
        whole: The network that the path is of; None for a chain.
        places: Of a network with branches: which of all its states each state of the path is.
        choices: What the path chooses, see `gt.align.paths`; empty for the main path.
    """

    VERSION = 2
    FORMAT = "grand-tour-alignment"
    FOLDER = "alignments"
    PLACE = 2
    VERB, CALLED = "open_alignment", "an alignment"
    RECIPE = Recipe

    recipe: Recipe
    owner: str
    states: tuple[State, ...]
    transitions: tuple[Passage, ...]
    turns: np.ndarray
    variance: np.ndarray
    separation: np.ndarray
    radii: np.ndarray
    opposite: np.ndarray
    opposite_n: int
    whole: Whole | None = None
    places: tuple[int, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open one, as every artifact; of a network with branches along its main path."""
        return super().open(path).along()

    @classmethod
    def read_said(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        """Fields that its attributes say."""
        found = cls.common(said)
        code = found["recipe"].code
        states = tuple(State.from_json(one) for one in said["states"])
        transitions = tuple(_passage(one, code) for one in said["transitions"])
        ways = _ways(said["ways"], len(states)) if "ways" in said else None
        if not states or len(transitions) != (len(states) - 1 if ways is None else len(ways)):
            raise ValueError(f"{len(states)} states with {len(transitions)} transitions")
        if ways is not None:
            empty = np.empty(0)
            found["whole"] = Whole(states, ways, transitions, *[empty] * 5)
        return {
            **found,
            "states": states,
            "transitions": transitions,
            "owner": metadata.text(said["owner"], "owner"),
            "opposite_n": metadata.whole(said["opposite_n"], "opposite_n"),
        }

    @classmethod
    def read_arrays(cls, arrays: Arrays, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Those of `ARRAYS`, read and checked; those of the states are looked at."""
        states, k = fields["states"], fields["recipe"].k
        e, count, ids = len(fields["epochs"]), len(states), arrays.ids()
        for i, state in enumerate(states):
            array = arrays.look(f"states/{i:03d}")
            _check_state(array, state, e, len(ids), arrays.where)
            arrays.whole(array, array.path)
        classes = arrays.look("separation").shape[-1]
        more: dict[str, Any] = {}
        if (whole := fields.get("whole")) is None:
            more["turns"] = arrays.finite("turns", (count, k, k))
        else:
            pairs = arrays.finite("pairs", (len(whole.ways), k, k))
            more |= {"whole": replace(whole, pairs=pairs), "turns": np.empty((0, k, k))}
        return {
            **more,
            "ids": ids,
            "variance": arrays.finite("variance", (count, e)),
            "separation": arrays.now("separation", (count, e, classes)),
            "radii": arrays.finite("radii", (count, e)),
            "opposite": arrays.now("opposite", (count, e, classes, k)),
        }

    def line(self) -> str:
        """Whose points, which epochs, how many states and coordinates."""
        return (
            f"{len(self.ids):,} of {self.of:,} {self.recipe.split} points, {len(self.epochs)}"
            f" epochs, {self._states()} in {self.k} coordinates about epoch {self.recipe.reference}"
        )

    def _states(self) -> str:
        """How many, and of a network with branches how many of them are on the path."""
        states = f"{len(self.states)} states"
        if self.whole is None or len(self.whole.states) == len(self.states):
            return states
        return f"{len(self.whole.states)} states ({len(self.states)} on the path)"

    def along(self, path: Mapping[str, str] | None = None) -> Self:
        """The same along another path; a chain has one.

        Args:
            path: What it chooses, see `gt.align.paths.walk`; the main path for nothing.
        """
        if (whole := self.whole) is None:
            return self
        if not len(whole.variance):  # as it is read: of all states
            tables = {name: getattr(self, name) for name in TABLES}
            whole = replace(whole, **tables)
        places = walk(whole.names, whole.ways, path)
        at = {(way.before, way.behind): i for i, way in enumerate(whole.ways)}
        walked = [at[both] for both in itertools.pairwise(places)]
        rows = list(places)
        return replace(
            self,
            whole=whole,
            places=places,
            choices=settled(whole.names, whole.ways, path),
            states=tuple(whole.states[i] for i in places),
            transitions=tuple(whole.passages[i] for i in walked),
            turns=carry([whole.pairs[i] for i in walked], self.recipe.k),
            **{name: getattr(whole, name)[rows] for name in TABLES},
        )

    @property
    def ways(self) -> tuple[Way, ...]:
        """Those that the path takes, one for each transition; none in a chain."""
        if self.whole is None:
            return ()
        at = {(way.before, way.behind): way for way in self.whole.ways}
        return tuple(at[both] for both in itertools.pairwise(self.places))

    def _stored(self, state: int) -> int:
        return self.places[state] if self.places else state

    @property
    def k(self) -> int:
        """Coordinates that are drawn."""
        return int(self.turns.shape[1])

    def coordinates(self, state: int, epoch_index: int) -> np.ndarray:
        """A state's own coordinates in one epoch, ``(n, rank)`` float32, in units of the layer.

        Raises:
            TruncatedRunError: If the stored bytes are damaged.
        """
        steps = _steps(self.path, _stamp(self.path), self._stored(state))
        at = 0 if len(steps) == 1 else epoch_index  # the input is the same in all epochs
        return steps[at].astype(np.float32) * np.float32(self.states[state].step)

    def turned(self, state: int, epoch_index: int) -> np.ndarray:
        """The same in the axes of the last state, ``(n, k)`` float64, over the state's scale."""
        own, one = self.coordinates(state, epoch_index).astype(np.float64), self.states[state]
        return own @ self.turns[state][: one.rank] / one.scale

    def told(self, epoch_index: int) -> tuple[list[tuple[float, float]], list[float | None]]:
        """What one epoch's points say of each transition.

        Returns:
            The mean distances that points move, as `moved_between`; and where a transition is aligned by the points,
            the share of those behind it that no turn explains, None elsewhere.
        """
        drawn = []
        for i, state in enumerate(self.states):
            own = self.coordinates(i, epoch_index).astype(np.float64) / state.scale
            drawn.append(np.pad(own, ((0, 0), (0, self.k - state.rank))))
        left = [
            None
            if one.residual is None
            else scaled(drawn[i] @ self.turns[i], drawn[i + 1] @ self.turns[i + 1])[1]
            for i, one in enumerate(self.transitions)
        ]
        return moved_between(drawn, self.turns), left

    def opposite_turned(self) -> np.ndarray:
        """`opposite` in the axes of the last state and over each state's scale, float64."""
        scales = np.array([one.scale for one in self.states])
        means = self.opposite.astype(np.float64) / scales[:, None, None, None]
        return np.einsum("seck,skj->secj", means, self.turns)

    def constant(self, state: int) -> bool:
        """Whether a state is the same in all epochs."""
        return (
            len(self.epochs) > 1
            and len(_steps(self.path, _stamp(self.path), self._stored(state))) == 1
        )

    def fits(self, run: Run) -> bool:
        """Whether it is of this run: its outputs, its points, its epochs."""
        return self.owner == run.uid and super().fits(run)


def moved_between(drawn: Sequence[np.ndarray], turns: np.ndarray) -> list[tuple[float, float]]:
    """How far the points move from each state to the next, in the mean, aligned and naive.

    Args:
        drawn: Own coordinates ``(n, k)`` of each state, over its size.
        turns: ``(states, k, k)``, see `gt.align.turn.carry`.

    Returns:
        For each transition the mean distance with the states turned into shared axes, and without.
    """
    aligned = [z @ turn for z, turn in zip(drawn, turns, strict=True)]
    return [
        (measure.moved(aligned[i], aligned[i + 1]), measure.moved(drawn[i], drawn[i + 1]))
        for i in range(len(drawn) - 1)
    ]


def _coarse(values: np.ndarray, steps: Sequence[float]) -> np.ndarray:
    """Each state's values rounded to half a step or less, in bits that are mostly zero and so compress."""
    quanta = 2.0 ** np.floor(np.log2(steps)).reshape(-1, *[1] * (values.ndim - 1))
    return (np.rint(values / quanta) * quanta).astype(np.float32)


def write_alignment(
    folder: Path,
    name: str,
    *,
    recipe: Recipe,
    owner: str,
    epochs: Sequence[int],
    of: int,
    states: Sequence[State],
    transitions: Sequence[Passage],
    coordinates: Sequence[np.ndarray],
    arrays: Mapping[str, np.ndarray],
    opposite_n: int,
    versions: Mapping[str, str],
    made: Mapping[str, Any],
    ways: Sequence[Way] | None = None,
) -> Alignment:
    """Keep an alignment in ``folder/name``, in the place of one that is there; all or nothing.

    Args:
        folder: Made if need be.
        name: Of the alignment.
        recipe: What it depends on.
        owner: ``uid`` of the run it is kept with.
        epochs: Their numbers.
        of: How many points the split has.
        states: With `State.step` to be set here.
        transitions: One fewer than states, or one for each way.
        coordinates: Of each state ``(e or 1, n, rank)``.
        arrays: Those of `ARRAYS`; ``opposite`` is rounded as coordinates are.
        opposite_n: Points of the other split.
        versions: Of libraries.
        made: How.
        ways: Of a network with branches; ``arrays`` then has "pairs" instead of "turns".
    """
    stored: dict[str, np.ndarray] = {}
    listed = []
    for i, (state, values) in enumerate(zip(states, coordinates, strict=True)):
        stored[f"states/{i:03d}"], step = to_steps(values, state.scale)
        listed.append(replace(state, step=step).to_json())
    for key in ARRAYS if ways is None else ("pairs", *(key for key in ARRAYS if key != "turns")):
        stored[key] = np.asarray(arrays[key])
    stored["opposite"] = _coarse(stored["opposite"], [one["step"] for one in listed])
    said: dict[str, Any] = {
        "name": name,
        "recipe": recipe.to_json(),
        "owner": owner,
        "epochs": [int(number) for number in epochs],
        "of": of,
        "opposite_n": opposite_n,
        "states": listed,
        "transitions": [one.to_json() for one in transitions],
        "versions": dict(versions),
        "made": dict(made),
    }
    if ways is None:
        said["version"] = CHAIN_VERSION
    else:
        said["ways"] = [one.to_json() for one in ways]
    return Alignment.write(folder / name, stored, said)


FOLDER = Alignment.FOLDER
open_alignment = Alignment.open
find_alignments = Alignment.find


def _ways(stored: Any, count: int) -> tuple[Way, ...]:
    ways = tuple(Way.from_json(one) for one in metadata.of(list, stored, "ways"))
    if any(not way.before < way.behind < count for way in ways):
        raise ValueError(f"ways must lead from one of {count} states to a later one")
    return ways


def _passage(one: Mapping[str, Any], code: int) -> Passage:
    found = Passage.from_json(one)
    if code < TOLD_APART and found.how == "identity":
        # any layer that goes value by value was called so, most of which change the values
        found = replace(found, how="value", sigma=(), exact=0)
    return found


def _check_state(array: zarr.Array, state: State, e: int, n: int, where: str) -> None:
    """Raise ``ShapeError`` unless an array can be the coordinates of a state."""
    right = ((e, n, state.rank), (1, n, state.rank))  # the input is the same in all epochs
    if array.shape not in right or array.dtype.kind not in "iu":
        raise ShapeError(
            f"{where}: state {state.name} must be whole numbers ({e}, {n}, {state.rank}),"
            f" it is {array.dtype} {array.shape}"
        )


def _stamp(path: Path) -> int:
    """When an alignment was written, in ns.

    Raises:
        TruncatedRunError: If it has been taken away.
    """
    where = f"alignment {path.name}"
    with metadata.damage_told(where, "its folder must be there", Alignment.AGAIN):
        return written(path)


_HELD: Held[np.ndarray] = Held(HELD_BYTES, lambda steps: steps.nbytes)


def _steps(path: Path, stamp: int, state: int) -> np.ndarray:
    """The whole steps of a state, ``(e or 1, n, rank)``, see `gt.kept.steps`."""
    return _HELD.get((path, stamp, state), lambda: _read_steps(path, state))


def _read_steps(path: Path, state: int) -> np.ndarray:
    where = f"alignment {path.name}, state {state}"
    with metadata.damage_told(where, "its folder must be there", Alignment.AGAIN):
        array = disk.get_array(zarr.open_group(path, mode="r"), f"states/{state:03d}", where)
    return from_steps(disk.read(array, ..., where))
