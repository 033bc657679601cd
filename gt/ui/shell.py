"""What stays while pages come and go: navigation, the theme's switch, the stores that all share."""

from __future__ import annotations

from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from gt import ids
from gt.jobs.form import stores
from gt.jobs.known import jobs
from gt.state import ShellMount
from gt.ui.components.controls import icon, keys_and_theme, pages_menu, part
from gt.ui.components.terms import TERMS


def layout() -> html.Div:
    """Navigation above, the page below; made anew for each visitor."""
    return html.Div(
        [
            html.A("Skip to the content", href="#gt-content", className="gt-skip"),
            _navigation(),
            html.Div(dash.page_container, id="gt-content", className="gt-content"),
            html.Div(className="gt-toasts", role="status", **part("toasts")),
            html.Div(className="visually-hidden", role="status", **part("aloud")),
            dcc.Store(id=ids.SELECTION_STORE, storage_type="session"),
            dcc.Store(id=ids.RUN_STORE, storage_type="session"),
            dcc.Store(id=ids.LIVE_STORE),
            dcc.Store(id=ids.SHELL_MOUNT_STORE, data=_mount()),
            dcc.Store(id=ids.SHELL_SINK),
            dcc.Store(id=ids.CSV_STORE),
            dcc.Store(id=ids.CSV_PROBLEM_STORE),
            dcc.Store(id=ids.CSV_SINK),
            dcc.Download(id=ids.CSV_DOWNLOAD),
            *stores(jobs().values()),
        ],
        className="gt-app",
    )


def _mount() -> ShellMount:
    return {
        "ids": {
            "selection": ids.SELECTION_STORE,
            "live": ids.LIVE_STORE,
        },
        "base": dash.get_relative_path("/"),
        "runs": list(ids.RUN_SELECTS),
        "attacks": list(ids.ATTACK_SELECTS),
        "terms": dict(TERMS),
    }


def pages() -> list[dict[str, Any]]:
    """The pages that the navigation leads to, in its order, as Dash knows them."""
    listed = [page for page in dash.page_registry.values() if page.get("nav")]
    return sorted(listed, key=lambda page: page["order"] or 0)


def _navigation() -> html.Header:
    links = [
        dbc.NavLink(
            page["name"], href=page["relative_path"], active="exact", className="gt-nav-link"
        )
        for page in pages()
    ]
    return html.Header(
        [
            dcc.Link(
                [html.Span(className="gt-logo", **{"aria-hidden": "true"}), "Grand Tour"],
                href=dash.get_relative_path("/"),
                className="gt-brand",
            ),
            *pages_menu(links),
            html.Div(
                [
                    dbc.NavLink(
                        [icon("book"), html.Span("Docs")],
                        href=dash.get_relative_path("/docs"),
                        active="partial",
                        className="btn btn-sm gt-button gt-nav-link gt-docs-open",
                    ),
                    *keys_and_theme(),
                ],
                className="gt-group ms-auto",
            ),
        ],
        className="gt-bar",
        **part("bar"),
    )


def register(app: Dash) -> None:
    """Wire what is the same on every page."""
    app.clientside_callback(
        ClientsideFunction("gt", "startShell"),
        Output(ids.SHELL_SINK, "data"),
        Input(ids.SHELL_MOUNT_STORE, "data"),
        State(ids.SELECTION_STORE, "data"),
    )
