"""Making a finished run small and of few files, and the manifest of a folder of such runs.

A shipped run has the same points and epochs. Its floats keep 16 significant bits (relative error
below 2^-16: a softmax is off by 2e-4 at most in the three runs), no prediction changes, and what is
cut off is zero, which costs next to nothing once bytes are shuffled and compressed. Each array is
one file (a shard) from which any epoch can still be read alone. What belongs to an attack comes
along to the last bit, and so do a file with the network, checkpoints, named views and stories. Embeddings and
alignments stay behind: they are of the activations as they were before the rounding; ``gt embed`` makes those
of the copy, and ``gt align --into`` puts an alignment of the recording into it.
Source of the rounding: Zender 2016, doi:10.5194/gmd-9-3199-2016.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numcodecs import BitRound

from gt.errors import ForeignStoreError, NoRunError, RunError
from gt.files import durable
from gt.files.beside import built_beside
from gt.kept.artifact import Artifact, kinds
from gt.kept.attack import FOLDER as ATTACK
from gt.kept.attack import attack_of
from gt.kept.stories import FOLDER as STORIES
from gt.kept.stories import names as names_of_stories
from gt.run import disk
from gt.run.begin import add_checks
from gt.run.read import Run, open_run

SIGNIFICANT = 24  # bits of a float32, the leading one included
BITS = 16  # significant bits of a float32 that are kept
MANIFEST = "MANIFEST.json"
VIEWS = "views.json"  # named views beside a run, see `gt.views.stored`
NETWORK = "network.safetensors"  # in a run's folder; `gt.record.network_of.FILE`, which needs torch
CHANGE = f"{ATTACK}/change"
Rounder = Callable[[np.ndarray, int], np.ndarray]


def round_bits(values: np.ndarray, bits: int = BITS) -> np.ndarray:
    """Round float32 to ``bits`` significant bits, ties to even; the bits behind them are zero."""
    exact = np.ascontiguousarray(values, np.float32)
    if bits >= SIGNIFICANT:
        return exact
    rounded: np.ndarray = BitRound(bits - 1).encode(exact)  # which does not count the leading one
    return rounded.view(np.float32)


def round_outputs(values: np.ndarray, bits: int = BITS) -> np.ndarray:
    """Round outputs ``(..., k)``, but not those of a point whose prediction would be another.

    What is predicted, and whether two outputs tie for it, stays as it was.
    """
    rounded = round_bits(values, bits)
    before, after = np.sort(values, axis=-1)[..., -2:], np.sort(rounded, axis=-1)[..., -2:]
    other = values.argmax(-1) != rounded.argmax(-1)
    if values.shape[-1] > 1:
        other |= (before[..., 0] < before[..., 1]) != (after[..., 0] < after[..., 1])
    rounded[other] = values[other]
    return rounded


def ship_run(path: str | Path, folder: str | Path, *, bits: int = BITS) -> Run:
    """Copy a run into ``folder``, small.

    Args:
        path: The run.
        folder: The copy goes to ``folder/<name>``.
        bits: Significant bits of activations and weights that are kept; 24 keeps all.

    Returns:
        The copy, opened and read in full once.

    Raises:
        ForeignStoreError: If the copy's place is taken.
        NoRunError: If the run has no epoch.
        RunError: If it is an attack, and what belongs to it is missing or damaged.
    """
    run = open_run(path)
    if not len(run.epochs):
        raise NoRunError(f"ship: {path} must have an epoch, it has none yet")
    target = Path(folder) / run.name
    if target.exists():
        raise ForeignStoreError(f"ship: {target} must be free, something is there; remove it first")
    e = len(run.epochs)
    names = _names(run, e)
    with built_beside(target) as building:
        _write(run, building, names, bits)
        copy = open_run(building)
        copy.check()
        if (attack := attack_of(copy)) is not None:
            attack.change(0)  # reads all steps, which follow from each other
    return open_run(target)


def _write(run: Run, building: Path, names: Mapping[str, int], bits: int) -> None:
    """Write all of a copy."""
    source = zarr.open_group(run.path, mode="r")
    group = zarr.create_group(building)
    outputs = {x.array for x in run.layers if x.name in run.outputs}
    for name, rows in names.items():
        rounder: Rounder = _exactly
        if name in outputs:
            rounder = round_outputs
        elif name.split("/")[0] in ("activations", "weights"):
            rounder = round_bits
        _copy(source, group, name, rows, rounder, bits)
    epochs = [int(number) for number in run.epochs]  # of which more may have been recorded since
    group.attrs.put({**source.attrs, "epochs": epochs, "checks": False})  # the chunks are others
    if CHANGE in names:
        stored = zarr.open_group(run.path / ATTACK, mode="r").attrs
        group.require_group(ATTACK).attrs.put(dict(stored))
    for name in (NETWORK, VIEWS):
        if (run.path / name).is_file():
            shutil.copyfile(run.path / name, building / name)
    for name in names_of_stories(run):
        (building / STORIES).mkdir(exist_ok=True)
        shutil.copyfile(run.path / STORIES / f"{name}.json", building / STORIES / f"{name}.json")
    for kind in kinds():
        if kind.TRAVELS and kind.of_run(run):
            shutil.copytree(run.path / kind.FOLDER, building / kind.FOLDER)
    add_checks(building)


def _names(run: Run, e: int) -> dict[str, int]:
    names = {"ids": run.n, "labels": run.n, "splits": run.n}
    if run.images is not None:
        names["images"] = run.n
    if run.targets is not None:
        names["targets"] = run.n
    names |= {f"columns/{i:03d}": run.n for i in range(len(run.columns))}
    names |= {str(x.array): 1 if x.constant else e for x in run.layers if x.array}
    names |= {w.array: e for w in run.weight_list}
    if (attack := attack_of(run)) is not None:
        m = len(attack.ids)
        names |= {f"{ATTACK}/ids": m, f"{ATTACK}/targets": m, CHANGE: e}
    kinds = ("loss", "accuracy", "class_loss", "class_accuracy", "lr")
    return names | {f"history/{kind}": e for kind in kinds}


def _exactly(values: np.ndarray, bits: int) -> np.ndarray:
    return values


def _copy(
    source: zarr.Group, group: zarr.Group, name: str, rows: int, rounder: Rounder, bits: int
) -> None:
    old = disk.get_array(source, name, "ship")
    shape = (rows, *old.shape[1:])
    growing = name.split("/")[0] in ("activations", "weights")
    chunks = (1, *shape[1:]) if growing or name == CHANGE else shape
    if name == CHANGE:  # as it was compressed: whole numbers, which shuffling makes larger
        new = group.create_array(
            name,
            shape=shape,
            dtype=old.dtype,
            chunks=chunks,
            shards=shape,
            compressors=old.compressors,
            config={"write_empty_chunks": True},
        )
    else:
        new = disk.make_array(
            group, name, shape, old.dtype, chunks, shards=shape if growing else None, level=9
        )
    values = disk.read(old, slice(0, rows), f"ship: {name}")
    new[...] = rounder(values, bits) if values.dtype == np.float32 else values


def folder_sha256(folder: Path) -> tuple[str, int]:
    """Hash names and contents of a folder's files, in the order of their names; count bytes."""
    digest, size = hashlib.sha256(), 0
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = file.read_bytes()
        name = file.relative_to(folder).as_posix()
        digest.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
        size += len(content)
    return digest.hexdigest(), size


def make_manifest(folder: str | Path) -> dict[str, Any]:
    """Describe each run in a folder as ``MANIFEST.json`` does: what, how made, SHA-256, bytes."""
    if not Path(folder).is_dir():
        raise NoRunError(f"manifest: no folder {folder}; name a folder that holds runs")
    if (Path(folder) / "zarr.json").exists():
        raise NoRunError(f"manifest: {folder} is a run itself; name the folder that holds it")
    entries: dict[str, Any] = {}
    for path in sorted(p for p in Path(folder).iterdir() if (p / "zarr.json").exists()):
        if path.name.startswith("."):
            continue
        run = open_run(path)
        digest, size = folder_sha256(path)
        entries[run.name] = {
            "title": run.title,
            "what": f"{run.n} points, {len(run.epochs)} epochs ({run.epochs[0]} to"
            f" {run.epochs[-1]}),"
            f" layers {', '.join(x.name for x in run.layers)}",
            **{kind.FOLDER: _listed(kind, run) for kind in kinds()},
            **({STORIES: stories} if (stories := names_of_stories(run)) else {}),
            "command": run.made.get("command"),
            "made": dict(run.made),
            "bytes": size,
            "sha256": digest,
        }
    return entries


def _listed(kind: type[Artifact], run: Run) -> list[str] | dict[str, Any] | None:
    """What a manifest says of the artifacts of a kind: their names, or how the one that has none was made."""
    found = kind.of_run(run)
    if kind.NAMED:
        return [one.path.name for one in found]
    return dict(found[0].made) if found else None


def write_manifest(folder: str | Path) -> Mapping[str, Any]:
    """Write ``MANIFEST.json`` of a folder of runs; returns its content."""
    entries = make_manifest(folder)
    if not entries:
        raise NoRunError(f"manifest: {folder} must hold runs, there are none")
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    durable.replace(Path(folder) / MANIFEST, text.encode())
    return entries


def check_manifest(folder: str | Path) -> Mapping[str, Any]:
    """Compare a folder of runs with its ``MANIFEST.json``.

    Raises:
        RunError: If a run is missing, unlisted or of another content; it names the run.
    """
    file = Path(folder) / MANIFEST
    if not file.is_file():
        raise NoRunError(f"manifest: no {file}; gt manifest {folder} writes it")
    entries = json.loads(file.read_text("utf-8"))
    there = {path.name for path in Path(folder).iterdir() if path.is_dir()}
    for name, entry in entries.items():
        if name not in there:  # whatever else it says is no place in this folder
            raise RunError(f"manifest: run {name!r} must be in {folder}, it is missing")
        found, _ = folder_sha256(Path(folder) / name)
        if found != entry["sha256"]:
            raise RunError(
                f"manifest: run {name!r} must have SHA-256 {entry['sha256'][:16]}..., it has"
                f" {found[:16]}...;"
                " restore it"
            )
    extra = {p.name for p in Path(folder).iterdir() if (p / "zarr.json").exists()} - set(entries)
    if extra:
        raise RunError(f"manifest: {', '.join(sorted(extra))} must be listed; gt manifest {folder}")
    return entries
