"""Runs that are no network's: made by `gt.bring.write` of a table, an array or images; and what pages say of them."""

from __future__ import annotations

from collections.abc import Mapping

from gt.run.read import Run

ENTRY = "opened"  # of what such a run says of how it was made
NEEDS: Mapping[str, str] = {
    "layers": "it has no layers. This page needs a network, recorded with them",
    "network": "no image goes through it. This page needs a network, recorded with its layers and weights",
    "adversarial": "there is nothing to attack. This page needs a network that tells classes apart, with its weights",
    "training": "nothing is learnt in it. This page needs a network, recorded while it learns, or data that change over"
    " time: a table with a column of times, or a file for each",
}  # by page


def is_opened(run: Run) -> bool:
    """Whether a run is data that somebody opened, and no network's outputs."""
    return isinstance(run.made.get(ENTRY), dict)


def needed(run: Run, page: str) -> str:
    """What a page would need that such a run cannot give, as a sentence; empty of any other run.

    Args:
        run: That is asked for.
        page: One of ``NEEDS``.
    """
    if not is_opened(run) or (page == "training" and len(run.epochs) > 1):
        return ""
    return f"{run.title} is data that was opened, no network: {NEEDS[page]}."
