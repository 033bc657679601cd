"""UMAP of each epoch by itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gt.embed.method import Method, Parameter, register


def _unfit(value: float, n: int) -> str:
    if value < n:
        return ""
    return f"Neighbours must be fewer than the points, of which there are {n}; {value} came."


NEIGHBORS = Parameter(
    "n_neighbors",
    "Neighbours",
    15,
    2,
    None,
    "how many neighbours make the graph",
    whole=True,
    unfit=_unfit,
)
MIN_DIST = Parameter(
    "min_dist", "Least distance", 0.1, 0, 1, "how closely points may be packed in the picture"
)


def fit(
    x: np.ndarray,
    given: Mapping[str, float],
    *,
    seed: int,
    start: np.ndarray | None,
    dimensions: int = 2,
) -> np.ndarray:
    """See `gt.embed.method.Fit`."""
    from gt.embed import neighbors

    return neighbors.umap(
        x,
        n_neighbors=int(given["n_neighbors"]),
        min_dist=float(given["min_dist"]),
        dimensions=dimensions,
        seed=seed,
        start=start,
    )


UMAP = Method(
    "umap",
    "UMAP",
    "umap",
    "Each epoch on its own, from the spectrum of its graph.",
    place=40,
    color="#884c8d",
    parameters=(NEIGHBORS, MIN_DIST),
    library="umap-learn",
    module="umap",
    extra="embed",
    beside=("scikit-learn", "scipy"),
    shown=True,
    fit=fit,
)
register(UMAP)
