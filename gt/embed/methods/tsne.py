"""t-SNE of each epoch by itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gt.embed.method import Method, Parameter, register


def _unfit(value: float, n: int) -> str:
    if value <= (n - 1) / 3:
        return ""
    return (
        f"Perplexity must be at most a third of the other points, {(n - 1) / 3:.3g} for {n}"
        f" points; {value:g} came. Take a smaller one, or more points."
    )


PERPLEXITY = Parameter(
    "perplexity",
    "Perplexity",
    30,
    1,
    None,
    "about how many neighbours each point attends to",
    unfit=_unfit,
)
ITERATIONS = Parameter(
    "iterations", "Iterations", 500, 1, 20000, "steps of the optimisation", whole=True
)


def fit(
    x: np.ndarray, given: Mapping[str, float], *, seed: int, start: np.ndarray | None
) -> np.ndarray:
    """See `gt.embed.method.Fit`."""
    from gt.embed import neighbors

    return neighbors.tsne(
        x,
        perplexity=float(given["perplexity"]),
        iterations=int(given["iterations"]),
        seed=seed,
        start=start,
    )


TSNE = Method(
    "tsne",
    "t-SNE",
    "tsne",
    "Each epoch on its own, from the first two principal components.",
    place=10,
    color="#be1819",
    parameters=(PERPLEXITY, ITERATIONS),
    library="openTSNE",
    extra="embed",
    beside=("scikit-learn", "scipy"),
    shown=True,
    unsaid=250,
    fit=fit,
)
register(TSNE)
