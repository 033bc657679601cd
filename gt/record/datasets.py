"""MNIST, Fashion-MNIST and CIFAR-10 from their publishers' files: found on disk, or fetched.

CIFAR-10 is read in its binary version; nothing is ever unpickled. Sources: LeCun,
Cortes and Burges, "The MNIST database"; Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747; Krizhevsky
2009, "Learning Multiple Layers of Features from Tiny Images".
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gt.record.published import SOURCES, DatasetError, from_archive, plain, verified

DATASETS = tuple(SOURCES)


@dataclass(frozen=True)
class Split:
    """One split: ``images (n, h, w, c)`` uint8 and ``labels (n,)`` int64, in file order."""

    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Dataset:
    """A data set; mean and deviation are of its training pixels in 0..1, by channel."""

    name: str
    title: str
    classes: tuple[str, ...]
    train: Split
    test: Split
    mean: tuple[float, ...]
    std: tuple[float, ...]


def load(
    name: str, data_dir: str | Path | None = None, urls: Sequence[str] | None = None
) -> Dataset:
    """Read a data set, fetching it first if need be.

    Args:
        name: One of ``DATASETS``.
        data_dir: A folder with the publishers' files, as they are or gzipped, in it or in a folder
            of the data set's name. When None, ``GT_DATA_DIR``; when that is not set either, the
            files are fetched into the user's cache.
        urls: Where to fetch from; the official addresses when None.

    Raises:
        DatasetError: If a file is missing, truncated or of another content; it names the file and
            the remedy.
    """
    if name not in SOURCES:
        raise DatasetError(f"load: no data set {name!r}; there are {', '.join(DATASETS)}")
    source = SOURCES[name]
    folder = data_dir or os.environ.get("GT_DATA_DIR")
    read: Callable[[str], bytes]
    if folder:
        place = Path(folder).expanduser()
        if not place.is_dir():
            raise DatasetError(f"load: --data-dir must be a folder, there is no {place}")

        def read(file: str) -> bytes:
            return _from_folder(place, source, file)
    else:
        from gt.record.download import fetch  # few need it, and what it needs

        def read(file: str) -> bytes:
            return verified(file, fetch(source, file, urls or source["urls"]), "the download")

    parse = _cifar if name == "cifar10" else _idx_pair
    train, test = parse(source["folder"], read)
    return Dataset(
        name,
        source["title"],
        tuple(source["classes"]),
        train,
        test,
        tuple(source["mean"]),
        tuple(source["std"]),
    )


def probe_ids(labels: np.ndarray, per_class: int) -> np.ndarray:
    """Choose the examples to record: ``per_class`` of each, evenly over the file, in its order.

    They depend on the labels alone, so all runs on a data set show the same examples.
    """
    picked = []
    for c in np.unique(labels):
        of_class = np.flatnonzero(labels == c)
        if len(of_class) < per_class:
            raise DatasetError(
                f"probe_ids: class {c} has {len(of_class)} examples, {per_class} are wanted"
            )
        picked.append(of_class[np.arange(per_class) * len(of_class) // per_class])
    return np.sort(np.concatenate(picked))


def _from_folder(place: Path, source: dict[str, Any], file: str) -> bytes:
    base = Path(file).name
    for folder in (place / source["folder"], place):
        for path in (folder / base, folder / f"{base}.gz"):
            if path.is_file():
                return verified(file, plain(path), str(path))
        packed = folder / source.get("archive", "")
        if "archive" in source and packed.is_file():
            return verified(file, from_archive(packed, file), str(packed))
    wanted = f"{base} or {base}.gz" + (f" or {source['archive']}" if "archive" in source else "")
    hint = ""
    if any(place.glob("**/*batches-py*")) or any(place.glob("cifar-10-python*")):
        hint = "; the Python version of CIFAR-10 is not read, get the binary version"
    raise DatasetError(
        f"load: {place} must hold {wanted} (itself or in {source['folder']}/), none is there{hint};"
        f" get it from {source['urls'][0]} or leave --data-dir out"
    )


def _idx_pair(folder: str, read: Callable[[str], bytes]) -> tuple[Split, Split]:
    train, test = (
        Split(
            _idx(read(f"{folder}/{part}-images-idx3-ubyte"))[..., None],
            _idx(read(f"{folder}/{part}-labels-idx1-ubyte")).astype(np.int64),
        )
        for part in ("train", "t10k")
    )
    return train, test


def _idx(data: bytes) -> np.ndarray:
    """Parse an IDX file of bytes: 0, 0, 8, the number of axes, each length as big-endian uint32."""
    axes = data[3]
    shape = np.frombuffer(data, ">u4", axes, offset=4).astype(int)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def _cifar(folder: str, read: Callable[[str], bytes]) -> tuple[Split, Split]:
    def split(names: list[str]) -> Split:
        rows = np.concatenate(
            [np.frombuffer(read(f"{folder}/{n}.bin"), np.uint8).reshape(-1, 3073) for n in names]
        )
        images = rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return Split(np.ascontiguousarray(images), rows[:, 0].astype(np.int64))

    return split([f"data_batch_{i}" for i in range(1, 6)]), split(["test_batch"])
