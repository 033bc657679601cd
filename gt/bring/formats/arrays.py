"""``.npy``, ``.npz`` and ``.safetensors``: arrays: one has the coordinates, others say more of the points."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from gt.bring import memory
from gt.bring.known import register
from gt.bring.source import WHERE, BringError, Field, Source
from gt.errors import RunError
from gt.run.load import load_arrays
from gt.run.points import plain_array

COORDINATES = (
    "x",
    "data",
    "embeddings",
    "embedding",
    "features",
    "outputs",
    "logits",
    "activations",
    "vectors",
)
PIXELS = (1, 3)


def read(path: Path) -> Source:
    """Read the arrays of a file.

    Args:
        path: There, of one of these endings.

    Raises:
        RunError: If it is damaged, holds Python objects or nothing that can be drawn.
    """
    try:
        stored = load_arrays(path)
        names = list(stored)
        arrays = {name: _plain(stored[name], name, path) for name in names}
    except RunError as error:
        raise BringError(str(error).removeprefix("import: "), by=WHERE) from error
    if len(arrays) == 1:
        [(name, array)] = arrays.items()
        return _alone(path, array, "" if path.suffix.lower() == ".npy" else name)
    return _together(path, arrays)


def _plain(a: np.ndarray, name: str, path: Path) -> np.ndarray:
    """An array of numbers, dates or text, in this machine's order of bytes."""
    memory.admit(str(path), a.size * 8, f"array “{name}”")
    if a.dtype.names is not None or a.dtype.kind == "M":
        return a
    if a.dtype.kind in "US":
        return _texts(a)
    if a.dtype.kind not in "biuf":
        raise BringError(
            f"{path}: array “{name}” must be of numbers or text, it is {a.dtype}; save its real parts, or as floats",
            by=WHERE,
        )
    if a.dtype.kind == "f" and a.dtype.itemsize > 8:
        a = a.astype(np.float64)
    return np.ascontiguousarray(a.astype(a.dtype.newbyteorder("="), copy=False))


def _texts(a: np.ndarray) -> np.ndarray:
    """Text as objects; bytes are UTF-8, or Latin-1 where they are none."""
    try:
        plain = plain_array(a)
    except UnicodeDecodeError:
        plain = np.char.decode(a, "latin-1")
    found = np.empty(plain.size, dtype=object)
    found[:] = [one.strip() or None for one in plain.ravel().tolist()]
    return found.reshape(a.shape)


def _alone(path: Path, a: np.ndarray, name: str) -> Source:
    kind = f"{path.suffix.lower()} array {a.shape}, {a.dtype}"
    if a.dtype.names is not None:
        return _records(path, a)
    if a.ndim == 0 or 0 in a.shape:
        raise BringError(f"{path} must have points, its array has shape {a.shape}", by=WHERE)
    if a.dtype.kind not in "biuf":
        raise BringError(
            f"{path} must have numbers to draw points by, its array is of text", by=WHERE
        )
    if _is_images(a):
        return _of_images(path, a, kind)
    if a.ndim > 3:
        raise BringError(
            f"{path} must have shape (points, coordinates) or (epochs, points, coordinates), got {a.shape}; reshape it",
            by=WHERE,
        )
    if a.ndim == 1:
        return Source(kind, path.stem, len(a), (Field(name or path.stem, a),))
    field = Field(name or "coordinates", a, block=True)
    if a.ndim == 3:
        return Source(
            f"{kind}: epochs, points, coordinates",
            path.stem,
            a.shape[1],
            (field,),
            epochs=tuple(range(len(a))),
        )
    return Source(kind, path.stem, len(a), (field,))


def _is_images(a: np.ndarray) -> bool:
    """Whether an array is ``(n, h, w)`` or ``(n, h, w, 1 or 3)`` uint8."""
    return (
        a.dtype == np.uint8
        and (a.ndim == 3 or (a.ndim == 4 and a.shape[3] in PIXELS))
        and min(a.shape[1:3]) > 3
    )


def _of_images(path: Path, a: np.ndarray, kind: str) -> Source:
    images = a[..., None] if a.ndim == 3 else a
    field = Field("pixels", images.reshape(len(a), -1), block=True)
    return Source(f"{kind}: images, by their pixels", path.stem, len(a), (field,), images=images)


def _records(path: Path, a: np.ndarray) -> Source:
    if a.ndim != 1:
        raise BringError(f"{path} must be one row of records, got shape {a.shape}", by=WHERE)
    arrays = {str(name): a[name] for name in a.dtype.names or ()}
    fields = [Field(name, _plain(one, name, path)) for name, one in arrays.items() if one.ndim == 1]
    left = [name for name, one in arrays.items() if one.ndim != 1]
    notes = (f"Left out, being no single values: {', '.join(left)}.",) if left else ()
    return Source("NumPy array of records", path.stem, len(a), tuple(fields), notes=notes)


def _together(path: Path, arrays: Mapping[str, np.ndarray]) -> Source:
    """Arrays of the same points, of which one says their number."""
    main = _main(path, arrays)
    a = arrays[main]
    epochs: tuple[int, ...] = ()
    images = None
    if _is_images(a):
        source = _of_images(path, a, "")
        fields, images, n = list(source.fields), source.images, len(a)
    else:
        deep = a.ndim == 3
        n = a.shape[1] if deep else len(a)
        epochs = tuple(range(len(a))) if deep else ()
        fields = [Field(main, a, block=a.ndim > 1)]
    left = []
    for name, one in arrays.items():
        if name == main:
            continue
        if one.dtype.names is None and one.shape == (n,):
            fields.append(Field(name, one))
        elif images is None and one.ndim >= 3 and len(one) == n and _is_images(one):
            images = one[..., None] if one.ndim == 3 else one
        elif name.lower() in ("epochs", "epoch", "steps") and epochs and _rise(one, len(epochs)):
            epochs = tuple(int(x) for x in one)
        else:
            left.append(f"{name} {one.shape}")
    notes = [f"Coordinates are the array “{main}” {a.shape}."]
    if left:
        notes.append(
            f"Left out, being no values of its {n:,} points: {', '.join(left[:8])}{'…' if left[8:] else ''}."
        )
    kind = f"{path.suffix.lower()} with {len(arrays)} arrays"
    return Source(
        kind, path.stem, n, tuple(fields), images=images, epochs=epochs, notes=tuple(notes)
    )


def _rise(a: np.ndarray, count: int) -> bool:
    return (
        a.shape == (count,)
        and a.dtype.kind in "iu"
        and bool(a.min() >= 0 and (np.diff(a.astype(np.int64)) > 0).all())
    )


def _main(path: Path, arrays: Mapping[str, np.ndarray]) -> str:
    """The array that has the coordinates: called as such are, else the largest of numbers."""
    fit = {
        name: one
        for name, one in arrays.items()
        if one.dtype.names is None
        and one.dtype.kind in "biuf"
        and (one.ndim in (2, 3) or _is_images(one))
        and one.size
    }
    for known in COORDINATES:
        for name in fit:
            if name.lower() == known:
                return name
    if fit:
        return max(fit, key=lambda name: fit[name].size)
    flat = [
        name
        for name, one in arrays.items()
        if one.ndim == 1 and one.dtype.kind in "iuf" and one.size
    ]
    if flat:
        return flat[0]
    said = ", ".join(f"{name} {one.shape}" for name, one in list(arrays.items())[:8]) or "nothing"
    raise BringError(
        f"{path} must have an array of numbers (points, coordinates), it has {said}", by=WHERE
    )


register(read, ".npy", ".npz", ".safetensors")
