"""What the browser is told of the moved point: small numbers as JSON, pictures as tensors."""

from __future__ import annotations

import functools
import logging
from pathlib import Path
from typing import cast

import numpy as np

from gt.cache import wire
from gt.dashboard import METHOD
from gt.embed import moved_point
from gt.embed.method import EmbedError
from gt.embed.moved_point import TITLES, MovedPoint
from gt.embed.titles import parameter_text
from gt.serve import tensors
from gt.serve.library import Library
from gt.serve.payloads import MovedNote, Tensor

log = logging.getLogger(__name__)

_READ = functools.lru_cache(maxsize=2)(moved_point.read)


def announce(library: Library, folder: Path = METHOD) -> tuple[MovedNote | None, str]:
    """Say where the example's arrays are.

    Args:
        library: Serves them.
        folder: With what ``gt method`` made.

    Returns:
        What to tell the browser and ``""``, or None and a sentence for the reader.
    """
    try:
        return _note(_READ(folder), library), ""
    except EmbedError as error:
        log.warning("%s", error)
        return None, f"This figure cannot be shown. {error}."


def how_made(folder: Path = METHOD) -> str:
    """A sentence about how the pictures were made, as far as the example says; empty where there is none."""
    try:
        example = _READ(folder)
    except EmbedError:
        return ""
    perplexity = example.made.get("tsne", {}).get("perplexity")
    neighbours = example.made.get("umap", {}).get("n_neighbors")
    places = len(example.steps)
    return (
        f"t-SNE (perplexity {parameter_text(perplexity)}) and UMAP (neighbours: {parameter_text(neighbours)}) were"
        f" computed beforehand at {places} × {places} places and show the nearest"
    )


def _note(example: MovedPoint, library: Library) -> MovedNote:
    n, p = example.points.shape

    def offer(values: np.ndarray) -> Tensor:
        return cast(Tensor, tensors.offer(library, values))

    quantised = {name: wire.quantise(picture) for name, picture in example.pictures.items()}
    return {
        "n": n,
        "p": p,
        "steps": example.steps.tolist(),
        "plane": example.plane.tolist(),
        "points": offer((example.points - example.middle).astype("<f4")),
        "groups": example.groups.tolist(),
        "pictures": [
            {
                "name": name,
                "title": TITLES[name],
                "tensor": offer(one.values),
                "scale": one.scale,
                "offset": one.offset,
            }
            for name, one in quantised.items()
        ],
    }
