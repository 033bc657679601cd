"""When to record: by epochs or by steps, and which, where all would be too many."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from gt.errors import EpochError, RunError
from gt.run.task import EPOCH, STEP


def log_spaced(last: int, count: int = 60) -> tuple[int, ...]:
    """Steps that are close together at first, where most happens, and far apart later: 0, 1, 2, 3, 5, 8, ...

    Args:
        last: The last step.
        count: How many; all steps where there are no more.

    Returns:
        ``count`` whole numbers that go up from 0 to ``last``, each after the first about the same factor above the
        one before, as far as whole numbers allow.

    Raises:
        RunError: If there can be none.
    """
    for name, value, least in (("last", last, 0), ("count", count, 1)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise RunError(
                f"log_spaced: {name} must be a whole number of {least} or more, got {value!r}"
            )
    if count > last:
        return tuple(range(last + 1))
    found = [0, 1][:count]
    while len(found) < count:
        left, at = count - len(found), found[-1]
        wanted = round(at * (last / at) ** (1 / left))
        found.append(min(max(wanted, at + 1), last - left + 1))
    return tuple(found)


def which(epoch: Any, step: Any) -> tuple[str, int]:
    """The unit and number of what is recorded, of which exactly one was given.

    Raises:
        EpochError: If both were, or neither, or it is no whole number.
    """
    if (epoch is None) == (step is None):
        raise EpochError(
            f"record: epoch or step must be given, one of them, got {epoch!r} and {step!r}"
        )
    unit = EPOCH if step is None else STEP
    return unit, whole_epoch(epoch if step is None else step, unit)


def whole_epoch(epoch: Any, unit: str = EPOCH) -> int:
    """The number of an epoch, or step, as an int.

    Raises:
        EpochError: If it is no whole number.
    """
    try:
        if isinstance(epoch, bool | np.bool_ | str | bytes):
            raise TypeError
        whole = int(epoch) if float(epoch).is_integer() else operator.index(epoch)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        raise EpochError(f"record: {unit} must be a whole number, got {epoch!r}") from None
    return whole
