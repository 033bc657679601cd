"""Leaving the hidden layers of a run behind, where all that was wanted of them is in its alignment."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import zarr

from gt.files.lock import Lock
from gt.run.begin import LOCK
from gt.run.read import Run, open_run


def drop_hidden(path: str | Path) -> Run:
    """Take everything out of a recording but its points, its outputs and what was made of it.

    What the run says of itself is changed first: whoever is interrupted leaves a run that opens, with files in it that
    nobody reads. Done again, it takes those away.

    Args:
        path: Folder of a run that nobody is recording.

    Returns:
        The run, with its outputs as the only layers; embeddings, alignments and attack are as they were.

    Raises:
        LockedRunError: If somebody is recording it.
        RunError: If it cannot be read.
    """
    run = open_run(path)
    lock = Lock(run.path / LOCK, f"slim: {path}")
    try:
        _drop(run)
    finally:
        lock.release()
    return open_run(run.path)


def _drop(run: Run) -> None:
    kept = [layer for layer in run.layers if layer.name in run.outputs]
    group = zarr.open_group(run.path, mode="r+")
    layers = [layer.to_json() for layer in kept]
    said = {**group.attrs.asdict(), "layers": layers, "weights": []}
    if "graph" in said:  # it stays as it ran, with less of it recorded
        names = {layer.name for layer in kept}
        nodes = [
            node if node.layer in names else replace(node, layer=None) for node in run.graph.nodes
        ]
        said["graph"] = replace(run.graph, nodes=tuple(nodes)).to_json()
    group.attrs.put(said)
    arrays = {layer.array for layer in kept}
    for folder in (*(run.path / "activations").glob("*"), *(run.path / "weights").glob("*")):
        if folder.is_dir() and folder.relative_to(run.path).as_posix() not in arrays:
            shutil.rmtree(folder)
