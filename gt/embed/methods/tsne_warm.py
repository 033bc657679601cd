"""t-SNE of each epoch, continued from that of the epoch before."""

from __future__ import annotations

from dataclasses import replace

from gt.embed.method import register
from gt.embed.methods.tsne import TSNE

register(
    replace(
        TSNE,
        name="tsne-warm",
        title="t-SNE, continued",
        text="Each epoch starts from the picture of the epoch before, without exaggeration.",
        place=20,
        color="#f59441",
        warm=True,
        shown=False,
        unsaid=0,
    )
)
