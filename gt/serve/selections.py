"""``/selections``: selections too large for an address, kept under a digest of what they hold.

A selection is kept as its ids travel in a link (`gt.ui.tour.link.pack`): sorted, as differences, seven bits a byte.
They lie beside the cache, where all workers find them and a restart leaves them; once there are more than
`ROOM_BYTES`, those that nobody asked for longest go.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
from pathlib import Path

from dash import Dash
from flask import Flask, Response, request

from gt.cache.store import Store
from gt.files.durable import place
from gt.files.private import private_files
from gt.serve import context

log = logging.getLogger(__name__)
FOLDER = "selections"
LARGEST_BYTES = 4_000_000  # a selection of a million points takes one to two
ROOM_BYTES = 256 * 2**20
GAP_BYTES = 8  # of a difference between two ids, seven bits each: ids are whole numbers up to 2^53
NAME = re.compile(r"[0-9a-f]{32}")
_FOR_GOOD = "public, max-age=31536000, immutable"


class SelectionError(ValueError):
    """What was to be kept is no selection."""


def register(app: Dash) -> None:
    """Keep and give out selections beside the pages of an app."""
    server: Flask = app.server
    at = f"{app.config.routes_pathname_prefix}{FOLDER}"
    store = server.config[context.KEY].store
    server.add_url_rule(at, FOLDER, lambda: _keep(store), methods=["POST"])
    server.add_url_rule(
        f"{at}/<name>", "selection", lambda name: _give(store, name), methods=["GET"]
    )


def keep(store: Store, packed: bytes) -> str:
    """Keep a selection.

    Args:
        store: Beside which it is kept.
        packed: Ids as in a link: sorted, the differences between them, seven bits a byte.

    Returns:
        The digest by which it is found again, 32 hexadecimal digits.

    Raises:
        SelectionError: If these are no ids.
        OSError: If nothing can be written.
    """
    _check(packed)
    digest = hashlib.sha256(packed).hexdigest()[:32]
    folder = store.beside(FOLDER)
    if not (folder / digest).exists():
        place(folder / digest, packed, sync=False)
        private_files(folder, digest)
        _make_room(folder, digest)
    return digest


def find(store: Store, digest: str) -> bytes | None:
    """The ids that were kept under a digest, packed; None where there are none, or no longer.

    Args:
        store: Beside which they are.
        digest: As `keep` returned it.
    """
    if not NAME.fullmatch(digest):
        return None
    file = store.folder.parent / FOLDER / digest
    try:
        found = file.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(found).hexdigest()[:32] != digest:
        log.warning("the selection %s is damaged: it is as if it had not been kept", digest)
        return None
    with contextlib.suppress(OSError):
        os.utime(file)  # it was asked for
    return found


def _check(packed: bytes) -> None:
    if not 0 < len(packed) <= LARGEST_BYTES:
        raise SelectionError(
            f"a selection must have 1 to {LARGEST_BYTES:,} bytes, {len(packed):,} came"
        )
    if packed[-1] > 127:
        raise SelectionError("a selection must end with a whole number, it breaks off")
    long = rb"[\x80-\xff]{%d}" % GAP_BYTES
    if re.search(long, packed):
        raise SelectionError("a selection must hold ids up to 2^53, a larger one came")


def _make_room(folder: Path, kept: str) -> None:
    """Take away those that nobody asked for longest, until the rest has room."""
    found = []
    with contextlib.suppress(OSError):
        for one in os.scandir(folder):
            if NAME.fullmatch(one.name) and one.name != kept:
                stat = one.stat()
                found.append((stat.st_mtime, stat.st_size, one.path))
    room = ROOM_BYTES
    for _, size, path in sorted(found, reverse=True):
        room -= size
        if room < 0:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _keep(store: Store) -> Response:
    try:
        said, status = keep(store, request.get_data(cache=False)), 200
    except SelectionError as error:
        said, status = str(error), 422
    except OSError as error:
        log.warning("a selection cannot be kept: %s", error)
        said = "The server can write nothing, so it cannot keep this selection for a link."
        status = 507
    return Response(f"{said}\n", status, mimetype="text/plain")


def _give(store: Store, name: str) -> Response:
    found = find(store, name)
    if found is None:
        said = "The selection of this link is not kept here any more.\n"
        return Response(said, 404, mimetype="text/plain")
    headers = {"Cache-Control": _FOR_GOOD}
    return Response(found, mimetype="application/octet-stream", headers=headers)
