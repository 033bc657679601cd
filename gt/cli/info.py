"""``gt info``: a run in words."""

from __future__ import annotations

from pathlib import Path

import click

from gt.cli.command import command
from gt.cli.options import FOLDER, argument

INFO = "Print what is in a run: points, classes, epochs, layers, how it went, how it was made."


@command("info", help=INFO)
@argument("path", type=FOLDER, metavar="RUN")
@click.option("--check", is_flag=True, help="read every array once, to find damage")
def info(path: Path, check: bool) -> int:
    """Describe a run."""
    from gt.kept.describe import describe
    from gt.run import open_run

    run = open_run(path)
    if check:
        run.check()
    print(describe(run))
    if check:
        print("  checked           all arrays read, all values finite")
    return 0
