"""UMAP of each epoch, continued from that of the epoch before."""

from __future__ import annotations

from dataclasses import replace

from gt.embed.method import register
from gt.embed.methods.umap import UMAP

register(
    replace(
        UMAP,
        name="umap-warm",
        title="UMAP, continued",
        text="Each epoch starts from the picture of the epoch before.",
        place=50,
        color="#c49fe2",
        warm=True,
        shown=False,
    )
)
