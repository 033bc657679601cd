"""Many files that are epochs: the same rows and columns in each, in the natural order of the files' names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from gt.bring.points import natural
from gt.bring.source import WHERE, BringError, Field, Source
from gt.run import bounds


def in_order(paths: Sequence[Path]) -> list[Path]:
    """Files in the natural order of their names: epoch-2 before epoch-10."""
    return sorted(paths, key=lambda path: (natural(path.name), str(path)))


def as_epochs(paths: Sequence[Path], sources: Sequence[Source]) -> Source:
    """One source with an axis for the epochs, of sources that are alike.

    Args:
        paths: Of the files, in their order.
        sources: Of each.

    Raises:
        BringError: If one differs in its rows or columns; it says which file, and from which.
    """
    first = sources[0]
    for path, one in zip(paths, sources, strict=True):
        if one.n != first.n or one.epochs:
            came = f"{one.n:,} rows" if not one.epochs else "several epochs of its own"
            raise BringError(
                f"{path} must have {first.n:,} rows, as {paths[0].name} has: files that are opened together are epochs"
                f" of the same points; it has {came}",
                by=WHERE,
            )
        if (names := [x.name for x in one.fields]) != (wanted := [x.name for x in first.fields]):
            odd = sorted(set(names) ^ set(wanted))[:3] or ["their order"]
            raise BringError(
                f"{path} must have the columns of {paths[0].name}, they differ in {', '.join(odd)}",
                by=WHERE,
            )
    fields = [
        _stacked(list(same), paths) for same in zip(*(one.fields for one in sources), strict=True)
    ]
    epochs = _numbers(paths)
    return replace(
        first,
        kind=f"{len(paths)} files, each an epoch: {first.kind}",
        title=_common(paths),
        fields=tuple(fields),
        epochs=epochs,
        notes=(
            *first.notes,
            f"Epochs are {paths[0].name} to {paths[-1].name}, numbered {epochs[0]} to {epochs[-1]}.",
        ),
    )


def _stacked(same: list[Field], paths: Sequence[Path]) -> Field:
    """One field of the same field in each file: with an axis for the epochs where its numbers change."""
    first = same[0]
    for path, one in zip(paths, same, strict=True):
        if one.values.shape != first.values.shape or one.is_number != first.is_number:
            raise BringError(
                f"{path}: “{one.name}” must be like that of {paths[0].name}, of shape {first.values.shape}, it is"
                f" {one.values.dtype} {one.values.shape}",
                by=WHERE,
            )
    if not first.is_number or all(np.array_equal(one.values, first.values) for one in same):
        return first
    flat = [one.values if one.values.ndim == 2 else one.values[:, None] for one in same]
    return replace(
        first,
        values=np.stack(flat),
        names=first.names or (first.name,) * (first.values.ndim == 1),
        wrong={},
    )


def _numbers(paths: Sequence[Path]) -> tuple[int, ...]:
    """The last number in each name where these go up, else 0, 1, 2."""
    found = [re.findall(r"\d+", path.stem) for path in paths]
    if all(found):
        numbers = [int(one[-1][:18]) for one in found]
        if all(a < b for a, b in pairwise(numbers)) and numbers[-1] <= bounds.LARGEST_NUMBER:
            return tuple(numbers)
    return tuple(range(len(paths)))


def _common(paths: Sequence[Path]) -> str:
    """What names of files begin with."""
    stems = [path.stem for path in paths]
    start = stems[0]
    while not all(one.startswith(start) for one in stems):
        start = start[:-1]
    return start.rstrip("0123456789-_. ") or paths[0].parent.name or stems[0]
