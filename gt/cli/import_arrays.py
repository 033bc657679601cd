"""``gt import``: arrays in files become a run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from gt.cli.command import command
from gt.cli.options import FOLDER, argument, option
from gt.files.readers import listed

IMPORT = f"""\
Make a run of outputs that you have already, in a {listed()} file.

FILE holds "outputs" (epochs, points, classes), which are logits or probabilities, and perhaps
labels, classes, splits, images, ids, epochs, loss, accuracy, class_loss, class_accuracy and lr.
What it lacks can be given by the options; only labels must be.
"""
EXAMPLES = """\
Outputs may also be called logits, probabilities, softmax, probs or predictions.

examples:
  gt import everything.npz --out runs/mine
  gt import outputs.npy --labels labels.npy --classes cat,dog,bird --out runs/mine
"""


@command("import", help=IMPORT, epilog=EXAMPLES)
@argument("file", type=FOLDER)
@option("--out", type=FOLDER, required=True, metavar="DIR", help="folder of the run, new")
@option("--labels", type=FOLDER, metavar="FILE", help="(points,) class numbers from 0")
@option("--classes", metavar="NAMES", help="names with commas between, or a .txt with one a line")
@option("--splits", type=FOLDER, metavar="FILE", help="(points,) 0 = train, 1 = test")
@option("--images", type=FOLDER, metavar="FILE", help="(points, h, w[, 1 or 3]) uint8")
@option("--ids", type=FOLDER, metavar="FILE", help="(points,) unique whole numbers")
@option(
    "--columns", type=FOLDER, metavar="FILE.csv", help="a row for each point: its further values"
)
@option("--epochs", type=FOLDER, metavar="FILE", help="(epochs,) numbers of the epochs")
@option(
    "--kind",
    type=click.Choice(["auto", "logits", "probabilities"]),
    default="auto",
    usual="{}: probabilities if all rows are non-negative and sum to 1",
    help="what the outputs are",
)
@option("--title", help="what people call it")
def import_arrays(
    file: Path,
    out: Path,
    classes: str | None,
    kind: str,
    title: str | None,
    columns: Path | None,
    **files: Path | None,
) -> int:
    """Make a run of arrays."""
    from gt.kept import describe
    from gt.run import ShapeError, load, write_run

    arrays = load.load_arrays(file)
    found: dict[str, Any] = dict(load.pick(arrays))
    if kind == "auto":
        kind = load.kind_by_name(arrays)
    for name, path in files.items():
        if path is not None:
            found[name] = load.load_one(path, name)
    if classes is not None:
        in_file = classes.endswith((".txt", ".npy"))
        found["classes"] = load.load_one(classes, "classes") if in_file else classes.split(",")
    if columns is not None:
        found["columns"] = load.load_columns(columns)
    if "outputs" not in found:
        raise ShapeError(
            f"{file} must hold outputs, it holds {', '.join(arrays)}; see gt import --help"
        )
    if "labels" not in found:
        raise ShapeError(f"labels must be in {file} or given with --labels, they are not")
    run = write_run(
        out,
        **found,
        kind=kind,
        title=title,
        made={"command": f"gt import {os.fsencode(file.name).decode('utf-8', 'replace')}"},
    )
    print(describe.describe(run))
    print(f"\nLook at it:  gt serve --runs {out}")
    return 0
