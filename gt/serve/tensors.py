"""``/tensors/<digest>``: the one way by which arrays reach the browser, and what stands behind a digest.

A tensor is announced with where it comes from, its source; should the cache have evicted it, it is made anew from
there. Only what was announced can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from dash import Dash
from flask import Flask, Response, request

from gt.cache import wire
from gt.kept.alignment import Alignment
from gt.kept.embedding import Embedding
from gt.run import wide
from gt.run.read import Run
from gt.serve import attack_wire, context, layers, tasks
from gt.serve.library import Library
from gt.serve.payloads import Slice, Tensor

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Source = dict[str, Any]  # what JSON can hold; see `values`
A_YEAR = 31_536_000  # seconds
FOR_GOOD = f"public, max-age={A_YEAR}, immutable"
_HEADERS = {
    "Content-Type": "application/octet-stream",
    "Content-Encoding": "gzip",
    "Cache-Control": FOR_GOOD,
    "Vary": "Accept-Encoding",
}


def register(app: Dash) -> None:
    """Serve announced tensors beside the pages of an app."""
    server: Flask = app.server
    prefix = app.config.routes_pathname_prefix
    server.add_url_rule(f"{prefix}tensors/<name>", "tensor", _answer, methods=["GET"])
    library: Library = server.config[context.KEY]
    quick = _at_hand(server.wsgi_app, library, f"{prefix}tensors/")
    server.wsgi_app = quick  # type: ignore[method-assign, assignment]


def _answer(name: str) -> Response:
    """Answer with a tensor's bytes; 404 for anything that was not announced.

    The address is the digest of the content, so a browser that has it never asks again.
    """
    found = packed(context.library(), name)
    if found is None:
        return Response("no such tensor; reload the page\n", 404, mimetype="text/plain")
    answer = Response(found, headers=_HEADERS)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        del answer.headers["Content-Encoding"]
        answer.set_data(wire.unpack(found))
    return answer


def _at_hand(app: WSGIApplication, library: Library, start: str) -> WSGIApplication:
    """Answer for tensors in memory without waking Flask, which takes ten times as long.

    Anything else, a browser that takes no gzip included, goes on to the app.
    """

    def answer(environ: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if (
            path.startswith(start)
            and environ["REQUEST_METHOD"] == "GET"
            and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
            and (found := library.store.at_hand(path[len(start) :]))
        ):
            respond("200 OK", [*_HEADERS.items(), ("Content-Length", str(len(found)))])
            return [found]
        return app(environ, respond)

    return answer


def packed(library: Library, digest: str) -> bytes | None:
    """Packed bytes of an announced tensor; None for anything else."""
    if not wire.is_digest(digest):
        return None
    return library.store.tensor(digest, lambda source: values(library, source).tobytes())


def offer(library: Library, array: np.ndarray) -> Tensor:
    """Have an array fetched by the browser; should it be evicted first, it is asked for anew."""
    url = _url(library, np.ascontiguousarray(array), {"part": "offered"})
    return {"url": url, "shape": list(array.shape), "dtype": array.dtype.name}


def of_points(library: Library, run: Run, source: Source, part: str) -> Tensor | None:
    """Announce ids, labels, images, columns or targets of the points that a source is of; None where there are none."""
    missing = {
        "images": run.images is None,
        "columns": not run.columns,
        "targets": run.targets is None or not tasks.says_each(run),
    }
    if missing.get(part, False):
        return None
    source = {**source, "part": part}
    found = values(library, source)
    url = _url(library, found, source)
    return {"url": url, "shape": list(found.shape), "dtype": found.dtype.name}


def of_text(library: Library, run: Run, column: int) -> Tensor:
    """Announce the different texts of a column."""
    source = {"run": run.name, "uid": run.uid, "part": "texts", "column": column}
    found = values(library, source)
    return {"url": _url(library, found, source), "shape": list(found.shape), "dtype": "uint8"}


def sliced(library: Library, array: np.ndarray, source: Source) -> Slice:
    """Announce one epoch of a layer or a picture, in 16 bits."""
    made = wire.quantise(array)
    url = _url(library, made.values, {"part": "slice", **source})
    return {"url": url, "scale": made.scale, "offset": made.offset}


def _url(library: Library, array: np.ndarray, source: Source) -> str:
    return f"tensors/{library.store.put_tensor(array.tobytes(), source)}"


def source_of(run: Run, split: int, embedding: Embedding | None = None) -> Source:
    """What the sources of a run's tensors have in common, or those of one of its embeddings."""
    out: Source = {"run": run.name, "uid": run.uid, "split": split}
    if embedding is None:
        return out
    return out | {"embedding": embedding.name, "key": embedding.key}


def rows_of(library: Library, run: Run, source: Source) -> np.ndarray:
    """The points that a source is of, as rows of the run, ``(n,)`` int64."""
    if "alignment" in source:
        return _alignment(library, run, source).rows(run)
    if "embedding" not in source:
        return np.flatnonzero(run.splits == source["split"])
    return _embedding(library, run, source).rows(run)


def _embedding(library: Library, run: Run, source: Source) -> Embedding:
    one = library.embedding(run.name, source["embedding"])
    if one.key != source["key"]:
        raise ValueError(f"{one.name} is another embedding than the one announced")
    return one


def _alignment(library: Library, run: Run, source: Source) -> Alignment:
    one = library.alignment(run.name, source["alignment"])
    if one.recipe.key != source["key"]:
        raise ValueError(f"{one.name} is another alignment than the one announced")
    return one


def values(library: Library, source: Source) -> np.ndarray:
    """The array that a source stands for.

    Raises:
        KeyError, ValueError: If what it was made of is not there any more, or is another.
    """
    part = source["part"]
    if part == "offered":
        raise ValueError("an array that was made for one question; ask it again")
    run = library.run(source["run"])
    if run.uid != source["uid"]:
        raise ValueError(f"{run.title} is another recording than the one announced")
    if part in layers.PARTS:
        return layers.values(_alignment(library, run, source), source)
    if part == "change":
        attack = attack_wire.read(run)
        chosen, _ = attack_wire.shown(attack, _alignment(library, run, source))
        return attack_wire.change_slice(attack, source["step"], chosen).values
    if part == "place":
        positions = _embedding(library, run, source).positions()
        return wire.quantise(about_middle(positions)[source["at"]]).values
    if part == "texts":
        return tasks.texts(run.columns[source["column"]])
    rows = rows_of(library, run, source)
    if part == "slice":
        found = wide.drawn_values(run, source["layer"], source["epoch"])
        return wire.quantise(found[rows]).values
    if part == "ids":
        return run.ids[rows].astype("<i4" if run.ids.max(initial=0) < 2**31 else "<f8")
    if part == "labels":
        return run.labels[rows].astype("<u2")
    if part == "columns":
        return np.ascontiguousarray(tasks.table(run)[:, rows], "<f8")
    if part == "targets" and run.targets is not None:
        return np.ascontiguousarray(run.targets[rows])
    assert run.images is not None  # announced only where there are some
    return np.ascontiguousarray(run.images[rows])


def about_middle(positions: np.ndarray) -> np.ndarray:
    """Positions ``(e, n, d)`` about one middle of all epochs: a picture has no origin of its own."""
    listed = positions.reshape(-1, positions.shape[2]).astype(np.float64)
    return positions - (listed.min(0) + listed.max(0)) / 2
