"""A page that is in a file as pictures: the views that a story has of it, where the page itself cannot be there."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from dash import html

from gt.kept.story import View
from gt.run.read import Run
from gt.share.told import Told
from gt.ui.components.controls import part

ENTRY = "alone/pictured.mjs"


def told(run: Run, name: str, page: str, why: str, views: Mapping[int, View]) -> Told:
    """What the page is in a file.

    Args:
        run: That the views are of.
        name: What the page is called.
        page: Its path.
        why: The page itself is not there, in a sentence.
        views: By their numbers in the story, from 1.
    """
    inside = [
        html.P(f"{name} is here as a picture. {why}", className="gt-file-left"),
        html.Figure(className="gt-file-picture", **part("pictured")),
    ]
    shown = {
        str(at): {"title": view.title, "picture": data_address(view.picture), "alt": view.alt}
        for at, view in views.items()
    }
    of = {"run": run.name, "uid": run.uid, "title": run.title}
    return Told(
        name=name,
        title=f"{run.title}, {name}",
        main=html.Main(
            [html.H1(name, className="visually-hidden"), *inside], **{"data-gt-page": page}
        ),
        mount={"page": page, "ids": {}, "base": "", "of": of},
        shown=shown,
        runs=[run.name],
        entry=ENTRY,
        still="",
        sentences=[],
    )


def data_address(picture: bytes | None) -> str:
    """A picture as an address that holds it; empty for none."""
    if picture is None:
        return ""
    kind = "webp" if picture[:4] == b"RIFF" else "png"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"
