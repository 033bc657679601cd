"""A network in one small file: weights as safetensors, and as JSON in its header what they are weights of."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from gt.record.chain import Chain, Part
from gt.record.network import Network
from gt.record.pixels import Pixels
from gt.run import NewerVersionError, RunError

FORMAT = "grand-tour-network"
VERSION = 1


def save_network(network: Network, path: str | Path) -> Path:
    """Write a network into a file that `load_network` reads; one that is there already is replaced."""
    about = {
        "shape": list(network.shape),
        "classes": list(network.classes),
        "pixels": None if network.pixels is None else network.pixels.to_json(),
        "epoch": network.epoch,
        "uid": network.uid,
        "layers": [
            {"name": part.name, "kind": part.kind, "config": dict(part.config)}
            for part in network.model.parts
        ],
    }
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.partial")
    weights = {key: np.ascontiguousarray(value) for key, value in network.model.weights().items()}
    note = {"format": FORMAT, "version": str(VERSION), "network": json.dumps(about)}
    save_file(weights, beside, metadata=note)
    os.replace(beside, path)
    return path


def load_network(path: str | Path) -> Network:
    """Read a network that `save_network` wrote, or `gt.record.network_file.save_weights`.

    Raises:
        RunError: If the file is missing, damaged, of something else or of a newer version.
    """
    where = f"load_network: {path}"
    if not Path(path).is_file():
        raise RunError(f"{where} must be a file, there is none")
    try:
        with safe_open(path, framework="numpy") as file:
            note = dict(file.metadata() or {})
            weights = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - it is no dict
    except (SafetensorError, OSError) as error:
        raise RunError(
            f"{where} must be a safetensors file, it is not or is damaged ({error})"
        ) from error
    if note.get("format") != FORMAT:
        raise RunError(
            f"{where} must say in its header what its weights are of, it does not; write it with"
            " gt.record.network_file.save_weights"
        )
    if not note.get("version", "").isdecimal() or int(note["version"]) > VERSION:
        raise NewerVersionError(
            f"{where} has version {note.get('version')}, this program reads up to {VERSION};"
            " upgrade nn-grand-tour"
        )
    for key, value in weights.items():
        if value.dtype.kind != "f" or not np.isfinite(value).all():
            raise RunError(f"{where}: {key} must hold finite numbers, it does not")
    try:
        return _network(json.loads(note["network"]), weights)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, RunError):
            raise
        raise RunError(
            f"{where}: its header must describe a network, it is damaged ({error})"
        ) from error


def _network(about: dict[str, Any], weights: dict[str, np.ndarray]) -> Network:
    parts = [
        Part(str(one["name"]), str(one["kind"]), dict(one["config"])) for one in about["layers"]
    ]
    return Network(
        Chain(parts, weights),
        tuple(int(v) for v in about["shape"]),
        tuple(str(c) for c in about["classes"]),
        None if about["pixels"] is None else Pixels.from_json(about["pixels"]),
        None if about["epoch"] is None else int(about["epoch"]),
        str(about["uid"]),
    )
