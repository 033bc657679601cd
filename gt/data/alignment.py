"""Alignments of a run: the states of its network in few coordinates, and the turns between them.

A Zarr v3 group beside the run, or in a cache: ``ids``, ``turns``, ``variance``, ``separation``, ``radii``,
``opposite`` and, for each state, ``states/<place>``, its coordinates in whole steps of one size. A state's epochs lie
one behind the other as differences, folded (0, -1, 1, -2, ... become 0, 1, 2, 3, ...): they are small, so their
upper bytes are zeros and compress; read back they are exact. Half a step is a sixteen-thousandth of the state's size.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from gt.data import disk
from gt.data.errors import RunError, ShapeError, TruncatedRunError
from gt.data.memory import Held
from gt.data.run import Run

FORMAT = "grand-tour-alignment"
VERSION = 1
FOLDER = "alignments"  # within a run
# in the size of a state: all errors of k coordinates together stay below 1e-4 of a plot two sizes wide
STEPS = 8192
HELD_BYTES = 40 * 2**20  # of states that were read last, all of one run 15 MB in runs like ours
LARGEST = 2**29  # of the whole steps, so that differences fit into 32 bits
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


@dataclass(frozen=True)
class Alignment:
    """A finished alignment, opened; coordinates are read as asked for.

    Attributes:
        path: Its folder.
        name: For machines, unique among those of its run.
        recipe: What it depends on.
        owner: ``uid`` of the run it is kept with, which has the same points and outputs.
        epochs: ``(e,)`` int32, numbers of the epochs.
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
    folder.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=folder))
    try:
        group = zarr.create_group(part, overwrite=True)
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
        part.chmod(0o755)
        if (folder / name).exists():
            shutil.rmtree(folder / name)
        os.replace(part, folder / name)
    except BaseException:
        with contextlib.suppress(OSError):
            shutil.rmtree(part)
        raise
    return open_alignment(folder / name)


def open_alignment(path: Path) -> Alignment:
    """Open one alignment.

    Raises:
        TruncatedRunError: If part of it is missing or damaged.
        ShapeError: If its arrays do not fit each other.
    """
    where = f"open_alignment: {path}"
    try:
        stored = json.loads((path / "zarr.json").read_text("utf-8"))["attributes"]
        if stored["format"] != FORMAT or stored["version"] > VERSION:
            raise RunError(
                f"{where}: must be a {FORMAT} of version {VERSION} at most,"
                f" it is {stored['format']!r}, {stored['version']}"
            )
        recipe = Recipe(**stored["recipe"])
        states = tuple(State(**{**one, "shape": tuple(one["shape"])}) for one in stored["states"])
        transitions = tuple(
            Passage(**{**one, "sigma": tuple(one["sigma"]), "moved": tuple(one["moved"])})
            for one in stored["transitions"]
        )
        epochs = np.array(stored["epochs"], np.int32)
    except (OSError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, RunError):
            raise
        raise TruncatedRunError(
            f"{where}: zarr.json must describe an alignment, it is damaged ({error}); make it again"
        ) from error
    group = zarr.open_group(path, mode="r")
    arrays = {
        key: disk.read(disk.get_array(group, key, where), ..., f"{where}: {key}") for key in ARRAYS
    }
    count, k = len(states), recipe.k
    wanted = {
        "turns": (count, k, k),
        "variance": (count, len(epochs)),
        "radii": (count, len(epochs)),
        "opposite": (count, len(epochs), arrays["separation"].shape[-1], k),
    }
    for key, shape in wanted.items():
        if arrays[key].shape != shape:
            raise ShapeError(f"{where}: {key} must be {shape}, it is {arrays[key].shape}")
    for i, state in enumerate(states):
        shape = disk.get_array(group, f"states/{i:03d}", where).shape
        if shape[0] not in (1, len(epochs)) or shape[1:] != (len(arrays["ids"]), state.rank):
            raise ShapeError(
                f"{where}: state {state.name} must be"
                f" ({len(epochs)}, {len(arrays['ids'])}, {state.rank}), it is {shape}"
            )
    for name in (*ARRAYS, *(f"states/{i:03d}" for i in range(len(states)))):
        array = disk.get_array(group, name, where)
        gone = [file for file in disk.files(path, array, array.shape[0]) if not file.is_file()]
        if gone:
            raise TruncatedRunError(
                f"{where}: all of {name} must be there, {gone[0].relative_to(path)} is missing;"
                " make it again"
            )
    return Alignment(
        path=path,
        name=str(stored["name"]),
        recipe=recipe,
        owner=str(stored["owner"]),
        epochs=epochs,
        of=int(stored["of"]),
        opposite_n=int(stored["opposite_n"]),
        states=states,
        transitions=transitions,
        versions=dict(stored["versions"]),
        made=dict(stored["made"]),
        **arrays,
    )


def find_alignments(folder: Path) -> tuple[list[Alignment], list[str]]:
    """The alignments in a folder, by name; and what is wrong with the others."""
    found, problems = [], []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.startswith(".") or not (path / "zarr.json").is_file():
            continue
        try:
            found.append(_opened(path, _stamp(path)))
        except RunError as error:
            problems.append(str(error))
    return found, problems


def _stamp(path: Path) -> int:
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
    array = disk.get_array(zarr.open_group(path, mode="r"), f"states/{state:03d}", where)
    return from_steps(disk.read(array, ..., where))
