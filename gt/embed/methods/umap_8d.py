"""UMAP into eight dimensions, which the tour then turns."""

from __future__ import annotations

import functools
from dataclasses import replace

from gt.embed.method import register
from gt.embed.methods.umap import UMAP, fit

DIMENSIONS = 8

register(
    replace(
        UMAP,
        name="umap-8d",
        title="UMAP in 8-D, toured",
        text="UMAP into eight dimensions, continued from epoch to epoch; the Grand Tour shows all eight.",
        place=60,
        color="#e45281",
        dimensions=DIMENSIONS,
        least=DIMENSIONS + 2,  # the spectrum of a graph has fewer vectors than points
        warm=True,
        shown=False,
        fit=functools.partial(fit, dimensions=DIMENSIONS),
    )
)
