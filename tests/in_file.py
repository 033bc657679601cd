"""What a page in a file holds, read as its script reads it; see `gt.share.packed`."""

from __future__ import annotations

import gzip
import json
import re
from functools import lru_cache
from typing import Any

import numpy as np

from gt.share.packed import LETTERS

_DIGITS = np.zeros(128, np.int64)
_DIGITS[np.frombuffer(LETTERS.encode(), np.uint8)] = np.arange(len(LETTERS))


@lru_cache(maxsize=2)
def blocks_in(text: str) -> dict[str, bytes]:
    """All that is packed in a file, by name."""
    found = re.findall(r'data-gt-block="(\w+)">([^<]*)<', text)
    return {name: gzip.decompress(bytes_of(letters)) for name, letters in found}


def bytes_of(letters: str) -> bytes:
    """The bytes that letters stand for, four for each five."""
    lacking = -len(letters) % 5
    digits = _DIGITS[np.frombuffer((letters + LETTERS[-1] * lacking).encode(), np.uint8)]
    numbers = digits.reshape(-1, 5) @ (len(LETTERS) ** np.arange(4, -1, -1))
    raw = numbers.astype(">u4").tobytes()
    return raw[: len(raw) - lacking]


def tensor_in(text: str, url: str) -> bytes:
    """What a file answers where a tensor is asked for."""
    place = said_in(text)["held"]["at"][url]
    raw = blocks_in(text)[str(place["block"])]
    found = raw[place["start"] : place["start"] + place["bytes"]]
    if "each" in place:
        size = place["each"]
        return b"".join(raw[at : at + size] for at in np.frombuffer(found, "<u4").tolist())
    if "series" not in place:
        return found
    at, of = place["series"]
    low, high = np.frombuffer(found, np.uint8).reshape(2, -1, of).astype(np.int64)
    folded = low | high << 8
    change = np.where(folded % 2, -(folded + 1) // 2, folded // 2)
    return change.cumsum(axis=1)[:, at].astype("<u2").tobytes()


def said_in(text: str) -> Any:
    """What the script of a file is told."""
    return json.loads(blocks_in(text)["said"])


def layouts_in(text: str) -> str:
    """The HTML of its pages."""
    return "".join(page["layout"] for page in said_in(text)["pages"])
