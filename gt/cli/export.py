"""``gt export``: a page of a run in one file, alive without a server."""

from __future__ import annotations

from pathlib import Path

import click

from gt.cli.command import command
from gt.cli.options import FOLDER, argument, option

#: names of `gt.share.pages.PAGES`, which is imported when the command runs; a test holds them alike
PAGES = (
    "grand-tour",
    "layers",
    "adversarial",
    "tsne",
    "umap",
    "embedding",
    "compare",
    "two-runs",
    "training",
    "network",
)
SPLITS = ("train", "test")
EXPORT = """\
Write pages of a run, or a story, into one HTML file, with the points, the pictures and all that moves
them. The file opens in any browser without a server and without a network, and asks nobody for anything: a
supplement of a paper, a slide, a frame in another page. Where no script runs it shows pictures.
"""
EXAMPLES = """\
examples:
  gt export runs/mnist --out mnist.html
  gt export runs/mnist --out mnist.html --view "epoch=12&play=0"
  gt export runs/mnist --page layers --every 5 --out layers.html
  gt export runs/mnist --page grand-tour --page compare --page training --out pages.html
  gt export runs/mnist --story what-it-learns --out story.html
  gt export runs/large --folder --out large     # index.html and its tensors, for a web server
"""


@command("export", help=EXPORT, epilog=EXAMPLES)
@argument("path", type=FOLDER, metavar="RUN")
@option(
    "--out",
    type=FOLDER,
    required=True,
    metavar="FILE",
    help="the file, or with --folder the folder",
)
@click.option(
    "--page",
    "pages",
    type=click.Choice(PAGES),
    multiple=True,
    help=f"which page ({PAGES[0]}); may be repeated: the pages of a file are linked as in the app",
)
@option(
    "--layer",
    "layers",
    metavar="NAME",
    multiple=True,
    usual="the last or the first",
    help="which layer, method or alignment, of those that the page shows; several are chosen among in the file",
)
@option(
    "--split",
    type=click.Choice(SPLITS),
    usual="all there are",
    help="the points of one split alone",
)
@option(
    "--every",
    type=click.IntRange(1),
    metavar="N",
    usual="all; of the layers and comparisons of a story those that its views show",
    help="of the epochs every so many, and those that the page speaks of; the file says how many it has",
)
@option(
    "--beside",
    type=FOLDER,
    metavar="RUN",
    usual="none",
    help="the second run, for the page two-runs",
)
@option(
    "--story",
    metavar="NAME",
    usual="none",
    help="a story of the run, by its name or as a file NAME.json: the pages of its views, and what plays it",
)
@option(
    "--view",
    metavar="QUERY",
    default="",
    usual="from the beginning",
    help="how it begins: what stands behind the ? of the page's address in the app",
)
@click.option(
    "--folder",
    is_flag=True,
    help="tensors in files of their own, fetched as they are needed: for a web server",
)
def export(
    path: Path,
    out: Path,
    pages: tuple[str, ...],
    layers: tuple[str, ...],
    split: str | None,
    every: int | None,
    beside: Path | None,
    story: str | None,
    view: str,
    folder: bool,
) -> int:
    """Write pages of a run."""
    from gt.share import alone
    from gt.share import story as stories
    from gt.share.told import Asked

    library, run = alone.library_of(path, beside=[beside] if beside else [])
    other = next((name for name in library.runs if name != run), None) if beside else None
    asked = Asked(layers, split, every or 1, beside=other)
    if story:
        name, kept = stories.read(library.run(run), story)
        book = stories.book_of(library, run, name, kept, asked, every)
    else:
        told = alone.several(library, list(dict.fromkeys(pages)) or PAGES[:1], run, asked)
        book = alone.book_of(library, told, view.removeprefix("?"))
    size = (
        alone.write_folder(library, book, out) if folder else alone.write_file(library, book, out)
    )
    how = "to be put on any web server" if folder else "opens in a browser by itself"
    print(f"{out}: {size / 1e6:.2f} MB, {how}")
    for page in book.pages:
        for sentence in page.left_out:
            print(f"{page.name}: {sentence}" if len(book.pages) > 1 else sentence)
    return 0
