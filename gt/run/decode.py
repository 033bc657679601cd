"""Unpacking chunks without trusting what they say about their size.

Blosc, which runs are packed with, takes the memory that the head of a chunk asks for, up to 2 GiB
for a file of some bytes, and reads as many packed bytes as the head says. Zstandard, which Zarr
packs with where nothing is said, takes any. What they should say is known before: the array's chunk
size, and the length of what came. Source of the heads: RFC 8878, and README_CHUNK_FORMAT of c-blosc.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import zarr
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, ShardingCodec, ZstdCodec
from zarr.core.metadata import ArrayV3Metadata

HEAD = 16  # bytes of Blosc: versions, flags and item size, then unpacked, block and packed length
ZSTD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, init=False)
class BoundedBlosc(BloscCodec):
    """Blosc that unpacks only what has the size of its chunk; written and described like any Blosc."""

    def _decode_sync(self, chunk_bytes: Any, chunk_spec: Any) -> Any:
        head = chunk_bytes[:HEAD].to_bytes()
        if len(head) < HEAD:
            raise ValueError(f"a chunk must begin with {HEAD} bytes of Blosc, it has {len(head)}")
        unpacked, _, packed = struct.unpack("<III", head[4:])
        size = _size(chunk_spec)
        if unpacked != size or packed != len(chunk_bytes):
            raise ValueError(
                f"a chunk must unpack {len(chunk_bytes)} bytes to {size}, it says {packed} to"
                f" {unpacked}"
            )
        return super()._decode_sync(chunk_bytes, chunk_spec)


@dataclass(frozen=True, init=False)
class BoundedZstd(ZstdCodec):
    """Zstandard that unpacks only what says to have the size of its chunk."""

    def _decode_sync(self, chunk_bytes: Any, chunk_spec: Any) -> Any:
        says, size = _frame_size(chunk_bytes[:HEAD].to_bytes()), _size(chunk_spec)
        if says != size:
            raise ValueError(f"a chunk must unpack to {size} bytes, it says {says}")
        return super()._decode_sync(chunk_bytes, chunk_spec)


def _size(chunk_spec: Any) -> int:
    """Bytes of an unpacked chunk."""
    return prod(chunk_spec.shape) * int(chunk_spec.dtype.to_native_dtype().itemsize)


def _frame_size(head: bytes) -> int | None:
    """Bytes that a Zstandard frame says to unpack to; None if it does not say."""
    if len(head) < 6 or head[:4] != ZSTD:
        return None
    flags = head[4]
    single, field = flags >> 5 & 1, flags >> 6
    start = 5 + (1 - single) + (0, 1, 2, 4)[flags & 3]
    length = (single, 2, 4, 8)[field]
    if not length:
        return None
    return int.from_bytes(head[start : start + length], "little") + (256 if field == 1 else 0)


def bounded(array: zarr.Array) -> zarr.Array:
    """The same array, whose chunks are looked at before they are unpacked.

    Raises:
        ValueError: If it is packed in a way that cannot be looked at.
    """
    if not isinstance(array.metadata, ArrayV3Metadata):
        raise ValueError("it must be of Zarr version 3, it is of version 2")
    metadata = replace(array.metadata, codecs=_bounded(array.metadata.codecs))
    inner = array.async_array
    return zarr.Array(type(inner)(metadata, inner.store_path, inner.config))


def _bounded(codecs: Any) -> tuple[Any, ...]:
    made: list[Any] = []
    for codec in codecs:
        if isinstance(codec, ShardingCodec):
            made.append(replace(codec, codecs=_bounded(codec.codecs)))
        elif type(codec) in (BloscCodec, BoundedBlosc):
            made.append(BoundedBlosc.from_dict(codec.to_dict()))
        elif type(codec) in (ZstdCodec, BoundedZstd):
            made.append(BoundedZstd.from_dict(codec.to_dict()))
        elif isinstance(codec, BytesCodec | Crc32cCodec):
            made.append(codec)
        else:
            known = "bytes, blosc, zstd, crc32c and sharding_indexed"
            raise ValueError(f"its codecs must be {known}, one is {type(codec).__name__}")
    return tuple(made)
