"""Tokens of Markdown to Dash components: no HTML is ever made of a text, so nothing in it can become mark-up.

Links between pages become links within the app, pictures of the project its own; a link to a file of the project that
is no page (GitHub shows it) stays as plain text.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterator
from typing import Any

import dash
from dash import dcc, html
from markdown_it.token import Token

from gt.docs import headings, parse, source
from gt.docs.contents import address
from gt.docs.markdown import Heading, plain
from gt.ui.components.controls import icon

Child = Any  # a component or a string
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_TAGS = {
    "paragraph": html.P,
    "bullet_list": html.Ul,
    "ordered_list": html.Ol,
    "list_item": html.Li,
    "blockquote": html.Blockquote,
    "strong": html.Strong,
    "em": html.Em,
    "thead": html.Thead,
    "tbody": html.Tbody,
    "tr": html.Tr,
}
_HEADINGS = {1: html.H1, 2: html.H2, 3: html.H3, 4: html.H4}
_SHORT = 22  # letters of a cell that stay on one line: numbers and names
_ASSETS = "../../assets/"  # as seen from gt/docs


@functools.cache
def article(file: str) -> tuple[tuple[Child, ...], tuple[Heading, ...]]:
    """A page's text as components.

    Args:
        file: Of a `gt.docs.Entry`.

    Returns:
        Its blocks, and its headings.
    """
    tokens = parse(source(file))
    marks = headings(tokens)
    return tuple(_Maker(file, iter(marks)).blocks(iter(tokens))), tuple(marks)


class _Maker:
    """Makes the components of one page."""

    def __init__(self, file: str, marks: Iterator[Heading]) -> None:
        self.file = file
        self.marks = marks

    def blocks(self, tokens: Iterator[Token], until: str = "") -> list[Child]:
        """What comes before the token of a type, or all there is."""
        made: list[Child] = []
        for token in tokens:
            if token.type == until:
                break
            made.extend(self._block(token, tokens))
        return made

    def _block(self, token: Token, tokens: Iterator[Token]) -> list[Child]:
        kind = token.type.removesuffix("_open")
        if token.type == "inline":
            return self._inline(token)
        if token.type in ("fence", "code_block"):
            return [_code(token)]
        if token.type == "html_block":
            said = _COMMENT.sub("", token.content).strip()
            return [html.P(said)] if said else []
        if token.type == "hr":
            return [html.Hr()]
        inside = self.blocks(tokens, f"{kind}_close")
        if kind == "heading":
            return [_heading(inside, next(self.marks))]
        if kind == "table":
            return [_scrolling(html.Table(inside, className="gt-docs-table"), "Table")]
        if kind in ("th", "td"):
            return [_cell(kind, token, inside)]
        if kind == "paragraph" and token.hidden:  # of a list without blank lines
            return inside
        start = {"start": str(token.attrs["start"])} if "start" in token.attrs else {}
        return [_TAGS[kind](inside, **start)]

    def _inline(self, token: Token) -> list[Child]:
        return self._spans(iter(token.children or []))

    def _spans(self, tokens: Iterator[Token], until: str = "") -> list[Child]:
        made: list[Child] = []
        for token in tokens:
            if token.type == until:
                break
            made.extend(self._span(token, tokens))
        return made

    def _span(self, token: Token, tokens: Iterator[Token]) -> list[Child]:
        if token.type == "text":
            return [token.content] if token.content else []
        if token.type == "code_inline":
            return [html.Code(token.content)]
        if token.type == "softbreak":
            return [" "]
        if token.type == "hardbreak":
            return [html.Br()]
        if token.type == "html_inline":
            said = _COMMENT.sub("", token.content)
            return [said] if said else []
        if token.type == "image":
            return [self._picture(token)]
        kind = token.type.removesuffix("_open")
        inside = self._spans(tokens, f"{kind}_close")
        if kind == "link":
            return self._link(str(token.attrs["href"]), inside)
        return [_TAGS[kind](inside)]

    def _link(self, href: str, inside: list[Child]) -> list[Child]:
        if href.startswith(("https://", "http://")):
            return [html.A(inside, href=href, target="_blank", rel="noopener noreferrer")]
        if href.startswith("#"):
            return [html.A(inside, href=href)]
        found = address(self.file, href)
        if not found:
            return inside
        return [dcc.Link(inside, href=at(*found))]

    def _picture(self, token: Token) -> Child:
        there = posixpath.normpath(
            posixpath.join(posixpath.dirname(self.file), str(token.attrs["src"]))
        )
        name = there.removeprefix(_ASSETS)
        return html.Img(src=dash.get_asset_url(name), alt=plain(token), className="gt-docs-picture")


def at(path: str, anchor: str = "") -> str:
    """The address of a page in this app.

    Args:
        path: What follows ``/docs``.
        anchor: Of a heading.
    """
    return dash.get_relative_path(f"/docs{path}") + (f"#{anchor}" if anchor else "")


def _heading(inside: list[Child], mark: Heading) -> Child:
    tag = _HEADINGS[min(mark.level, 4)]
    if mark.level == 1:
        return tag(inside)
    name = f"Link to “{mark.text}”"
    link = html.A(
        "#", href=f"#{mark.anchor}", className="gt-docs-anchor", title=name, **{"aria-label": name}
    )
    return tag([*inside, link], id=mark.anchor)


def _code(token: Token) -> Child:
    copy = html.Button(
        icon("copy"),
        type="button",
        className="btn btn-sm gt-button gt-docs-copy",
        title="Copy",
        **{"data-gt-action": "docs-copy", "aria-label": "Copy this code"},
    )
    pre = html.Pre(
        html.Code(token.content.rstrip("\n")), tabIndex=0, role="group", **{"aria-label": "Code"}
    )
    return html.Div([pre, copy], className="gt-docs-code")


def _scrolling(child: Child, name: str) -> Child:
    """Wider than a phone: it scrolls by itself, also by keys."""
    return html.Div(
        child, className="gt-docs-wide", tabIndex=0, role="group", **{"aria-label": name}
    )


def _cell(kind: str, token: Token, inside: list[Child]) -> Child:
    style = str(token.attrs.get("style", ""))
    words = sum(len(one) if isinstance(one, str) else _SHORT for one in inside)
    named = ["gt-docs-right"] * ("right" in style) + ["gt-docs-short"] * (words <= _SHORT)
    own = {"className": " ".join(named)} if named else {}
    if kind == "td" or not inside:
        return html.Td(inside, **own)
    return html.Th(inside, scope="col", **own)
