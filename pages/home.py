"""``/``: a network being learnt, what this is in one sentence, and the way into everything."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html

from gt import ids
from gt.kept.stories import first_story
from gt.run.read import Run
from gt.serve import announcements, context
from gt.serve.library import Library, summaries
from gt.serve.payloads import Announcement
from gt.serve.run_list import story_link
from gt.serve.shelf import is_live
from gt.ui.components.controls import icon, part
from gt.ui.components.stage import stage
from gt.ui.guard import guarded
from gt.ui.tour import advice
from gt.views.shown import not_shown

dash.register_page(__name__, path="/", name="Overview", title="Grand Tour", order=0, nav=True)


@guarded
def layout(**_: str) -> html.Main:
    library = context.library()
    announcement, problem = _teaser(library)
    return html.Main(
        [
            html.Section(
                [
                    _hero(library),
                    _picture(announcement) if announcement else _no_picture(problem),
                ],
                className="gt-hero",
            ),
            advice.advice(
                "home",
                library,
                announcement["run"],
                dcc.Link(
                    "Show me",
                    href=dash.get_relative_path("/grand-tour"),
                    className="btn btn-sm gt-button",
                    title="Open the Grand Tour, and play all of it",
                ),
            )
            if announcement
            else None,
            html.Section(
                [
                    html.H2("Recorded runs"),
                    html.P(
                        [
                            dcc.Link("All runs", href=dash.get_relative_path("/runs")),
                            " with their sizes, what is kept of each, and what can be done with them; ",
                            dcc.Link("stories", href=dash.get_relative_path("/story")),
                            " that are told of them.",
                        ],
                        className="gt-hint gt-all-runs",
                    ),
                    html.Div(_cards(library), id=ids.HOME_CARDS, className="gt-cards"),
                ]
            ),
            _own(),
            html.Div(_not_shown(library), id=ids.HOME_NOT_SHOWN),
            dcc.Store(id=ids.HOME_ANNOUNCEMENT_STORE, data=announcement),
            dcc.Store(
                id=ids.HOME_MOUNT_STORE,
                data={"ids": {}, "base": dash.get_relative_path("/")},
            ),
            dcc.Store(id=ids.HOME_SINK),
        ],
        className="gt-home",
        **{"data-gt-page": "home"},
    )


def _hero(library: Library) -> html.Div:
    """What this is in one sentence, and the ways in."""
    return html.Div(
        [
            html.H1("See what a neural network does"),
            html.P(
                "Every example is a point; the network's own numbers place it. Watch the "
                "points move while the network learns, in a projection that keeps turning "
                "and that you can take hold of.",
                className="gt-lead",
            ),
            _ways_in(library),
            _credit(),
        ],
        className="gt-hero-text",
    )


def _ways_in(library: Library) -> html.Div:
    return html.Div(
        [
            dcc.Link(
                [icon("play-fill"), "Open the Grand Tour"],
                href=dash.get_relative_path("/grand-tour"),
                className="btn btn-primary gt-call",
            ),
            dcc.Link(
                "Go through its layers",
                href=dash.get_relative_path("/layers"),
                className="btn btn-outline-primary gt-call",
            ),
            dcc.Link(
                "Compare with t-SNE and UMAP",
                href=dash.get_relative_path("/compare"),
                className="btn btn-outline-primary gt-call",
            ),
            _two_runs(library),
            _attacks(library),
        ],
        className="gt-calls",
    )


def _credit() -> html.P:
    """Whose idea it is, and where a newcomer begins."""
    return html.P(
        [
            "After Li, Zhao and Scheidegger, ",
            html.Cite("Visualizing Neural Networks with the Grand Tour"),
            ", Distill 2020. New here? ",
            dcc.Link(
                "What to look at first",
                href=dash.get_relative_path("/docs/first-look"),
            ),
            "; with a network of your own: the ",
            dcc.Link("tutorial", href=dash.get_relative_path("/docs/tutorial")),
            ".",
        ],
        className="gt-credit",
    )


def _picture(announcement: Announcement) -> html.Div:
    """The network being learnt: the points of its training, where they are recorded."""
    shown = "train" if "train" in announcement["splits"] else "test"
    return html.Div(
        [
            stage("home", ids.HOME_GRAPH, shown, ""),
            html.P("", className="gt-caption", **part("caption")),
        ],
        className="gt-hero-stage",
    )


def _two_runs(library: Library) -> dcc.Link | None:
    """The way to two runs beside each other, where there are two."""
    if len(library.runs) < 2:
        return None
    return dcc.Link(
        "Compare two runs",
        href=dash.get_relative_path("/two-runs"),
        className="btn btn-outline-primary gt-call",
    )


def _attacks(library: Library) -> dcc.Link | None:
    """The way to the attacks, where there are any."""
    if not library.attack_titles:
        return None
    return dcc.Link(
        "Watch an attack",
        href=dash.get_relative_path("/adversarial"),
        className="btn btn-outline-primary gt-call",
    )


def _cards(library: Library) -> list[html.Article]:
    """A card for each run, and for each that has no epoch yet."""
    return [
        *(_card(one, library.runs.get(one["name"])) for one in summaries(library)),
        *(_waiting_card(run) for run in library.waiting),
    ]


OWN = """import gt

with gt.Recorder(model, "runs/mine", inputs=x, labels=y) as recorder:
    recorder.record(0)              # before anything is learnt
    for epoch in range(1, 100):
        train(...)                  # as it was
        recorder.record(epoch)"""


def _own() -> html.Section:
    """How a network of one's own comes to stand among the runs."""
    return html.Section(
        [
            html.H2("Your own model"),
            html.P(
                "Four lines around any training loop, with any PyTorch model. “x” are the examples to watch, “y” their "
                'classes; without classes there is task="none", and regression, binary and multilabel besides.'
            ),
            html.Pre(html.Code(OWN), tabIndex=0, **{"aria-label": "Python: record a training"}),
            html.P(["Then, while or after it trains: ", html.Code("gt serve --runs runs")]),
            html.P(
                [
                    dcc.Link("Tutorial", href=dash.get_relative_path("/docs/tutorial")),
                    dcc.Link(
                        "Any network", href=dash.get_relative_path("/docs/how-to/any-network")
                    ),
                    dcc.Link("Watch it live", href=dash.get_relative_path("/docs/how-to/watch")),
                ],
                className="gt-ways",
            ),
        ],
        className="gt-own",
    )


def _waiting_card(run: Run) -> html.Article:
    """A run without an epoch: one that has just been begun, or one whose writer ended before the first."""
    live = is_live(run)
    said = (
        "Being recorded, no epoch yet: it can be opened as soon as the first one is there."
        if live
        else "No epoch is recorded, and nobody records it now."
    )
    return html.Article(
        [
            html.H3([run.title, _live_mark() if live else None]),
            html.P(f"{run.n:,} points, {len(run.classes)} classes"),
            html.P(said, className="gt-hint"),
        ],
        className="gt-card",
    )


def _live_mark() -> html.Span:
    return html.Span("Live", className="gt-live-mark", title="This training is being recorded now")


def _card(run: dict[str, Any], opened: Run | None) -> html.Article:
    measured = [
        html.Div([html.Dt(name), html.Dd(f"{run[split]:.1%}")])
        for split, name in (("train", f"Train {run['good']}"), ("test", f"Test {run['good']}"))
        if run[split] is not None
    ] or [
        html.Div([html.Dt(name), html.Dd(f"{run[split]:.4g}")])
        for split, name in (("train_loss", "Train loss"), ("test_loss", "Test loss"))
        if run[split] is not None
    ]
    target = dash.get_relative_path("/grand-tour") + f"?run={quote(run['name'], safe='')}"
    units = run["unit"] if run["epochs"] == 1 else f"{run['unit']}s"
    return html.Article(
        [
            html.H3([dcc.Link(run["title"], href=target), _live_mark() if run["live"] else None]),
            html.P(f"{run['n']:,} points, {run['what']}, {run['epochs']:,} {units}"),
            html.Dl(measured) if measured else None,
            html.P(_measured_when(run), className="gt-hint") if measured else None,
            _story(run["name"], opened) if opened is not None else None,
        ],
        className="gt-card",
    )


def _story(name: str, run: Run) -> html.P | None:
    """The way into the first story that lies beside a run, if there is one that can be read."""
    kept = first_story(run)
    if kept is None:
        return None
    href = story_link(name, kept, dash.get_relative_path("/"))
    return html.P(dcc.Link(f"Story: {kept.story.title}", href=href), className="gt-card-story")


def _measured_when(run: dict[str, Any]) -> str:
    """Of what the accuracies or losses of a card are."""
    when = f"At {run['unit']} {run['epoch']}"
    return f"{when}, {run['history']}" if run["history"] else when


def _teaser(library: Library) -> tuple[Announcement | None, str]:
    """The first run that can be shown, and else what is wrong with the first."""
    problems = []
    for name in library.runs:
        announcement, problem = announcements.try_announce(library, name, library.run(name).last)
        if announcement is not None:
            return announcement, ""
        problems.append(problem)
    return None, next(iter(problems), "")


def _not_shown(library: Library) -> html.Section | None:
    """What was found and cannot be shown: a list, where there is something to list."""
    found = [*library.not_shown(), *not_shown(library)]
    if not found:
        return None
    listed = [html.Div([html.Dt(name), html.Dd(reason)]) for name, reason in found]
    return html.Section(
        [
            html.H2("Not shown"),
            html.P("Found in the folders of this server and left out; everything else is there."),
            html.Dl(listed),
        ],
        className="gt-not-shown",
    )


def _no_picture(problem: str) -> html.P:
    return html.P(
        problem
        or "There is no run to show yet. Record one with “gt record mnist --out runs/mnist”, then "
        "start with “gt serve --runs runs”.",
        className="gt-problem",
    )


@callback(
    Output(ids.HOME_CARDS, "children"),
    Output(ids.HOME_NOT_SHOWN, "children"),
    Input(ids.LIVE_STORE, "data"),
    prevent_initial_call=True,
)
def show_cards(_: Any) -> tuple[list[html.Article], html.Section | None]:
    library = context.library()
    return _cards(library), _not_shown(library)


clientside_callback(
    ClientsideFunction("gt", "showTeaser"),
    Output(ids.HOME_SINK, "data"),
    Input(ids.HOME_ANNOUNCEMENT_STORE, "data"),
    State(ids.HOME_MOUNT_STORE, "data"),
)
