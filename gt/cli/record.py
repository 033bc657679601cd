"""``gt record``: train, record, and say what to do next."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import click

from gt.cli.command import command
from gt.cli.options import FOLDER, POSITIVE, RATE, argument, option, quiet
from gt.errors import RunError
from gt.record.recipe import DEVICE, DTYPE, EPOCHS, EVERY, LAYERS, POINTS_PER_CLASS, RECIPES

RECORD = """\
Train the article's network on a data set, and record what it does with 1,000 training and
1,000 test examples before the first and after each epoch. Stop it whenever you like: the same
command goes on where it was.
"""
EXAMPLES = """\
The data sets are fetched from their publishers, unless --data-dir or GT_DATA_DIR names a folder
that holds their files, gzipped or not.

examples:
  gt record mnist
  gt record fashion-mnist --data-dir ~/data --out runs/fashion
  gt record cifar10 --lr 0.01 --epochs 20 --device cuda --out runs/short
"""
POINTS = 10 * POINTS_PER_CLASS  # all three data sets have ten classes


def _of_each(name: str) -> str:
    """What the recipes say, for help."""
    return ", ".join(f"{getattr(recipe, name):g} for {of}" for of, recipe in RECIPES.items())


def torch_is_there() -> bool:
    """Whether PyTorch is installed; it is only looked for, which takes no time."""
    return importlib.util.find_spec("torch") is not None


def names_of_layers(which: str) -> str | tuple[str, ...]:
    """What ``--layers`` says: "outputs", "all", or names with commas between."""
    return which if which in ("outputs", "all") else tuple(which.split(","))


@command("record", help=RECORD, epilog=EXAMPLES)
@argument("dataset", type=click.Choice(list(RECIPES)))
@option("--out", type=FOLDER, metavar="DIR", usual="runs/DATASET", help="folder of the run")
@option("--data-dir", type=FOLDER, metavar="DIR", help="folder with the publishers' files")
@option("--epochs", type=POSITIVE, default=EPOCHS, metavar="N", help="passes over the data")
@option("--every", type=POSITIVE, default=EVERY, metavar="N", help="record every N-th epoch")
@option(
    "--train-points",
    type=int,
    default=POINTS,
    metavar="N",
    help="how many training examples to record, the same number of each class",
)
@option(
    "--test-points",
    type=int,
    default=POINTS,
    metavar="N",
    help="how many test examples to record, the same number of each class",
)
@option("--seed", type=int, metavar="N", usual=_of_each("seed"), help="of weights and order")
@option("--lr", type=RATE, metavar="X", usual=_of_each("lr"), help="learning rate of SGD")
@option(
    "--batch-size", type=POSITIVE, metavar="N", usual=_of_each("batch_size"), help="examples a step"
)
@option("--device", default=DEVICE, help='where to train: "cpu", "cuda", "mps"')
@option(
    "--threads",
    type=POSITIVE,
    default=1,
    metavar="N",
    usual="{}: small networks gain nothing from more, and results repeat exactly",
    help="CPU threads",
)
@option(
    "--layers",
    default=LAYERS,
    metavar="WHICH",
    help='"outputs", "all", or names with commas between: conv1,relu1',
)
@option(
    "--dtype",
    type=click.Choice(["float16", "float32"]),
    default=DTYPE,
    help="how hidden layers are kept",
)
@quiet
def record(
    dataset: str,
    out: Path | None,
    data_dir: Path | None,
    every: int,
    train_points: int,
    test_points: int,
    device: str,
    threads: int,
    layers: str,
    dtype: str,
    quiet: bool,
    **chosen: Any,
) -> int:
    """Train and record."""
    from dataclasses import replace

    if not torch_is_there():
        raise RunError(
            'training needs PyTorch, which is not installed: pip install "nn-grand-tour[record]"'
        )
    import torch

    from gt.record.datasets import load
    from gt.record.train import keep_freed_memory, record_dataset

    recipe = replace(RECIPES[dataset], **{k: v for k, v in chosen.items() if v is not None})
    _check_device(device)
    torch.set_num_threads(threads)
    keep_freed_memory()
    out = out or Path("runs") / dataset
    data = load(dataset, data_dir)
    steps = record_dataset(
        recipe,
        data,
        out,
        device=device,
        per_class=_per_class(train_points, test_points, len(data.classes)),
        every=every,
        layers=names_of_layers(layers),
        dtype=dtype,
    )
    try:
        last = _follow(steps, recipe.epochs, data.title, quiet)
    except KeyboardInterrupt:
        print(
            f"\nstopped; all completed epochs are in {out}. The same command goes on from here.\n"
            f"Look at it:  gt serve --runs {out}",
            file=sys.stderr,
        )
        return 130
    if last is None:
        print(f"{out} is complete already: {recipe.epochs} epochs.")
    else:
        train, test = last["accuracy"]
        print(f"{out}: accuracy {train:.3f} on the training set, {test:.3f} on the test set.")
    print(f"Look at it:  gt serve --runs {out}")
    return 0


def _follow(steps: Any, epochs: int, title: str, quiet: bool) -> dict[str, Any] | None:
    """Let a training run, with a bar of progress; returns what its last epoch came to, None if there was none."""
    from tqdm import tqdm

    last = None
    with tqdm(total=epochs, desc=title, unit="epoch", disable=quiet) as bar:
        for step in steps:
            if last is None:  # of what was there before, the rate must not tell
                bar.reset()
                bar.initial = bar.n = step["epoch"]
            last = step
            bar.update(last["epoch"] - bar.n)
            train, test = last["accuracy"]
            bar.set_postfix_str(f"accuracy {train:.3f} train, {test:.3f} test")
    return last


def _per_class(train: int, test: int, classes: int) -> tuple[int, int]:
    for name, n in (("--train-points", train), ("--test-points", test)):
        if n < 0 or n % classes:
            raise RunError(
                f"{name} must be a multiple of {classes}, the number of classes, got {n}"
            )
    if train == test == 0:
        raise RunError("--train-points and --test-points must not both be 0")
    return train // classes, test // classes


def _check_device(name: str) -> None:
    import torch

    try:
        torch.empty(1, device=name)
    except (RuntimeError, AssertionError) as error:
        text = str(error).splitlines()[0]
        raise RunError(
            f"--device must be one that torch can use here, got {name!r} ({text})"
        ) from error
