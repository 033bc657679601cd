"""Folders of TensorBoard's projector: ``projector_config.pbtxt`` (or the demo's ``.json``), tensors, metadata, sprites.

Source: tensorboard/plugins/projector/projector_config.proto and projector_plugin.py of TensorBoard, whose rules for
metadata hold: a single column has no row of names, several have one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gt.bring import arrow, beside, memory, pbtxt, pictures
from gt.bring.source import WHERE, BringError, Field, Source, shown
from gt.bring.text import decoded

CONFIG = "projector_config.pbtxt"
CONFIG_BYTES = 2**24
NAMES = {
    "tensorName": "tensor_name",
    "tensorPath": "tensor_path",
    "tensorShape": "tensor_shape",
    "metadataPath": "metadata_path",
    "imagePath": "image_path",
    "singleImageDim": "single_image_dim",
}  # of the JSON that the stand-alone projector reads


def config_in(folder: Path) -> Path | None:
    """The projector's file in a folder, if it is one of the projector."""
    if (folder / CONFIG).is_file():
        return folder / CONFIG
    found = sorted(folder.glob("*projector_config.json"))
    return found[0] if found else None


def of_folder(config: Path) -> Source:
    """Read the first embedding that has its tensors in a file.

    Args:
        config: The projector's file.

    Raises:
        BringError: If it is damaged, names what is not there or lies elsewhere, or rows differ in number.
    """
    embeddings = [one for one in _embeddings(config) if one.get("tensor_path")]
    if not embeddings:
        raise BringError(
            f"{config} must name an embedding with a tensor_path, it has none: tensors in a checkpoint are not read;"
            " write them as .tsv",
            by=WHERE,
        )
    chosen, folder = embeddings[0], config.parent
    tensors = _tensors(chosen, config)
    n = len(tensors)
    fields = [Field("tensor", tensors, block=True)]
    if path := chosen.get("metadata_path"):
        fields += _metadata(beside.inside(folder, str(path), f"{config}, metadata_path"), n)
    images = _sprite(chosen, config, n) if chosen.get("sprite") else None
    name = shown(str(chosen.get("tensor_name") or "")) or folder.resolve().name
    notes = []
    if len(embeddings) > 1:
        others = ", ".join(shown(str(one.get("tensor_name") or "?")) for one in embeddings[1:6])
        notes.append(f"Shown is its first embedding, “{name}”; the others are {others}.")
    kind = f"TensorBoard projector, {n:,} x {tensors.shape[1]:,}"
    return Source(kind, name, n, tuple(fields), first=1, images=images, notes=tuple(notes))


def _embeddings(config: Path) -> list[Mapping[str, Any]]:
    if config.stat().st_size > CONFIG_BYTES:
        raise BringError(f"{config} must have {CONFIG_BYTES:,} bytes at most", by=WHERE)
    text, _ = decoded(config)
    try:
        found = json.loads(text) if config.suffix == ".json" else pbtxt.parse(text)
        listed = found.get("embeddings", [])
        listed = listed if isinstance(listed, list) else [listed]
        if not all(isinstance(one, dict) for one in listed):
            raise ValueError("embeddings must be messages")
    except (ValueError, RecursionError, AttributeError) as error:
        raise BringError(
            f"{config} must be a projector's configuration, it is not ({error})", by=WHERE
        ) from error
    return [_plain(one) for one in listed]


def _plain(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message with the names of the protocol, whichever it was written in."""
    return {
        NAMES.get(key, key): _plain(value) if isinstance(value, dict) else value
        for key, value in message.items()
    }


def _tensors(chosen: Mapping[str, Any], config: Path) -> np.ndarray:
    """``(n, p)`` numbers of a file of text, of raw float32, or of numpy."""
    path = beside.inside(config.parent, str(chosen["tensor_path"]), f"{config}, tensor_path")
    size = path.stat().st_size
    memory.admit(str(path), 8 * size)
    try:
        if path.suffix.lower() == ".npy":
            with path.open("rb") as stream:
                found = np.lib.format.read_array(stream, allow_pickle=False)
        elif path.suffix.lower() == ".bytes":
            found = np.frombuffer(path.read_bytes(), "<f4").reshape(_shape(chosen, config))
        else:
            found = np.loadtxt(
                path, dtype=np.float64, delimiter="\t", ndmin=2, comments=None, encoding="utf-8"
            )
    except BringError:
        raise
    except Exception as error:  # numpy raises many kinds for damage
        raise BringError(
            f"{path} must be the tensors of a projector, it cannot be read ({error})", by=WHERE
        ) from error
    if found.ndim != 2 or not found.size or found.dtype.kind not in "fiu":
        raise BringError(f"{path} must have rows of numbers, it has shape {found.shape}", by=WHERE)
    return found


def _shape(chosen: Mapping[str, Any], config: Path) -> tuple[int, int]:
    shape = chosen.get("tensor_shape")
    if (
        not isinstance(shape, list)
        or len(shape) != 2
        or not all(type(x) is int and 0 < x < 2**31 for x in shape)
    ):
        raise BringError(
            f"{config} must say the tensor_shape of raw tensors, two whole numbers, it says {shape!r}",
            by=WHERE,
        )
    return shape[0], shape[1]


def _metadata(path: Path, n: int) -> list[Field]:
    """The columns of a metadata file."""
    import pyarrow as pa

    memory.admit(str(path), 12 * path.stat().st_size)
    text, _ = decoded(path)
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    rows = [line.split("\t") for line in lines]
    names = ["label"]
    if rows and len(rows[0]) > 1:
        names, rows = rows[0], rows[1:]
    if len(rows) != n:
        raise BringError(
            f"{path} must have {n:,} rows, one for each tensor, it has {len(rows):,}", by=WHERE
        )
    for at, row in enumerate(rows):
        if len(row) != len(names):
            raise BringError(
                f"{path} must have {len(names)} cells in each row, row {at + 1 + (len(names) > 1)} has {len(row)}",
                by=WHERE,
            )
    return [
        arrow.of_text(
            name,
            pa.chunked_array([pa.array([row[i] or None for row in rows], pa.string())]),
            comma=False,
        )
        for i, name in enumerate(names)
    ]


def _sprite(chosen: Mapping[str, Any], config: Path, n: int) -> np.ndarray:
    sprite = chosen["sprite"]
    size = sprite.get("single_image_dim") if isinstance(sprite, dict) else None
    if (
        not isinstance(size, list)
        or len(size) != 2
        or not all(type(x) is int and 0 < x <= 4096 for x in size)
    ):
        raise BringError(
            f"{config} must say the single_image_dim of its sprite, width and height, it says {size!r}",
            by=WHERE,
        )
    path = beside.inside(config.parent, str(sprite.get("image_path", "")), f"{config}, image_path")
    return pictures.cut(path, (size[0], size[1]), n)
