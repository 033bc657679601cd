"""Buttons and groups of them, all alike: an icon, a name, a key; what they do is a word for the module.

A control that moves a stage carries ``data-gt-action`` and is answered in the browser at once; what
the server or another page must know goes through stores.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

BUTTON = "btn btn-sm gt-button"


def icon(name: str) -> html.I:
    """A Bootstrap icon; decoration only."""
    return html.I(className=f"gt-icon gt-icon-{name}", **{"aria-hidden": "true"})


def button(
    action: str, icon_name: str, label: str, *, key: str = "", text: str = "", value: str = ""
) -> html.Button:
    """A button that asks the page's module for something.

    Args:
        action: The word in ``data-gt-action``.
        icon_name: Of a Bootstrap icon.
        label: Read aloud, and shown as tooltip.
        key: The key that does the same, named in the tooltip.
        text: Shown beside the icon.
        value: Goes into ``data-gt-value``, for one of several buttons with one action.
    """
    extra = {"data-gt-action": action, "aria-label": label}
    if value:
        extra |= {"data-gt-value": value, "aria-pressed": "false"}
    children = [icon(icon_name)] + ([html.Span(text)] if text else [])
    title = f"{label} ({key})" if key else label
    return html.Button(children, type="button", className=BUTTON, title=title, **extra)


def group(label: str, buttons: Sequence[html.Button], *, segmented: bool = False) -> html.Div:
    """Buttons that belong together; segmented ones are the choices of one question."""
    kind = "gt-segments" if segmented else "gt-group"
    return html.Div(list(buttons), className=kind, role="group", **{"aria-label": label})
