"""Named views of a network's layers: a frame, the layers and epochs at which to stop, and what there is to see."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from gt.data.alignment import Alignment
from gt.data.library import Library


class LayerView(TypedDict):
    """One view of one run's layers; like `gt.ui.views.NamedView`, with a layer for every epoch."""

    name: str
    text: str  # what to see, in one sentence
    layer: str  # none in particular: ""
    handles: list[
        str
    ]  # class names, spread counter-clockwise from the top; empty where `apart` says the frame
    states: list[str]  # of the network, one a button
    epochs: list[int]  # of each button
    show: list[str]  # the classes drawn; empty for all
    apart: NotRequired[list[str]]  # classes to be told from all others ...
    seenAt: NotRequired[str]  # ... in this state ...
    seenEpoch: NotRequired[int]  # ... at this epoch; where each button leads, when left out


VIEWS: dict[str, list[LayerView]] = {}


def views_of(library: Library) -> dict[str, list[LayerView]]:
    """The named views that fit each run: its classes, its epochs, its layers."""

    def fits(view: LayerView, run: str, one: Alignment) -> bool:
        return (
            {*view["handles"], *view["show"], *view.get("apart", [])}
            <= set(library.run(run).classes)
            and set(view["epochs"]) <= set(one.epochs.tolist())
            and {*view["states"], *filter(None, [view.get("seenAt")])}
            <= {state.name for state in one.states}
        )

    out = {}
    for name in library.runs:
        if name in VIEWS and (found := library.alignments(name)):
            out[name] = [view for view in VIEWS[name] if fits(view, name, found[0])]
    return out
