"""``/neighbours``: who is near a point, or the middle of some, in the data of a layer and epoch.

The question is JSON, a `gt.serve.payloads.NearQuestion`, and so is the answer. What cannot be answered is a sentence,
with status 404 for a name that is not there and 422 for what cannot be.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import numpy as np
from dash import Dash
from flask import Flask, Response, request

from gt.errors import ToldError
from gt.measure.nearest import METRICS, distances, nearest, ranks
from gt.measure.network.one_image import index_of
from gt.run import Layer, wide
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.serve import context, strict_json
from gt.serve.library import Library
from gt.serve.payloads import NearAnswer, NearPoint
from gt.serve.said import came, named, placeless, reason

MOST = 100  # neighbours
MOST_SEEN = 200  # points of which to say how near they are

log = logging.getLogger(__name__)


def register(app: Dash) -> None:
    """Answer beside the pages of an app."""
    server: Flask = app.server
    at = f"{app.config.routes_pathname_prefix}neighbours"
    server.add_url_rule(at, "neighbours", _told, methods=["POST"])


def answer(library: Library, question: Mapping[str, Any]) -> NearAnswer:
    """Find who is near, among all points of a picture or those of one split.

    The points that are asked about are not among those compared.

    Args:
        library: Has the run.
        question: A `gt.serve.payloads.NearQuestion`, as it came from the browser.

    Raises:
        KeyError: If there is no such run, embedding or alignment.
        ValueError: If something else in the question cannot be, or what is stored is damaged.
    """
    run = library.run(named(question.get("run")))
    metric, k = question.get("metric"), _whole(question, "k", 1, MOST)
    if metric not in METRICS:
        raise ToldError(f"metric must be one of {', '.join(METRICS)}, got {came(metric)}")
    layer = run.layer(named(question.get("layer")))
    at = index_of(run, _whole(question, "epoch", -(2**53), 2**53))
    shown = _shown(library, run, question)
    asked = _asked(run, shown, question)
    among = _among(run, shown, question)
    values = wide.distance_values(run, layer.name, at)
    middle = values[asked].mean(0, dtype=np.float64)
    if metric == "cosine" and (why := _without_direction(run, layer, middle)):
        return _silent(len(asked), why)
    away = distances(values if len(among) == run.n else values[among], middle, metric)
    own = np.flatnonzero(np.isin(among, asked))
    found = nearest(away, k, own)
    seen = np.flatnonzero(np.isin(run.ids[among], _ids(question, "seen", MOST_SEEN)))
    return {
        "points": len(asked),
        "of": found.of,
        "left_out": found.left_out,
        "tied": found.tied,
        "near": _points(run, among, away, found.rows, own),
        "seen": _points(run, among, away, np.setdiff1d(seen, own), own),
        "silence": "",
        "note": wide.sentence(run, layer),
    }


def _without_direction(run: Run, layer: Layer, middle: np.ndarray) -> str:
    """Why angles at a place cannot be measured; empty where they can."""
    if layer.kept is not None:
        return f"Angles need all values of {layer.name}, which is {wide.sentence(run, layer)}. Choose Euclidean."
    if not middle.any():
        return f"All values at {layer.name} are 0 here, which is no direction. Choose Euclidean."
    return ""


def _silent(points: int, why: str) -> NearAnswer:
    return {
        "points": points,
        "of": 0,
        "left_out": 0,
        "tied": 0,
        "near": [],
        "seen": [],
        "silence": why,
        "note": "",
    }


def _points(
    run: Run, among: np.ndarray, away: np.ndarray, rows: np.ndarray, own: np.ndarray
) -> list[NearPoint]:
    places = ranks(away, rows, own)
    return [
        {
            "id": int(run.ids[among[row]]),
            "distance": float(away[row]) if place else None,
            "rank": int(place),
        }
        for row, place in zip(rows, places, strict=True)
    ]


def _shown(library: Library, run: Run, question: Mapping[str, Any]) -> np.ndarray:
    """The points of a picture, as rows of the run, ``(n,)`` int64."""
    if question.get("embedding") is not None:
        return library.embedding(run.name, named(question["embedding"])).rows(run)
    if question.get("alignment") is not None:
        return library.alignment(run.name, named(question["alignment"])).rows(run)
    return np.arange(run.n)


def _asked(run: Run, shown: np.ndarray, question: Mapping[str, Any]) -> np.ndarray:
    """The rows of the points whose neighbours are asked for, those that are in the picture."""
    rows = shown[np.isin(run.ids[shown], _ids(question, "ids", run.n))]
    if not len(rows):
        raise ToldError(
            "ids must be of a point in this picture or of several, none of them is in it"
        )
    return rows


def _among(run: Run, shown: np.ndarray, question: Mapping[str, Any]) -> np.ndarray:
    split = question.get("split")
    if split == "all":
        return shown
    if split not in SPLITS:
        raise ToldError(f"split must be all, {' or '.join(SPLITS)}, got {came(split)}")
    return shown[run.splits[shown] == SPLITS.index(split)]


def _ids(question: Mapping[str, Any], name: str, most: int) -> np.ndarray:
    found = question.get(name)
    if not isinstance(found, list) or not all(type(one) is int for one in found):
        raise ToldError(f"{name} must be a list of whole numbers, got {came(found)}")
    if len(found) > most:
        raise ToldError(f"{name} may have {most:,} points, got {len(found):,}")
    return np.array(found, np.int64)


def _whole(question: Mapping[str, Any], name: str, low: int, high: int) -> int:
    found = question.get(name)
    if type(found) is not int or not low <= found <= high:
        raise ToldError(f"{name} must be a whole number from {low} to {high}, got {came(found)}")
    return found


def _told() -> Response:
    """The answer to a request, or a sentence for the reader."""
    try:
        question = strict_json.read(request.get_data(cache=False))
        if not isinstance(question, dict):
            raise ToldError(f"a question must be an object, got {came(question)}")
        said = json.dumps(answer(context.library(), question))
    except (KeyError, ValueError, OSError) as error:
        status = 404 if isinstance(error, KeyError) else 422
        text = placeless(reason(error))
        log.info("no neighbours found: %s", text)
        return Response(f"{text}\n", status, mimetype="text/plain")
    return Response(said, mimetype="application/json", headers={"Cache-Control": "no-store"})
