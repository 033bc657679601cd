"""A bar of progress in the shell."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any


def bar(title: str, quiet: bool) -> contextlib.AbstractContextManager[Any]:
    """A bar of progress, or None where tqdm is not installed."""
    try:
        from tqdm import tqdm
    except ImportError:
        return contextlib.nullcontext()
    return tqdm(desc=title, disable=quiet, miniters=1)


def shown(bar: Any) -> Callable[[int, int, str], None] | None:
    """What a computation tells of itself, on a bar if there is one."""
    if bar is None:
        return None

    def show(done: int, total: int, what: str) -> None:
        bar.total = total
        bar.set_postfix_str(what, refresh=done <= bar.n)
        bar.update(done - bar.n)

    return show
