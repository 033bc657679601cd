"""Reading arrays from ``.npy``, ``.npz`` and ``.safetensors``; nothing is ever unpickled."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gt.data.errors import RunError

ALIASES = {
    "outputs": ("outputs", "logits", "probabilities", "softmax", "probs", "predictions"),
    "labels": ("labels", "targets", "y"),
    "splits": ("splits", "split"),
    "images": ("images", "imgs"),
    "ids": ("ids", "id"),
    "epochs": ("epochs", "epoch"),
    "classes": ("classes", "class_names"),
    "loss": ("loss",),
    "accuracy": ("accuracy", "acc"),
    "class_loss": ("class_loss",),
    "class_accuracy": ("class_accuracy",),
    "lr": ("lr", "learning_rate"),
}


def load_arrays(path: str | Path) -> dict[str, np.ndarray]:
    """All arrays of a file by name; the one array of a ``.npy`` file is called "outputs".

    Raises:
        RunError: If the file is missing, damaged, of another kind, or holds Python objects.
    """
    path = Path(path)
    if not path.is_file():
        raise RunError(f"import: no file {path}")
    try:
        if path.suffix == ".npy":
            return {"outputs": np.load(path, allow_pickle=False)}
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        if path.suffix == ".safetensors":
            from safetensors.numpy import load_file

            return load_file(path)
    except (
        Exception
    ) as error:  # numpy, zipfile and safetensors raise many kinds for files that are damaged
        raise RunError(
            f"import: {path} must be a whole {path.suffix} file of plain arrays, it cannot be read"
            f" ({error}); save it again, without Python objects"
        ) from error
    raise RunError(
        f"import: {path} must end in .npy, .npz or .safetensors; numpy.savez makes one that does"
    )


def pick(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Pick the arrays that ``write_run`` knows, under its names, whichever alias they have.

    Raises:
        RunError: If two arrays stand for the same thing.
    """
    found: dict[str, np.ndarray] = {}
    for name, aliases in ALIASES.items():
        there = [a for a in aliases if a in arrays]
        if len(there) > 1:
            raise RunError(
                f"import: only one of {' and '.join(there)} may be given as {name}; drop the others"
            )
        if there:
            found[name] = arrays[there[0]]
    return found


def load_one(path: str | Path, name: str) -> np.ndarray:
    """Read the array called ``name`` (or an alias) or the only one, or the lines of a text file."""
    path = Path(path)
    if path.suffix == ".txt":
        if not path.is_file():
            raise RunError(f"import: no file {path}")
        return np.array([line for line in path.read_text("utf-8").splitlines() if line.strip()])
    arrays = load_arrays(path)
    for alias in ALIASES[name]:
        if alias in arrays:
            return arrays[alias]
    if len(arrays) == 1:
        return next(iter(arrays.values()))
    raise RunError(
        f"import: {path} must hold {name} or one array alone, it holds {', '.join(arrays)}"
    )


def kind_by_name(arrays: dict[str, np.ndarray]) -> str:
    """Say what outputs are if their name does: "logits" or "probabilities", else "auto"."""
    if "logits" in arrays:
        return "logits"
    said = ("probabilities", "probs", "softmax")
    return "probabilities" if any(name in arrays for name in said) else "auto"
