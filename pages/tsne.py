"""``/tsne``: t-SNE of every epoch, one method at a time, large."""

from __future__ import annotations

import dash
from dash import html

from gt.jobs.form import panel
from gt.jobs.kinds.embed import JOB
from gt.ui.embed import page as embed_page
from gt.ui.guard import guarded

dash.register_page(
    __name__, path="/tsne", name="t-SNE", title="t-SNE of every epoch", order=2, nav=True
)


@guarded
def layout(
    run: str | None = None, method: str | None = None, compute: str | None = None, **_: str
) -> html.Main:
    return embed_page.layout("tsne", run, method, panel(JOB, "tsne"), compute=compute == "1")
