"""The tensors of an announcement, packed as a file holds them: a few blocks, or files beside it.

The epochs of a layer are a series: of each coordinate of a point the file has what it changes by from epoch to epoch,
which packs to six tenths of what its values pack to. Images that another tensor has are there once. Nothing is lost by
either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import Any, NotRequired, TypedDict

import numpy as np

from gt.cache import wire
from gt.serve import tensors
from gt.serve.library import Library


class Place(TypedDict):
    """Where bytes are."""

    block: int
    start: int  # first byte
    bytes: int
    series: NotRequired[
        tuple[int, int]
    ]  # which tensor of how many, where these bytes are a series, see `series_of`
    each: NotRequired[
        int
    ]  # bytes of an image, where these bytes are uint32, where in the block each image begins


class Held(TypedDict):
    """Where tensors are: what `assets/js/alone/ask.mjs` is told."""

    beside: bool  # whether those that are not listed lie in files beside this one
    at: dict[str, Place]  # by a tensor's address


def addresses(announcement: Any) -> list[str]:
    """The addresses of all tensors that an announcement names, each once, those of images last."""
    found = dict.fromkeys(_walk(announcement, images=False))
    return list(found | dict.fromkeys(_walk(announcement, images=True)))


def _walk(said: Any, *, images: bool, within: bool = False) -> Iterator[str]:
    """Addresses within images, or all others."""
    if isinstance(said, dict):
        url = said.get("url")
        if isinstance(url, str) and url.startswith("tensors/"):
            if within == images:
                yield url
            return
        for name, one in said.items():
            yield from _walk(one, images=images, within=within or name == "images")
    elif isinstance(said, (list, tuple)):
        for one in said:
            yield from _walk(one, images=images, within=within)


def packed(
    library: Library, announcement: Any, answers: Mapping[str, bytes] = MappingProxyType({})
) -> tuple[Held, list[bytes]]:
    """The tensors of an announcement in blocks: what every picture needs, the images, and what else is answered.

    Args:
        library: Which announced it.
        announcement: As the browser is told.
        answers: Further answers, by their addresses.

    Returns:
        Where each tensor is, and the blocks.

    Raises:
        ValueError: If a tensor cannot be had any more.
    """
    pictured = dict.fromkeys(_walk(announcement, images=False))
    images = [one for one in addresses(announcement) if one not in pictured]
    held: Held = {"beside": False, "at": {}}
    blocks: list[bytes] = []
    if pictured:
        blocks.append(_points(library, held, pictured, _series(announcement)))
    if images:
        blocks.append(_images(library, held, len(blocks), images, _sizes(announcement)))
    if answers:
        raw = bytearray()
        for address, found in answers.items():
            _add(held, raw, address, len(blocks), found)
        blocks.append(bytes(raw))
    return held, blocks


def _add(held: Held, raw: bytearray, address: str, block: int, found: bytes) -> None:
    """Add what stands behind an address to a block."""
    held["at"][address] = {"block": block, "start": len(raw), "bytes": len(found)}
    raw += found


def _points(
    library: Library, held: Held, wanted: Iterable[str], series: Iterable[list[str]]
) -> bytes:
    """The first block: what every picture needs."""
    raw = bytearray()
    for listed in series:
        _add_series(library, held, raw, [one for one in listed if one not in held["at"]])
    for address in wanted:
        if address not in held["at"]:
            _add(held, raw, address, 0, wire.unpack(of(library, address)))
    return bytes(raw)


def _images(
    library: Library, held: Held, block: int, wanted: Iterable[str], sizes: Mapping[str, int]
) -> bytes:
    """The block of images; of a tensor all of whose images are in one before, where these are."""
    raw = bytearray()
    there: dict[bytes, int] = {}
    for address in wanted:
        found, each = wire.unpack(of(library, address)), sizes[address]
        images = [found[at : at + each] for at in range(0, len(found), each)]
        if images and all(one in there for one in images):
            places = np.array([there[one] for one in images], "<u4").tobytes()
            _add(held, raw, address, block, places)
            held["at"][address]["each"] = each
            continue
        there |= {one: len(raw) + at * each for at, one in enumerate(images)}
        _add(held, raw, address, block, found)
    return bytes(raw)


def _sizes(said: Any) -> dict[str, int]:
    """How many bytes a point takes in each tensor, by its address."""
    if isinstance(said, dict) and {"url", "shape", "dtype"} <= said.keys():
        return {said["url"]: prod(said["shape"][1:]) * np.dtype(said["dtype"]).itemsize}
    inside = said.values() if isinstance(said, dict) else said
    if not isinstance(said, (dict, list, tuple)):
        return {}
    return {url: size for one in inside for url, size in _sizes(one).items()}


def _series(said: Any) -> Iterator[list[str]]:
    """The addresses of what is announced an epoch each, a layer at a time."""
    if isinstance(said, dict):
        for one in said.values():
            yield from _series(one)
    elif isinstance(said, (list, tuple)):
        if said and all(isinstance(one, dict) and {"url", "scale"} <= one.keys() for one in said):
            yield list(dict.fromkeys(one["url"] for one in said))
        else:
            for one in said:
                yield from _series(one)


def _add_series(library: Library, held: Held, raw: bytearray, listed: Sequence[str]) -> None:
    """Add epochs of a layer to the first block."""
    if not listed:
        return
    epochs = [np.frombuffer(wire.unpack(of(library, one)), "<u2") for one in listed]
    found = series_of(np.stack(epochs))
    for at, address in enumerate(listed):
        held["at"][address] = {
            "block": 0,
            "start": len(raw),
            "bytes": len(found),
            "series": (at, len(listed)),
        }
    raw += found


def series_of(epochs: np.ndarray) -> bytes:
    """Epochs of a layer as a file has them: alike bytes are near each other.

    Args:
        epochs: ``(e, values)`` uint16, little-endian.

    Returns:
        For each value its first and what it changes by in each epoch behind, as ``2 x`` for an x of 0 or more and
        ``-2 x - 1`` for less, in 16 bits; the low bytes of all, then the high ones.
    """
    change = np.diff(epochs, axis=0, prepend=np.uint16(0)).view(np.int16)
    folded = ((change << 1) ^ (change >> 15)).view(np.uint16).T
    return (folded & 255).astype(np.uint8).tobytes() + (folded >> 8).astype(np.uint8).tobytes()


def of(library: Library, address: str) -> bytes:
    """The packed bytes of a tensor by its address.

    Raises:
        ValueError: If it cannot be had any more.
    """
    found = tensors.packed(library, address.removeprefix("tensors/"))
    if found is None:
        raise ValueError(f"{address} must be in the cache, it is not; export the page anew")
    return found
