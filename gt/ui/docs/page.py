"""A page of the documentation: contents to the left, the text, its own headings to the right."""

from __future__ import annotations

from dash import dcc, html

from gt.docs import Entry, contents
from gt.docs.contents import FIRST
from gt.docs.markdown import Heading
from gt.ui.components.controls import button, part
from gt.ui.docs.elements import Child, article, at

_FEWEST = 3  # headings that are worth a list of their own


def shown(entry: Entry) -> list[Child]:
    """All of a page.

    Args:
        entry: Which.
    """
    blocks, marks = article(entry.file)
    return [
        _sidebar(entry),
        html.Article([*blocks, *_neighbours(entry)], className="gt-docs-text"),
        _on_this_page(marks),
    ]


def missing(path: str) -> list[Child]:
    """What is shown for an address that leads to no page.

    Args:
        path: What follows ``/docs``, as the browser sent it.
    """
    return [
        _sidebar(None),
        html.Article(
            [
                html.H1("There is no such page"),
                html.P(["The documentation has no page ", html.Code(path), "."], role="alert"),
                html.P(
                    [
                        "Search for a word, or begin with the ",
                        dcc.Link("contents", href=at("")),
                        ".",
                    ]
                ),
            ],
            className="gt-docs-text",
        ),
    ]


def _sidebar(here: Entry | None) -> html.Div:
    """The search, which the browser fills in, and all pages; on a phone these open on demand."""
    groups = [
        html.Li(
            [
                html.Span(group.title, className="gt-docs-group"),
                html.Ul([html.Li(_to(entry, here)) for entry in group.entries]),
            ]
        )
        for group in contents()
    ]
    return html.Div(
        [
            html.Div(
                [
                    html.Div(className="gt-docs-search", role="search", **part("docs-search")),
                    button("docs-contents", "list", "All pages", text="Pages"),
                ],
                className="gt-docs-tools",
            ),
            html.Nav(
                [
                    dcc.Link("Documentation", href=at(""), className=_class(_is_first(here))),
                    html.Ul(groups),
                ],
                className="gt-docs-contents",
                **part("docs-contents") | {"aria-label": "Documentation"},
            ),
        ],
        className="gt-docs-side",
    )


def _is_first(here: Entry | None) -> bool:
    return here is not None and here.file == FIRST


def _to(entry: Entry, here: Entry | None) -> dcc.Link:
    return dcc.Link(entry.title, href=at(entry.path), className=_class(entry == here))


def _class(is_here: bool) -> str:
    return "gt-docs-link gt-docs-here" if is_here else "gt-docs-link"


def _on_this_page(marks: tuple[Heading, ...]) -> html.Nav | None:
    below = [one for one in marks if one.level == 2]
    if len(below) < _FEWEST:
        return None
    return html.Nav(
        [
            html.P("On this page", className="gt-docs-group"),
            html.Ul(
                [
                    html.Li(html.A(one.text, href=f"#{one.anchor}", className="gt-docs-link"))
                    for one in below
                ]
            ),
        ],
        className="gt-docs-marks",
        **part("docs-marks") | {"aria-label": "On this page"},
    )


def _neighbours(here: Entry) -> list[Child]:
    """The page before and the page after, in the order of the contents."""
    if _is_first(here):
        return []
    order = [one for group in contents() for one in group.entries]
    i = order.index(here)
    links = []
    if i:
        links.append(dcc.Link(["← ", order[i - 1].title], href=at(order[i - 1].path)))
    if i + 1 < len(order):
        links.append(
            dcc.Link(
                [order[i + 1].title, " →"], href=at(order[i + 1].path), className="gt-docs-next"
            )
        )
    return [
        html.Nav(links, className="gt-docs-neighbours", **{"aria-label": "Pages before and after"})
    ]
