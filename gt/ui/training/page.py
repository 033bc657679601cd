"""The parts of ``/training``: curves, the strip of what changed when, events, confusion, single examples."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from gt import ids
from gt.figures.palette import class_colors
from gt.figures.training import short
from gt.measure.training.report import VERSION, predicted_of, report
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.serve import announcements, tensors
from gt.serve.library import Library, measured_over
from gt.ui.components.controls import button, heading, part, part_of, save_view
from gt.ui.components.stage import CONFIG
from gt.ui.tour import advice
from gt.ui.tour.page import csv_button, file_button, groups, select
from gt.ui.training.events import event_link, event_list, listed
from gt.ui.training.examples import example_cards
from gt.ui.training.figures import curves, moved_text, strip
from gt.ui.training.many import note, shown_in_curves
from gt.ui.training.words import DEFINITIONS

POINTS = {"all": "All points", "train": "Training points", "test": "Test points"}
_PLAIN = {**CONFIG, "displayModeBar": False}


def page(
    head: Sequence[Component],
    run: Run,
    said: dict[str, Any] | None,
    labelled: Component,
    rest: Sequence[Component] = (),
    *,
    asked: str = "",
) -> html.Main:
    """The page, in the app and in a file.

    Args:
        head: What stands above all.
        run: The run that is shown.
        said: What `found` finds, where it is shown from the beginning; else the server fills it in.
        labelled: Which labels to look at.
        rest: What is not seen.
        asked: The run that its address asks for.
    """
    return html.Main(
        [
            heading("When was what learnt"),
            *head,
            changes_section(run, said),
            curves_section(run, said),
            confusion_section(served=said is None),
            examples_section(None if said is None else example_cards(run, said)),
            labelled,
            definitions(),
            *rest,
        ],
        className="gt-training",
        style={"--gt-classes": len(run.classes)},
        **{"data-gt-page": "training", "data-gt-asked-run": asked},
    )


def choices(run: Run) -> dict[str, str]:
    """Of which points the page can speak, and what they are called; of all alone where a run has one split."""
    present = [name for i, name in enumerate(SPLITS) if (run.splits == i).any()]
    return {"all": POINTS["all"]} | {name: POINTS[name] for name in present if len(present) > 1}


def found(library: Library, run: Run, split: str) -> dict[str, Any]:
    """What `gt.measure.training.report.report` finds, kept in the server's cache.

    Raises:
        RunError: If the run cannot be read, or has no outputs.
    """
    what = f"{VERSION}/{run.uid}/{split}/{run.fingerprint(run.last)}"
    key = "training/" + hashlib.sha256(what.encode()).hexdigest()
    return library.store.json(
        key,
        lambda: report(run, split),
        lambda kept: kept["split"] == split and "examples" in kept and "predicted" in kept,
    )


def announcement(library: Library, run: Run, said: dict[str, Any]) -> dict[str, Any]:
    """What the page's module is told; see `gt.serve.payloads.TrainingReport`."""
    announced = announcements.announce(library, run.name, run.last)
    splits = {}
    for name, split in announced["splits"].items():
        known = name in said["predicted"]
        predicted = (
            tensors.offer(library, predicted_of(said, name, len(run.epochs))) if known else None
        )
        kept = {part: split[part] for part in ("n", "ids", "labels", "images")}
        splits[name] = {**kept, "predicted": predicted}
    return {
        "run": run.name,
        "title": run.title,
        "uid": run.uid,
        "classes": list(run.classes),
        "task": run.task,
        "unit": run.unit,
        "layer": run.last,
        "moved": moved_text(run),
        "epochs": [int(e) for e in run.epochs],
        "splits": splits,
        "events": [
            {part: one[part] for part in ("before", "epoch", "classes", "ids")}
            | {"href": event_link(run, one)}
            for one in said["events"]
        ],
        "split": said["split"],
        "listed": listed(run, said),
        "events_in_all": said["events_in_all"],
        "examples": {name: one["ids"] for name, one in said["examples"].items()},
    }


def head(library: Library, run: str, of: str = "all") -> html.Div:
    """Which run, whose points, and what to look for.

    Args:
        library: All runs.
        run: Name of one.
        of: Of which points, as an address asks; of all where the run has no such.
    """
    offered = choices(library.run(run))
    return html.Div(
        [
            html.Div(
                [
                    select(ids.TRAINING_RUN, "Run", library.titles, run),
                    select(
                        ids.TRAINING_SPLIT,
                        "Changes and examples of",
                        offered,
                        of if of in offered else "all",
                    ),
                    html.Div(file_button(), className="gt-exports"),
                ],
                className="gt-page-head",
            ),
            advised(library, run),
        ]
    )


def advised(library: Library, run: str) -> Component:
    """What to look for, and the button that shows it."""
    show = button("show-first", "bullseye", "Show it: select what moved farthest", text="Show it")
    return advice.advice("training", library, run, show)


def class_chips(run: Run, asked: int | None = None) -> list[Any]:
    """A button a class that has lines: over it, its lines alone; pressed, its points are selected.

    Args:
        run: A training.
        asked: A class that a reader has searched; it has lines too.
    """
    colors = class_colors(len(run.classes))
    return [
        html.Button(
            [html.Span(className="gt-swatch"), short(name)],
            type="button",
            className="gt-chip gt-class-chip",
            style={"--gt-color": colors[c]},
            title=f"Select the points of {name}",
            **{"data-gt-action": "class", "data-gt-value": str(c), "aria-pressed": "false"},
        )
        for c in shown_in_curves(run, asked)
        for name in run.classes[c : c + 1]
    ]


def measured(run: Run) -> str:
    """Over what the curves were measured; the rest of the page is of the run's own points."""
    over, k = measured_over(run), len(run.classes)
    some = note(k, "those that are least often right in the end")
    if not over:
        return f"As the recording has them; all else on this page is of its own points.{some}"
    return f"Measured {over}; all else on this page is of the run's own points.{some}"


def curves_section(run: Run, said: dict[str, Any] | None = None) -> html.Section:
    """Loss and accuracy, linked by a line that goes with the pointer."""
    loss, accuracy = curves(run, said)
    return html.Section(
        [
            html.H2("Loss and accuracy", **part("curves-title")),
            html.P(measured(run), id=ids.TRAINING_MEASURED, className="gt-hint"),
            html.P("", className="gt-readout", **part("readout")),
            html.Div(
                class_chips(run),
                id=ids.TRAINING_CLASSES,
                className="gt-chips",
                role="group",
                **{"aria-label": "Classes"},
            ),
            html.Div(className="gt-class-search", **part("class-search")),
            html.Div(
                [
                    _chart("Loss", ids.TRAINING_LOSS, loss),
                    _chart("Accuracy", ids.TRAINING_ACCURACY, accuracy, "accuracy"),
                ],
                className="gt-training-curves",
            ),
        ],
        className="gt-panel",
        **{"data-gt-stage": "training", "aria-label": "Loss and accuracy"},
    )


def _chart(title: str, graph_id: str, figure: dict[str, Any], of: str = "") -> html.Figure:
    graph = dcc.Graph(id=graph_id, figure=figure, config=_PLAIN)
    return html.Figure(
        [html.Figcaption(title), html.Div(graph, className="gt-epochs-chart")],
        **({"data-gt-of": of} if of else {}),
    )


def changes_section(run: Run, said: dict[str, Any] | None = None) -> html.Section:
    """The strip, and the list of events; both are filled in later where nothing is known yet."""
    looking = html.P(f"Looking through the {run.unit}s …", className="gt-hint")
    return html.Section(
        [
            html.Div(
                [
                    html.H2("What changed when"),
                    html.P(
                        moved_text(run),
                        className="gt-hint",
                        **part("moved-text"),
                    ),
                    html.Div(
                        dcc.Graph(
                            id=ids.TRAINING_STRIP,
                            figure=strip(run, said),
                            config=_PLAIN,
                        ),
                        className="gt-epochs-chart gt-when",
                        **part("strip"),
                    ),
                ],
                className="gt-panel",
            ),
            html.Div(
                [
                    html.H2("Events"),
                    html.Div(
                        looking if said is None else event_list(run, said),
                        id=ids.TRAINING_EVENTS,
                        className="gt-events",
                        tabIndex="0",
                        role="region",
                        **{"aria-label": "Events"},
                    ),
                    html.Div(className="gt-all-events", hidden=True, **part("all-events")),
                ],
                className="gt-panel",
            ),
        ],
        className="gt-changes",
        **{"aria-label": "What changed when"},
    )


def confusion_section(*, served: bool = True) -> html.Section:
    """Confusion at the chosen epoch, the selection, and groups; CSV where a server writes it."""
    tables = [
        html.Figure(
            [
                html.Figcaption(POINTS[split]),
                html.Div(className="gt-confusion-box", **part_of("confusion", split)),
            ],
            **{"data-gt-split": split},
        )
        for split in SPLITS
    ]
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Which is taken for which", **part("taken-title")),
                    html.Div(
                        [
                            button("step-back", "skip-start-fill", "One epoch back", key="←"),
                            html.Div(className="gt-epoch", **part("epoch")),
                            button("step-on", "skip-end-fill", "One epoch on", key="→"),
                            csv_button() if served else None,
                            save_view() if served else None,
                        ],
                        className="gt-epoch-row",
                        **{"data-gt-unit": "epoch"},
                    ),
                    html.Div(tables, className="gt-matrices"),
                    html.P(
                        "Rows are true classes, columns what they are taken for, in numbers of points. "
                        "Click one to select them; Shift adds, Alt subtracts.",
                        className="gt-hint gt-pair",
                        **part("pair"),
                    ),
                ],
                className="gt-panel",
            ),
            html.Section(
                [html.H2("Selection"), html.Div(**part("selection"))],
                className="gt-panel gt-selection",
                **{"aria-label": "Selection"},
            ),
            groups(named=False),
        ],
        className="gt-taken",
        **{"aria-label": "Which is taken for which"},
    )


def examples_section(cards: list[Any] | None = None) -> html.Section:
    """Single examples, ranked; filled in later where none are known yet."""
    return html.Section(
        [
            html.H2("Single examples"),
            html.Div(cards, id=ids.TRAINING_EXAMPLES, className="gt-examples"),
        ],
        **{"aria-label": "Single examples"},
    )


def definitions() -> html.Details:
    """What the words on this page mean."""
    parts = [
        html.Div([html.Dt(title), html.Dd(html.P(text))]) for title, text in DEFINITIONS.items()
    ]
    return html.Details(
        [html.Summary("Definitions"), html.Dl(parts, className="gt-definitions")],
        className="gt-panel gt-definitions-panel",
        **{"data-gt-unit": "epoch"},
        open=True,
    )


def stores(base: str) -> list[dcc.Store]:
    """What the page's module and the server tell each other."""
    return [
        dcc.Store(id=ids.TRAINING_STORE),
        dcc.Store(id=ids.TRAINING_ASKED_STORE),
        dcc.Store(id=ids.TRAINING_MOUNT_STORE, data=mounted(base)),
        dcc.Store(id=ids.TRAINING_SINK),
    ]


def mounted(base: str) -> dict[str, Any]:
    """What the page's module is handed.

    Args:
        base: The prefix under which the app is served.
    """
    names = {
        "run": ids.TRAINING_RUN,
        "csv": ids.CSV_STORE,
        "chosenRun": ids.RUN_STORE,
        "loss": ids.TRAINING_LOSS,
        "accuracy": ids.TRAINING_ACCURACY,
        "strip": ids.TRAINING_STRIP,
        "asked": ids.TRAINING_ASKED_STORE,
    }
    return {"ids": names, "base": base}
