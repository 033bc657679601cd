"""Waiting for what is to come true, never for a time to pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 60.0  # a busy machine may take long
LOOK_S = 0.02  # between two looks
Found = TypeVar("Found")


def until(
    true: Callable[[], Found],
    seconds: float = PATIENCE_S,
    said: Callable[[], object] = lambda: "",
) -> Found:
    """Look until something is true.

    Args:
        true: What is looked at.
        seconds: Patience.
        said: What there is instead, for the error.

    Returns:
        What it became.

    Raises:
        AssertionError: If it does not in that time.
    """
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, f"not within {seconds:g} s {said()}"
        time.sleep(LOOK_S)
    return found
