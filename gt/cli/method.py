"""``gt method``: what t-SNE and UMAP make of a point that moves."""

from __future__ import annotations

from pathlib import Path

from gt.cli.command import command
from gt.cli.options import FOLDER, option, quiet
from gt.cli.progress import bar, shown

METHOD = """\
Compute t-SNE and UMAP of the teaching example on the page Method, in which one point is moved, at
every place where it can be: two to five minutes.
"""


@command("method", help=METHOD)
@option(
    "--out",
    type=FOLDER,
    default="precomputed/method",
    metavar="DIR",
    help="folder that the two files go to",
)
@quiet
def method(out: Path, quiet: bool) -> int:
    """Compute the example."""
    from gt.embed import EmbedError, missing, moved_point

    if said := missing(moved_point.METHODS):
        raise EmbedError(said)
    with bar("The moved point", quiet) as progress:
        example = moved_point.compute(shown(progress))
    size = moved_point.write(example, out)
    print(f"{out}: {size / 1e6:.1f} MB")
    return 0
