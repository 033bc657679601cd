"""The markup of the figures in the technical part of the page Method; the modules draw in it once it comes near."""

from __future__ import annotations

from dash import html

from gt.ui.components.controls import button, part, part_of
from gt.ui.method.figures import picture, stage, titled
from gt.words import Part


def _said(name: Part = "said", kind: str = "") -> html.P:
    """A line in which a figure says its numbers."""
    return html.P("\u00a0", className=f"gt-detail-said {kind}".strip(), **part(name))


def _controls(name: Part = "controls", kind: str = "") -> html.Div:
    return html.Div(className=f"gt-detail-controls {kind}".strip(), **part(name))


def _drawn(name: Part, kind: str = "") -> html.Div:
    """A place for a drawing, which has its size before there is one."""
    return html.Div(
        html.Div(className="gt-figure", **part(name)), className=f"gt-picture {kind}".strip()
    )


def fit_and_spread() -> html.Div:
    """One drag, three answers."""
    panels = [
        stage(
            name,
            title,
            note,
            picture(f"Where the selected points should go, {name}"),
            _said(),
        )
        for name, title, note in (
            ("rotate", "Rotate", "by the middle"),
            ("fit", "Fit", "Procrustes"),
            ("spread", "Spread", "principal components"),
        )
    ]
    back = button("put-back", "arrow-counterclockwise", "Put the points back")
    return html.Div(
        [
            html.Div(panels, className="gt-shapes"),
            html.Div(back, className="gt-shape-controls"),
        ],
        className="gt-detail",
        **part("fit-and-spread"),
    )


def drawn_lengths() -> html.Div:
    """Unit vectors, and how long they look."""
    drawn = stage(
        "lengths", "As they are drawn", "p sticks of length 1", picture("The unit vectors")
    )
    beside = titled(
        "How long they look",
        "drawn, within real",
        html.Div(className="gt-lengths", **part("lengths")),
        _said("squares"),
        _controls(),
        kind="gt-lengths-beside",
    )
    return html.Div([drawn, beside], className="gt-detail gt-lengths-both", **part("drawn-lengths"))


def padding() -> html.Div:
    """X, M and Y as cells."""
    return html.Div(
        [_drawn("figure", "gt-picture-padding"), _said(), _controls()],
        className="gt-detail gt-padding",
        **part("padding"),
    )


def passing() -> html.Div:
    """Two layers in two frames."""
    panels = [
        stage(name, title, note, picture(), _said())
        for name, title, note in (
            ("kept", "Kept", "G₂ = G₁"),
            ("passed", "Passed on", "G₂ = U₂ᵀ V₁ G₁"),
        )
    ]
    beside = html.Div(
        [_controls(), html.Div(className="gt-passed-on", **part("passed-on"))],
        className="gt-passing-beside",
    )
    return html.Div([*panels, beside], className="gt-detail gt-shapes", **part("passing"))


def convolution() -> html.Div:
    """An image, a kernel, a matrix, its singular values."""
    maps = [
        titled(title, note, _drawn(name))
        for name, title, note in (
            ("image", "Image x", "6 × 6"),
            ("output", "x M", "what comes out"),
            ("left", "u", "goes in"),
            ("right", "u M = σ v", "comes out"),
        )
    ]
    return html.Div(
        [
            html.Div(
                [
                    titled("M", "a row for each pixel", _drawn("conv-matrix")),
                    html.Div(
                        [
                            _controls("kernel", "gt-kernel"),
                            titled("Singular values", "", _drawn("sigma", "gt-picture-sigma")),
                        ],
                        className="gt-conv-beside",
                    ),
                ],
                className="gt-conv-both",
            ),
            html.Div(maps, className="gt-maps"),
            _said(kind="gt-conv-said"),
        ],
        className="gt-detail",
        **part("convolution"),
    )


def pooling() -> html.Div:
    """A grid of numbers, its windows on number lines, and the axes."""
    return html.Div(
        [
            titled("Numbers x", "four windows", _controls("grid", "gt-pool-grid")),
            titled("Each window", "ticks: average, maximum", _drawn("lines", "gt-picture-lines")),
            titled("Columns of U", "a window each", _drawn("basis", "gt-picture-basis"), _said()),
        ],
        className="gt-detail gt-shapes gt-pooling",
        **part("pooling"),
    )


def entry(name: str, title: str, text: str, *, slider: bool = False) -> html.Section:
    """A word of the glossary, with its figure."""
    return html.Section(
        [
            html.H3(title),
            html.P(text),
            _drawn("figure", "gt-picture-entry"),
            *([_controls()] if slider else []),
        ],
        className="gt-entry",
        **{"aria-label": title},
        **part_of("entry", name),
    )


def glossary(entries: list[html.Section]) -> html.Div:
    """All of them."""
    return html.Div(entries, className="gt-detail gt-glossary", **part("glossary"))
