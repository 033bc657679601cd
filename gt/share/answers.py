"""What a server would answer on the way to a named view, found when the file is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gt.serve.library import Library
from gt.ui.tour.find import answer


def looked_from(library: Library, run: str, alignment: str, view: Mapping[str, Any]) -> Any:
    """A view of layers with the directions from which it is seen, a pair a stop, where a search says them.

    Args:
        library: Has the run.
        run: Its name.
        alignment: Name of the alignment.
        view: As the page is told it.

    Returns:
        The view; `looked` has ``{"columns": (k, 2), "ids": [...]}`` for each of its stops.
    """
    questions = [_question(library, run, alignment, view, at) for at in range(len(view["epochs"]))]
    if any(one is None for one in questions):
        return dict(view)
    answers = [answer(library, one) for one in questions if one is not None]
    if any("error" in one for one in answers):
        return dict(view)
    looked = [{"columns": one["columns"], "ids": one["ids"]} for one in answers]
    return {**view, "looked": looked}


def _question(
    library: Library, run: str, alignment: str, view: Mapping[str, Any], at: int
) -> dict[str, Any] | None:
    """What the page asks at a stop of a view, see `goTo` in ``assets/js/pages/layers.mjs``; None for nothing."""
    one = library.alignment(run, alignment)
    recorded = library.run(run)
    names = [state.name for state in one.states]
    epoch = int(view["epochs"][at])
    state = view.get("found") or view["states"][at]
    where = {
        "run": run,
        "alignment": alignment,
        "path": dict(one.choices),
        "state": names.index(state),
        "epoch": epoch,
        "ids": [],
        "naive": False,
        "nonce": 0,
    }
    if pair := view.get("pair"):
        return {
            **where,
            "kind": "classes",
            "classes": [recorded.classes.index(name) for name in pair],
        }
    if moved := view.get("moved"):
        return {**where, "kind": "movers-epochs", "epochs": list(moved)}
    if apart := view.get("apart"):
        wanted = [recorded.classes.index(name) for name in apart]
        rows = one.rows(recorded)
        ids = [int(recorded.ids[row]) for row in rows if int(recorded.labels[row]) in wanted]
        return {**where, "kind": "selection", "ids": ids}
    return None
