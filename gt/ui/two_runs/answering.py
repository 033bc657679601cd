"""Answers to what a reader asks of two runs: a plane, all layers, a file."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from dash import dcc, no_update

from gt.files.cells import defused
from gt.serve import two_runs, two_runs_wire
from gt.serve.library import Library
from gt.serve.payloads import TwoRunsAnswer
from gt.serve.said import named, placeless, reason
from gt.serve.shapes import wrong
from gt.state import TwoRunsQuestion
from gt.ui.two_runs.table import compared_table

log = logging.getLogger(__name__)


def answer(library: Library, question: Any) -> tuple[TwoRunsAnswer, Any]:
    """Answer a question, or say why there is no answer.

    Args:
        library: Has the runs.
        question: A `gt.state.TwoRunsQuestion`, as it came from the browser.

    Returns:
        The answer, and a file for Dash to send, or `dash.no_update`.
    """
    if said := wrong(question, TwoRunsQuestion, "question"):
        return {"kind": "", "nonce": 0, "text": "", "error": said}, no_update
    out: TwoRunsAnswer = {"kind": question["kind"], "nonce": question["nonce"], "text": ""}
    try:
        return _answered(library, question, out)
    except (KeyError, TypeError, ValueError, ArithmeticError, OSError) as error:
        log.info("two runs: %s", error, exc_info=True)
        return out | {"error": placeless(library.said(error) or reason(error))}, no_update


def _answered(
    library: Library, question: TwoRunsQuestion, out: TwoRunsAnswer
) -> tuple[TwoRunsAnswer, Any]:
    points = question["points"] if question["points"] in two_runs_wire.POINTS else two_runs_wire.ALL
    one = two_runs_wire.paired(library, named(question["a"]), named(question["b"]), points)
    layer = two_runs.layer_of(one, named(question["layer"]))
    found = np.flatnonzero(one.clock.numbers == question["number"])
    if not found.size:
        raise ValueError(f"{one.clock.unit} {question['number']} is not compared; choose another")
    at = int(found[0])
    if question["kind"] == "plane":
        columns, text = two_runs.plane_at(one, layer, points, at)
        return out | {"text": text, "columns": columns}, no_update
    if question["kind"] == "layers":
        rows, n = two_runs.layers_at(library, one, points, at)
        text = f"At {one.clock.unit} {question['number']}, of {n:,} points"
        text += f", evenly chosen of {one.n:,}." if n < one.n else "."
        return out | {"text": text, "layers": rows}, no_update
    if question["kind"] == "csv":
        table = compared_table(one, layer, points, at, question["ids"])
        name = f"{one.a.name}-{one.b.name}-{one.clock.unit}-{question['number']}-selection.csv"
        return out, dcc.send_data_frame(defused(table).to_csv, name, index=False)
    raise ValueError("a question must be for a plane, for layers or for a file")
