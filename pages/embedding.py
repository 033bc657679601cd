"""``/embedding``: embeddings that were made elsewhere and imported, one at a time, large."""

from __future__ import annotations

import dash
from dash import html

from gt.ui.embed import page as embed_page
from gt.ui.guard import guarded

dash.register_page(
    __name__,
    path="/embedding",
    name="Imported",
    title="Imported embeddings",
    order=4,
    nav=True,
)


@guarded
def layout(
    run: str | None = None, embedding: str | None = None, method: str | None = None, **_: str
) -> html.Main:
    return embed_page.layout("embedding", run, embedding or method)
