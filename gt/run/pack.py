"""Packing a chunk on whatever thread has it, as Zarr would.

Zarr packs within one event loop that all threads share, and on threads that end before the process
does; here each thread packs its own chunk, and knows how it ends without reading it again. The bytes
are those that any reader of Zarr expects: the values of the whole chunk, little-endian, then what the
array's description names. What that may be is what runs were ever written with.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import google_crc32c
import numpy as np
import zarr
from numcodecs.blosc import Blosc
from numcodecs.zstd import Zstd
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, ZstdCodec

from gt.errors import NotFiniteError

Pack = Callable[[np.ndarray], tuple[bytes, str]]
SHUFFLES = ("noshuffle", "shuffle", "bitshuffle")  # by their numbers in Blosc


def packer(array: zarr.Array) -> Pack | None:
    """What packs the chunks of an array: from values to bytes, and how these end, in hexadecimal.

    Args:
        array: Of a run.

    Returns:
        None if only Zarr can: chunks lie in shards, or are packed in another way.
    """
    codecs = tuple(getattr(array.metadata, "codecs", ()))
    if array.shards is not None or len(codecs) != 3 or sys.byteorder != "little":
        return None
    plain, packed, checked = codecs
    if not isinstance(plain, BytesCodec) or not isinstance(checked, Crc32cCodec):
        return None
    if array.dtype.itemsize > 1 and getattr(plain.endian, "value", "") != "little":
        return None
    compress = _compressor(packed)
    if compress is None:
        return None

    def pack(values: np.ndarray) -> tuple[bytes, str]:
        content = bytes(compress(np.ascontiguousarray(values)))
        end = int(google_crc32c.value(content)).to_bytes(4, "little")
        return content + end, end.hex()

    return pack


def _compressor(codec: Any) -> Callable[[np.ndarray], Any] | None:
    if isinstance(codec, ZstdCodec):
        return Zstd(level=codec.level, checksum=codec.checksum).encode
    if isinstance(codec, BloscCodec):
        shuffle = SHUFFLES.index(codec.shuffle.value)
        return Blosc(codec.cname.value, codec.clevel, shuffle, codec.blocksize).encode
    return None


def finite(values: np.ndarray) -> bool:
    """Whether floats hold neither NaN nor infinity; other numbers never do.

    Of half precision the bits are looked at, which takes a tenth of the time.
    """
    if values.dtype == np.float16:
        bits = np.ascontiguousarray(values).view(np.uint16)
        return not values.size or int((bits & 0x7FFF).max()) < 0x7C00
    return bool(values.dtype.kind not in "fc" or np.isfinite(values).all())


def whole_chunk(
    values: np.ndarray, shape: Sequence[int], fill: Any, dtype: np.dtype[Any]
) -> np.ndarray:
    """Values that begin a chunk, as all of it: behind them is what stands for nothing."""
    if values.shape == tuple(shape) and values.dtype == dtype:
        return values
    out = np.full(tuple(shape), fill, dtype)
    out[tuple(slice(size) for size in values.shape)] = values
    return out


def raise_not_finite(layer: str, when: str, block: np.ndarray, dtype: np.dtype) -> None:
    """Raise ``NotFiniteError`` for values of a layer that are not finite, or not once they are stored as ``dtype``."""
    if np.isfinite(block).all():
        raise NotFiniteError(
            f"record: {when}, layer {layer!r}: {np.abs(block).max():.3g} is beyond"
            f" {dtype};"
            ' record with dtype="float32"'
        )
    if dtype == np.float16 and block.dtype == dtype and not np.isnan(block).any():
        raise NotFiniteError(
            f"record: {when}, layer {layer!r} must be finite, it holds infinity: what is"
            f" beyond {np.finfo(dtype).max:,.0f} is beyond {dtype}; record with"
            ' dtype="float32", unless the training has diverged'
        )
    raise NotFiniteError(
        f"record: {when}, layer {layer!r} must be finite, it holds NaN or infinity;"
        " has the training diverged?"
    )
