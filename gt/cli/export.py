"""``gt export``: a page of a run in one file, alive without a server."""

from __future__ import annotations

from pathlib import Path

import click

from gt.cli.command import command
from gt.cli.options import FOLDER, argument, option

#: names of `gt.share.pages.PAGES`, which is imported when the command runs; a test holds them alike
PAGES = ("grand-tour",)
EXPORT = """\
Write a page of a run into one HTML file, with its points, its pictures and all that moves them. The
file opens in any browser without a server and without a network, and asks nobody for anything: a
supplement of a paper, a slide, a frame in another page. Where no script runs it shows pictures.
"""
EXAMPLES = """\
examples:
  gt export runs/mnist --out mnist.html
  gt export runs/mnist --out mnist.html --view "epoch=12&play=0"
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
@option("--page", type=click.Choice(PAGES), default=PAGES[0], help="which page")
@option(
    "--layer", metavar="NAME", usual="the last", help="which layer, of those that the page shows"
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
def export(path: Path, out: Path, page: str, layer: str | None, view: str, folder: bool) -> int:
    """Write a page of a run."""
    from gt.share import alone

    library, run = alone.library_of(path)
    told = alone.told(library, page, run, layer)
    query = view.removeprefix("?")
    if folder:
        size = alone.write_folder(library, told, out, query)
        print(f"{out}: {size / 1e6:.2f} MB, to be put on any web server")
        return 0
    size = alone.write_file(library, told, out, query)
    print(f"{out}: {size / 1e6:.2f} MB, opens in a browser by itself")
    return 0
