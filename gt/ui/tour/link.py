"""The address of a view in the Grand Tour: what assets/js/state/link.mjs writes, and its reader there understands.

Tests hold both to one file of addresses, tests/js/link.json.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from urllib.parse import quote_plus

import numpy as np

from gt.ui.hrefs import href

LONGEST = 6000  # characters of a selection; servers and chats cut longer links
FEW = 64  # rows of a frame that are written all; of more, those that are not zero, where these are fewer than half


def tour_link(
    run: str,
    epoch: int,
    *,
    columns: Sequence[Sequence[float]] | np.ndarray | None = None,
    ids: Iterable[int] = (),
    layer: str = "softmax",
    hidden: Sequence[int] = (),
    playing: bool = False,
) -> str:
    """The path and query that open a view; the arguments are those of `write_link`."""
    query = write_link(
        run, epoch, columns=columns, ids=ids, layer=layer, hidden=hidden, playing=playing
    )
    return f"{href('/grand-tour')}?{query}"


def write_link(
    run: str,
    epoch: int,
    *,
    columns: Sequence[Sequence[float]] | np.ndarray | None = None,
    ids: Iterable[int] = (),
    layer: str = "softmax",
    hidden: Sequence[int] = (),
    playing: bool = False,
) -> str:
    """Write a view as the query of a link.

    Args:
        run: Its name.
        epoch: Its number.
        columns: ``(p, 2)`` orthonormal: the plane that is seen; the page's own when None.
        ids: Non-negative ids of the selected points; left out where they make the link too long.
        layer: "softmax" or "logits".
        hidden: Numbers of the classes that are not drawn.
        playing: Whether the epochs go on from there.
    """
    parts = {"run": run, "layer": layer, "epoch": str(epoch)}
    if columns is not None:
        parts["frame"] = _frame(np.asarray(columns, "<f4"))
    if len(hidden):
        parts["hide"] = ".".join(str(c) for c in hidden)
    text = _encode(pack(ids))
    if 0 < len(text) <= LONGEST:
        parts["select"] = text
    parts["play"] = "epochs" if playing else "0"
    return "&".join(f"{key}={_quoted(value)}" for key, value in parts.items())


def _frame(columns: np.ndarray) -> str:
    """All rows of a frame, or the numbers of those that are not zero, a dot, and these."""
    there = np.flatnonzero(columns.any(axis=1))
    if len(columns) <= FEW or 2 * len(there) >= len(columns):
        return _encode(columns.tobytes())
    return f"{_encode(pack(there.tolist()))}.{_encode(columns[there].tobytes())}"


def pack(ids: Iterable[int]) -> bytes:
    """Sorted ids as the differences between them, seven bits a byte, the high bit for "goes on"."""
    out = bytearray()
    last = 0
    for one in sorted(ids):
        gap, last = one - last, one
        while gap > 127:
            out.append(gap % 128 + 128)
            gap //= 128
        out.append(gap)
    return bytes(out)


def pair_columns(p: int, first: int, second: int) -> np.ndarray:
    """The plane of two classes' handles, side by side: `spreadColumns` of assets/js/stage/named_views.mjs.

    Args:
        p: Dimensions, at least 2.
        first: The class whose handle slants up to the left.
        second: Another one, up to the right.

    Returns:
        ``(p, 2)`` float64, orthonormal columns.
    """
    columns = np.zeros((p, 2))
    columns[first] = np.cos(0.75 * np.pi), np.sin(0.75 * np.pi)
    columns[second] = np.cos(0.25 * np.pi), np.sin(0.25 * np.pi)
    return columns


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _quoted(text: str) -> str:
    """As ``URLSearchParams`` has it, which leaves other characters alone than Python does."""
    return quote_plus(text, safe="*").replace("~", "%7E")
