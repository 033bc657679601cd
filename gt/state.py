"""The payload of every ``dcc.Store``, field by field.

The browser reads and writes these as JSON; nothing large goes through them (tensors travel by URL).
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class Tensor(TypedDict):
    """A binary tensor to be fetched, little-endian, C order."""

    url: str  # relative to the app's root
    shape: list[int]
    dtype: str  # "uint8", "uint16", "int32", "float64"


class Slice(TypedDict):
    """One epoch of one layer for one split: uint16, shape (n, p); x = value * scale + offset."""

    url: str
    scale: float
    offset: float


class Split(TypedDict):
    """The probe points of one split."""

    n: int
    ids: Tensor  # (n,) int32, or float64 where ids exceed it
    labels: Tensor  # (n,) uint16, class numbers
    images: Tensor | None  # (n, h, w, c) uint8
    slices: list[Slice]  # one an epoch, in the order of `epochs`


class Announcement(TypedDict):
    """`announcement-store`: what a page needs to know to show a layer of a run."""

    run: str
    title: str
    uid: str
    layer: str
    layers: list[dict[str, str]]  # name and kind, in network order
    p: int
    radius: float  # the largest norm of a point, or 1 for a softmax: the plot's unit
    classes: list[str]
    epochs: list[int]
    splits: dict[str, Split]  # "train", "test"; a split without points is absent


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
    views: NotRequired[dict[str, list[dict[str, Any]]]]
    base: str  # the prefix under which the app is served
