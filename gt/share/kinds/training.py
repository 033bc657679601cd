"""The page Training in a file: when was what learnt, with the Grand Tour, to which all of it leads."""

from __future__ import annotations

from typing import Any

from dash import html

from gt import ids
from gt.errors import RunError
from gt.serve.library import Library
from gt.share import still
from gt.share.head import head
from gt.share.less import left_out
from gt.share.markup import address
from gt.share.told import Asked, Told
from gt.ui.training import labels
from gt.ui.training import page as training_page
from gt.ui.training.many import TOP

ENTRY = "alone/training.mjs"


def told(library: Library, run: str, asked: Asked) -> Told:
    """What the page is in a file.

    Args:
        library: Has the run.
        run: Its name.
        asked: Of the events and examples of which points.

    Raises:
        KeyError: If there is no such run.
        RunError: If it has too many classes, or fewer epochs are asked for.
    """
    one = library.run(run)
    if len(one.classes) > TOP:
        raise RunError(
            f"export: the page training must have {TOP} classes at most in a file, {one.title} has "
            f"{len(one.classes):,}: a server draws those that a reader asks for; look at it in the app"
        )
    if asked.every > 1:
        raise RunError(
            "export: the page training must have all epochs, its curves and events are of them; leave out --every"
        )
    split = asked.split or "all"
    said = training_page.found(library, one, split)
    report = training_page.announcement(library, one, said)
    others = {name for name in report["splits"] if asked.split not in (None, name)}
    report["splits"] = {name: of for name, of in report["splits"].items() if name not in others}
    report["events"] = [{**event, "href": address(event["href"])} for event in report["events"]]
    shown: dict[str, Any] = {"report": report, "labels": labels.announcement(library, one, split)}
    above = html.Div(
        [
            head((ids.TRAINING_RUN, run, one.title), stages=False),
            training_page.advised(library, run),
        ]
    )
    return Told(
        name="Training",
        title=f"{one.title}, training",
        main=training_page.page([above], one, said, labels.section(served=False), asked=run),
        mount={**training_page.mounted(""), "page": "training"},
        shown={run: shown},
        runs=[run],
        entry=ENTRY,
        still=still.pictures(one, one.last, split=asked.split),
        sentences=still.sentences(one, one.last, asked.split),
        left_out=[left_out(name) for name in others],
        leads=["grand-tour"],
    )
