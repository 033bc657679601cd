"""Buttons and groups of them, all alike: an icon, a name, a key; what they do is a word for the module.

A control that moves a stage carries ``data-gt-action`` and is answered in the browser at once; what
the server or another page must know goes through stores.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from gt import ids
from gt.words import Action, Part, PartOf

BUTTON = "btn btn-sm gt-button"
TURNS = "gt-turns"


def heading(text: str) -> html.H1:
    """The heading of a page that shows its name in the navigation only: for those who hear the page."""
    return html.H1(text, className="visually-hidden")


def icon(name: str) -> html.I:
    """A Bootstrap icon; decoration only."""
    return html.I(className=f"gt-icon gt-icon-{name}", **{"aria-hidden": "true"})


def part(name: Part) -> dict[str, str]:
    """The attribute by which a module finds a part of its page."""
    return {"data-gt-part": name}


def part_of(kind: PartOf, name: str) -> dict[str, str]:
    """The same for one of several parts, which go by what they are of."""
    return {"data-gt-part": f"{kind}-{name}"}


def button(
    action: Action,
    icon_name: str,
    label: str,
    *,
    key: str = "",
    text: str = "",
    value: str = "",
    turns: bool = False,
    opens: bool = False,
    word: str = "",
) -> html.Button:
    """A button that asks the page's module for something.

    Args:
        action: The word in ``data-gt-action``.
        icon_name: Of a Bootstrap icon.
        label: Read aloud, and shown as tooltip.
        key: The key that does the same, named in the tooltip.
        text: Shown beside the icon.
        value: Goes into ``data-gt-value``, for one of several buttons with one action.
        turns: Whether there is no use for it where the picture is flat.
        opens: Whether it opens a box beside it.
        word: Shown beside the icon where the window has room for it.
    """
    extra = {"data-gt-action": action, "aria-label": label}
    if value:
        extra |= {"data-gt-value": value, "aria-pressed": "false"}
    if opens:
        extra |= {"aria-expanded": "false", "aria-haspopup": "dialog"}
    children = [icon(icon_name)] + ([html.Span(text)] if text else [])
    if word:
        children.append(html.Span(word, className="gt-word"))
    title = f"{label} ({key})" if key else label
    kind = f"{BUTTON} {TURNS}" if turns else BUTTON
    return html.Button(children, type="button", className=kind, title=title, **extra)


def save_view(*, word: str = "") -> html.Button:
    """Keeps the view in the story of its run, on whatever page; see ``assets/js/story/``.

    Args:
        word: As of `button`; the text stands there always where it is left out.
    """
    label = "Save this view to the story"
    shown = {"word": word} if word else {"text": "Save view"}
    return button("save-view", "bookmark-plus", label, key="C", **shown)


def keys_and_theme() -> list[Component]:
    """What every page has at the end of its bar: the list of keys, and light or dark."""
    theme = {"data-gt-action": "theme", "aria-label": "Switch between light and dark"}
    return [
        button("keys", "question-circle", "Keys and gestures", key="?"),
        html.Button(
            [icon("circle-half")], type="button", className=BUTTON, title="Light or dark", **theme
        ),
    ]


def pages_menu(links: Sequence[Component]) -> list[Component]:
    """The pages that a bar leads to, and the button that stands for them where they do not fit.

    Args:
        links: One a page.
    """
    opens = {
        "data-gt-action": "menu",
        "aria-expanded": "false",
        "aria-controls": ids.NAVBAR_LINKS,
    }
    return [
        html.Button(
            [icon("list"), html.Span("Pages", **part("menu"))],
            type="button",
            className=f"{BUTTON} gt-menu",
            **opens,
        ),
        html.Nav(
            html.Div(list(links), id=ids.NAVBAR_LINKS, className="nav gt-nav"),
            className="gt-pages",
            **{"aria-label": "Pages"},
        ),
    ]


def group(
    label: str, buttons: Sequence[Component], *, segmented: bool = False, turns: bool = False
) -> html.Div:
    """Controls that belong together; segmented ones are the choices of one question.

    Those that turn the picture are hidden where it is flat.
    """
    kind = "gt-segments" if segmented else "gt-group"
    kind = f"{kind} {TURNS}" if turns else kind
    return html.Div(list(buttons), className=kind, role="group", **{"aria-label": label})


def labelled(label: str | Component, *controls: Component) -> html.Div:
    """Controls behind a word that is seen."""
    return html.Div([html.Span(label, className="gt-tools-label"), *controls], className="gt-group")
