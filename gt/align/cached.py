"""Singular triplets that were found once, kept in the cache by what they depend on: the operator's content, and k."""

from __future__ import annotations

import contextlib
import io
import logging
import sqlite3
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import diskcache
import numpy as np

from gt.align import Operator, Triplets, leading_triplets
from gt.cache.store import UNWRITABLE, PlainDisk, default_folder, open_cache

log = logging.getLogger(__name__)

CODE = 3  # goes up with every change that changes triplets
SIZE_BYTES = 2**30


class KeptTriplets:
    """Finds leading triplets, or remembers them; a context manager."""

    def __init__(self) -> None:
        folder = default_folder().parent / "triplets"
        self._cache: diskcache.Cache | None = None
        try:
            self._cache = open_cache(folder, diskcache.Cache, disk=PlainDisk, size_limit=SIZE_BYTES)
        except (*UNWRITABLE, sqlite3.DatabaseError) as error:
            log.warning("%s cannot be used (%s): triplets are not remembered", folder, error)

    def __enter__(self) -> KeptTriplets:
        return self

    def __exit__(self, *_: Any) -> None:
        if self._cache is not None:
            self._cache.close()

    def solve(self, operator: Operator, k: int) -> Triplets:
        """As `gt.align.leading_triplets`."""
        key = content(operator, k)
        if (kept := self._kept(key)) is not None:
            with contextlib.suppress(Exception):  # damaged in any of many ways: it is made again
                with np.load(io.BytesIO(kept), allow_pickle=False) as stored:
                    found = Triplets(stored["left"], stored["sigma"], stored["right"])
                if (len(found.left), len(found.right)) == operator.shape:
                    return found
        made = leading_triplets(operator, k)
        out = io.BytesIO()
        np.savez(out, **asdict(made))
        if self._cache is not None:
            with contextlib.suppress(*UNWRITABLE, sqlite3.DatabaseError):  # found again next time
                self._cache.set(key, out.getvalue())
        return made

    def _kept(self, key: str) -> bytes | None:
        try:
            found = None if self._cache is None else self._cache.get(key)
        except (*UNWRITABLE, ValueError, sqlite3.DatabaseError):
            return None
        return found if isinstance(found, bytes) else None


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
