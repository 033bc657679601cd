"""The events of a training as ``/training`` lists them, and where each is seen."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from gt.figures.palette import class_colors
from gt.run.read import Run
from gt.serve.payloads import ListedEvent
from gt.ui.components.controls import button
from gt.ui.tour.link import tour_link
from gt.ui.training.words import event_text, event_title


def event_link(run: Run, one: dict[str, Any]) -> str:
    """Where an event is seen happening: from the epoch before it on, in the plane in which its points moved most."""
    return tour_link(run.name, one["before"], columns=one["columns"], ids=one["ids"], playing=True)


def listed(run: Run, said: dict[str, Any]) -> list[ListedEvent]:
    """All events in words, where there are too many for the page to have them at once."""
    if not said["further"]:
        return []
    return [
        {
            "epoch": one["epoch"],
            "classes": one["classes"],
            "title": event_title(one, run.classes, run.unit),
            "text": event_text(one, run.classes, run.unit),
        }
        for one in [*said["events"], *said["further"]]
    ]


def event_list(run: Run, said: dict[str, Any]) -> Any:
    """The ranked list; each is a link, and its points can be selected here."""
    if said["silence"]:
        return html.P(said["silence"], className="gt-hint")
    if not said["events"]:
        text = (
            "No class moved farther than it usually does, twice as far and beyond doubt: this training went on "
            "evenly, or is restless all the time."
        )
        return html.P(text, className="gt-hint")
    if said["further"]:
        return []  # the page's module has a list with a search
    colors = class_colors(len(run.classes))
    rows = []
    for i, one in enumerate(said["events"]):
        color = colors[one["classes"][0]] if len(one["classes"]) == 1 else "var(--gt-quiet)"
        rows.append(
            html.Li(
                [
                    html.Span(className="gt-swatch", style={"--gt-color": color}),
                    html.Div(
                        [
                            dcc.Link(
                                event_title(one, run.classes, run.unit), href=event_link(run, one)
                            ),
                            html.P(event_text(one, run.classes, run.unit)),
                        ]
                    ),
                    button(
                        "select-event",
                        "bullseye",
                        f"Select these points, and go to the {run.unit} on this page",
                        value=str(i),
                    ),
                ],
                **{"data-gt-event": str(i)},
            )
        )
    return html.Ol(rows)
