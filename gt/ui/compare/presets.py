"""Comparisons worth opening with: a run, some epochs, the classes to watch, and what there is to see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

import numpy as np

from gt.run.read import Run
from gt.ui.shipped import CIFAR10, FASHION_MNIST, MNIST

COLUMNS = 5  # of a run that has no preset


class Preset(TypedDict):
    """One comparison."""

    run: str  # uid of the recording; in what a page is told, the run's name
    name: str
    text: str  # what to see, in a sentence or two
    epochs: list[int]
    classes: list[str]  # each gets a button that selects its points
    handles: list[str]  # spread over the tour's view; empty for the view with which a tour starts


PRESETS: list[Preset] = [
    {
        "run": MNIST,
        "name": "MNIST: 5 and 8 are learnt late",
        "text": "Between epochs 6 and 7 the 5s are learnt, between 11 and 12 the 8s; nearly everything else "
        "stays where it is. In the Grand Tour and in PCA those points alone move. In t-SNE and UMAP "
        "everything seems to.",
        "epochs": [5, 6, 7, 10, 11, 12],
        "classes": ["5", "8"],
        "handles": [],
    },
    {
        "run": FASHION_MNIST,
        "name": "Fashion-MNIST: three kinds of shoe",
        "text": "Sandals, sneakers and ankle boots over the whole training. The Grand Tour shows which shoe is "
        "taken for which other: 16 % of these test points at epoch 2, 3 % at epoch 99.",
        "epochs": [2, 5, 10, 20, 50, 99],
        "classes": ["sandal", "sneaker", "ankle boot"],
        "handles": ["sneaker", "sandal", "ankle boot"],
    },
    {
        "run": CIFAR10,
        "name": "CIFAR-10: cats and dogs",
        "text": "A network that over-fits: its opinion of test points changes all the time, and all over.",
        "epochs": [1, 5, 20, 50, 98, 99],
        "classes": ["cat", "dog"],
        "handles": [],
    },
]


def presets_of(runs: Iterable[Run]) -> list[Preset]:
    """The presets of the recordings that are there, with the runs' names, where their classes and epochs are there too.

    Where a recording is there twice, its presets say of which folder they are.
    """
    known: dict[str, list[Run]] = {}
    for run in runs:
        known.setdefault(run.uid, []).append(run)
    return [
        {**preset, "run": run.name, "name": _told(preset, run, len(known[run.uid]) > 1)}
        for preset in PRESETS
        for run in known.get(preset["run"], [])
        if {*preset["classes"], *preset["handles"]} <= set(run.classes)
        and set(preset["epochs"]) <= set(run.epochs.tolist())
    ]


def _told(preset: Preset, run: Run, several: bool) -> str:
    return f"{preset['name']} ({run.name})" if several else preset["name"]


def usual_epochs(run: Run) -> list[int]:
    """Columns for a run without a preset: the first epoch, the last, and some between."""
    places = np.linspace(0, len(run.epochs) - 1, min(COLUMNS, len(run.epochs)))
    return [int(run.epochs[i]) for i in np.unique(places.round().astype(int))]
