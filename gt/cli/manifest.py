"""``gt manifest``: what each run in a folder is; written, or compared with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from gt.cli.command import command
from gt.cli.options import FOLDER, argument

MANIFEST = "Write MANIFEST.json: what each run in a folder is, how it was made, its SHA-256."


@command("manifest", help=MANIFEST)
@argument("path", type=FOLDER, metavar="DIR")
@click.option("--check", is_flag=True, help="compare with the manifest that is there")
def manifest(path: Path, check: bool) -> int:
    """Write the manifest of a folder of runs, or compare with it."""
    from gt.kept.ship import check_manifest, write_manifest

    print_manifest((check_manifest if check else write_manifest)(path))
    return 0


def print_manifest(entries: Mapping[str, Any]) -> None:
    """A line for each run."""
    for name, entry in entries.items():
        print(f"{name:<16}{entry['bytes'] / 1e6:6.1f} MB  {entry['sha256'][:16]}  {entry['what']}")
