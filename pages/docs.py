"""``/docs``: the documentation, a page a file of ``gt/docs``."""

from __future__ import annotations

import dash
from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html

from gt import ids
from gt.docs.contents import entry_at
from gt.serve.payloads import DocsMount
from gt.ui.docs import page
from gt.ui.guard import guarded


def title(topic: str = "") -> str:
    """What a browser's tab says."""
    entry = entry_at(topic)
    return f"{entry.title} · Grand Tour" if entry else "Documentation"


dash.register_page(
    __name__,
    path="/docs",
    path_template="/docs<topic>",  # "" or "/how-to/embed": an address below /docs is a page too
    name="Docs",
    title=title,
    order=12,
)


@guarded
def layout(topic: str = "", **_: str) -> html.Main:
    entry = entry_at(topic)
    mount: DocsMount = {"base": dash.get_relative_path("/")}
    return html.Main(
        [
            *(page.shown(entry) if entry else page.missing(topic)),
            dcc.Store(id=ids.DOCS_STORE, data=mount),
            dcc.Store(id=ids.DOCS_SINK),
        ],
        key=f"docs{topic}",
        className="gt-docs",
        **{"data-gt-page": "docs"},
    )


clientside_callback(
    ClientsideFunction("gt", "showDocs"),
    Output(ids.DOCS_SINK, "data"),
    Input(ids.DOCS_STORE, "data"),
)
