"""Alignments of a run: the states of its network in few coordinates, and the turns between them.

A Zarr v3 group beside the run, or in a cache: ``ids``, ``turns``, ``variance``, ``separation``, ``radii``,
``opposite`` and, for each state, ``states/<place>``, its coordinates in whole steps of one size. A state's epochs lie
one behind the other as differences, folded (0, -1, 1, -2, ... become 0, 1, 2, 3, ...): they are small, so their
upper bytes are zeros and compress; read back they are exact. Half a step is a sixteen-thousandth of the state's size.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from gt.align.turn import scaled
from gt.cache.memory import Held
from gt.errors import ShapeError
from gt.files.swap import built_to_replace
from gt.run import disk, measure, metadata
from gt.run.points import SPLITS
from gt.run.read import Run

FORMAT = "grand-tour-alignment"
VERSION = 1
FOLDER = "alignments"  # within a run
AGAIN = "make it again"
# in the size of a state: all errors of k coordinates together stay below 1e-4 of a plot two sizes wide
STEPS = 8192
HELD_BYTES = 40 * 2**20  # of states that were read last, all of one run 15 MB in runs like ours
LARGEST = 2**29  # of the whole steps, so that differences fit into 32 bits
TOLD_APART = (
    3  # version of the code from which on "identity" is said where every value is the one before
)
ARRAYS = ("ids", "turns", "variance", "separation", "radii", "opposite")


@dataclass(frozen=True)
class Recipe:
    """Everything that an alignment depends on; two of the same key are the same.

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

    uid: str
    fingerprint: str
    split: str
    points: int
    every: int
    k: int
    reference: int
    code: int

    @property
    def key(self) -> str:
        """32 hexadecimal digits that stand for all of it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]

    @classmethod
    def from_json(cls, said: Any) -> Recipe:
        """Read back what was stored.

        Raises:
            ValueError, KeyError, TypeError: If it is anything else.
        """
        given = dict(metadata.mapping(said, "recipe"))
        for name in ("uid", "fingerprint"):
            metadata.text(given[name], name)
        metadata.one_of(given["split"], "split", SPLITS)
        for name in ("points", "every", "k"):
            metadata.whole(given[name], name, 1)
        for name in ("reference", "code"):
            metadata.whole(given[name], name)
        return cls(**given)


@dataclass(frozen=True)
class State:
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
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    width: int
    rank: int
    classes: bool
    scale: float
    step: float

    @classmethod
    def from_json(cls, said: Any) -> State:
        """Read back what was stored; errors as of `Recipe.from_json`."""
        given = dict(metadata.mapping(said, "states"))
        for name in ("name", "kind"):
            metadata.text(given[name], f"{name} of a state")
        for name in ("width", "rank"):
            metadata.whole(given[name], f"{name} of a state")
        for name in ("scale", "step"):
            if metadata.number(given[name], f"{name} of a state") <= 0:
                raise ValueError(f"{name} of a state must be above 0")
        metadata.flag(given["classes"], "classes of a state")
        return cls(**{**given, "shape": metadata.wholes(given["shape"], "shape of a state")})


@dataclass(frozen=True)
class Passage:
    """What is said of a transition.

    Attributes:
        kind: Of the layer, as `how`, `sigma`, `exact` and `residual` from `gt.align.Transition` and its pair.
        moved: Mean distance that the points move at the reference epoch, in all k coordinates and in units of the
            picture: aligned, and naive.
    """

    kind: str
    how: str
    sigma: tuple[float, ...]
    exact: int
    residual: float | None
    moved: tuple[float, float]

    @classmethod
    def from_json(cls, said: Any) -> Passage:
        """Read back what was stored; errors as of `Recipe.from_json`."""
        given = dict(metadata.mapping(said, "transitions"))
        for name in ("kind", "how"):
            metadata.text(given[name], f"{name} of a transition")
        metadata.whole(given["exact"], "exact of a transition")
        if given["residual"] is not None:
            metadata.number(given["residual"], "residual of a transition")
        aligned, naive = metadata.numbers(given["moved"], "moved of a transition")
        sigma = metadata.numbers(given["sigma"], "sigma of a transition")
        return cls(**{**given, "sigma": sigma, "moved": (aligned, naive)})


@dataclass(frozen=True)
class Alignment:
    """A finished alignment, opened; coordinates are read as asked for.

    Attributes:
        path: Its folder.
        name: For machines, unique among those of its run.
        recipe: What it depends on.
        owner: ``uid`` of the run it is kept with, which has the same points and outputs.
        epochs: ``(e,)`` int64, numbers of the epochs.
        ids: ``(n,)`` int64.
        of: How many points the split has.
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
        versions: Of the libraries that decided the result.
        made: When, how long, by what command.
    """

    path: Path
    name: str
    recipe: Recipe
    owner: str
    epochs: np.ndarray
    ids: np.ndarray
    of: int
    states: tuple[State, ...]
    transitions: tuple[Passage, ...]
    turns: np.ndarray
    variance: np.ndarray
    separation: np.ndarray
    radii: np.ndarray
    opposite: np.ndarray
    opposite_n: int
    versions: Mapping[str, str]
    made: Mapping[str, Any]

    @property
    def k(self) -> int:
        """Coordinates that are drawn."""
        return int(self.turns.shape[1])

    def coordinates(self, state: int, epoch_index: int) -> np.ndarray:
        """A state's own coordinates in one epoch, ``(n, rank)`` float32, in units of the layer.

        Raises:
            TruncatedRunError: If the stored bytes are damaged.
        """
        steps = _steps(self.path, _stamp(self.path), state)
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
        return len(self.epochs) > 1 and len(_steps(self.path, _stamp(self.path), state)) == 1

    def rows(self, run: Run) -> np.ndarray:
        """Where its points are among those of its run, ``(n,)`` int64."""
        place = {int(one): i for i, one in enumerate(run.ids)}
        return np.array([place[int(one)] for one in self.ids], np.int64)

    def epoch_indices(self, run: Run) -> list[int]:
        """Where its epochs are among those of its run."""
        place = {int(number): i for i, number in enumerate(run.epochs)}
        return [place[int(number)] for number in self.epochs]

    def fits(self, run: Run) -> bool:
        """Whether it is of this run: its outputs, its points, its epochs."""
        return (
            self.owner == run.uid
            and set(self.ids.tolist()) <= set(run.ids.tolist())
            and set(self.epochs.tolist()) <= set(run.epochs.tolist())
        )


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


def to_steps(coordinates: np.ndarray, scale: float) -> tuple[np.ndarray, float]:
    """Round coordinates ``(e, n, r)`` to whole steps: the first epoch as it is, then differences, folded.

    Returns:
        uint16 of the same shape, or uint32 where need be, and the size of a step in units of the layer.
    """
    step = scale / STEPS
    whole = np.rint(coordinates / step).astype(np.int64)
    largest = int(np.abs(whole).max(initial=0))
    if largest > LARGEST:  # an epoch far beyond the size of the reference's: coarser, all of it
        step *= largest / LARGEST
        whole = np.rint(coordinates / step).astype(np.int64)
    change = np.diff(whole, axis=0, prepend=0)
    folded = np.where(change < 0, -2 * change - 1, 2 * change)
    return folded.astype(np.uint16 if folded.max(initial=0) < 2**16 else np.uint32), step


def from_steps(folded: np.ndarray) -> np.ndarray:
    """Undo `to_steps`: whole steps ``(e, n, r)``, int16 where that holds them all, as for runs like ours, or int32."""
    wide = folded.astype(np.int64)
    change = np.where(wide & 1, -(wide >> 1) - 1, wide >> 1)
    whole = np.cumsum(change, axis=0)
    least, most = whole.min(initial=0), whole.max(initial=0)
    narrow = np.iinfo(np.int16).min <= least and most <= np.iinfo(np.int16).max
    return whole.astype(np.int16 if narrow else np.int32)


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
        transitions: One fewer than states.
        coordinates: Of each state ``(e or 1, n, rank)``.
        arrays: Those of `ARRAYS`; ``opposite`` is rounded as coordinates are.
        opposite_n: Points of the other split.
        versions: Of libraries.
        made: How.
    """
    with built_to_replace(folder / name) as part:
        group = zarr.create_group(part)
        listed = []
        for i, (state, values) in enumerate(zip(states, coordinates, strict=True)):
            kept, step = to_steps(values, state.scale)
            disk.make_array(group, f"states/{i:03d}", kept.shape, kept.dtype, kept.shape, level=9)[
                ...
            ] = kept
            listed.append({**asdict(state), "step": step, "shape": list(state.shape)})
        for key in ARRAYS:
            value = np.asarray(arrays[key])
            if key == "opposite":
                value = _coarse(value, [one["step"] for one in listed])
            disk.make_array(group, key, value.shape, value.dtype, value.shape, level=9)[...] = value
        group.attrs.put(
            {
                "format": FORMAT,
                "version": VERSION,
                "name": name,
                "recipe": asdict(recipe),
                "owner": owner,
                "epochs": [int(number) for number in epochs],
                "of": of,
                "opposite_n": opposite_n,
                "states": listed,
                "transitions": [asdict(one) for one in transitions],
                "versions": dict(versions),
                "made": dict(made),
            }
        )
    return open_alignment(folder / name)


def open_alignment(path: Path) -> Alignment:
    """Open one alignment.

    Raises:
        TruncatedRunError: If part of it is missing or damaged.
        ShapeError: If its arrays do not fit each other.
    """
    where = f"open_alignment: {path}"
    with metadata.damage_told(where, "zarr.json must describe an alignment", AGAIN):
        said = metadata.attributes(path, FORMAT, VERSION, where)
        recipe = Recipe.from_json(said["recipe"])
        epochs = metadata.epochs(said["epochs"])
        states = tuple(State.from_json(one) for one in said["states"])
        transitions = tuple(_passage(one, recipe.code) for one in said["transitions"])
        if not states or len(transitions) != len(states) - 1:
            raise ValueError(f"{len(states)} states with {len(transitions)} transitions")
        more: dict[str, Any] = {
            "name": metadata.text(said["name"], "name"),
            "owner": metadata.text(said["owner"], "owner"),
            "of": metadata.whole(said["of"], "of"),
            "opposite_n": metadata.whole(said["opposite_n"], "opposite_n"),
            "versions": metadata.texts(said["versions"], "versions"),
            "made": metadata.made(said["made"]),
        }
    with metadata.damage_told(where, "its arrays must be those of an alignment", AGAIN):
        more |= _arrays(path, states, len(epochs), recipe.k, where)
    return Alignment(
        path=path,
        recipe=recipe,
        epochs=epochs,
        states=states,
        transitions=transitions,
        **more,
    )


def _passage(one: Mapping[str, Any], code: int) -> Passage:
    found = Passage.from_json(one)
    if code < TOLD_APART and found.how == "identity":
        # any layer that goes value by value was called so, most of which change the values
        found = replace(found, how="value", sigma=(), exact=0)
    return found


def _arrays(
    path: Path, states: Sequence[State], e: int, k: int, where: str
) -> dict[str, np.ndarray]:
    """Those of `ARRAYS`, read and checked; those of the states are looked at."""
    group = zarr.open_group(path, mode="r")
    kept = [f"states/{i:03d}" for i in range(len(states))]
    there = {name: disk.get_array(group, name, where) for name in (*kept, *ARRAYS)}
    n, classes, count = there["ids"].shape[0], there["separation"].shape[-1], len(states)
    wanted = {
        "turns": (count, k, k),
        "variance": (count, e),
        "separation": (count, e, classes),
        "radii": (count, e),
        "opposite": (count, e, classes, k),
    }
    for key, shape in wanted.items():
        if there[key].shape != shape:
            raise ShapeError(f"{where}: {key} must be {shape}, it is {there[key].shape}")
    for name, state in zip(kept, states, strict=True):
        array = there[name]
        if (
            array.shape not in ((e, n, state.rank), (1, n, state.rank))
            or array.dtype.kind not in "iu"
        ):
            raise ShapeError(
                f"{where}: state {state.name} must be whole numbers ({e}, {n}, {state.rank}),"
                f" it is {array.dtype} {array.shape}"
            )
    for array in there.values():
        metadata.present(path, array, where, AGAIN)
    out = {key: metadata.read(group, key, where) for key in wanted}
    for key in ("turns", "variance", "radii"):
        metadata.finite(out[key], key, where)
    return out | {"ids": metadata.ids(group, where)}


def find_alignments(folder: Path) -> tuple[list[Alignment], list[str]]:
    """The alignments in a folder, by name; and what is wrong with the others."""
    return metadata.find(folder, _opened)


def _stamp(path: Path) -> int:
    """When an alignment was written, in ns.

    Raises:
        TruncatedRunError: If it has been taken away.
    """
    with metadata.damage_told(f"alignment {path.name}", "its folder must be there", AGAIN):
        return (path / "zarr.json").stat().st_mtime_ns


@functools.lru_cache(maxsize=32)  # asked for with every tensor
def _opened(path: Path, _: int) -> Alignment:
    return open_alignment(path)


_HELD: Held[np.ndarray] = Held(HELD_BYTES, lambda steps: steps.nbytes)


def _steps(path: Path, stamp: int, state: int) -> np.ndarray:
    """The whole steps of a state, ``(e or 1, n, rank)``, see `from_steps`."""
    return _HELD.get((path, stamp, state), lambda: _read_steps(path, state))


def _read_steps(path: Path, state: int) -> np.ndarray:
    where = f"alignment {path.name}, state {state}"
    with metadata.damage_told(where, "its folder must be there", AGAIN):
        array = disk.get_array(zarr.open_group(path, mode="r"), f"states/{state:03d}", where)
    return from_steps(disk.read(array, ..., where))
