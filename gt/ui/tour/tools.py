"""The tools on a stage's edge: what the pointer does, how points look, where the view goes."""

from __future__ import annotations

from dash import html

from gt.ui.components.controls import button, group

UNDO = "Take back the last view, selection, filter or group"
REDO = "Do again what was taken back"


def dots() -> html.Button:
    """Opens the sliders for how large and how opaque points are."""
    return button("dots", "sliders", "Size, opacity and density of points", opens=True, word="Size")


def tools(clock: str = "epoch") -> html.Div:
    """What the pointer does, how points look, where the view goes.

    Args:
        clock: What the page's slider counts, in a word.
    """
    return html.Div(
        [
            _pointer(),
            group(
                "A new lasso or box",
                [
                    button("how", "square", "Selects anew", value="new", word="New"),
                    button("how", "plus-lg", "Adds", key="Shift", value="add", word="Add"),
                    button("how", "dash-lg", "Subtracts", key="Alt", value="subtract", word="Less"),
                ],
                segmented=True,
            ),
            group(
                "Points as",
                [
                    button("points", "circle-fill", "Points as dots", value="dots", word="Dots"),
                    button(
                        "points",
                        "image",
                        "Points as images",
                        key="I",
                        value="images",
                        word="Images",
                    ),
                ],
                segmented=True,
            ),
            dots(),
            button(
                "fit", "fit", f"Fit the picture to the points of this {clock}", key="F", word="Fit"
            ),
            group(
                "Take back",
                [
                    button("undo", "arrow-90deg-left", UNDO, key="Ctrl Z", word="Undo"),
                    button("redo", "arrow-90deg-right", REDO, key="Ctrl Shift Z", word="Redo"),
                ],
            ),
            group(
                "View",
                [
                    button("random", "dice-5", "A new random view", key="R", word="Random"),
                    button("reset", "bullseye", "Reset the view", key="0", word="Reset"),
                ],
                turns=True,
            ),
        ],
        className="gt-tools",
        **{"data-gt-unit": clock},
    )


def _pointer() -> html.Div:
    return group(
        "Pointer",
        [
            button("tool", "pentagon", "Lasso points", key="L", value="lasso", word="Lasso"),
            button("tool", "bounding-box", "Select a box", key="B", value="box", word="Box"),
            button(
                "tool",
                "arrows-move",
                "Look: pan, pinch, Ctrl and scroll",
                key="V",
                value="look",
                word="Look",
            ),
        ],
        segmented=True,
    )
