"""Unpacking chunks without trusting what they say about their size.

Blosc takes the memory that the head of a chunk asks for, up to 2 GiB for a file of some bytes, and
reads as many packed bytes as the head says. Both numbers are known before: the array's chunk size,
and the length of what came.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import zarr
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, ShardingCodec
from zarr.core.metadata import ArrayV3Metadata

HEAD = 16  # bytes: versions, flags and item size, then unpacked, block and packed length


@dataclass(frozen=True, init=False)
class BoundedBlosc(BloscCodec):
    """Blosc that unpacks only what has the size of its chunk; written and described like any Blosc."""

    def _decode_sync(self, chunk_bytes: Any, chunk_spec: Any) -> Any:
        head = chunk_bytes[:HEAD].to_bytes()
        if len(head) < HEAD:
            raise ValueError(f"a chunk must begin with {HEAD} bytes of Blosc, it has {len(head)}")
        unpacked, _, packed = struct.unpack("<III", head[4:])
        size = prod(chunk_spec.shape) * chunk_spec.dtype.to_native_dtype().itemsize
        if unpacked != size or packed != len(chunk_bytes):
            raise ValueError(
                f"a chunk must unpack {len(chunk_bytes)} bytes to {size}, it says {packed} to"
                f" {unpacked}"
            )
        return super()._decode_sync(chunk_bytes, chunk_spec)


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
        elif isinstance(codec, BytesCodec | Crc32cCodec):
            made.append(codec)
        else:
            known = "bytes, blosc, crc32c and sharding_indexed"
            raise ValueError(f"its codecs must be {known}, one is {type(codec).__name__}")
    return tuple(made)
