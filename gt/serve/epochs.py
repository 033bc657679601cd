"""One epoch of a layer as it is announced: made once, so that a run that grows by one costs one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TypedDict

import numpy as np

from gt.cache.memory import Held
from gt.run import wide
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.serve import tensors
from gt.serve.library import Library
from gt.serve.payloads import Slice

VERSION = "1"  # of what is kept here, and of the bytes behind it
HELD_BYTES = 8 * 2**20  # of epochs that were announced last, as text


class OfEpoch(TypedDict):
    """One epoch of a layer."""

    largest: float  # the largest norm of a point
    slices: dict[str, Slice]  # by split
    outputs: dict[str, Slice]  # what the network gives; of no split where the layer says it itself


_HELD: Held[str] = Held(HELD_BYTES, len)


def of_epoch(library: Library, run: Run, layer: str, epoch_index: int) -> OfEpoch:
    """Announce one epoch of a layer for every split that has points.

    Args:
        library: Has the run.
        run: The run.
        layer: Name of a layer.
        epoch_index: Position in ``run.epochs``.

    Raises:
        RunError: If it cannot be read.
        OSError: If its files cannot be.
    """
    shown = [layer] if layer in run.outputs else [layer, run.last]
    digests = [run.digest(one, epoch_index) for one in shown]
    said = f"{VERSION}/{run.name}/{run.uid}/{layer}/{epoch_index}/{'/'.join(digests)}"
    key = "epoch/" + hashlib.sha256(said.encode()).hexdigest()
    held = _HELD.find((library.store.folder, key))
    if held is None:
        made = library.store.json(key, lambda: _made(library, run, layer, epoch_index), _is_whole)
        held = json.dumps(made)
        _HELD.put((library.store.folder, key), held)
    found: OfEpoch = json.loads(held)
    return found


def _made(library: Library, run: Run, layer: str, epoch_index: int) -> OfEpoch:
    values = wide.drawn_values(run, layer, epoch_index)
    lengths = np.linalg.norm(values.astype(np.float64), axis=1)  # of 1e30 beyond float32
    said = None if layer in run.outputs else run.activations(run.last, epoch_index)
    made: OfEpoch = {"largest": float(lengths.max(initial=0)), "slices": {}, "outputs": {}}
    for split, label in enumerate(SPLITS):
        rows = run.splits == split
        if not rows.any():
            continue
        source = tensors.source_of(run, split) | {"layer": layer, "epoch": epoch_index}
        made["slices"][label] = tensors.sliced(library, values[rows], source)
        if said is not None:
            of = source | {"layer": run.last}
            made["outputs"][label] = tensors.sliced(library, said[rows], of)
    return made


def _is_whole(found: object) -> bool:
    return isinstance(found, Mapping) and set(found) == set(OfEpoch.__required_keys__)
