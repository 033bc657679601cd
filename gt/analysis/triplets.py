"""Singular triplets that were found once, kept in the cache by what they depend on: the operator's content, and k."""

from __future__ import annotations

import io
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import diskcache
import numpy as np

from gt.align import Operator, Triplets, leading_triplets
from gt.data.store import PlainDisk, default_folder

CODE = 3  # goes up with every change that changes triplets
SIZE_BYTES = 2**30


class KeptTriplets:
    """Finds leading triplets, or remembers them; a context manager."""

    def __init__(self) -> None:
        self._cache = diskcache.Cache(
            str(default_folder().parent / "triplets"), disk=PlainDisk, size_limit=SIZE_BYTES
        )

    def __enter__(self) -> KeptTriplets:
        return self

    def __exit__(self, *_: Any) -> None:
        self._cache.close()

    def solve(self, operator: Operator, k: int) -> Triplets:
        """As `gt.align.leading_triplets`."""
        key = content(operator, k)
        try:
            with np.load(io.BytesIO(self._cache[key]), allow_pickle=False) as stored:
                found = Triplets(stored["left"], stored["sigma"], stored["right"])
            if len(found.left) == operator.shape[0] and len(found.right) == operator.shape[1]:
                return found
        except Exception:  # none yet, or damaged in any of many ways: it is made again
            self._cache.delete(key)
        made = leading_triplets(operator, k)
        out = io.BytesIO()
        np.savez(out, **asdict(made))
        self._cache.set(key, out.getvalue())
        return made


def content(operator: Operator, k: int) -> str:
    """A name for everything that the k leading triplets of an operator depend on."""
    digest = sha256(f"{CODE} {type(operator).__name__} {operator.shape} {k}".encode())
    for name, value in sorted(vars(operator).items()):
        for one in value if isinstance(value, (tuple, list)) else [value]:
            if isinstance(one, np.ndarray):
                digest.update(f"{name} {one.shape} {one.dtype}".encode() + one.tobytes())
            else:
                digest.update(f"{name} {one}".encode())
    return digest.hexdigest()
