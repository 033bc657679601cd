"""Which labels to look at: the examples of a training ranked by how little it believed what they are called.

What is measured is in `gt.measure.training.cartography`; here it is kept, put in order, and written into a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gt.errors import UnknownNameError
from gt.measure.training.as_text import as_text, from_text
from gt.measure.training.cartography import Cartography, cartography_of
from gt.run.points import SPLITS
from gt.run.read import Run

if TYPE_CHECKING:
    import pandas as pd  # a third of a second, which no page needs to start

VERSION = "1"  # of what is measured; part of the key under which it is kept
#: of the values of an example, as they are kept and announced, in this order
VALUES = ("confidence", "variability", "right", "forgotten", "margin", "alike", "sure")


@dataclass(frozen=True)
class Order:
    """A way to rank examples.

    Attributes:
        title: A few words.
        meaning: What is first, and from where the measure is; one sentence each.
        key: Of the examples, ``(n,)``: the least comes first.
    """

    title: str
    meaning: str
    key: Callable[[Cartography], np.ndarray]


ORDERS: Mapping[str, Order] = {
    "alike": Order(
        "Label among like answers",
        "Least first: of all that the network answers like this one in an epoch, the share that has this label, the"
        " mean over the epochs. So a class that it has not learnt does not fill the list.",
        lambda found: found.alike,
    ),
    "margin": Order(
        "Margin",
        "Least first: how far the logit of the given label lies above the largest other, the mean over the epochs. The"
        " area under the margin, Pleiss et al. 2020, arXiv:2001.10528.",
        lambda found: found.margin,
    ),
    "confidence": Order(
        "Confidence",
        "Least first: the probability of the given label, the mean over the epochs. Swayamdipta et al. 2020,"
        " doi:10.18653/v1/2020.emnlp-main.746.",
        lambda found: found.confidence,
    ),
    "variability": Order(
        "Variability",
        "Most first: the standard deviation over the epochs of the probability of the given label. Swayamdipta et al."
        " 2020, doi:10.18653/v1/2020.emnlp-main.746.",
        lambda found: -found.variability,
    ),
    "forgotten": Order(
        "Forgotten",
        "Most often first: right in one recorded epoch, and not in the next; of equals those that were right in fewer."
        " Toneva et al. 2019, arXiv:1812.05159.",
        lambda found: found.right / (len(found.epochs) + 1) - found.forgotten,
    ),
}
USUAL = next(iter(ORDERS))


def in_order(found: Cartography, by: str) -> np.ndarray:
    """Places of the examples, ``(n,)`` int64, those whose label is to be looked at first; equals as the run has them.

    Args:
        found: The examples.
        by: One of `ORDERS`.

    Raises:
        UnknownNameError: If it is none.
    """
    if by not in ORDERS:
        raise UnknownNameError(f"labels: order must be one of {', '.join(ORDERS)}, got {by!r}")
    return np.argsort(ORDERS[by].key(found), kind="stable")


def part_of(found: Cartography, which: np.ndarray) -> Cartography:
    """Some of the examples, ``(n,)`` bool or places, in their order."""
    kept = {name: getattr(found, name)[which] for name in (*VALUES, "rows", "taken")}
    return Cartography(epochs=found.epochs, left_out=found.left_out, **kept)


def packed(run: Run) -> dict[str, Any]:
    """Measure a run, as JSON can hold it: `unpacked` reads it.

    Raises:
        RunError: If nothing can be said of its labels.
    """
    found = cartography_of(run)
    return {
        "epochs": [int(one) for one in found.epochs],
        "left_out": list(found.left_out),
        "rows": as_text(found.rows, "<i4"),
        "taken": as_text(found.taken, "<u2"),
        "values": {name: as_text(getattr(found, name), "<f4") for name in VALUES},
    }


def unpacked(kept: Mapping[str, Any]) -> Cartography:
    """What `packed` made; values are float32 from now on."""
    values = {name: from_text(kept["values"][name], "<f4") for name in VALUES}
    return Cartography(
        epochs=np.array(kept["epochs"], np.int64),
        left_out=tuple(kept["left_out"]),
        rows=from_text(kept["rows"], "<i4").astype(np.int64),
        taken=from_text(kept["taken"], "<u2"),
        **values,
    )


def table(run: Run, found: Cartography, by: str) -> pd.DataFrame:
    """The examples in an order, one row each, with everything that is measured, and of which epochs.

    Args:
        run: Theirs.
        found: The examples.
        by: One of `ORDERS`.

    Raises:
        UnknownNameError: If it is none.
    """
    import pandas as pd

    order = in_order(found, by)
    rows, taken = found.rows[order], found.taken[order]
    names = np.array([*run.classes, "undecided"], dtype=object)
    of = {name: getattr(found, name)[order] for name in VALUES}
    count = len(found.epochs)
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(order) + 1),
            "id": run.ids[rows],
            "split": np.array(SPLITS, dtype=object)[run.splits[rows]],
            "label": names[run.labels[rows]],
            "taken for": names[taken],
            "its mean probability": of["sure"],
            "label among like answers": of["alike"],
            "margin": of["margin"],
            "confidence": of["confidence"],
            "variability": of["variability"],
            f"{run.unit}s right": of["right"].astype(int),
            "forgotten": of["forgotten"].astype(int),
            f"{run.unit}s": count,
            f"first {run.unit}": int(found.epochs[0]),
            f"last {run.unit}": int(found.epochs[-1]),
        }
    )
