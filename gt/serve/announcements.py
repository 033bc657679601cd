"""What is announced of a run to the browser: small JSON that says which tensors there are.

Each is named by its digest, with its scale and offset. The tensors themselves are asked for one by one, see
`gt.serve.tensors`.
"""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

from gt.errors import UnknownNameError
from gt.kept.embedding import Embedding
from gt.run.columns import TEXT, URL
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.serve import layers, tasks, tensors
from gt.serve.epochs import of_epoch
from gt.serve.library import Library
from gt.serve.payloads import Announcement, EmbeddingNote, Grown, LayersAnnouncement
from gt.serve.tensors import Source, source_of

log = logging.getLogger(__name__)
Announced = TypeVar("Announced")

VERSION = "8"  # of the announcement and of the bytes behind it; part of every cache key
FIELDS = set(Announcement.__required_keys__)


def announce(library: Library, name: str, layer: str) -> Announcement:
    """Say which tensors show a layer of a run over all its epochs.

    Args:
        library: Has the run.
        name: Of the run.
        layer: Its name.

    Raises:
        KeyError: If there is no such run, or no such layer in it.
    """
    run = library.run(name)
    _check_layer(run, layer)
    return _layer(library, run, layer)  # type: ignore[return-value]  # whose fields a test holds


def announce_growth(library: Library, name: str, uid: str, layer: str, have: int) -> Grown:
    """Say what has been added to a layer that was announced before.

    Args:
        library: Has the run.
        name: Of the run.
        uid: Of the run that was announced.
        layer: Its name.
        have: How many epochs were announced.

    Raises:
        KeyError: If there is no such run any more, another of its name, or no such layer in it.
        RunError: If what was added cannot be read.
    """
    run = library.run(name)
    if have >= len(run.epochs):  # another worker may have seen more
        library.look(anew=True)
        run = library.run(name)
    if run.uid != uid or have > len(run.epochs):
        raise UnknownNameError(f"{run.title} was recorded anew; reload the page to see it")
    _check_layer(run, layer)
    added = [of_epoch(library, run, layer, i) for i in range(have, len(run.epochs))]
    return {
        "epochs": [int(e) for e in run.epochs[have:]],
        "radius": 1.0
        if layer == "softmax"
        else max([one["largest"] for one in added], default=0.0),
        "splits": {
            label: {
                "slices": [one["slices"][label] for one in added],
                "outputs": [one["outputs"][label] for one in added if one["outputs"]],
            }
            for split, label in enumerate(SPLITS)
            if (run.splits == split).any()
        },
    }


def try_announce(library: Library, name: str, layer: str) -> tuple[Announcement | None, str]:
    """Announce a layer, or say why it cannot be: for pages, which go on without it.

    Returns:
        The announcement and ``""``, or None and a sentence for the reader.
    """
    return tried(library, name, lambda: announce(library, name, layer))


def announce_embedding(library: Library, name: str, embedding: str | Embedding) -> Announcement:
    """Say which tensors show an embedding of a run over its epochs.

    It looks like the announcement of a layer whose coordinates are the picture's, about the
    middle of all epochs, with `outputs` for what the network says of each point.

    Args:
        library: Has the run.
        name: Of the run.
        embedding: Its name, or itself where it was looked up already.

    Raises:
        KeyError: If there is no such run, or no such embedding of it.
    """
    run = library.run(name)
    one = library.embedding(name, embedding) if isinstance(embedding, str) else embedding
    library.note_use(one.path)
    what = f"{one.name}/{one.key}/{one.made.get('seconds')}"
    return _kept(library, run, what, FIELDS, lambda: _embedding(library, run, one))


def try_announce_embedding(
    library: Library, name: str, embedding: str | Embedding
) -> tuple[Announcement | None, str]:
    """Announce an embedding, or say why it cannot be, as `try_announce` does."""
    called = embedding if isinstance(embedding, str) else embedding.name
    return tried(
        library, f"{called} of {name}", lambda: announce_embedding(library, name, embedding)
    )


def announce_layers(
    library: Library,
    name: str,
    alignment: str | None = None,
    path: Mapping[str, str] | None = None,
) -> LayersAnnouncement:
    """Say which tensors show all states of a run's network, over its epochs.

    Args:
        library: Has the run.
        name: Of the run.
        alignment: Its name; the first when None.
        path: Of a network with branches: which way, see `gt.align.paths.walk`; the main path when None.

    Raises:
        KeyError: If there is no such run, or no such alignment of it.
    """
    run = library.run(name)
    one = library.alignment(name, alignment).along(path)
    library.note_use(one.path)
    library.note_use(run.path)

    def make() -> dict[str, Any]:
        own: Source = {"alignment": one.name, "key": one.recipe.key}
        own |= {"path": dict(one.choices)} if one.choices else {}
        sources = source_of(run, SPLITS.index(one.recipe.split)) | own
        splits = _splits(library, run, {one.recipe.split: sources})
        said = _said(library, run, one.name, one.k, 1.0, one.epochs, splits) | {"axes": []}
        for epoch in one.epoch_indices(run):
            outputs = run.activations(run.last, epoch)[one.rows(run)]
            source = sources | {"part": "slice", "layer": run.last, "epoch": epoch}
            splits[one.recipe.split]["outputs"].append(tensors.sliced(library, outputs, source))
        with library.store.together():
            return said | {"alignment": layers.note(library.store, one, sources)}

    what = f"{one.name}/{one.recipe.key}/{one.made}/{one.choices}"
    return _kept(library, run, what, {*FIELDS, "alignment"}, make)


def try_announce_layers(
    library: Library,
    name: str,
    alignment: str | None = None,
    path: Mapping[str, str] | None = None,
) -> tuple[LayersAnnouncement | None, str]:
    """Announce an alignment, or say why it cannot be, as `try_announce` does."""
    what = f"the layers of {name}"
    return tried(library, what, lambda: announce_layers(library, name, alignment, path))


def _kept(
    library: Library, run: Run, what: str, fields: set[str], make: Callable[[], dict[str, Any]]
) -> Any:
    """An announcement as it was made before, or made now."""
    depends = f"{VERSION}/{run.name}/{run.uid}/{what}/{run.title}"
    key = "announcement/" + hashlib.sha256(depends.encode()).hexdigest()
    return library.store.json(key, make, lambda found: set(found) == fields)


def tried(
    library: Library, what: str, announced: Callable[[], Announced]
) -> tuple[Announced | None, str]:
    """Announce something, or say why it cannot be: for pages, which go on without it.

    Args:
        library: Has it.
        what: Cannot be shown, for the log.
        announced: Makes the announcement.

    Returns:
        The announcement and ``""``, or None and a sentence for the reader.
    """
    try:
        return announced(), ""
    except (KeyError, ValueError, OSError) as error:
        log.warning("%s cannot be shown: %s", what, error)
        return None, library.said(error)


def _check_layer(run: Run, layer: str) -> None:
    if layer not in [one.name for one in run.layers]:
        known = ", ".join(one.name for one in run.layers)
        raise UnknownNameError(f'{run.title} has no layer "{layer}"; it has {known}')


def _layer(library: Library, run: Run, layer: str) -> dict[str, Any]:
    splits = _splits(
        library, run, {label: source_of(run, split) for split, label in enumerate(SPLITS)}
    )
    largest = 0.0
    for epoch in range(len(run.epochs)):
        one = of_epoch(library, run, layer, epoch)
        largest = max(largest, one["largest"])
        for label, entry in splits.items():
            entry["slices"].append(one["slices"][label])
            entry["outputs"] += [one["outputs"][label]] if one["outputs"] else []
    shown = run.layer(layer)
    p = math.prod(shown.shape) if shown.kept is None else shown.kept["exact"]
    radius = 1.0 if layer == "softmax" else largest or 1.0
    return _said(library, run, layer, p, radius, run.epochs, splits) | {
        "axes": list(run.axes) if layer in run.outputs else [str(i + 1) for i in range(p)],
    }


def _embedding(library: Library, run: Run, one: Embedding) -> dict[str, Any]:
    split = SPLITS.index(one.recipe.split)
    common = source_of(run, split, one)
    splits = _splits(library, run, {one.recipe.split: common})
    entry = splits[one.recipe.split]
    positions, rows = tensors.about_middle(one.positions()), one.rows(run)
    for i, epoch in enumerate(one.epoch_indices(run)):
        source = common | {"part": "place", "at": i}
        entry["slices"].append(tensors.sliced(library, positions[i], source))
        said = run.activations(run.last, epoch)[rows]
        source = common | {"part": "slice", "layer": run.last, "epoch": epoch}
        entry["outputs"].append(tensors.sliced(library, said, source))
    d = positions.shape[2]
    reach = np.abs(positions) if d <= 2 else np.linalg.norm(positions, axis=2)
    radius = float(reach.max(initial=0)) or 1.0  # a flat picture fills its square
    return _said(library, run, one.name, d, radius, one.epochs, splits) | {
        "axes": [f"d{i + 1}" for i in range(d)] if d > 2 else None,  # no class names
        "embedding": note(one) | {"principal": principal_axes(positions) if d > 2 else None},
    }


def principal_axes(positions: np.ndarray) -> list[tuple[float, float]]:
    """The two directions along which positions ``(e, n, d)`` spread most over all epochs, as columns ``(d, 2)``.

    The largest entry of each is positive.
    """
    listed = positions.reshape(-1, positions.shape[2]).astype(np.float64)
    _, vectors = np.linalg.eigh(np.cov(listed, rowvar=False, bias=True))
    columns = vectors[:, :-3:-1]
    largest = np.abs(columns).argmax(0)
    columns = columns * np.where(columns[largest, [0, 1]] < 0, -1.0, 1.0)
    return [(float(x), float(y)) for x, y in columns]


def _said(
    library: Library,
    run: Run,
    layer: str,
    p: int,
    radius: float,
    epochs: np.ndarray,
    splits: dict[str, Any],
) -> dict[str, Any]:
    told = tasks.notes(run)
    for i, column in enumerate(told["columns"]):
        if column["kind"] in (TEXT, URL):
            column["texts"] = tensors.of_text(library, run, i)
    return {
        "run": run.name,
        "title": run.title,
        "uid": run.uid,
        "layer": layer,
        "layers": [{"name": one.name, "kind": one.kind} for one in run.layers],
        "p": p,
        "radius": radius,
        "axes": None,
        "classes": list(run.classes),
        **told,
        "epochs": [int(e) for e in epochs],
        "splits": splits,
        "embedding": None,
    }


def _splits(library: Library, run: Run, sources: dict[str, Source]) -> dict[str, Any]:
    """What is the same in every epoch of each split that has points."""
    splits: dict[str, Any] = {}
    for label, source in sources.items():
        if n := len(tensors.rows_of(library, run, source)):
            parts = {
                part: tensors.of_points(library, run, source, part)
                for part in ("ids", "labels", "images", "columns", "targets")
            }
            splits[label] = {"n": n, **parts, "slices": [], "outputs": []}
    return splits


def note(one: Embedding) -> EmbeddingNote:
    """What is said of an embedding beside its picture."""
    recipe, brought = one.recipe, one.imported
    return {
        "name": one.name,
        "method": recipe.method,
        "layer": recipe.layer,
        "split": recipe.split,
        "n": len(one.ids),
        "of": one.of,
        "parameters": dict(recipe.parameters),
        "seed": recipe.seed,
        "versions": dict(one.versions),
        "seconds": one.made.get("seconds"),
        "principal": None,
        "imported": None
        if brought is None
        else {"title": brought.title, "by": brought.by, "told": dict(brought.told)},
    }
