"""The markup of the figures on the page Method; the modules draw in it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from gt.figures.spectrum import spectrum_figure
from gt.ui.components.controls import BUTTON, button, icon, part
from gt.ui.components.stage import CONFIG


def picture(name: str = "", *, shape: str = "") -> html.Div:
    """A square in which the modules draw; above it, if that has a name, what can be taken hold of."""
    drawn = part("figure") | ({"data-gt-shape": shape} if shape else {})
    children = [html.Div(className="gt-figure", **drawn)]
    if name:
        label = {"aria-label": name}
        children += [html.Div(className="gt-handles", role="group", **part("handles"), **label)]
    return html.Div(children, className="gt-picture")


def titled(title: str, note: Any, *below: Any, kind: str = "", **attributes: str) -> html.Section:
    """A picture with its title above; it is a stage, which can be inspected, where the attributes say so."""
    head = html.Header(
        [html.H3(title, className="gt-stage-title"), html.Span(note, className="gt-stage-note")],
        className="gt-stage-head",
    )
    return html.Section(
        [head, *below],
        className=f"gt-stage gt-small-stage {kind}".strip(),
        **{"aria-label": title},
        **attributes,
    )


def stage(name: str, title: str, note: Any, *below: Any) -> html.Section:
    """A picture that can be inspected."""
    return titled(title, note, *below, **{"data-gt-stage": f"method-{name}"})


def shape(name: str, title: str, note: str) -> html.Section:
    """A cube of some dimensions that turns."""
    controls = html.Div(
        [
            button("turn", "play-fill", f"Turn it: {name}"),
            button("straight", "arrow-counterclockwise", f"As at the beginning: {name}"),
        ],
        className="gt-shape-controls",
    )
    return stage(name, title, note, picture(f"Handles, {title}", shape=name), controls)


def moved_point(problem: str) -> html.Div:
    """Three pictures of the same points, of which the reader moves one in the first."""
    if problem:
        return html.Div(html.P(problem, className="gt-problem"))
    panels = [
        stage(
            f"moved-{name}",
            title,
            "",
            picture("The point that moves" if name == "linear" else ""),
            html.P("\u00a0", className="gt-moved-said", **part("said")),
        )
        for name, title in (("linear", "Linear"), ("tsne", "t-SNE"), ("umap", "UMAP"))
    ]
    walk = html.Button(
        [icon("play-fill"), html.Span("Walk it from group to group")],
        type="button",
        className=f"{BUTTON} gt-go",
        title="Walk the point from group to group",
        **{"data-gt-action": "walk"},
    )
    back = button("home", "arrow-counterclockwise", "Put the point back")
    return html.Div(
        [
            html.Div(panels, className="gt-shapes"),
            html.Div([walk, back], className="gt-shape-controls"),
        ],
        className="gt-moved-point",
        **part("moved"),
    )


def rotation() -> html.Div:
    """Three dimensions as they are drawn, and from the side."""
    side = titled(
        "Seen from the side",
        "with the hidden coordinate",
        html.Div(html.Div(className="gt-figure", **part("side")), className="gt-picture"),
        html.Div(className="gt-look-from", **part("look")),
    )
    numbers = html.Div(className="gt-rotation-numbers", **part("numbers"))
    drawn = stage(
        "rotation",
        "As it is drawn",
        "two of three coordinates",
        picture("Handles and points, as drawn"),
        html.Div(
            button("straight", "arrow-counterclockwise", "As at the beginning: rotation"),
            className="gt-shape-controls",
        ),
    )
    return html.Div([drawn, side, numbers], className="gt-rotation", **part("rotation"))


def pythagoras() -> html.Div:
    """One displacement in two planes, and the triangle with both lengths as its sides."""
    planes = [
        stage(
            f"plane-{number}",
            f"Plane {number}",
            f"coordinates {2 * number - 1} and {2 * number}",
            picture(f"The displacement in plane {number}"),
            *controls,
        )
        for number, controls in (
            (
                1,
                [
                    html.Div(
                        [
                            button("turn", "play-fill", "Turn it: the displacement"),
                            button(
                                "straight",
                                "arrow-counterclockwise",
                                "As at the beginning: the displacement",
                            ),
                        ],
                        className="gt-shape-controls",
                    )
                ],
            ),
            (2, []),
        )
    ]
    triangle = html.Section(
        [
            html.Header(
                html.H3("Their squares", className="gt-stage-title"), className="gt-stage-head"
            ),
            html.Div(html.Div(className="gt-figure", **part("triangle")), className="gt-picture"),
            html.Div(className="gt-sum", **part("sum")),
        ],
        className="gt-stage gt-small-stage",
        **{"aria-label": "Their squares"},
    )
    return html.Div([*planes, triangle], className="gt-shapes", **part("pythagoras"))


def matrix() -> html.Div:
    """Where the module puts the fields of the matrix."""
    return html.Div(className="gt-matrix", **part("matrix"))


def negation() -> html.Div:
    """The layer drawn both ways."""
    return html.Div(className="gt-negation", **part("negation"))


def spectrum(component_id: str, shares: Any) -> html.Div:
    """The variance of each principal component."""
    return html.Div(
        dcc.Graph(
            id=component_id,
            figure=spectrum_figure(shares),
            config=CONFIG,
            style={"height": "18rem"},
        ),
        className="gt-spectrum-graph gt-panel",
    )
