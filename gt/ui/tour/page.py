"""What the tour page and the pages of embeddings share: all that stands around their stages.

Only one of these pages is open at a time, so that their controls have the same ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import dash
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from gt import ids
from gt.figures.names import middle
from gt.serve.library import Library
from gt.serve.tasks import CLASSES
from gt.state import PageMount
from gt.ui.components.controls import button, group, icon, labelled, part, save_view
from gt.ui.components.terms import Word, explained
from gt.ui.components.workbench import column, room

EPOCH_RATES = {"1": "1 epoch/s", "3": "3 epochs/s", "6": "6 epochs/s", "12": "12 epochs/s"}
STEP_RATES = {"2": "2 steps/s", "6": "6 steps/s", "12": "12 steps/s", "25": "25 steps/s"}

LETTERS = 56  # of a choice; its tooltip has the whole


def select(
    component_id: str, label: str, choices: dict[str, str], value: str, word: Word | None = None
) -> html.Label:
    """A labelled select; its callback is wired by the page."""
    options = [
        {"value": key, "label": middle(text, LETTERS)}
        | ({"title": text} if len(text) > LETTERS else {})
        for key, text in choices.items()
    ]
    chosen = dbc.Select(id=component_id, options=options, value=value, size="sm")
    kind = explained(word) if word else {}
    return html.Label([html.Span(label), chosen], className="gt-select", **kind)


def no_run() -> html.Main:
    """The page of a server that has nothing to show."""
    said = [
        html.H1("There is no run to show"),
        html.P(
            "A run is one training of a network, recorded epoch by epoch or step by step. All here is drawn from runs."
        ),
        html.P(
            [
                "If you have some, start the dashboard with ",
                html.Code("gt serve --runs DIR"),
                ".",
            ]
        ),
        html.P(
            [
                "If not, record one: ",
                html.Code("gt record mnist --out runs/mnist"),
                ", then ",
                html.Code("gt serve --runs runs"),
                ".",
            ]
        ),
        html.P(
            [
                "With a network of your own: ",
                dcc.Link("the tutorial", href=dash.get_relative_path("/docs/tutorial")),
                ".",
            ]
        ),
    ]
    return html.Main(said, className="gt-empty gt-none-yet")


def run_named(library: Library, asked: object) -> tuple[str, str]:
    """Find the run that an address asks for, or another, and what to say of that.

    Args:
        library: Has one run at least.
        asked: From the address: a name, or a title that one run alone has, a list where it was said twice, or None.

    Returns:
        A run's name, and a sentence for the reader that is empty if all is well.
    """
    if isinstance(asked, str) and asked in library.runs:
        return asked, ""
    titled = [name for name, title in library.titles.items() if title == asked]
    if len(titled) == 1:
        return titled[0], ""
    run = next(iter(library.runs))
    if not isinstance(asked, str):
        return run, ""
    known = library.attack_titles.get(asked)
    what = (
        f"{known} is an attack, see the page Adversarial"
        if known
        else f"There is no run “{asked}” here"
    )
    return run, f"{what}; this is {library.run(run).title}."


def head(runs: dict[str, str], run: str, layers: list[str], layer: str) -> html.Div:
    """Which run and layer, and the views that have a name."""
    return html.Div(
        [
            select(ids.TOUR_RUN, "Run", runs, run),
            select(
                ids.TOUR_LAYER, "Layer", {one: one.capitalize() for one in layers}, layer, "layer"
            ),
            html.Div(
                className="gt-views",
                role="group",
                **part("views") | {"aria-label": "Views"},
            ),
            room(),
        ],
        className="gt-page-head",
    )


def transport(clock: str = "epoch", first: Sequence[Component] = ()) -> html.Div:
    """Epochs and tour: both play, both stop, each at its own pace.

    Args:
        clock: What is played, in a word: "epoch", or an attack's "step".
        first: What else is played, before these.
    """
    rates, pace = (EPOCH_RATES, "3") if clock == "epoch" else (STEP_RATES, "6")
    return html.Div(
        [
            *first,
            group(
                f"{clock.capitalize()}s",
                [
                    button("step-back", "skip-start-fill", f"One {clock} back", key="←"),
                    button("play", "play-fill", f"Play the {clock}s", key="Space"),
                    button("step-on", "skip-end-fill", f"One {clock} on", key="→"),
                ],
            ),
            html.Div(className="gt-epoch", **part("epoch")),
            select(ids.TOUR_PACE, "Pace", rates, pace, "pace"),
            group(
                "Tour",
                [
                    html.Button(
                        [icon("play-fill"), html.Span("Tour")],
                        type="button",
                        className="btn btn-sm gt-button",
                        title="Turn through all views (T)",
                        **{"data-gt-action": "tour", "aria-pressed": "false"} | explained("tour"),
                    ),
                    html.Div(className="gt-speed", **part("speed")),
                    button("reseed", "shuffle", "Another path for the tour", key="N"),
                ],
                turns=True,
            ),
        ],
        className="gt-transport",
        **{"data-gt-unit": clock},
    )


def points_panels(color: str) -> list[tuple[str, html.Section]]:
    """How points are coloured, with the legend; which are selected; groups of them: each with a word for it.

    Args:
        color: Id of the select of colourings; the page's module offers those that the run has.
    """
    colors = html.Section(
        [
            select(color, "Colour", CLASSES, "label"),
            html.Div(className="gt-key", **part("key")),
            html.Div(
                className="gt-legend",
                role="group",
                **part("legend") | {"aria-label": "Classes"},
            ),
        ],
        className="gt-panel",
    )
    selection = html.Section(
        [html.H2("Selection"), html.Div(**part("selection"))],
        className="gt-panel gt-selection",
        **{"aria-label": "Selection"},
    )
    return [("Colours", colors), ("Selection", selection), ("Groups", groups())]


def groups(*, named: bool = True) -> html.Section:
    """The groups that the reader has made.

    Args:
        named: Whether there may be a flat picture, in which names are drawn; which is asked then.
    """
    make = button("group", "plus-lg", "Make a group of the selection", key="G", text="Group")
    drawn = {
        "groups": ("Groups", "Names of your groups"),
        "all": ("All", "Names of your groups, and of classes"),
        "none": ("None", "No names"),
    }
    names = [
        html.Button(
            text,
            type="button",
            className="btn btn-sm gt-button",
            title=title,
            **{"data-gt-action": "names", "data-gt-value": value, "aria-pressed": "false"},
        )
        for value, (text, title) in drawn.items()
    ]
    return html.Section(
        [
            html.Div([html.H2("Groups"), make], className="gt-groups-head"),
            html.Ul(className="gt-group-list", **part("groups")),
            html.P(
                "A group keeps points by a name: to select, pull, colour, find and take away again, on all pages.",
                className="gt-hint gt-group-help",
            ),
            html.Div(
                labelled("Names", group("Names in the picture", names, segmented=True)),
                className="gt-group-names",
            )
            if named
            else None,
        ],
        className="gt-panel gt-groups",
        tabIndex="-1",  # where the focus is when the last group has gone
        **{"aria-label": "Groups"},
    )


def side(
    first: Sequence[Component] = (),
    more: Sequence[tuple[str, Component]] = (),
    *,
    before: Sequence[tuple[str, Component]] = (),
    neighbours: bool = True,
    served: bool = True,
    file: bool = False,
) -> html.Aside:
    """Colours, legend, selection, groups, neighbours, and what can be taken away.

    Args:
        first: Above these.
        more: Panels of the page's own, each with a word for it, see `gt.ui.components.workbench.column`.
        before: Such panels that come before the colours.
        neighbours: Whether the points shown are those of a run, whose neighbours can be asked for.
        served: Whether there is a server to ask; a page in a file has none.
        file: Whether the page can be saved as a file, see `gt.share.pages`.
    """
    above = [*(("", one) for one in first), *before]
    points = points_panels(ids.TOUR_COLOR)
    points.insert(
        1, ("Take away", _exports(served=served, file=file))
    )  # above what grows with the selection
    points += [("Neighbours", _neighbours())] if neighbours and served else []
    return column([*above, *points, *more])


def find_panel() -> html.Section:
    """The form that asks for a view, which the page's module fills."""
    return html.Section(
        [html.H2("Find a view"), html.Div(**part("find"))],
        className="gt-panel",
        **{"aria-label": "Find a view"},
    )


def _neighbours() -> html.Section:
    """Who is near what is selected, in the data and in the picture."""
    return html.Section(
        [html.H2("Neighbours"), html.Div(**part("near"))],
        className="gt-panel gt-near",
        **{"aria-label": "Neighbours"},
    )


def csv_button() -> html.Button:
    """Saves the selected points, whatever page it is on; see `gt.ui.tour.export`."""
    return button("csv", "filetype-csv", "Save the selection as CSV", text="CSV")


def file_button() -> html.Button:
    """Saves the page with its points; see `gt.share.routes`."""
    return button("file", "file-code", "Save this page as a file", text="Page as a file")


def _exports(*, served: bool, file: bool) -> html.Section:
    """What can be taken away; what a server writes only where there is one."""
    buttons = [
        *([save_view()] if served else []),
        button("link", "link-45deg", "Copy a link to this view", text="Link"),
        button("matrix", "braces", "Copy the matrix as numpy text", text="Matrix", turns=True),
        button("picture", "camera", "Save a picture or a video", text="Picture"),
        *([csv_button()] if served else []),
        *([file_button()] if file else []),
    ]
    return html.Section(
        [html.H2("Take it with you"), html.Div(buttons, className="gt-exports")],
        className="gt-panel",
    )


def mount(
    page: str,
    base: str,
    *,
    run: str,
    layer: str,
    more: Mapping[str, str] = MappingProxyType({}),
) -> PageMount:
    """What a page's module is handed.

    Args:
        page: The page's name, its ``data-gt-page``.
        base: The prefix under which the app is served.
        run: Id of the select of runs.
        layer: Id of the select of layers, or of methods.
        more: Further ids, by the words under which the module knows them.
    """
    names = {"run": run, "layer": layer, "csv": ids.CSV_STORE}
    names |= {"chosenRun": ids.RUN_STORE, "color": ids.TOUR_COLOR, "pace": ids.TOUR_PACE, **more}
    return {"page": page, "ids": names, "base": base}


def stores(
    page: str,
    base: str,
    *,
    run: str,
    layer: str,
    more: Mapping[str, str] = MappingProxyType({}),
) -> list[dcc.Store]:
    """What the page's module and the server tell each other; the arguments are those of `mount`."""
    return [
        dcc.Store(id=ids.TOUR_MOUNT_STORE, data=mount(page, base, run=run, layer=layer, more=more)),
        dcc.Store(id=ids.TOUR_CHOICE_SINK),
    ]


def show_announced(app: Dash, store: str, sink: str) -> None:
    """Have what is announced in a page's store shown by its module."""
    app.clientside_callback(
        ClientsideFunction("gt", "showPictures"),
        Output(sink, "data"),
        Input(store, "data"),
        State(ids.TOUR_MOUNT_STORE, "data"),
        State(ids.SELECTION_STORE, "data"),
        State(ids.RUN_STORE, "data"),
    )


def register(app: Dash) -> None:
    """Wire what is the same on these pages."""
    app.clientside_callback(
        ClientsideFunction("gt", "chooseLook"),
        Output(ids.TOUR_CHOICE_SINK, "data"),
        Input(ids.TOUR_COLOR, "value"),
        Input(ids.TOUR_PACE, "value"),
        prevent_initial_call=True,
    )
