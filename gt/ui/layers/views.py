"""Named views of a network's layers: a frame, the layers and epochs at which to stop, and what there is to see."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from gt.kept.alignment import Alignment
from gt.serve.library import Library
from gt.ui.shipped import CIFAR10, FASHION_MNIST, MNIST


class LayerView(TypedDict):
    """One view of one run's layers; like `gt.ui.tour.views.NamedView`, with a layer for every epoch."""

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
    pair: NotRequired[list[str]]  # ... or two, to be told from each other ...
    found: NotRequired[str]  # ... in this state; where each button leads, when left out


ABOUT = 98  # epoch of the bases in which the sentences were found true ...
K = 32  # ... and the coordinates ...
POINTS = 500  # ... and the points
SHOES = ["sandal", "sneaker", "ankle boot"]
VEHICLES = ["airplane", "automobile", "ship", "truck"]
#: by the ``uid`` of the recording
VIEWS: dict[str, list[LayerView]] = {
    MNIST: [
        {
            "name": "5 and 8 before they are learnt",
            "text": "At epoch 6 the last ReLU has silenced both classes, yet behind relu2 a line tells 5 from 8 for"
            " 97 % of these points. The best line behind linear2 does for 77 %, at the logits for 55 %, hardly"
            " better than a coin; two epochs later for 98 %.",
            "layer": "",
            "handles": [],
            "states": ["relu2", "linear2", "logits", "logits"],
            "epochs": [6, 6, 6, 8],
            "show": ["5", "8"],
            "pair": ["5", "8"],
        },
    ],
    FASHION_MNIST: [
        {
            "name": "Shoes, traced back",
            "text": "The direction in which the softmax of epoch 98 sets shoes apart, traced back through the layers:"
            " there it tells shoes and all else apart for 97 % of both behind relu2, still for 97 % and 92 % behind"
            " the first ReLU, and for 75 % and 89 % of the images themselves.",
            "layer": "",
            "handles": [],
            "states": ["softmax", "relu2", "relu1", "input"],
            "epochs": [98, 98, 98, 98],
            "show": [],
            "apart": SHOES,
            "found": "softmax",
        },
        {
            "name": "Shoes, from the first layers on",
            "text": "A direction of the layer's own does better: at epoch 98 shoes are as good as apart from the first"
            " pooling on, 99 % of them and 99.7 % of all others.",
            "layer": "",
            "handles": [],
            "states": ["pool1", "relu2"],
            "epochs": [98, 98],
            "show": [],
            "apart": SHOES,
        },
    ],
    CIFAR10: [
        {
            "name": "Vehicles and animals",
            "text": "What tells vehicles from animals comes early: at epoch 98, 79 % and 81 % lie on their own side in"
            " the images, 81 % and 92 % behind the first ReLU, 87 % and 92 % at the logits.",
            "layer": "",
            "handles": [],
            "states": ["input", "relu1", "logits"],
            "epochs": [98, 98, 98],
            "show": [],
            "apart": VEHICLES,
        },
    ],
}


def views_of(library: Library) -> dict[str, list[LayerView]]:
    """The named views of each alignment, by ``run/alignment``, where the sentences were found true."""

    def fits(view: LayerView, run: str, one: Alignment) -> bool:
        named = {*view["handles"], *view["show"], *view.get("apart", []), *view.get("pair", [])}
        return (
            named <= set(library.run(run).classes)
            and set(view["epochs"]) <= set(one.epochs.tolist())
            and set(view["states"]) <= {state.name for state in one.states}
        )

    return {
        f"{name}/{one.name}": [view for view in VIEWS[run.uid] if fits(view, name, one)]
        for name, run in library.runs.items()
        if run.uid in VIEWS
        for one in library.alignments(name)
        if (one.recipe.reference, one.k, len(one.ids)) == (ABOUT, K, POINTS)
    }
