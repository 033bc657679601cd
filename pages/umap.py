"""``/umap``: UMAP of every epoch, one method at a time, large."""

from __future__ import annotations

import dash
from dash import html

from gt.jobs.form import panel
from gt.jobs.kinds.embed import JOB
from gt.ui.embed import page as embed_page
from gt.ui.guard import guarded

dash.register_page(
    __name__, path="/umap", name="UMAP", title="UMAP of every epoch", order=3, nav=True
)


@guarded
def layout(
    run: str | None = None, method: str | None = None, compute: str | None = None, **_: str
) -> html.Main:
    return embed_page.layout("umap", run, method, panel(JOB, "umap"), compute=compute == "1")
