"""The payload of every ``dcc.Store`` that the browser writes or a job answers in, field by field.

JSON throughout; nothing large goes through them. What the server announces is in `gt.serve.payloads`.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

Family = str  # `embed-family-store`: "tsne" or "umap", the page on which embeddings are shown


class Selection(TypedDict):
    """`selection-store`: the points picked by hand, one selection for the whole app."""

    run: str
    ids: list[int]


class Request(TypedDict):
    """`csv-store`: what the browser asks the server to write into a file."""

    run: str
    layer: str
    epoch: int  # an epoch's number, not its index
    ids: list[int]
    nonce: int  # makes asking twice two requests


class Mount(TypedDict):
    """`mount-store`: what a page's module is handed; element ids are spelt in gt/ids.py alone."""

    ids: dict[str, str]
    base: str  # the prefix under which the app is served
    page: NotRequired[str]  # the page's name, its `data-gt-page`


class Ready(TypedDict):
    """`compare-ready-store`: that the first picture of a comparison stands."""

    run: str


Typed = str | float | bool | None  # what a field of a form holds


class ParameterId(TypedDict):
    """The id of a field of a form, one for each parameter of a method."""

    type: str
    name: str


class Order(TypedDict):
    """`compute-order-store`: an embedding that the reader asked for; checked, and checked again."""

    run: str
    family: str  # "tsne" or "umap": the page on which it was asked for
    method: str
    parameters: dict[str, float]
    layer: str
    split: str
    points: int | None  # None: all
    seed: int
    nonce: str  # makes asking twice two orders


class Result(TypedDict):
    """`compute-result-store`: how an order ended."""

    state: str  # "done", "ready" (it was there already) or "failed"
    message: str  # for the reader
    run: str
    family: str
    name: str  # of the embedding; empty where there is none
    nonce: str


class AlignOrder(TypedDict):
    """`align-order-store`: an alignment that the reader asked for; checked, and checked again."""

    work: str  # "align": results are kept among alignments, see gt.jobs.background
    run: str
    split: str
    points: int  # at most
    k: int  # coordinates
    reference: int  # number of the epoch that decides the bases
    nonce: str  # makes asking twice two orders


class AlignResult(TypedDict):
    """`align-result-store`: how an order for an alignment ended."""

    state: str  # "done", "ready" (it was there already) or "failed"
    message: str  # for the reader
    run: str
    name: str  # of the alignment; empty where there is none
    nonce: str


class AttackOrder(TypedDict):
    """`lab-order-store`: an attack that the reader asked for; checked, and checked again."""

    work: str  # "attack": results are kept among attacks, see gt.jobs.background
    run: str
    source: str | None  # class; None for all
    target: str | None  # class; None for any but their own
    method: str  # see gt.attack.method.METHODS
    epsilon: float  # pixels count from 0 to 1
    step: float
    steps: int
    count: int  # points that are attacked ...
    clean: int  # ... and that stand still beside them
    seed: int
    nonce: str  # makes asking twice two orders


class AttackResult(TypedDict):
    """`lab-result-store`: how an order for an attack ended."""

    state: str  # "done", "ready" (it was there already) or "failed"
    message: str  # for the reader
    run: str  # that is attacked
    uid: str  # of the attack; empty where there is none
    nonce: str
