"""The ``gt`` command. Each subcommand imports what it needs when it runs, so ``gt --help`` is quick."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gt.data.errors import RunError

EXAMPLES = """examples:
  gt record mnist                      train the article's MNIST network and record it in runs/mnist
  gt record cifar10 --data-dir ~/data  with the publishers' files in ~/data
  gt import outputs.npz --out runs/mine
  gt info runs/mnist
  gt serve --runs runs                 look at all runs in the folder runs
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status, 2 for input that cannot be used."""
    parser = make_parser()
    args, rest = parser.parse_known_args(argv)
    if rest and args.command != "serve":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    args.rest = rest
    try:
        return int(args.run(args) or 0)
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except (RunError, ValueError, OSError) as error:
        if os.environ.get("GT_TRACEBACK"):
            raise
        print(f"gt {args.command}: {error}", file=sys.stderr)
        return 2


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="gt",
        description="Record a neural network while it learns, and see it in the Grand Tour.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _record_parser(commands)
    _import_parser(commands)
    _info_parser(commands)
    _serve_parser(commands)
    _ship_parser(commands)
    _manifest_parser(commands)
    return parser


def _record_parser(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    from gt.record.recipe import EPOCHS, RECIPES

    p = commands.add_parser(
        "record",
        help="train a network on a data set and record it",
        description="Train the article's network on a data set and record what it does with 1,000 training and 1,000"
        " test examples after each epoch. Stop it whenever you like: the same command goes on.",
        epilog="The data sets are fetched from their publishers unless --data-dir or GT_DATA_DIR names a folder that"
        " holds their files, gzipped or not.",
    )
    p.add_argument("dataset", choices=list(RECIPES), help="what to learn")
    p.add_argument("--out", type=Path, metavar="DIR", help="folder of the run (runs/DATASET)")
    p.add_argument("--data-dir", type=Path, metavar="DIR", help="folder with the publishers' files")
    p.add_argument(
        "--epochs",
        type=_positive,
        default=EPOCHS,
        metavar="N",
        help=f"passes over the data ({EPOCHS})",
    )
    seeds = ", ".join(f"{r.seed} for {n}" for n, r in RECIPES.items())
    p.add_argument("--seed", type=int, metavar="N", help=f"of weights and order ({seeds})")
    p.add_argument(
        "--lr", type=_rate, metavar="X", help="learning rate of SGD (0.01; 0.02 for cifar10)"
    )
    p.add_argument("--batch-size", type=_positive, metavar="N", help="examples a step")
    p.add_argument("--device", default="cpu", help='where to train: "cpu", "cuda", "mps" (cpu)')
    p.add_argument(
        "--threads",
        type=_positive,
        default=1,
        metavar="N",
        help="CPU threads (1: small networks gain nothing from more, and results repeat exactly)",
    )
    p.add_argument(
        "--layers",
        default="outputs",
        metavar="WHICH",
        help='"outputs", "all", or names with commas between: conv1,relu1 (outputs)',
    )
    p.add_argument("--quiet", action="store_true", help="no progress bar")
    p.set_defaults(run=record)


def record(args: argparse.Namespace) -> int:
    """``gt record``: train, record, and say what to do next."""
    from dataclasses import replace

    from gt.record.recipe import RECIPES

    if importlib.util.find_spec("torch") is None:
        print(
            'gt record: training needs PyTorch, which is not installed: pip install "nn-grand-tour[record]"',
            file=sys.stderr,
        )
        return 2
    import torch
    from tqdm import tqdm

    from gt.record.datasets import load
    from gt.record.train import record_dataset

    given = {k: getattr(args, k) for k in ("seed", "lr", "batch_size", "epochs")}
    recipe = replace(RECIPES[args.dataset], **{k: v for k, v in given.items() if v is not None})
    _check_device(args.device)
    torch.set_num_threads(args.threads)
    out = args.out or Path("runs") / args.dataset
    layers = args.layers if args.layers in ("outputs", "all") else args.layers.split(",")
    data = load(args.dataset, args.data_dir)
    last = None
    steps = record_dataset(recipe, data, out, device=args.device, layers=layers)
    with tqdm(total=recipe.epochs, desc=data.title, unit="epoch", disable=args.quiet) as bar:
        try:
            for last in steps:
                bar.update(last["epoch"] - bar.n)
                train, test = last["accuracy"]
                bar.set_postfix_str(f"accuracy {train:.3f} train, {test:.3f} test")
        except KeyboardInterrupt:
            bar.close()
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


def _check_device(name: str) -> None:
    import torch

    try:
        torch.empty(1, device=name)
    except (RuntimeError, AssertionError) as error:
        text = str(error).splitlines()[0]
        raise ValueError(
            f"--device must be one that torch can use here, got {name!r} ({text})"
        ) from error


def _import_parser(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    p = commands.add_parser("import", help="make a run of arrays from a file")
    p.set_defaults(run=lambda args: 0)


def _info_parser(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    p = commands.add_parser("info", help="print what is in a run")
    p.add_argument("path", type=Path)
    p.set_defaults(run=lambda args: 0)


def _serve_parser(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    p = commands.add_parser("serve", help="look at runs in the browser")
    p.set_defaults(run=lambda args: 0)


def _ship_parser(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    pass


def _manifest_parser(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    pass


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, got {text}")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"must be above 0, got {text}")
    return value


if __name__ == "__main__":
    sys.exit(main())
