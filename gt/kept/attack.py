"""Attacks on a network: what one is asked to do (``AttackRecipe``), and reading one that was recorded (``attack_of``).

An attack is a run whose epochs are the steps: some points are pushed, step by step, across a decision boundary; the
others stand still, and the pushed ones are seen against them. Who is pushed and how far is in the run's group
``attack``, see ``run-format.md``; what the network makes of it is in the run's layers, and success and confidence are
computed from there. Nothing here needs torch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import zarr

from gt.attack.method import METHODS
from gt.errors import RunError, ShapeError
from gt.run import disk, metadata
from gt.run.measure import hits
from gt.run.read import Run

LAYERS = "all"  # are recorded of an attack, unless one says otherwise
DTYPE = "float32"  # of hidden layers, likewise
FOLDER = "attack"  # the group within a run
KEY = "attack"  # in the run's `made`
RESTORE = "restore it from a copy"
WHOLE = 32767  # epsilon in units of the stored change: the largest int16
MOST_STEPS = 1000


@dataclass(frozen=True)
class AttackSettings:
    """How an attack moves; pixels count from 0 to 1, whatever the network takes.

    Attributes:
        method: One of `gt.attack.method.METHODS`.
        epsilon: How far a point may get, in the method's norm: each value by so much (L∞), or all of them together, as
            the square root of their squares' sum (L2). 0 moves nothing.
        step: How far it goes in one step, measured likewise.
        steps: How many.

    Raises:
        RunError: For a value that cannot be; it names the value.
    """

    method: str
    epsilon: float
    step: float
    steps: int

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise RunError(
                f"method must be one of {', '.join(METHODS)}, got {self.method!r}", by="attack"
            )
        most = METHODS[self.method].most
        for name, least in (("epsilon", "0 or more"), ("step", "above 0")):
            value = getattr(self, name)
            below = _number(value) and (value < 0 if name == "epsilon" else value <= 0)
            if not _number(value) or below or value > most:
                raise RunError(
                    f"{name} must be {least} and at most {most:g} (pixels count from 0 to 1),"
                    f" got {value!r}",
                    by="attack",
                )
        _whole("steps", self.steps, 1, MOST_STEPS)


@dataclass(frozen=True)
class AttackRecipe(AttackSettings):
    """Everything that is asked of an attack on a run.

    Attributes:
        source: The class whose points are attacked; None for all.
        target: The class they are to be taken for; None for any but their own.
        count: How many points.
        clean: How many more are recorded that stand still.
        seed: Of the random start.
    """

    source: str | None
    target: str | None
    count: int
    clean: int
    seed: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        _whole("count", self.count, 1, None)
        _whole("clean", self.clean, 0, None)
        _whole("seed", self.seed, 0, None)
        if self.source is not None and self.source == self.target:
            raise RunError(
                f"target must be another class than source, both are {self.source!r}", by="attack"
            )

    def check(self, classes: Sequence[str]) -> None:
        """Raise ``RunError`` unless source and target are among the classes."""
        for name in ("source", "target"):
            value = getattr(self, name)
            if value is not None and value not in classes:
                raise RunError(
                    f"{name} must be one of the classes {', '.join(classes)}, got {value!r}",
                    by="attack",
                )

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> AttackRecipe:
        """Read back what `to_json` wrote; further entries are ignored."""
        return cls(**{field.name: stored[field.name] for field in fields(cls)})


@dataclass(frozen=True)
class Attack:
    """A recorded attack; m points are attacked in e steps, the first of which, 0, is before anything has moved.

    Attributes:
        run: The run that it is; its ``epochs`` are the steps.
        recipe: What was asked for.
        of: Whom it is on: ``run``, ``uid`` and ``epoch``, as far as they are known.
        ids: ``(m,)`` int64, the attacked points.
        rows: ``(m,)`` int64, where they are among the run's points.
        sources: ``(m,)`` int64, their true classes.
        targets: ``(m,)`` int64, the classes they are to be taken for; -1 for any but their own.
        unit: What a stored change of 1 is, in pixels.
    """

    run: Run
    recipe: AttackRecipe
    of: Mapping[str, Any]
    ids: np.ndarray
    rows: np.ndarray
    sources: np.ndarray
    targets: np.ndarray
    unit: float
    _stored: zarr.Array

    @property
    def steps(self) -> np.ndarray:
        """``(e,)`` int64, the steps that are recorded: 0, 1, ..."""
        return self.run.epochs

    @property
    def attacked(self) -> np.ndarray:
        """``(n,)`` bool over the run's points."""
        return np.isin(np.arange(self.run.n), self.rows)

    def change(self, step_index: int) -> np.ndarray:
        """How far each value is from the clean one.

        Args:
            step_index: Position in ``steps``.

        Returns:
            ``(m, h, w, c)`` float32, pixels counting from 0 to 1; ``(m, *shape)`` in a run without images.

        Raises:
            RunError: If there is no such step.
        """
        if not 0 <= step_index < len(self.steps):
            raise RunError(
                f"step index must be in 0..{len(self.steps) - 1}, got {step_index}", by="attack"
            )
        return self._changes[step_index].astype(np.float32) * np.float32(self.unit)

    @property
    def nbytes(self) -> int:
        """What its changes take in memory once one of them was asked for."""
        return int(np.prod(self._stored.shape)) * np.dtype(np.int16).itemsize

    @cached_property
    def _changes(self) -> np.ndarray:
        """``(e, m, ...)`` int16 in units; what is stored are the differences from step to step, which wrap around."""
        where = f"{self.run.name}: {self._stored.path}"
        return np.cumsum(disk.read(self._stored, slice(0, len(self.steps)), where), 0, np.int16)

    @property
    def clean_images(self) -> np.ndarray | None:
        """``(m, h, w, c)`` uint8, the images before the attack; None in a run without images."""
        return None if self.run.images is None else self.run.images[self.rows]

    def images(self, step_index: int) -> np.ndarray | None:
        """``(m, h, w, c)`` uint8, the images at a step, rounded; None in a run without images."""
        clean = self.clean_images
        if clean is None:
            return None
        moved = clean + 255 * self.change(step_index)
        return np.rint(np.clip(moved, 0, 255)).astype(np.uint8)

    @cached_property
    def probabilities(self) -> np.ndarray:
        """``(e, m, k)`` float32, the softmax of the attacked points."""
        found = [self.run.activations("softmax", i)[self.rows] for i in range(len(self.steps))]
        return np.stack(found)

    @cached_property
    def succeeded(self) -> np.ndarray:
        """``(e, m)`` bool: taken for the target, which alone has the largest output; for any but its own class."""
        layer = self.run.layers[-1].softmax_of or self.run.layers[-1].name
        aimed = self.targets >= 0
        wanted = np.where(aimed, self.targets, self.sources)
        rows = [
            hits(self.run.activations(layer, i)[self.rows], wanted) for i in range(len(self.steps))
        ]
        return np.stack(rows) == aimed

    @cached_property
    def success(self) -> np.ndarray:
        """``(e,)`` float64, the share of the attacked points that are taken for what was wanted."""
        return self.succeeded.mean(1)


def attack_of(run: Run) -> Attack | None:
    """Read the attack that a run is; None for a run that is none.

    Raises:
        RunError: If the run says that it is one and what belongs to it is missing, damaged or does not fit.
    """
    said = run.made.get(KEY)
    if said is None:
        return None
    where = f"attack_of: {run.path}"
    with metadata.damage_told(where, f"made.{KEY} must describe an attack", RESTORE):
        of = _of(metadata.mapping(said, KEY))
        try:
            recipe = AttackRecipe.from_json(said)
            recipe.check(run.classes)
        except RunError as error:  # which knows no place
            raise error.at(where) from error
    with metadata.damage_told(where, f"the group {FOLDER} must be whole", RESTORE):
        group = zarr.open_group(run.path, mode="r")
        change = disk.get_array(group, f"{FOLDER}/change", where)
        ids, targets = (
            metadata.read(group, f"{FOLDER}/{name}", where) for name in ("ids", "targets")
        )
    place = {int(one): i for i, one in enumerate(run.ids)}
    whole = ids.ndim == 1 and len(ids) and {ids.dtype.kind, targets.dtype.kind} <= set("iu")
    if not whole or len(set(ids.tolist())) != len(ids) or not set(ids.tolist()) <= set(place):
        raise ShapeError(f"{where}: {FOLDER}/ids must be points of the run, each once")
    k = len(run.classes)
    if targets.shape != ids.shape or ((targets < -1) | (targets >= k)).any():
        raise ShapeError(f"{where}: {FOLDER}/targets must be {len(ids)} classes, or -1")
    e, m = len(run.epochs), len(ids)
    tail = change.shape[2:] if run.images is None else run.images.shape[1:]
    if (
        change.dtype != "i2"
        or len(change.shape) < 2
        or change.shape[0] < e
        or change.shape[1:] != (m, *tail)
    ):
        raise ShapeError(
            f"{where}: {FOLDER}/change must be int16 of shape {(e, m, *tail)} or longer, got"
            f" {change.dtype} {change.shape}"
        )
    metadata.present(run.path, change, where, RESTORE, e)  # else it would be read as no change
    rows = np.array([place[int(one)] for one in ids], np.int64)
    return Attack(
        run, recipe, of, ids, rows, run.labels[rows], targets, recipe.epsilon / WHOLE, change
    )


def _of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Whom an attack is on, as far as it is said."""
    of = dict(metadata.mapping(said.get("of", {}), "of"))
    for name in ("run", "uid", "unit"):
        if of.get(name) is not None:
            metadata.text(of[name], f"of.{name}")
    if of.get("epoch") is not None:
        metadata.whole(of["epoch"], "of.epoch")
    return of


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _whole(name: str, value: object, least: int, most: int | None) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise RunError(
            f"{name} must be a whole number of {least} or more, got {value!r}", by="attack"
        )
    if most is not None and value > most:
        raise RunError(f"{name} must be at most {most}, got {value}", by="attack")
