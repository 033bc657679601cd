"""``/activations``, ``/thumbnails`` and ``/kernels``: what the page Network asks for, one image at a time.

An answer is one block of bytes: the length of a JSON head (uint32), the head, filled up with spaces to whole fours, and
then numbers, little-endian. It depends on the run as it is now (a recording may grow), so that no browser keeps it;
the page does. What cannot be answered is a sentence, with status 404 for a name that is not there and 422 for
what is damaged.
"""

from __future__ import annotations

import gzip
import json
import logging
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from dash import Dash
from flask import Flask, Response, request

from gt.measure.network.one_image import index_of, source_of, through, weights_at
from gt.run import NoRunError, Run, RunError
from gt.run.points import SPLITS
from gt.serve import context, plotly

MOST_VALUES = 2**20  # of one layer or kernel: 4 MB; wider ones are not sent, and the page says so
MOST_THUMBNAILS = 64
LEVEL = 1  # of gzip: a millisecond for a network like ours, and half the bytes

log = logging.getLogger(__name__)


def register(app: Dash) -> None:
    """Answer these questions beside the pages of an app."""
    server: Flask = app.server
    prefix = app.config.routes_pathname_prefix
    for path, view in (
        ("activations/<run>/<epoch>/<point>", activations),
        ("kernels/<run>/<epoch>/<layer>", kernels),
        ("thumbnails/<run>/<points>", thumbnails),
    ):
        server.add_url_rule(f"{prefix}{path}", view.__name__, _told(view), methods=["GET"])
    server.after_request(plotly.not_ahead(f"{prefix}network"))


def activations(run: str, epoch: str, point: str) -> Response:
    """What each layer makes of a point at the nearest epoch that can be shown."""
    found = context.library().run(run)
    return _sent(activations_of(found, _whole(epoch, "epoch"), _whole(point, "point")))


def kernels(run: str, epoch: str, layer: str) -> Response:
    """The weights of a layer, and its offsets, at the nearest epoch that can be shown."""
    return _sent(kernels_of(context.library().run(run), _whole(epoch, "epoch"), layer))


def thumbnails(run: str, points: str) -> Response:
    """Images, labels and splits of some points; ids that are not the run's are left out."""
    asked = [_whole(one, "point") for one in points.split(",")[:MOST_THUMBNAILS]]
    return _sent(thumbnails_of(context.library().run(run), asked))


def activations_of(found: Run, epoch: int, point: int) -> bytes:
    """What each layer makes of a point, as the answer says it.

    Args:
        found: The run.
        epoch: Number of an epoch; the nearest that can be shown is.
        point: Id of the point.

    Raises:
        RunError: If the run has no weights and no hidden layers, no such epoch or no such point.
    """
    source = source_of(found)
    if source is None:
        raise NoRunError(
            f"{found.title} holds no weights and no hidden layers: its outputs alone are known"
        )
    at = index_of(found, epoch)
    row = _row(found, point)
    made = through(found, source, source.nearest(int(found.epochs[at])), row)
    sent = [one if one.size <= MOST_VALUES else one[:0].ravel() for one in made.values]
    head = {
        "epoch": made.epoch,
        "computed": made.computed,
        "off": made.off,
        "note": made.note,
        "id": int(found.ids[row]),
        "label": int(found.labels[row]),
        "split": SPLITS[int(found.splits[row])],
        "sizes": [int(one.size) for one in sent],
    }
    return _packed(head, np.concatenate([one.ravel() for one in sent]).astype("<f4"))


def kernels_of(found: Run, epoch: int, layer: str) -> bytes:
    """The weights of a layer, and its offsets, as the answer says them.

    Args:
        found: The run.
        epoch: Number of an epoch; the nearest that can be shown is.
        layer: Name of the layer.

    Raises:
        RunError: If there are none, or too many to be drawn.
    """
    source = source_of(found)
    if source is None:
        raise NoRunError(f"{found.title} holds no weights")
    at = source.nearest(int(found.epochs[index_of(found, epoch)]))
    one = next((one for one in source.layers if one.name == layer), None)
    known = weights_at(found, source, at)
    prefix = "" if one is None or one.module in (None, "model") else f"{one.module}."
    weight = None if one is None else known.get(f"{prefix}weight")
    if weight is None:
        raise NoRunError(f"{found.title} has no weights of a layer “{layer}”")
    if weight.size > MOST_VALUES:
        raise NoRunError(f"{layer} has {weight.size:,} weights, too many to be drawn")
    bias = known.get(f"{prefix}bias", np.zeros(0, np.float32))
    head = {"epoch": at, "shape": list(weight.shape), "bias": len(bias)}
    return _packed(head, np.concatenate([weight.ravel(), bias]).astype("<f4"))


def thumbnails_of(found: Run, points: Sequence[int]) -> bytes:
    """Images, labels and splits of some points, as the answer says them.

    Args:
        found: The run.
        points: Ids; those that are not the run's are left out.
    """
    place = dict(zip(found.ids.tolist(), range(found.n), strict=True))
    rows = np.array([place[one] for one in points if one in place], np.int64)
    images = (
        np.zeros((len(rows), 0, 0, 1), np.uint8) if found.images is None else found.images[rows]
    )
    head = {
        "ids": found.ids[rows].tolist(),
        "labels": found.labels[rows].tolist(),
        "splits": [SPLITS[int(one)] for one in found.splits[rows]],
        "shape": list(images.shape[1:]),
    }
    return _packed(head, np.ascontiguousarray(images))


def _told(view: Callable[..., Response]) -> Callable[..., Response]:
    """The same view, whose errors are sentences for the reader."""

    def answer(**asked: str) -> Response:
        try:
            return view(**asked)
        except (KeyError, NoRunError) as error:
            text, status = str(error), 404
        except (RunError, OSError) as error:
            log.warning("%s: %s", view.__name__, error)
            text, status = str(error), 422
        return Response(f"{text}\n", status, mimetype="text/plain")

    answer.__name__ = view.__name__
    return answer


def _packed(head: dict[str, Any], values: np.ndarray) -> bytes:
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + values.tobytes()


def _sent(raw: bytes) -> Response:
    answer = Response(raw, mimetype="application/octet-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.set_data(gzip.compress(raw, LEVEL, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def _whole(text: str, what: str) -> int:
    if (
        not text.removeprefix("-").isascii()
        or not text.removeprefix("-").isdigit()
        or len(text) > 18
    ):
        raise NoRunError(f"{what} must be a whole number, got “{text[:40]}”")
    return int(text)


def _row(run: Run, point: int) -> int:
    rows = np.flatnonzero(run.ids == point)
    if not len(rows):
        raise NoRunError(
            f"{run.title} has no point {point}; its ids go from {run.ids.min()} to {run.ids.max()}"
        )
    return int(rows[0])
