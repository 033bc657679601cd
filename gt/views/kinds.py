"""What a named view holds, on each page that has them: as ``views.json`` spells it, and as pages are told it."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class NamedView(TypedDict):
    """One view of a run's last layer.

    The frame is given by the classes whose handles are spread evenly over the picture; all other handles point straight
    at the reader, so that a point shows how its softmax is shared out among those classes.
    """

    name: str
    text: str  # what to see, in a sentence or two
    layer: str
    handles: list[str]  # class names, spread counter-clockwise from the top
    epochs: list[int]  # one, or before and after
    show: list[str]  # the classes drawn; empty for all


class Of(TypedDict):
    """Of which alignments the sentence of a view of layers was found true."""

    reference: int  # epoch of the bases
    k: int  # coordinates
    points: int  # in the picture


class Looked(TypedDict):
    """From where a view is seen, as a search found it."""

    columns: list[tuple[float, float]]  # (k, 2): the first two columns of the tour matrix
    ids: list[int]  # of the points that it selects


class LayerView(TypedDict):
    """One view of a run's layers: like `NamedView`, with a layer for every epoch."""

    name: str
    text: str
    of: NotRequired[Of]
    handles: list[str]  # empty where `apart`, `pair` or `moved` says the frame
    states: list[str]  # of the network, one a button
    epochs: list[int]  # of each button
    show: list[str]
    apart: NotRequired[list[str]]  # classes to be told from all others ...
    pair: NotRequired[list[str]]  # ... or two, to be told from each other ...
    moved: NotRequired[list[int]]  # ... or two epochs, between which to see what moves most ...
    found: NotRequired[str]  # ... in this state; where each button leads, when left out
    looked: NotRequired[list[Looked]]  # in a file: what a search finds for each button


class AttackView(LayerView):
    """A view of an attack's layers, whose frame may be known by its numbers."""

    columns: NotRequired[
        list[tuple[float, float]]
    ]  # (k, 2): the first two columns of the tour matrix


class Preset(TypedDict):
    """One comparison: epochs and points in which the methods can be told apart."""

    name: str
    text: str
    epochs: list[int]
    classes: list[str]  # each gets a button that selects its points
    handles: list[str]  # spread over the tour's view; empty for the view with which a tour starts


class PresetOf(Preset):
    """A comparison as the page `/compare` is told it."""

    run: str  # its name


class Views(TypedDict):
    """All of ``views.json``."""

    uid: str  # of the recording that they are of
    tour: NotRequired[list[NamedView]]
    layers: NotRequired[list[LayerView]]
    compare: NotRequired[list[Preset]]
