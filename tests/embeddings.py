"""Small embeddings of the small runs, as if they had been computed: no library that does so is needed.

``mnist`` has a t-SNE and a UMAP of its 60 test points, a Dynamic t-SNE of 40 of them and every second
epoch, and a UMAP in 8-D; ``shapes`` has a t-SNE of its training points. The other runs have none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

DYNAMIC = "dynamic-tsne-0badcafe"
TRAINED = "tsne-00c0ffee"


def write_small_embeddings(folder: Path) -> None:
    """Write them into the runs of a folder."""
    from gt.run import find_runs

    runs = {run.name: run for run in find_runs([folder])[0]}
    tsne = {"perplexity": 30, "iterations": 500, "every": 1}
    umap = {"n_neighbors": 15, "min_dist": 0.1, "every": 1}
    dynamic = {"perplexity": 5, "lambda": 0.01, "iterations": 750, "every": 2}
    _write(runs["mnist"], "tsne", "tsne", tsne, {"openTSNE": "1.0.4"})
    _write(runs["mnist"], DYNAMIC, "dynamic-tsne", dynamic, {"torch": "2.9.1"}, points=40)
    _write(runs["mnist"], "umap", "umap", umap, {"umap-learn": "0.5.12"})
    _write(runs["mnist"], "umap-8d", "umap-8d", umap, {"umap-learn": "0.5.12"}, dimensions=8)
    _write(runs["shapes"], TRAINED, "tsne", tsne, {"openTSNE": "1.0.4"}, split="train", seed=3)


def _write(
    run: Any,
    name: str,
    method: str,
    parameters: dict[str, float],
    versions: dict[str, str],
    *,
    split: str = "test",
    points: int | None = None,
    dimensions: int = 2,
    seed: int = 0,
) -> None:
    from gt.kept.embedding import FOLDER, Recipe, write_embedding
    from gt.measure.embeddings import correspondence

    rows = np.flatnonzero(run.splits == ("train", "test").index(split))
    of = len(rows)
    rows = rows[:points]
    every = int(parameters["every"])
    epochs = sorted({*range(0, len(run.epochs), every), len(run.epochs) - 1})
    positions = _clusters(run.labels[rows], len(run.classes), len(epochs), dimensions)

    def data(i: int) -> np.ndarray:
        return run.activations("softmax", epochs[i])[rows].astype(np.float64)

    measured = correspondence.measure_all(data, positions)
    measures = {one: np.asarray(getattr(measured, one)) for one in correspondence.NAMES}
    recipe = Recipe(
        run.uid, run.fingerprint("softmax"), "softmax", split, method, parameters, seed, points, 1
    )
    write_embedding(
        run.path / FOLDER, name, recipe=recipe, epochs=run.epochs[epochs], ids=run.ids[rows], of=of,
        positions=positions, measures=measures, versions=versions, made={"seconds": 61.0},
    )  # fmt: skip


def _clusters(labels: np.ndarray, k: int, epochs: int, d: int) -> np.ndarray:
    """Classes that part from each other, ``(epochs, n, d)`` float32."""
    rng = np.random.default_rng(11)
    turn = 2 * np.pi * labels / k
    centres = np.zeros((len(labels), d))
    centres[:, 0], centres[:, 1] = np.cos(turn), np.sin(turn)
    spread = rng.normal(0, 1.2, (len(labels), d))
    out = np.linspace(1.5, 9, epochs)[:, None, None] * centres + spread
    return (out + rng.normal(0, 0.1, out.shape)).astype(np.float32)
