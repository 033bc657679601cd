"""The pages that can be in a file, by their names: each says what it is of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from gt.serve.library import Library
from gt.share.kinds import (
    adversarial,
    compare,
    embedding,
    grand_tour,
    layers,
    network,
    training,
    two_runs,
)
from gt.share.told import Asked, Told


class Kind(NamedTuple):
    """A page that can be in a file."""

    name: str  # what it is called in the bar
    told: Callable[[Library, str, Asked], Told]  # what it is of a run, by the run's name
    whole: bool = False  # whether it must have all epochs


#: by the page's path in the app; a test holds the names to those of the app's bar
PAGES: Mapping[str, Kind] = {
    "grand-tour": Kind("Grand Tour", grand_tour.told),
    "layers": Kind("Layers", layers.told),
    "adversarial": Kind("Adversarial", adversarial.told, whole=True),
    "tsne": Kind("t-SNE", embedding.family("tsne")),
    "umap": Kind("UMAP", embedding.family("umap")),
    "embedding": Kind("Imported", embedding.family("embedding")),
    "compare": Kind("Compare", compare.told),
    "two-runs": Kind("Two runs", two_runs.told, whole=True),
    "training": Kind("Training", training.told, whole=True),
    "network": Kind("Network", network.told),
}
OF_ATTACKS = {"adversarial"}  # those that show attacks, and no trainings
