"""``gt cache``: what a server keeps ready, and how to be rid of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import click

from gt.cli.command import command

CACHE = """\
Say what is kept in the cache: what is ready for the browser, which a server makes again when it is asked for, and,
beside it, what pages had computed and what gt FILE made. A server that runs goes on when it is emptied; pages that are
open may have to be loaded anew.
"""
READY, OPENED = "ready", "opened"


@command("cache", help=CACHE)
@click.option("--empty", is_flag=True, help="take away what is ready for the browser")
@click.option(
    "--computed",
    is_flag=True,
    help="with --empty: what pages had computed and what gt FILE made too, unless it is served or was used in the last"
    " hour",
)
def cache(empty: bool, computed: bool) -> int:
    """Look at the cache, or empty it."""
    from gt.cache.store import Store, default_folder, size_limit

    if computed and not empty:
        raise click.UsageError("--computed: says what --empty takes away; came without --empty")
    folder, limit = default_folder(), size_limit()
    if not folder.exists():
        print(f"Nothing is kept in {folder.parent}")
        return 0
    store = Store(folder)
    try:
        before = _total(store.kept()[1], folder.parent)
        if empty:
            store.empty()
        if computed:
            _clear(folder.parent)
        count, size = store.kept()
    finally:
        store.close()
    print(f"{folder.parent}; ready, computed, opened: at most {_told(limit)} each")
    print(f"  {READY:<12}{count:>8,} entries {_told(size):>10}")
    for name, there, taken in _beside(folder.parent):
        print(f"  {name:<12}{there:>8,} folders {_told(taken):>10}")
    if empty:
        print(f"Freed {_told(max(0, before - _total(size, folder.parent)))}")
    return 0


def _beside(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Name, folders and bytes of what lies beside the cache."""
    from gt.files.measured import size_and_time

    for place in [*_workplaces(folder), folder / OPENED]:
        if place.is_dir():
            there = sum(one.is_dir() for one in place.iterdir())
            yield place.name, there, size_and_time(place)[0]


def _total(ready: int, folder: Path) -> int:
    return ready + sum(size for _, _, size in _beside(folder))


def _workplaces(folder: Path) -> list[Path]:
    from gt.kept import attacks
    from gt.kept.artifact import kinds

    names = {kind.FOLDER for kind in kinds() if kind.NAMED} | {attacks.FOLDER}
    return sorted(folder / name for name in names)


def _clear(folder: Path) -> None:
    from gt.kept import room

    room.make_room(_workplaces(folder), 0, time.time())
    room.clear_opened(folder / OPENED, 0)


def _told(size: int) -> str:
    """Bytes, in the units of GT_CACHE_LIMIT."""
    return f"{size / 2**30:.3g} GB" if size >= 2**30 else f"{size / 2**20:.1f} MB"
