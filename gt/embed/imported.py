"""Keep an embedding that exists already: a run's points where another program has put them.

Nothing is made up about it. What its maker says of how it was made is kept word for word, and where nothing was said,
nothing is. What is measured is measured here, on the run's own values, like every other embedding.

An embedding in the store is of one split; points of both splits become one embedding of each, under one title.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import time
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gt.embed.brought import Brought, brought
from gt.embed.compute import Job, Progress, measures_of
from gt.embed.method import IMPORTED, EmbedError
from gt.files.swap import LEFT, put_in_place, touched
from gt.kept.embedding import Embedding, Imported, Recipe
from gt.kept.embedding import write_embedding as keep
from gt.run import metadata, open_run
from gt.run.points import SPLITS
from gt.run.read import Run

WHERE = "write_embedding"
LONGEST = 100  # characters of a name
SAID = 2000  # characters of each thing that is said of how it was made
SLUG = 24  # characters of a name that its folder begins with
NO_CODE = 0  # version of our code that decides it: none does


def write_embedding(
    run: Run | Path | str,
    coordinates: Any,
    *,
    name: str,
    epochs: Sequence[int] | np.ndarray | int | None = None,
    ids: Any = None,
    by: str | None = None,
    made: Mapping[str, object] | None = None,
    layer: str | None = None,
    split: str | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> tuple[Embedding, ...]:
    """Keep an embedding of one's own with a run: measured, and shown on Compare and on Imported. All or nothing.

    Args:
        run: The run, or its folder.
        coordinates: ``(n, d)`` of one epoch, or ``(e, n, d)``; real and finite, d from 2 to 8.
        name: What people call it.
        epochs: Numbers of the epochs, ``(e,)`` or one; all of the run when None.
        ids: ``(n,)`` whose coordinates these are; the run's points in their order when None. Points of the run may be
            missing.
        by: How it was made, in a sentence.
        made: Further things to say of how it was made, by name.
        layer: Of which it is, and on which it is measured; the last when None.
        split: "train" or "test": whose points these are, where it is not all of the run and there are no ids.
        replace: Whether one of the same name is replaced.
        progress: Told after every epoch that is measured.

    Returns:
        What was kept: one embedding, or one a split where there are points of both, those of "train" first.

    Raises:
        EmbedError: For the first thing that will not do; nothing is kept then.
        NoRunError: If there is no run, or no such layer in it.
    """
    found = run if isinstance(run, Run) else open_run(run)
    told = _said(name, by, made)
    given = brought(found, coordinates, epochs=epochs, ids=ids, split=split)
    measured = found.layer(layer or found.last)
    if measured.constant:
        raise EmbedError(
            f'layer must be one that changes, "{measured.name}" is the same in every {found.unit}'
            f" of {found.title}; name another",
            by=WHERE,
        )
    folder = found.path / Embedding.FOLDER
    there = [folder / key_of(told.title, one) for one in SPLITS]
    _free(found, told.title, there, replace=replace)
    return _kept(found, measured.name, given, told, folder, there, progress)


def key_of(title: str, split: str) -> str:
    """What an imported embedding is called among those of its run: no method's embedding has such a name."""
    digest = hashlib.sha256(title.encode()).hexdigest()[:8]
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:SLUG].strip("-")
    return "-".join(filter(None, [IMPORTED, slug, digest, "train" if split == "train" else ""]))


def _said(name: str, by: str | None, made: Mapping[str, object] | None) -> Imported:
    """What is said of an embedding, checked; its digest is still to come."""
    title = unicodedata.normalize("NFC", _line(name, "name", LONGEST))
    told = {} if made is None else made
    if not isinstance(told, Mapping):
        raise EmbedError(
            f"made must be things by their names, {type(made).__name__} came; a sentence is by=…",
            by=WHERE,
        )
    pairs = {_line(key, "a name in made", LONGEST): str(value) for key, value in told.items()}
    for key, value in pairs.items():
        _text(value, f"made, {key},", SAID)
    return Imported(title, None if by is None else _text(by, "by", SAID), pairs, "")


def _line(value: object, what: str, most: int) -> str:
    """One line of text."""
    found = _text(value, what, most).strip()
    if not metadata.is_line(found):
        raise EmbedError(f"{what} must be one line of text, {_came(found)} came", by=WHERE)
    return found


def _text(value: object, what: str, most: int) -> str:
    """Text that a page can show."""
    if not isinstance(value, str) or not value.strip():
        raise EmbedError(f"{what} must be text, {_came(value)} came", by=WHERE)
    if len(value) > most:
        raise EmbedError(
            f"{what} must be of {most:,} characters at most, {len(value):,} came", by=WHERE
        )
    if "\0" in value or value != value.encode("utf-8", "replace").decode():
        raise EmbedError(f"{what} must be text in UTF-8, {_came(value)} came", by=WHERE)
    return value


def _came(value: object) -> str:
    return ascii(value)[:60]


def _free(run: Run, title: str, there: Sequence[Path], *, replace: bool) -> None:
    """Raise ``EmbedError`` if the name is taken."""
    taken = [one for one in there if one.exists()]
    if taken and not replace:
        raise EmbedError(
            f"name must be one that no embedding of {run.title} has, “{title}” is there already"
            f" ({', '.join(one.name for one in taken)}); choose another, or replace it: replace=True, --replace",
            by=WHERE,
        )


def _kept(
    run: Run,
    layer: str,
    given: Brought,
    told: Imported,
    folder: Path,
    there: Sequence[Path],
    progress: Progress | None,
) -> tuple[Embedding, ...]:
    """Measure each split and write it beside its place, then put all of them there."""
    _sweep(folder)
    aside = folder / f".{IMPORTED}-{uuid.uuid4().hex[:12]}"
    try:
        whole = [
            _one(run, layer, given, told, split, aside / place.name, progress)
            if (given.of(split)).any()
            else None
            for split, place in enumerate(there)
        ]
        for one, place in zip(whole, there, strict=True):
            if one is not None:
                put_in_place(one, place)
            elif place.exists():  # of the one that is replaced
                shutil.rmtree(place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return tuple(
        Embedding.open(place) for one, place in zip(whole, there, strict=True) if one is not None
    )


def _sweep(folder: Path) -> None:
    """Take away what others left that were killed."""
    for path in folder.glob(f".{IMPORTED}-*"):
        if time.time() - touched(path) > LEFT:
            shutil.rmtree(path, ignore_errors=True)


def _one(
    run: Run,
    layer: str,
    given: Brought,
    told: Imported,
    split: int,
    target: Path,
    progress: Progress | None,
) -> Path:
    """Write what was brought of one split; returns where."""
    mine = given.of(split)
    rows, positions = given.rows[mine], given.positions[:, mine]
    count = given.indices[-1] + 1  # as of the epoch that it ends with: later ones may come
    recipe = Recipe(
        run.uid, run.fingerprint(layer, count), layer, SPLITS[split], IMPORTED, {}, None, None, NO_CODE
    )  # fmt: skip
    of = int((run.splits == split).sum())
    job = Job(recipe, rows, of, given.indices, target.name)
    keep(
        target.parent,
        target.name,
        recipe=recipe,
        epochs=run.epochs[list(given.indices)],
        ids=run.ids[rows],
        of=of,
        positions=positions,
        measures=measures_of(run, job, positions, progress or _silent, lambda: False),
        versions={},
        made={"date": time.strftime("%Y-%m-%d", time.gmtime())},
        imported=Imported(told.title, told.by, told.told, _digest(run, rows, given, positions)),
    )
    return target


def _silent(done: int, total: int, what: str) -> None:
    """Progress that nobody asked for."""


def _digest(run: Run, rows: np.ndarray, given: Brought, positions: np.ndarray) -> str:
    """Of points, epochs and positions."""
    found = hashlib.sha256(f"{positions.shape} {list(given.indices)}".encode())
    found.update(np.ascontiguousarray(run.ids[rows]).tobytes())
    found.update(np.ascontiguousarray(positions).tobytes())
    return found.hexdigest()
