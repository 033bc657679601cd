"""Runs that are no network's: made by `gt.bring.write` of a table, an array or images."""

from __future__ import annotations

from gt.run.read import Run

ENTRY = "opened"  # of what such a run says of how it was made


def is_opened(run: Run) -> bool:
    """Whether a run is data that somebody opened, and no network's outputs."""
    return isinstance(run.made.get(ENTRY), dict)
