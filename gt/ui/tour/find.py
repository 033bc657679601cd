"""Answer the page's questions for a view: the browser says what it wants to see, the server finds where to look."""

from __future__ import annotations

import logging
import re
from typing import Any

from dash import Input, Output, callback

from gt.errors import UnknownNameError
from gt.measure.views.asked import OneLayer, Pictured
from gt.measure.views.find_view import find
from gt.run.read import Run
from gt.serve import context, layers
from gt.serve.library import Library
from gt.serve.said import named, placeless, reason

log = logging.getLogger(__name__)


def follow(questions: str, answers: str) -> None:
    """Have the questions that come into a page's one store answered in its other, by their ids."""

    @callback(Output(answers, "data"), Input(questions, "data"), prevent_initial_call=True)
    def find_view(question: dict[str, Any]) -> dict[str, Any]:
        return answer(context.library(), question)


def answer(library: Library, question: dict[str, Any]) -> dict[str, Any]:
    """Find a view, or say why there is none.

    Args:
        library: Has the run.
        question: A `gt.state.ViewQuestion`, as it came from the browser.

    Returns:
        A `gt.measure.views.asked.Answer`; ``error`` is a sentence for the reader where nothing was found.
    """
    nonce = question.get("nonce") if isinstance(question, dict) else None
    nonce = nonce if isinstance(nonce, (str, int)) else None
    empty: dict[str, Any] = {"columns": [], "text": "", "ids": [], "nonce": nonce}
    try:
        run = library.run(named(question["run"]))
        return {**find(run, _picture(library, run, question), question), "nonce": nonce}
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError, OSError) as error:
        text = _sentence(placeless(reason(error)))
        log.info("no view found: %s", text)
        return {**empty, "error": text}


def _sentence(text: str) -> str:
    """A reason as a sentence: whatever part of the program gives it is nothing to a reader."""
    text = re.sub(r"^[a-z_]+: ", "", text)
    return f"No view found: {text.removesuffix('.')}."


def _picture(library: Library, run: Run, question: dict[str, Any]) -> Pictured:
    """What the reader looks at: a layer alone, or an alignment of several."""
    if "layer" not in question:
        one = layers.named(run, library.alignments(run.name), named(question["alignment"]))
        return one.along(question.get("path"))
    layer = named(question["layer"])
    if layer not in [one.name for one in run.layers]:
        raise UnknownNameError(f"{run.title} has no layer “{layer}”")
    return OneLayer(run, layer)
