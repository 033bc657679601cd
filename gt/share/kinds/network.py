"""The page Network in a file: some points on their way through it, at some epochs, as a server would answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import numpy as np

from gt import ids
from gt.errors import RunError
from gt.run.read import Run
from gt.serve import tensors
from gt.serve.library import Library
from gt.serve.network_routes import activations_of, kernels_of
from gt.serve.payloads import NetworkAnnouncement
from gt.share import still
from gt.share.head import head
from gt.share.less import epochs_kept
from gt.share.told import Asked, Told
from gt.ui.network import page as network_page

ENTRY = "alone/network.mjs"
POINTS = 20  # about so many, as many of each class: one takes 30 kB an epoch in a network like ours
EPOCHS = 12  # about so many, where it is not said how many


def told(library: Library, run: str, asked: Asked) -> Told:
    """What the page is in a file.

    Args:
        library: Has the run.
        run: Its name.
        asked: Every how many epochs; points of which split.

    Raises:
        KeyError: If there is no such run.
        RunError: If its network is not known.
    """
    one = library.run(run)
    announced = network_page.announce(library, run, "were computed when the file was written")
    points = _points(one, announced["samples"], asked)
    epochs = _epochs(announced, asked)
    late = announced["late"]
    said: dict[str, Any] = {
        **announced,
        "epochs": epochs,
        "available": epochs,
        "samples": points,
        "only": points,
        "late": late if late and late["epoch"] in epochs else None,
    }
    every, unit = len(announced["available"]), one.unit
    return Told(
        name="Network",
        title=f"{one.title}, network",
        main=network_page.page(
            [head((ids.NETWORK_RUN, run, one.title), stages=False)], asked=run, served=False
        ),
        mount=network_page.mounted(""),
        shown={run: {"network": said, "images": _images(library, run, points)}},
        runs=[run],
        entry=ENTRY,
        still=still.pictures(one, one.last, split=asked.split),
        sentences=still.sentences(one, one.last, asked.split),
        left_out=[
            f"{len(points):,} of {one.n:,} points and {len(epochs):,} of {every:,} {unit}s are here."
        ],
        answers=_answers(one, announced, points, epochs),
    )


def _points(run: Run, samples: Sequence[int], asked: Asked) -> list[int]:
    """Ids of some points of each class."""
    wanted = None if asked.split is None else ("train", "test").index(asked.split)
    split = dict(zip(run.ids.tolist(), run.splits.tolist(), strict=True))
    label = dict(zip(run.ids.tolist(), run.labels.tolist(), strict=True))
    each = max(1, POINTS // max(1, len(run.classes)))
    found: dict[int, list[int]] = {}
    for one in samples:
        members = found.setdefault(label[one], [])
        if wanted in (None, split[one]) and len(members) < each:
            members.append(one)
    listed = [one for members in found.values() for one in members]
    if not listed:
        raise RunError(f"export: {run.title} has no {asked.split} points to show in its network")
    return listed


def _epochs(said: NetworkAnnouncement, asked: Asked) -> list[int]:
    """Numbers of the epochs that are in the file."""
    there = said["available"]
    every = asked.every if asked.every > 1 else max(1, len(there) // EPOCHS)
    late = said["late"]
    named = (
        [] if late is None else [late["epoch"], max([e for e in there if e < late["epoch"]] or [0])]
    )
    return [there[at] for at in epochs_kept(there, replace(asked, every=every), named)]


def _answers(
    run: Run, said: NetworkAnnouncement, points: Sequence[int], epochs: Sequence[int]
) -> dict[str, bytes]:
    """What a server would answer, by its address."""
    name = quote(run.name, safe="")
    answers = {
        f"activations/{name}/{epoch}/{point}": activations_of(run, epoch, point)
        for epoch in epochs
        for point in points
    }
    for layer in said["layers"]:
        if not layer["kernels"]:
            continue
        for epoch in epochs:
            try:
                found = kernels_of(run, epoch, layer["name"])
            except RunError:  # too many to be drawn, as the page says
                break
            answers[f"kernels/{name}/{epoch}/{quote(layer['name'], safe='')}"] = found
    return answers


def _images(library: Library, run: str, points: Sequence[int]) -> dict[str, Any]:
    """Images, labels and splits of the points, in the words of the answer."""
    one = library.run(run)
    place = dict(zip(one.ids.tolist(), range(one.n), strict=True))
    rows = [place[point] for point in points]
    images = (
        None
        if one.images is None
        else tensors.offer(library, np.ascontiguousarray(one.images[rows]))
    )
    return {
        "ids": list(points),
        "labels": one.labels[rows].tolist(),
        "splits": [("train", "test")[split] for split in one.splits[rows]],
        "images": images,
    }
