"""The pieces that the text of the page Method is made of."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component


def formula(notation: str) -> html.Div:
    """A formula on a line of its own, in the notation of assets/js/method/formula.mjs."""
    kind = "gt-formula gt-tall" if "⁄" in notation else "gt-formula"
    return html.Div(className=kind, **{"data-gt-math": notation})


def anchor(title: str) -> str:
    """What the address of a section ends in, behind ``#``; assets/js/method/contents.mjs makes it an id."""
    return "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())


def section(title: str, *children: Component) -> html.Section:
    """One step of the explanation."""
    return html.Section(
        [html.H2(title), *children],
        className="gt-step",
        **{"aria-label": title, "data-gt-anchor": anchor(title)},
    )


def words(*children: Component) -> html.Div:
    """Text, in lines that are not too long."""
    return html.Div(list(children), className="gt-words")


def p(*parts: Any) -> html.P:
    """A paragraph."""
    return html.P(list(parts))


def v(*parts: Any) -> html.Var:
    """A variable, in a line of text."""
    return html.Var(list(parts))
