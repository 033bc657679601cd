"""``gt FILE...``: look at a table, an array, images or runs in the browser, whatever it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gt import dashboard
from gt.cli.command import command
from gt.cli.options import FOLDER, argument, option
from gt.cli.serve import HOST, PORT, start
from gt.errors import RunError

if TYPE_CHECKING:
    from gt.bring import Seen
    from gt.serve.library import Library

OPEN = """\
Open data that you have already: gt FILE does the same.

FILE is a table (CSV, TSV, Parquet, Arrow), an array (.npy, .npz, .safetensors), a folder of images, a folder
of TensorBoard's projector, a run or a folder of runs. Several files are epochs, in the order of their names.
What each column becomes is found by looking, is said in a table, and can be said otherwise.
"""
EXAMPLES = """\
examples:
  gt flowers.csv                       numbers become coordinates, a column called species the label
  gt open flowers.csv --look           say what would become of each column, and stop
  gt cells.parquet --label cluster --coords 'pc_*' --scale none
  gt epoch-*.npy                       each file an epoch
  gt flowers.csv --out runs/flowers    keep it as a run
"""
SCALES = ("auto", "none", "standard", "robust")


@command("open", help=OPEN, epilog=EXAMPLES)
@argument("files", type=FOLDER, nargs=-1, required=True, metavar="FILE...")
@option("--label", metavar="COLUMN", help="tells groups apart; none for no such column")
@option("--coords", metavar="COLUMNS", help="coordinates: names or patterns with commas between")
@option("--time", metavar="COLUMN", help="of times, through which points move; or none")
@option("--point", metavar="COLUMN", help="says which rows are the same point; or none")
@option("--image", metavar="COLUMN", help="of paths of images, beside the file; or none")
@option(
    "--scale",
    type=click.Choice(SCALES),
    default="auto",
    usual="{}: standard where coordinates spread unlike",
    help="of the coordinates: none, by their standard deviation, or by their quartiles",
)
@option(
    "--not-finite",
    type=click.Choice(["refuse", "drop"]),
    default="refuse",
    help="what to do with points of which a coordinate is missing, NaN or infinite",
)
@option(
    "--model", metavar="MODEL", help="of a folder of images: the network whose last layer is drawn"
)
@option("--title", help="what people call it")
@option("--out", type=FOLDER, metavar="DIR", usual="in the cache", help="folder of the run, new")
@click.option("--look", "only_look", is_flag=True, help="say what it is, make and serve nothing")
@option("--host", default=HOST, help="as of gt serve")
@option("--port", type=int, default=PORT, help="port to listen on")
@click.option("--browser/--no-browser", default=None, help="as of gt serve")
def open_files(
    files: tuple[Path, ...],
    out: Path | None,
    only_look: bool,
    host: str,
    port: int,
    browser: bool | None,
    **chosen: Any,
) -> int:
    """Look at what is in files, make a run of it and serve it."""
    from gt.bring import look
    from gt.kept import room

    if only_look:
        print(look(files, **chosen).table())
        return 0
    runs, page = _made(files, out, chosen)
    sys.stdout.flush()
    with room.serving(runs[0].parent) if runs[0].parent.parent == _shelf() else nullcontext():
        return start(
            lambda: dashboard.load().create_app,
            runs,
            host,
            port,
            browser=browser,
            page=page,
            ahead=partial(_meanwhile, runs[0]) if page else None,
        )


def _meanwhile(run: Path, library: Library) -> None:
    """While the browser is on its way: pack the points before the page asks for them, and take away what is unused."""
    from gt.cache.store import size_limit
    from gt.kept.room import clear_opened
    from gt.serve.announcements import announce

    with suppress(RunError, KeyError, OSError):  # the page asks again, and says so
        announce(library, run.name, library.run(run.name).last)
    with suppress(OSError):
        clear_opened(_shelf(), size_limit())


def _shelf() -> Path:
    """Where runs of opened files lie, a folder each."""
    from gt.cache.store import default_folder

    return default_folder().parent / "opened"


def _made(
    files: Sequence[Path], out: Path | None, chosen: dict[str, Any]
) -> tuple[Sequence[Path], str]:
    """The folders of runs that files are, or that were made of them, and the page that shows them."""
    from gt.bring import look, place
    from gt.bring.place import folder_name
    from gt.bring.read import runs_in

    if runs := runs_in(files):
        from gt.run.saying import name_of

        return files, f"grand-tour?run={_quoted(name_of(runs[0]))}" if len(runs) == 1 else ""
    if out is not None:
        seen = look(files, **chosen)
        print(seen.table())
        return [_write(seen, out)], _page(out)
    folder = place.folder_of(_shelf(), files, chosen)
    [*there] = (path for path in folder.iterdir() if (path / "zarr.json").is_file())
    if there and (folder / place.TABLE).is_file():
        print((folder / place.TABLE).read_text("utf-8"))
        print(f"\nMade before, in {there[0]}")
        return [there[0]], _page(there[0])
    try:
        seen = look(files, **chosen)
        print(seen.table())
        run = _write(seen, folder / folder_name(seen.title))
        (folder / place.TABLE).write_text(seen.table(), "utf-8")
    except BaseException:
        with suppress(OSError):  # another's work may be in it
            folder.rmdir()
        raise
    return [run], _page(run)


def _write(seen: Seen, out: Path) -> Path:
    from gt.bring import write
    from gt.cli.progress import bar, shown

    with bar("write", quiet=seen.epochs < 10) as progress:
        write(seen, out, progress=shown(progress))
    print(f"\nMade {out}")
    return out


def _page(run: Path) -> str:
    from gt.run.saying import name_of

    return f"grand-tour?run={_quoted(name_of(run))}"


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name)
