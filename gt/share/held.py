"""The tensors of an announcement, packed as a file holds them: a few blocks of gzip, or files beside it."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypedDict

from gt.cache import wire
from gt.serve import tensors
from gt.serve.library import Library


class Held(TypedDict):
    """Where tensors are: what `assets/js/alone/ask.mjs` is told."""

    beside: bool  # whether those that are not listed lie in files beside this one
    at: dict[str, tuple[int, int, int]]  # by a tensor's address: block, first byte, bytes


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
) -> tuple[Held, list[str]]:
    """The tensors of an announcement in blocks: what every picture needs, the images, and what else is answered.

    Args:
        library: Which announced it.
        announcement: As the browser is told.
        answers: Further answers, by their addresses.

    Returns:
        Where each tensor is, and the blocks as base64 of gzip.

    Raises:
        ValueError: If a tensor cannot be had any more.
    """
    pictured = dict.fromkeys(_walk(announcement, images=False))
    images = [one for one in addresses(announcement) if one not in pictured]
    held: Held = {"beside": False, "at": {}}
    blocks: list[str] = []
    for group in (list(pictured), images, list(answers)):
        if not group:
            continue
        raw = bytearray()
        for address in group:
            known = answers.get(address)
            found = wire.unpack(of(library, address)) if known is None else known
            held["at"][address] = (len(blocks), len(raw), len(found))
            raw += found
        blocks.append(base64.b64encode(gzip.compress(raw, 9, mtime=0)).decode())
    return held, blocks


def of(library: Library, address: str) -> bytes:
    """The packed bytes of a tensor by its address.

    Raises:
        ValueError: If it cannot be had any more.
    """
    found = tensors.packed(library, address.removeprefix("tensors/"))
    if found is None:
        raise ValueError(f"{address} must be in the cache, it is not; export the page anew")
    return found
