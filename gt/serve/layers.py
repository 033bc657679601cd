"""What is announced of an alignment: every state in every epoch, and what to say of it.

A run has hundreds of such slices, most of which a reader never sees: only where each comes from is kept, and it is
made when it is asked for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gt.cache import wire
from gt.cache.store import Store
from gt.errors import UnknownNameError
from gt.kept.alignment import FOLDER, Alignment, State, Way, Whole, find_alignments
from gt.layers import FAMILIES, kind_of
from gt.run.points import SPLITS
from gt.run.read import Run

MANY = 26  # states, which fold
PARTS = ("state", "turns", "opposite")


def alignments(run: Run, workplace: Path) -> tuple[list[Alignment], list[str]]:
    """Those in the run's folder and those in another; what is of other outputs is left out.

    Of two with one name the one of more epochs counts, else the run's own.

    Returns:
        The alignments, those with the usual settings first; and what is wrong with others.
    """
    out: dict[str, Alignment] = {}
    wrong: list[str] = []
    for folder in (run.path / FOLDER, workplace):
        found, problems = find_alignments(folder)
        wrong += problems
        for one in found:
            if one.fits(run) and len(one.epochs) > len(getattr(out.get(one.name), "epochs", ())):
                out[one.name] = one
    return sorted(out.values(), key=lambda one: one.name != one.recipe.split), wrong


def named(run: Run, found: Sequence[Alignment], name: str | None) -> Alignment:
    """The alignment of a name, the first for none.

    Raises:
        KeyError: If there is none.
    """
    for one in found:
        if name in (None, one.name):
            return one
    if not found:
        raise UnknownNameError(
            f"{run.title} has no alignment of its layers yet; gt align makes one"
        )
    known = ", ".join(one.name for one in found)
    raise UnknownNameError(f'{run.title} has no alignment "{name}"; it has {known}')


def note(store: Store, one: Alignment, source: dict[str, Any]) -> dict[str, Any]:
    """An alignment as it is announced.

    Args:
        store: Keeps where the tensors come from.
        one: The alignment.
        source: What its tensors' sources have in common.

    Returns:
        A `gt.serve.payloads.AlignmentNote`.
    """
    turns = np.ascontiguousarray(one.turns, "<f8")
    url = store.promise(turns.tobytes(), source | {"part": "turns"})
    told = [one.told(at) for at in range(len(one.epochs))]
    return {
        "name": one.name,
        "split": one.recipe.split,
        "n": len(one.ids),
        "of": one.of,
        "k": one.k,
        "reference": one.recipe.reference,
        "seconds": one.made.get("seconds"),
        "command": one.made.get("command", ""),
        "states": [_state(store, one, i, source) for i in range(len(one.states))],
        "transitions": [
            {
                "kind": passage.kind,
                "how": passage.how,
                **_said_of(one.ways[i] if one.ways else None),
                "sigma": [_short(s) for s in passage.sigma],
                "exact": passage.exact,
                "residual": None
                if passage.residual is None
                else [_short(left[i] or 0.0) for _, left in told],
                "moved": [[_short(x) for x in far[i]] for far, _ in told],
            }
            for i, passage in enumerate(one.transitions)
        ],
        "turns": {"url": f"tensors/{url}", "shape": list(turns.shape), "dtype": "float64"},
        "opposite": _opposite(store, one, source) if one.opposite_n else None,
        "graph": _graph(one, one.whole) if one.whole and _is_graph(one.whole) else None,
        "path": dict(one.choices),
    }


def _said_of(way: Way | None) -> dict[str, Any]:
    if way is None:
        return {"role": "", "factor": 1.0, "between": []}
    return {"role": way.role, "factor": way.factor, "between": list(way.between)}


def _is_graph(whole: Whole) -> bool:
    """Whether a network is drawn as a graph: one of few states without branches is as plain as a strip."""
    return len(whole.states) >= MANY or any(way.behind != way.before + 1 for way in whole.ways)


def _graph(one: Alignment, whole: Whole) -> dict[str, Any]:
    """A `gt.serve.payloads.NetworkGraph`."""
    place = {state: i for i, state in enumerate(one.places)}
    walked = set(itertools.pairwise(one.places))
    return {
        "states": [
            {**_block(state), "place": place.get(i)} for i, state in enumerate(whole.states)
        ],
        "ways": [
            {
                "before": way.before,
                "behind": way.behind,
                "how": passage.how,
                "kind": passage.kind,
                "role": way.role,
                "between": list(way.between),
                "walked": (way.before, way.behind) in walked,
            }
            for way, passage in zip(whole.ways, whole.passages, strict=True)
        ],
    }


def _block(state: State) -> dict[str, Any]:
    family = kind_of(state.kind).family
    return {
        "name": state.name,
        "kind": state.kind,
        "family": family,
        "family_title": FAMILIES[family],
        "shape": list(state.shape),
        "width": state.width,
    }


def values(one: Alignment, source: dict[str, Any]) -> np.ndarray:
    """The tensor that a source stands for."""
    one = one.along(source.get("path"))
    if source["part"] == "turns":
        return np.ascontiguousarray(one.turns, "<f8")
    if source["part"] == "opposite":
        return one.opposite_turned().astype("<f4")
    return wire.quantise(one.turned(source["state"], source["at"])).values


def _opposite(store: Store, one: Alignment, source: dict[str, Any]) -> dict[str, Any]:
    """The class means of the other split, in the same picture; NaN where a class has no points."""
    source = source | {"part": "opposite"}
    means = values(one, source)
    url = store.promise(means.tobytes(), source)
    tensor = {"url": f"tensors/{url}", "shape": list(means.shape), "dtype": "float32"}
    split = SPLITS[1 - SPLITS.index(one.recipe.split)]
    return {"split": split, "n": one.opposite_n, "tensor": tensor}


def _state(store: Store, one: Alignment, i: int, source: dict[str, Any]) -> dict[str, Any]:
    state = one.states[i]
    slices: list[dict[str, Any]] = []
    for at in range(len(one.epochs)):
        if at and one.constant(i):
            slices.append(slices[0])
            continue
        made = wire.quantise(one.turned(i, at))
        digest = store.promise(
            made.values.tobytes(), source | {"part": "state", "state": i, "at": at}
        )
        slices.append({"url": f"tensors/{digest}", "scale": made.scale, "offset": made.offset})
    by_class = one.separation[i]
    counted = ~np.isnan(by_class).all(0)
    return {
        **_block(state),
        "kept": state.kept,
        "title": state.name,
        "rank": state.rank,
        "classes": state.classes,
        "scale": state.scale,
        "scales": [_short(x) for x in one.radii[i]],
        "variance": [_short(x) for x in one.variance[i]],
        "separation": [_short(x) for x in by_class[:, counted].mean(1)],
        "separation_by_class": [[_known(x) for x in row] for row in by_class],
        "slices": slices,
    }


def _short(value: float) -> float:
    return float(f"{float(value):.5g}")


def _known(value: float) -> float | None:
    return None if math.isnan(value) else _short(value)
