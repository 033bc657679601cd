"""t-SNE by openTSNE and UMAP by umap-learn, one epoch at a time.

Both are asked for what their authors made the default; what is given here is a seed, one thread (so
that results repeat), and where to start. Neither is asked about points that are all in one place, for
it has no answer: they are in one place in the picture as well.
"""

from __future__ import annotations

import logging
import warnings

import numpy as np

LARGE = 1e12  # beyond this, and below its inverse, squares leave the range of single precision
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
    x, start = _measurable(x), _spread(start)
    if not np.ptp(x, axis=0).any():
        return _in_one_place(len(x), 2)
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
    x, start = _measurable(x), _spread(start)
    if not np.ptp(x, axis=0).any():
        return _in_one_place(len(x), dimensions)
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


def _measurable(x: np.ndarray) -> np.ndarray:
    """The same points with distances that both libraries can square, and two coordinates at least.

    Neither t-SNE nor UMAP sees a shift or a scale of all points, nor a coordinate that is always 0.
    """
    centred = x - x.mean(0)
    size = np.abs(centred).max(initial=0)
    if size > LARGE or 0 < size < 1 / LARGE:
        x = centred / size
    return np.pad(x, ((0, 0), (0, 1))) if x.shape[1] < 2 else x


def _spread(start: np.ndarray | None) -> np.ndarray | None:
    """Where points start; None for points that all start in one place, which nothing would ever part."""
    return None if start is None or not np.ptp(start, axis=0).any() else start


def _in_one_place(n: int, dimensions: int) -> np.ndarray:
    return np.zeros((n, dimensions))
