"""What a run is to say about itself: checked before it is stored, so that what a writer accepts a reader opens."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gt.errors import RunError
from gt.run import bounds
from gt.run.metadata import short


def plain(value: Any, where: str) -> Any:
    """What a run is to say about itself, as JSON has it.

    Args:
        value: Of dicts with names, lists, text, numbers, None; tuples become lists, numpy's numbers numbers.
        where: What it is; it begins every error.

    Raises:
        RunError: If JSON cannot hold it, or readers could not.
    """
    found = _plain(value, where, bounds.DEPTH)
    if len(json.dumps(found)) > bounds.METADATA_BYTES // 4:
        raise RunError(f"{where} must be of {bounds.METADATA_BYTES // 4:,} characters at most")
    return found


def _plain(value: Any, where: str, depth: int) -> Any:
    if depth == 0:
        raise RunError(f"{where} must go {bounds.DEPTH} lists deep at most")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise RunError(f"{where} must have text as names, got {short(key)}")
        return {text(k, where): _plain(v, f"{where}.{k}", depth - 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, where, depth - 1) for one in value]
    if isinstance(value, str):
        return text(value, where)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 10**300:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise RunError(
        f"{where} must be what JSON can hold (text, finite numbers, lists, dicts), got"
        f" {short(value)}"
    )


def check_size(text: str) -> None:
    """Raise ``RunError`` for a description, as it is stored, that is longer than what is read."""
    most = bounds.METADATA_BYTES - bounds.ENVELOPE_BYTES
    if len(text) > most:  # JSON is written in ASCII: characters are bytes
        raise RunError(
            f"record: title, names and made of a run must be of {most:,} bytes at most as JSON, got"
            f" {len(text):,}"
        )


def name(value: Any, where: str) -> str:
    """A title, or the name of something: `text` that is not too long to be shown.

    Raises:
        RunError: If it is no text, or longer than `gt.run.bounds.NAME`.
    """
    if len(text(value, where)) > bounds.NAME:
        raise RunError(f"{where} must have {bounds.NAME:,} characters at most, got {len(value):,}")
    return str(value)


def text(value: Any, where: str) -> str:
    """Text that can be sent and stored.

    Raises:
        RunError: If it is none, or holds NUL or half of a pair of UTF-16, which nothing can show.
    """
    if not isinstance(value, str):
        raise RunError(f"{where} must be text, got {short(value)}")
    if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise RunError(f"{where} must be text without NUL and lone surrogates, got {short(value)}")
    return value


def span(epochs: Sequence[int], unit: str) -> str:
    """Epochs or steps as they are spoken of: "epochs 0 to 5"."""
    return f"{unit}s {epochs[0]} to {epochs[-1]}" if epochs else f"no {unit}s"


def in_unit(text: str, unit: str) -> str:
    """A text of the app's own that speaks of epochs, of a run that goes by another unit.

    Args:
        text: It says "epoch", "epochs" or "an epoch", in small letters or with a capital.
        unit: "epoch" or "step".
    """
    text = re.sub(r"\b([Aa])n epoch\b", rf"\1{'n' if unit.startswith('e') else ''} {unit}", text)
    text = re.sub(r"\bepoch(?=s?\b)", unit, text)
    return re.sub(r"\bEpoch(?=s?\b)", unit.capitalize(), text)


def name_of(path: Path) -> str:
    """The name of a run's folder without ``.zarr``, as text that can be sent."""
    return os.fsencode(path.resolve().name.removesuffix(".zarr")).decode("utf-8", "replace")
