"""Answer the page's questions for a view: the browser says what it wants to see, the server finds where to look."""

from __future__ import annotations

import logging
from typing import Any

from gt.measure.views.find_view import find
from gt.serve import layers
from gt.serve.library import Library
from gt.serve.said import named, placeless, reason

log = logging.getLogger(__name__)


def answer(library: Library, question: dict[str, Any]) -> dict[str, Any]:
    """Find a view, or say why there is none.

    Args:
        library: Has the run.
        question: A `gt.measure.views.find_view.Question`, as it came from the browser.

    Returns:
        A `gt.measure.views.find_view.Answer`; ``error`` is a sentence for the reader where nothing was found.
    """
    nonce = question.get("nonce") if isinstance(question, dict) else None
    nonce = nonce if isinstance(nonce, (str, int)) else None
    empty: dict[str, Any] = {"columns": [], "text": "", "ids": [], "nonce": nonce}
    try:
        run = library.run(named(question["run"]))
        one = layers.named(run, library.alignments(run.name), named(question["alignment"]))
        return {**find(run, one.along(question.get("path")), question), "nonce": nonce}
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError, OSError) as error:
        text = placeless(reason(error))
        log.info("no view found: %s", text)
        return {**empty, "error": text}
