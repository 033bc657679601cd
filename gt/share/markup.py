"""Dash's components as plain HTML: what a layout says, once, for a page that Dash does not draw.

Only what pages in files are made of is known: HTML's own elements, links, selects, graphs (an empty box that a module
draws in) and stores (nothing). Anything else is refused by its name: no control may be in a file that does nothing
there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from dash.development.base_component import Component

VOID = {"br", "hr", "img", "input"}
_NAMES = {"className": "class", "htmlFor": "for"}
_BIG = re.compile(r"(?<!^)[A-Z]")
STYLE = "data-gt-style"  # what `assets/js/alone/main.mjs` makes the style of an element
_OF_DASH = {"children", "key"}  # what is no attribute of an element
_SILENT = {"Store", "Download"}  # what only Dash knows of


def html_of(node: Any) -> str:
    """The HTML of a component and all that is in it.

    Args:
        node: A component, a text, a number, None, or a list of these.

    Raises:
        TypeError: If a file has no such component.
    """
    if node is None:
        return ""
    if isinstance(node, (str, int, float)):
        return escape(str(node), quote=False)
    if isinstance(node, (list, tuple)):
        return "".join(html_of(one) for one in node)
    if not isinstance(node, Component):
        raise TypeError(f"html_of: a layout is made of components and texts, came {type(node)}")
    said = node.to_plotly_json()
    kind, props = said["type"], said["props"]
    if said["namespace"] == "dash_html_components":
        return _element(kind.lower(), props, html_of(props.get("children")))
    if kind in _SILENT:
        return ""
    if kind == "Graph":
        return _graph(props)
    if kind == "Select":
        return _select(props)
    if kind == "Table":
        size = f" table-{props['size']}" if props.get("size") else ""
        table = {"className": f"table{size} {props.get('className', '')}".strip()}
        return _element("table", table, html_of(props.get("children")))
    if kind == "Link":
        link = {**props, "href": address(props["href"])}
        return _element("a", link, html_of(props.get("children")))
    raise TypeError(
        f"html_of: {kind} cannot be in a file; leave it out of the layout for files, or teach {__name__} what it is"
    )


def address(href: str) -> str:
    """Where a page of the app is in a file that has it: what stands behind its address' last slash, behind a ``#``."""
    page, _, query = href.partition("?")
    return f"#{page.rpartition('/')[2]}?{query}"


def _graph(props: Mapping[str, Any]) -> str:
    """An empty box; a figure that is whole, or has axes of its own, is described in it."""
    box = {"id": props["id"], "className": props.get("className"), "style": props.get("style")}
    figure = props.get("figure") or {"data": [], "layout": {}}
    if figure["layout"].get("xaxis", {}).get("title"):
        box["data-gt-figure"] = json.dumps(figure, separators=(",", ":"))
    return _element("div", box, "")


def _select(props: Mapping[str, Any]) -> str:
    options = "".join(
        _element(
            "option",
            {key: one.get(key) for key in ("value", "title")}
            | {"selected": one["value"] == props.get("value")},
            escape(one["label"], quote=False),
        )
        for one in props.get("options", ())
    )
    size = f" form-select-{props['size']}" if props.get("size") else ""
    return _element("select", {"id": props["id"], "className": f"form-select{size}"}, options)


def _element(tag: str, props: Mapping[str, Any], inside: str) -> str:
    said = "".join(_attributes(tag, props.items()))
    return f"<{tag}{said}>" if tag in VOID else f"<{tag}{said}>{inside}</{tag}>"


def _attributes(tag: str, props: Iterable[tuple[str, Any]]) -> Iterable[str]:
    for name, value in sorted(props):  # Dash has them in another order each time
        if name in _OF_DASH or value is None or value is False:
            continue
        if name == "style":  # which the page's policy lets scripts alone say
            yield f' {STYLE}="{escape(_css(value))}"'
            continue
        if isinstance(value, (dict, list)):
            raise TypeError(
                f"html_of: {name} of a {tag} must be a text, a number or a truth in a file, came {value}; use a class"
            )
        called = _NAMES.get(name, name if "-" in name else name.lower())
        yield f" {called}" if value is True else f' {called}="{escape(str(value))}"'


def _css(style: Mapping[str, Any]) -> str:
    """A style as CSS says it."""
    return ";".join(f"{_BIG.sub(_dashed, name)}:{value}" for name, value in style.items())


def _dashed(match: re.Match[str]) -> str:
    return f"-{match[0].lower()}"
