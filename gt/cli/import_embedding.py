"""``gt import-embedding``: keep an embedding that exists already with a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from gt.cli.command import command
from gt.cli.options import FOLDER, argument, option, quiet
from gt.run.points import SPLITS

IMPORT = """\
Keep an embedding that exists already with a run: it is measured like those that are computed here,
and shown on the pages Imported and Compare. It is all or nothing.

FILE is .npy, .npz, .safetensors or .csv and holds coordinates (epochs, points, d), or (points, d)
of one epoch, d from 2 to 8; perhaps ids and epochs too. Points without ids are those of the run,
in its order. A table has a row for each point, with columns id, epoch and the coordinates.
"""
EXAMPLES = """\
Nothing is made up: what --by and --made say is shown word for word, and else that nothing was said.

examples:
  gt import-embedding runs/mnist umap.npy --name "UMAP, tuned"
  gt import-embedding runs/mnist last.csv --name "PHATE" --epoch 99 --by "phate 1.0, knn 8"
  gt import-embedding runs/mnist pacmap.npz --name PaCMAP --made neighbours=10 --made seed=3
"""


@command("import-embedding", help=IMPORT, epilog=EXAMPLES)
@argument("path", type=FOLDER, metavar="RUN")
@argument("file", type=FOLDER)
@option("--name", required=True, metavar="TEXT", help="what people call it")
@option("--epoch", type=int, metavar="N", help="of which epoch it is, where it is of one")
@option("--epochs", metavar="NUMBERS", usual="all of the run", help="of which, with commas between")
@option("--ids", type=FOLDER, metavar="FILE", help="(points,) whose coordinates they are")
@option("--split", type=click.Choice(SPLITS), usual="all points", help="whose, where no ids say it")
@option("--layer", metavar="NAME", usual="the last", help="that it is of, and is measured on")
@option("--by", metavar="TEXT", help="how it was made, in a sentence")
@option("--made", multiple=True, metavar="KEY=VALUE", help="a thing more of how; several times")
@click.option("--replace", is_flag=True, help="put it in the place of one of its name")
@quiet
def import_embedding(
    path: Path,
    file: Path,
    name: str,
    epoch: int | None,
    epochs: str | None,
    ids: Path | None,
    split: str | None,
    layer: str | None,
    by: str | None,
    made: Sequence[str],
    replace: bool,
    quiet: bool,
) -> int:
    """Keep it."""
    from gt.cli.progress import bar, shown
    from gt.embed.coordinates import load_coordinates
    from gt.embed.imported import write_embedding
    from gt.embed.method import EmbedError
    from gt.run import load, open_run

    run = open_run(path)
    found = load_coordinates(file)
    told = _pairs(made)
    asked = _epochs(epoch, epochs)
    with bar(f"{run.title}, {name}", quiet) as progress:
        try:
            kept = write_embedding(
                run,
                found.values,
                name=name,
                epochs=asked if asked is not None else found.epochs,
                ids=found.ids if ids is None else load.load_one(ids, "ids"),
                by=by,
                made=told,
                layer=layer,
                split=split,
                replace=replace,
                progress=shown(progress),
            )
        except EmbedError as error:
            raise EmbedError(error.what) from error
    for one in kept:
        print(_line(one, run.unit))
    print(f"\nLook at it:  gt serve --runs {path}   page Imported")
    return 0


def _epochs(one: int | None, several: str | None) -> list[int] | None:
    """The epochs that were asked for; None where none was."""
    from gt.embed.method import EmbedError

    if one is not None and several is not None:
        raise EmbedError("only one of --epoch and --epochs may be given, both came")
    if several is None:
        return None if one is None else [one]
    try:
        return [int(word) for word in several.split(",")]
    except ValueError:
        raise EmbedError(
            f"--epochs must be numbers with commas between, {several!r} came"
        ) from None


def _pairs(words: Sequence[str]) -> dict[str, str]:
    """``KEY=VALUE`` as such."""
    from gt.embed.method import EmbedError

    found: dict[str, str] = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not sign or not key.strip() or not value or key.strip() in found:
            raise EmbedError(f"--made must be KEY=VALUE, each key once, {word!r} came")
        found[key.strip()] = value
    return found


def _line(one: Any, unit: str) -> str:
    """What was kept: of whom, and who is missing."""
    n, split = len(one.ids), one.recipe.split
    missing = one.of - n
    plural = "" if len(one.epochs) == 1 else "s"
    said = f", {missing:,} {split} points are not in it" if missing else ""
    return (
        f"{one.path}: {n:,} of {one.of:,} {split} points, {len(one.epochs)} {unit}{plural},"
        f" {one.dimensions} dimensions{said}"
    )
