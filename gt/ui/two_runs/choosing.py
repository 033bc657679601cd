"""Which two runs are shown: those of the address, else two that can be compared."""

from __future__ import annotations

import itertools

from gt.measure.two_runs.pairing import pair
from gt.serve.library import Library
from gt.ui.tour.page import run_named

MOST = 40  # pairs that are tried, of runs of one task and the same classes


def choose_pair(library: Library, a: object, b: object) -> tuple[str, str, str]:
    """Find the runs that an address asks for, or others.

    Args:
        library: Has one run at least.
        a: From the address: a name, a title that one run alone has, or anything else.
        b: The same of the other run.

    Returns:
        Two names, the second empty where there is but one run; and a sentence for the reader, empty if all is well.
    """
    if not {one for one in (a, b) if isinstance(one, str)} <= library.runs.keys():
        library.look(anew=True)  # it may just have come
    waiting = {run.name for run in library.waiting}
    if (
        isinstance(a, str)
        and isinstance(b, str)
        and {a, b} & waiting
        and {a, b} <= waiting | library.runs.keys()
    ):
        return a, b, ""  # which is refused, with the reason
    first, second, said = "", "", []
    if isinstance(a, str):
        first, problem = run_named(library, a)
        said.append(problem)
    if isinstance(b, str):
        second, problem = run_named(library, b)
        if problem:
            second = ""
            said.append(f"There is no run “{b:.60}” here, so another one is shown as b.")
    if not first or not second:
        first, second = _fitting(library, first, second)
    return first, second, next(filter(None, said), "")


def _fitting(library: Library, first: str, second: str) -> tuple[str, str]:
    """Two runs that can be compared, of which one may be known; else the first two."""
    runs = library.runs
    firsts = [first] if first else list(runs)
    seconds = [second] if second else list(runs)
    pairs = [(x, y) for x, y in itertools.product(firsts, seconds) if x != y]
    alike = [
        (x, y)
        for x, y in pairs
        if runs[x].task == runs[y].task and set(runs[x].classes) == set(runs[y].classes)
    ]
    for x, y in alike[:MOST]:
        try:
            pair(runs[x], runs[y])
        except (ValueError, OSError):
            continue
        return x, y
    return pairs[0] if pairs else (firsts[0], second)
