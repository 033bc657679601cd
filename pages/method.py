"""``/method``: the idea, in a few lines of text and in figures that one can take hold of."""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, callback, clientside_callback, html

from gt import ids
from gt.figures.spectrum import spectrum_figure
from gt.serve import context
from gt.serve.payloads import MethodMount
from gt.ui.components.controls import part
from gt.ui.guard import guarded
from gt.ui.method import detail, moved_point, spectrum
from gt.ui.method import figures as method_figures
from gt.ui.method import page as method_page
from gt.ui.tour import page as tour_page

dash.register_page(__name__, path="/method", name="Method", title="The method", order=10, nav=True)


@guarded
def layout(run: str | None = None, **_: str) -> html.Main:
    library = context.library()
    moved, problem = moved_point.announce(library)
    mount: MethodMount = {"base": dash.get_relative_path("/"), "moved": moved}
    idea = [
        method_page.turning(),
        method_page.linear(problem, moved_point.how_made()),
        method_page.whole(),
        method_page.holding(),
        method_page.layers(),
        _components(run),
        method_page.limits(),
    ]
    details = detail.sections()
    return html.Main(
        [
            method_page.introduction(method_page.look(bool(moved))),
            detail.contents(idea, details),
            *idea,
            html.Div(details, className="gt-technical", **part("technical")),
            method_page.references(),
            *method_page.stores(mount, ids.METHOD_STORE, ids.METHOD_SINK),
        ],
        key="method",
        className="gt-method",
        **{"data-gt-page": "method"},
    )


def _components(asked: str | None) -> html.Section:
    library = context.library()
    if not library.runs:
        return method_page.components(None, method_page.no_run(), None)
    name, _ = tour_page.run_named(library, asked)
    shares, said = spectrum.of_run(library, name)
    return method_page.components(
        tour_page.select(ids.METHOD_RUN, "Run", library.titles, name),
        html.P(said, id=ids.METHOD_SAID, className="gt-said", role="status"),
        method_figures.spectrum(ids.METHOD_SPECTRUM, shares),
    )


@callback(
    Output(ids.METHOD_SPECTRUM, "figure"),
    Output(ids.METHOD_SAID, "children"),
    Input(ids.METHOD_RUN, "value"),
    prevent_initial_call=True,
)
def show_spectrum(run: str) -> tuple[dict[str, Any], str]:
    shares, said = spectrum.of_run(context.library(), run)
    return spectrum_figure(shares), said


clientside_callback(
    ClientsideFunction("gt", "showMethod"),
    Output(ids.METHOD_SINK, "data"),
    Input(ids.METHOD_STORE, "data"),
)
