"""t-SNE by openTSNE and UMAP by umap-learn, one epoch at a time.

Both are asked for what their authors made the default; what is given here is a seed, one thread (so
that results repeat), and where to start.
"""

from __future__ import annotations

import logging
import warnings

import numpy as np

EXACT_UP_TO = 10_000  # points whose neighbours are found by comparing all with all


def tsne(
    x: np.ndarray, *, perplexity: float, iterations: int, seed: int, start: np.ndarray | None
) -> np.ndarray:
    """t-SNE of one epoch.

    Args:
        x: ``(n, p)`` float64.
        perplexity: As openTSNE has it.
        iterations: After the exaggerated ones.
        seed: Of whatever is random.
        start: ``(n, 2)`` where points start, and then there is no exaggeration; the first two
            principal components when None.

    Returns:
        ``(n, 2)`` float64.
    """
    from openTSNE import TSNE

    # which warns of a wide start, and a picture that is continued is one
    logging.getLogger("openTSNE").setLevel(logging.ERROR)
    model = TSNE(
        perplexity=perplexity,
        n_iter=iterations,
        early_exaggeration_iter=250 if start is None else 0,
        initialization="pca" if start is None else np.array(start, np.float64),
        neighbors="exact" if len(x) <= EXACT_UP_TO else "auto",
        random_state=seed,
        n_jobs=1,
    )
    return np.asarray(model.fit(np.ascontiguousarray(x)))


def umap(
    x: np.ndarray,
    *,
    n_neighbors: int,
    min_dist: float,
    dimensions: int,
    seed: int,
    start: np.ndarray | None,
) -> np.ndarray:
    """UMAP of one epoch.

    Args:
        x: ``(n, p)`` float64.
        n_neighbors: As umap-learn has it.
        min_dist: As umap-learn has it.
        dimensions: Of the picture.
        seed: Of whatever is random.
        start: ``(n, dimensions)`` where points start; the graph's spectrum when None.

    Returns:
        ``(n, dimensions)`` float64.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads given up for the seed, of disconnected graphs
        from umap import UMAP

        model = UMAP(
            n_neighbors=n_neighbors,
            min_dist=min_dist,
            n_components=dimensions,
            random_state=seed,
            n_jobs=1,
            init="spectral" if start is None else np.array(start, np.float32),
        )
        return np.asarray(model.fit_transform(np.ascontiguousarray(x)), np.float64)
