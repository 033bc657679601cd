"""Named views: a frame, the epochs and the classes in which there is something to see, and what.

The frame is given by the classes whose handles are spread evenly over the picture; all other handles
point straight at the reader, so that a point shows how its softmax is shared out among those classes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from gt.run.read import Run
from gt.ui.shipped import CIFAR10, FASHION_MNIST, MNIST


class NamedView(TypedDict):
    """One view of one run."""

    name: str
    text: str  # what to see, in one sentence
    layer: str
    handles: list[str]  # class names, spread counter-clockwise from the top
    epochs: list[int]  # one, or before and after
    show: list[str]  # the classes drawn; empty for all


#: by the ``uid`` of the recording
VIEWS: dict[str, list[NamedView]] = {
    MNIST: [
        {
            "name": "5 is learnt",
            "text": "Until epoch 6 nearly every 5 gets a tenth of everything, just above the centre; one epoch "
            "later they have jumped to their handle, while the 8s stay behind.",
            "layer": "softmax",
            "handles": ["5", "8"],
            "epochs": [6, 7],
            "show": ["5", "8"],
        },
        {
            "name": "8 is learnt",
            "text": "Five epochs after the 5s, and as suddenly, the 8s leave the centre between epochs "
            "11 and 12; now every class is learnt.",
            "layer": "softmax",
            "handles": ["5", "8"],
            "epochs": [11, 12],
            "show": ["5", "8"],
        },
    ],
    FASHION_MNIST: [
        {
            "name": "Sandal, sneaker, ankle boot",
            "text": "A triangle with an empty middle: the network wavers between two kinds of shoe, "
            "hardly ever among all three.",
            "layer": "softmax",
            "handles": ["sneaker", "sandal", "ankle boot"],
            "epochs": [18],
            "show": ["sandal", "sneaker", "ankle boot"],
        },
        {
            "name": "Pullover, coat, shirt",
            "text": "A filled triangle: to the network many of these are a little of all three at once.",
            "layer": "softmax",
            "handles": ["shirt", "pullover", "coat"],
            "epochs": [8],
            "show": ["pullover", "coat", "shirt"],
        },
    ],
    CIFAR10: [
        {
            "name": "Cat and dog",
            "text": "Over-fitting: 165 of these 200 training points give their own class more than half, of the 200 "
            "test points 83; 37 test points are as much in the wrong corner, 79 at the centre, with third classes.",
            "layer": "softmax",
            "handles": ["cat", "dog"],
            "epochs": [99],
            "show": ["cat", "dog"],
        },
        {
            "name": "Airplane and ship",
            "text": "Sky or sea behind them: one test point in ten sits, quite sure, in the wrong corner; "
            "among the training points hardly any.",
            "layer": "softmax",
            "handles": ["airplane", "ship"],
            "epochs": [99],
            "show": ["airplane", "ship"],
        },
    ],
}


def views_of(runs: Iterable[Run]) -> dict[str, list[NamedView]]:
    """The named views of each run, by its name: of this recording, whatever its folder is called.

    A view whose classes, layer or epochs are not there, as in a copy of a part, is left out.
    """

    def fits(view: NamedView, run: Run) -> bool:
        return (
            {*view["handles"], *view["show"]} <= set(run.classes)
            and set(view["epochs"]) <= set(run.epochs.tolist())
            and view["layer"] in {layer.name for layer in run.layers}
        )

    return {run.name: [v for v in VIEWS.get(run.uid, []) if fits(v, run)] for run in runs}
