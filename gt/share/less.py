"""Fewer epochs and points in a file than the run has: what is announced is cut down, and what was left out is said."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gt.cache import wire
from gt.errors import RunError
from gt.run.points import SPLITS
from gt.serve import tensors
from gt.serve.library import Library
from gt.share import held
from gt.share.told import Asked

WORDS = {"train": "training", "test": "test"}  # a and b of two runs are not asked for

COARSE = "Coordinates are right to an eight-thousandth of their range."

#: what of a state, and of a transition, has an entry an epoch
OF_STATE = ("slices", "scales", "variance", "separation", "separation_by_class")
OF_TRANSITION = ("residual", "moved")


def less(
    library: Library, said: Mapping[str, Any], asked: Asked
) -> tuple[dict[str, Any], list[str]]:
    """An announcement of fewer epochs and points.

    Args:
        library: Which announced it.
        said: An announcement of a layer, an embedding or of aligned layers.
        asked: Which split, and every how many epochs.

    Returns:
        The announcement, and sentences on what was left out.

    Raises:
        RunError: If it has no points of that split.
    """
    told: list[str] = []
    out = dict(said)
    if asked.split is not None and (others := [one for one in out["splits"] if one != asked.split]):
        if asked.split not in out["splits"]:
            raise RunError(
                f"export: {out['title']} has no {asked.split} points in {out['layer']}; it has "
                f"{', '.join(f'{WORDS.get(one, one)} points' for one in others)}"
            )
        out["splits"] = {asked.split: out["splits"][asked.split]}
        told += map(left_out, others)
    kept = epochs_kept(out["epochs"], asked, _named(out, asked))
    if len(kept) < len(out["epochs"]):
        unit = out["unit"]
        told.append(
            f"{len(kept):,} of {len(out['epochs']):,} {unit}s are here; between them points move in straight lines."
        )
        out = _thinned(library, out, kept)
    if asked.only and out.get("alignment"):
        out["alignment"] = _coarse(library, out["alignment"])
        told.append(COARSE)
    if asked.only and out.get("views"):
        there = set(out["epochs"])
        out["views"] = [view for view in out["views"] if there.issuperset(view["epochs"])]
    return out, told


def left_out(split: str) -> str:
    """That points of a split are not there."""
    return f"The {WORDS.get(split, split)} points are left out."


def epochs_kept(epochs: Sequence[int], asked: Asked, named: Sequence[int] = ()) -> list[int]:
    """Indices of the epochs that stay.

    Args:
        epochs: Numbers of all.
        asked: Every how many, and which in any case.
        named: Numbers of those that the page speaks of.
    """
    stay = set() if asked.only else {*range(0, len(epochs), asked.every), len(epochs) - 1}
    for number in (*asked.keep, *named):  # those about it, where it lies between two
        before, behind = bisect_right(epochs, number) - 1, bisect_left(epochs, number)
        stay |= {max(0, before), min(len(epochs) - 1, behind)}
    return sorted(stay) or [len(epochs) - 1]


def _named(said: Mapping[str, Any], asked: Asked) -> list[int]:
    """Epochs that views, or an alignment's bases, are of."""
    views = () if asked.only else said.get("views") or ()
    found = [one for view in views for one in view["epochs"]]
    return [*found, *([said["alignment"]["reference"]] if said.get("alignment") else [])]


def _thinned(library: Library, said: Mapping[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    out = {**said, "epochs": _at(said["epochs"], kept)}
    out["splits"] = {
        name: {**one, "slices": _at(one["slices"], kept), "outputs": _at(one["outputs"], kept)}
        for name, one in said["splits"].items()
    }
    if note := said.get("alignment"):
        out["alignment"] = {
            **note,
            "states": [_cut(one, OF_STATE, kept) for one in note["states"]],
            "transitions": [_cut(one, OF_TRANSITION, kept) for one in note["transitions"]],
            "opposite": note["opposite"] and _means(library, note["opposite"], kept),
        }
    return out


def _coarse(library: Library, note: Mapping[str, Any]) -> dict[str, Any]:
    """An alignment whose states have 4,096 steps in each epoch, from the smallest coordinate to the largest."""
    states = [
        {**one, "slices": [_in_12_bits(library, epoch) for epoch in one["slices"]]}
        for one in note["states"]
    ]
    return {**note, "states": states}


def _in_12_bits(library: Library, said: Mapping[str, Any]) -> dict[str, Any]:
    """A tensor of which each value is the middle of sixteen steps."""
    values = np.frombuffer(wire.unpack(held.of(library, said["url"])), "<u2") >> 4
    scale = said["scale"]
    url = tensors.offer(library, values)["url"]
    return {"url": url, "scale": 16 * scale, "offset": said["offset"] + 7.5 * scale}


def _cut(said: Mapping[str, Any], names: Sequence[str], kept: Sequence[int]) -> dict[str, Any]:
    return {**said, **{name: _at(said[name], kept) for name in names if said[name] is not None}}


def _means(library: Library, said: Mapping[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """The class means of the other split, ``(states, e, k, coordinates)``, in the epochs that stay."""
    tensor = said["tensor"]
    raw = wire.unpack(held.of(library, tensor["url"]))
    means = np.frombuffer(raw, tensor["dtype"]).reshape(tensor["shape"])
    return {**said, "tensor": tensors.offer(library, np.ascontiguousarray(means[:, kept]))}


def _at(listed: Sequence[Any], kept: Sequence[int]) -> list[Any]:
    return [listed[at] for at in kept] if listed else []


def check(asked: Asked) -> None:
    """Refuse what no file can have.

    Raises:
        RunError: If the split is none, or the epochs are less than every one.
    """
    if asked.split not in (None, *SPLITS):
        raise RunError(f"export: split must be one of {', '.join(SPLITS)}, got {asked.split}")
    if asked.every < 1:
        raise RunError(f"export: every must be 1 or more epochs, got {asked.every}")
