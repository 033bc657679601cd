"""What stands where an address leads to no page; Dash takes it by the name of this file."""

from __future__ import annotations

import dash
from dash import dcc, html

from gt.ui import shell

dash.register_page(__name__, path="/not-found-404", name="No such page", title="No such page")


def layout(**_: str) -> html.Main:
    links = [html.Li(dcc.Link(page["name"], href=page["relative_path"])) for page in shell.pages()]
    others = [
        html.Li(dcc.Link(name, href=dash.get_relative_path(path)))
        for name, path in (("Two runs", "/two-runs"), ("Stories", "/story"), ("Docs", "/docs"))
    ]
    return html.Main(
        [
            html.H1("There is no such page"),
            html.P("The address leads to none of these:", role="alert"),
            html.Ul([*links, *others]),
        ],
        className="gt-empty",
    )
