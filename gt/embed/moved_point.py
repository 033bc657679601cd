"""A data set in which the reader moves one point, and what t-SNE and UMAP make of every place.

A teaching example, made by a seeded generator: three groups in ten dimensions, about three corners
of a simplex as the classes of a softmax layer are, and one point more, which goes anywhere on a
grid in the plane of the three corners. Nothing else ever moves in the data.

Both methods get the kindest conditions there are: at each place they start from the picture of the
middle one, with the same seed, and whatever a shift, a turn, a mirror image or a change of size of
the whole picture explains is taken out afterwards, as fitted to the points that did not move.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gt.embed import neighbors
from gt.embed.method import METHODS as ALL
from gt.embed.method import EmbedError
from gt.files import durable

NAME = "moved-point"  # of the two files: arrays, and how they were made
SEED = 4
DIMENSIONS = 10
PER_GROUP = 25
NOISE = 0.11  # standard deviation of each coordinate about its corner
STEPS = 25  # places along each side of the grid, an odd number: the middle is one of them
REACH = 1.02  # half the grid's side; the corners are 0.82 from the middle
PERPLEXITY, ITERATIONS = 15.0, 500
NEIGHBOURS, MIN_DIST = 15, 0.1
METHODS = ("tsne", "umap")
TITLES = {name: ALL[name].title for name in METHODS}

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what is being done)."""


@dataclass(frozen=True)
class MovedPoint:
    """The example and the methods' answers.

    Attributes:
        points: ``(n, p)`` float64, the points that stay.
        groups: ``(n,)`` int64, 0 to 2.
        plane: ``(2, p)`` float64, orthonormal rows: where the moved point goes.
        middle: ``(p,)`` float64, the middle of the three corners: where the plane begins.
        steps: ``(m,)`` float64, places along either side of the grid.
        pictures: By method, ``(m, m, n + 1, 2)`` float32: for the moved point at ``steps[a]`` of
            the first row of plane and ``steps[b]`` of the second, where the others are, and in the
            last row the moved point itself. The first picture is about its middle with its
            farthest point at 1; all have its size.
        made: How it was made: seed, parameters, versions.
    """

    points: np.ndarray
    groups: np.ndarray
    plane: np.ndarray
    middle: np.ndarray
    steps: np.ndarray
    pictures: Mapping[str, np.ndarray]
    made: Mapping[str, Any]


def make_points(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The points that stay, their groups, and the plane of the corners with its middle."""
    groups = np.repeat(np.arange(3), PER_GROUP)
    corners = np.eye(DIMENSIONS)[:3]
    points = corners[groups] + rng.normal(0, NOISE, (len(groups), DIMENSIONS))
    middle = corners.mean(0)
    plane = np.zeros((2, DIMENSIONS))
    plane[0, :3] = np.array([1, -1, 0]) / np.sqrt(2)
    plane[1, :3] = np.array([-1, -1, 2]) / np.sqrt(6)
    return points, groups, plane, middle


def compute(
    progress: Progress | None = None,
    *,
    steps: int = STEPS,
    iterations: int = ITERATIONS,
) -> MovedPoint:
    """Embed the points with the moved one at every place of the grid.

    Args:
        progress: Told after every picture.
        steps: Places along each side.
        iterations: Of t-SNE, at each place.

    Raises:
        ImportError: If openTSNE or umap-learn is not installed.
    """
    from importlib import metadata

    tell = progress or (lambda done, total, what: None)
    points, groups, plane, middle = make_points(np.random.default_rng(SEED))
    along = np.linspace(-REACH, REACH, steps)
    places = [(a, b) for a in range(steps) for b in range(steps)]
    total, pictures = len(METHODS) * len(places), {}
    for number, method in enumerate(METHODS):
        x = _with(points, middle, plane, along, (steps // 2, steps // 2))
        start = _embed(method, x, None, iterations)
        first = (start - start.mean(0)) / np.linalg.norm(start - start.mean(0), axis=1).max()
        out = np.empty((steps, steps, len(x), 2), np.float32)
        for at, (a, b) in enumerate(places):
            x = _with(points, middle, plane, along, (a, b))
            out[a, b] = _fitted(first, _embed(method, x, start, iterations))
            tell(number * len(places) + at + 1, total, f"{TITLES[method]}, place by place")
        pictures[method] = out
    made = {
        "seed": SEED,
        "tsne": {"perplexity": PERPLEXITY, "iterations": iterations},
        "umap": {"n_neighbors": NEIGHBOURS, "min_dist": MIN_DIST},
        "versions": {name: metadata.version(name) for name in ("numpy", "openTSNE", "umap-learn")},
    }
    return MovedPoint(points, groups, plane, middle, along, pictures, made)


def write(example: MovedPoint, folder: Path) -> int:
    """Keep an example in two files of a folder; returns their size in bytes.

    Pictures are kept as float16: an error of 1/4,000 of the picture's half width at most.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {
        name: getattr(example, name) for name in ("points", "groups", "plane", "middle", "steps")
    }
    arrays |= {name: picture.astype(np.float16) for name, picture in example.pictures.items()}
    files = [folder / f"{NAME}.npz", folder / f"{NAME}.json"]
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    durable.replace(files[0], packed.getvalue())
    durable.replace(files[1], f"{json.dumps(example.made, indent=2)}\n".encode())
    return sum(file.stat().st_size for file in files)


def read(folder: Path) -> MovedPoint:
    """The example that `write` kept.

    Raises:
        EmbedError: If there is none, or its arrays do not belong together; it says what to do.
    """
    file = folder / f"{NAME}.npz"
    if not file.is_file():
        raise EmbedError(f"method: no {file.name} in {folder}; gt method makes it")
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        made = json.loads(file.with_suffix(".json").read_text("utf-8"))
        pictures = {name: arrays.pop(name).astype(np.float32) for name in METHODS}
        example = MovedPoint(**arrays, pictures=pictures, made=made)
        (n, p), m = example.points.shape, len(example.steps)
    except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise EmbedError(
            f"method: {file} is damaged ({error}); gt method makes it again"
        ) from error
    shapes = {name: picture.shape for name, picture in pictures.items()}
    wanted = dict.fromkeys(METHODS, (m, m, n + 1, 2))
    if shapes != wanted or example.groups.shape != (n,) or example.plane.shape != (2, p):
        raise EmbedError(f"method: pictures in {file} must be {wanted}, came {shapes}; gt method")
    return example


def _with(
    points: np.ndarray,
    middle: np.ndarray,
    plane: np.ndarray,
    along: np.ndarray,
    at: tuple[int, int],
) -> np.ndarray:
    """All points with the moved one, last, at a place of the grid: ``(n + 1, p)``."""
    return np.vstack([points, middle + along[list(at)] @ plane])


def _embed(method: str, x: np.ndarray, start: np.ndarray | None, iterations: int) -> np.ndarray:
    if method == "tsne":
        return neighbors.tsne(
            x, perplexity=PERPLEXITY, iterations=iterations, seed=SEED, start=start
        )
    return neighbors.umap(
        x, n_neighbors=NEIGHBOURS, min_dist=MIN_DIST, dimensions=2, seed=SEED, start=start
    )


def _fitted(first: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """A picture moved onto the first as a whole, as the points that stay lie."""
    from gt.measure.embeddings.similarity import fit_similarity

    others = np.arange(len(first)) < len(first) - 1
    return fit_similarity(picture, first, others).apply(picture)
