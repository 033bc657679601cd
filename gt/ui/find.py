"""Answer the page's questions for a view: the browser says what it wants to see, the server finds where to look."""

from __future__ import annotations

import logging
from typing import Any

from gt.analysis.find_view import find
from gt.data import layers
from gt.data.library import Library

log = logging.getLogger(__name__)


def answer(library: Library, question: dict[str, Any]) -> dict[str, Any]:
    """Find a view, or say why there is none.

    Args:
        library: Has the run.
        question: A `gt.state.ViewQuestion`.

    Returns:
        A `gt.state.ViewAnswer`; ``error`` is a sentence for the reader where nothing was found.
    """
    nonce = question.get("nonce") if isinstance(question, dict) else None
    empty: dict[str, Any] = {"columns": [], "text": "", "ids": [], "nonce": nonce}
    try:
        run = library.run(str(question["run"]))
        one = layers.named(run, library.alignments(run.name), str(question["alignment"]))
        return {**find(run, one, question), "nonce": nonce}
    except (KeyError, TypeError, ValueError, OSError) as error:
        text = str(error.args[0]) if error.args else type(error).__name__
        log.info("no view found: %s", text)
        return {**empty, "error": text.removeprefix("find: ")}
