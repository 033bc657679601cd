"""``gt ship``: small copies of runs, and their manifest."""

from __future__ import annotations

from pathlib import Path

from gt.cli.command import command
from gt.cli.manifest import print_manifest
from gt.cli.options import FOLDER, argument, option

SHIP = """\
Copy runs, small and of few files, into a folder, and write its MANIFEST.json. Activations and
weights keep 16 significant bits; everything else is exact. Embeddings and alignments stay behind:
gt embed makes those of the copy, gt align --into brings those of a recording.
"""


@command("ship", help=SHIP)
@argument("path", type=FOLDER, nargs=-1, required=True, metavar="RUN...")
@option("--to", type=FOLDER, required=True, metavar="DIR", help="folder that the copies go to")
def ship(path: tuple[Path, ...], to: Path) -> int:
    """Copy runs."""
    from gt.kept.ship import ship_run, write_manifest

    for one in path:
        ship_run(one, to)
    print_manifest(write_manifest(to))
    return 0
