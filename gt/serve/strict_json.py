"""JSON from strangers: what a browser can send, and no more."""

from __future__ import annotations

import json
import math
from typing import Any

from flask.json.provider import DefaultJSONProvider

DEEPEST = 64  # lists and objects inside each other; a page of ours nests a dozen
LARGEST = 2**63  # whole numbers are smaller, or numpy takes none of them


class StrictJson(DefaultJSONProvider):
    """Flask's JSON, which refuses what would fail later, somewhere deeper."""

    def loads(self, s: str | bytes, **more: Any) -> Any:
        """Read JSON, as `read` does."""
        return read(s, **more)


def read(text: str | bytes, **more: Any) -> Any:
    """Read JSON.

    Args:
        text: UTF-8, where it is bytes.
        more: As `json.loads` takes it.

    Raises:
        ValueError: If it is no JSON, nests too deep, holds a number that is none or too large, or text that is no
            Unicode.
    """
    try:
        found = json.loads(
            text, parse_constant=_no_number, parse_float=_finite, parse_int=_small, **more
        )
    except RecursionError:
        raise ValueError("nests too deep") from None
    _look_through(found)
    return found


def _look_through(found: Any) -> None:
    level, depth = [found], 0
    while level:
        inside: list[Any] = []
        for one in level:
            if isinstance(one, str):
                one.encode()  # half of a surrogate pair: UnicodeEncodeError, a ValueError
            elif isinstance(one, list | dict):
                if depth >= DEEPEST:
                    raise ValueError("nests too deep")
                inside.extend(one)
                if isinstance(one, dict):
                    inside.extend(one.values())
        level, depth = inside, depth + 1


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _small(text: str) -> int:
    if len(text) > 20 or abs(value := int(text)) >= LARGEST:
        raise ValueError("a number is too large")
    return value
