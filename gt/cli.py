"""The ``gt`` command; each subcommand imports what it needs when it runs, so help is quick."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gt.embed.method import METHODS, EmbedError
from gt.errors import RunError
from gt.files.readers import listed
from gt.serve import rules

EXAMPLES = """examples:
  gt record mnist                      train the article's MNIST network and record it in runs/mnist
  gt record cifar10 --data-dir ~/data  with the publishers' files in ~/data
  gt import outputs.npz --out runs/mine
  gt info runs/mnist
  gt embed runs/mnist --method tsne    t-SNE of every epoch, for the pages t-SNE and Compare
  gt align runs/mnist-layers           the way of the points through all layers, for the page Layers
  gt attack runs/mnist-layers --source 8 --target 0   eights become zeros, step by step
  gt serve --runs runs                 look at all runs in the folder runs
"""
RECORD = """\
Train the article's network on a data set, and record what it does with 1,000 training and
1,000 test examples before the first and after each epoch. Stop it whenever you like: the same
command goes on where it was.
"""
RECORD_END = """\
The data sets are fetched from their publishers, unless --data-dir or GT_DATA_DIR names a folder
that holds their files, gzipped or not.

examples:
  gt record mnist
  gt record fashion-mnist --data-dir ~/data --out runs/fashion
  gt record cifar10 --lr 0.01 --epochs 20 --device cuda --out runs/short
"""
IMPORT = f"""\
Make a run of outputs that you have already, in a {listed()} file.

FILE holds "outputs" (epochs, points, classes), which are logits or probabilities, and perhaps
labels, classes, splits, images, ids, epochs, loss, accuracy, class_loss, class_accuracy and lr.
What it lacks can be given by the options; only labels must be.
"""
IMPORT_END = """\
Outputs may also be called logits, probabilities, softmax, probs or predictions.

examples:
  gt import everything.npz --out runs/mine
  gt import outputs.npy --labels labels.npy --classes cat,dog,bird --out runs/mine
"""
EMBED = """\
Compute pictures of a run's layer, epoch by epoch, and keep them with the run. Stop it whenever you
like: the same command goes on where it was.

methods:
"""
EMBED_END = """\
examples:
  gt embed runs/mnist --method tsne
  gt embed runs/mnist --method all
  gt embed runs/mnist --method umap --n-neighbors 30 --min-dist 0.3
  gt embed runs/mnist --method dynamic-tsne --lambda 0.01 --every 2
"""

ALIGN = """\
Align the states of a run's network, from the input to the softmax, so that one picture can go
through all of them without jumps, and keep the alignment with the run. The run must have been
recorded with its hidden layers.

--into keeps it with another, smaller recording of the same training: a run that was shipped.
"""
ALIGN_END = """\
examples:
  gt record mnist --every 2 --train-points 500 --test-points 500 --layers all --dtype float32 \\
      --out runs/mnist-layers
  gt align runs/mnist-layers
  gt align runs/mnist-layers --reference 10 --k 64
  gt align runs/mnist-layers --into precomputed/mnist
"""
ATTACK = """\
Attack the network of a run: push images, step by step, until it takes them for another class, and
record every step at every layer as a run whose epochs are the steps, beside points that stand
still. Stop it whenever you like: the same command goes on where it was.

The run must have been recorded with all its layers, which must be a chain of common kinds, or
--weights must name a file of its network. Distances are of pixels that count from 0 to 1.

methods:
"""
ATTACK_END = """\
examples:
  gt attack runs/mnist-layers --source 8 --target 0 --count 40
  gt attack runs/mnist-layers --source 8 --target 0 --count 89 --data-dir ~/data
  gt attack runs/cifar-layers --method pgd-linf --epsilon 0.03 --step 0.005 --steps 20
  gt align runs/mnist-layers-8-to-0 --reference 0     then look at it layer by layer
"""

WEIGHTS = """\
Keep the weights of a recording with another run of the same training, small (16 bits each), so that
the dashboard can send any image of that run through the network (the page Network). They are tried
on all images of the run first, and must give the outputs that it has.

A run that was recorded with all its layers needs this only to be shipped.
"""
WEIGHTS_END = """\
examples:
  gt record mnist --every 2 --train-points 500 --test-points 500 --layers all --dtype float32 \\
      --out runs/mnist-layers
  gt weights runs/mnist-layers --into precomputed/mnist
  gt weights runs/mnist-layers --into precomputed/mnist --every 5
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status, 2 for input that cannot be used."""
    parser = make_parser()
    args = parser.parse_args(argv)
    try:
        _check_places(args)
        return int(args.run(args) or 0)
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read along has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (RunError, EmbedError, OSError) as error:
        if os.environ.get("GT_TRACEBACK"):
            raise
        text = str(error).removeprefix(f"{args.command}: ")
        print(f"gt {args.command}: {text}", file=sys.stderr)
        return 2


def _check_places(args: argparse.Namespace) -> None:
    """Refuse addresses wherever a path is asked for."""
    from gt.files.place import local

    for name, value in vars(args).items():
        for path in value if isinstance(value, list) else [value]:
            if isinstance(path, Path):
                local(path, name if name in ("path", "file") else f"--{name.replace('_', '-')}")


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of all commands."""
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
    _embed_parser(commands)
    _align_parser(commands)
    _attack_parser(commands)
    _measures_parser(commands)
    _method_parser(commands)
    _serve_parser(commands)
    _weights_parser(commands)
    _ship_parser(commands)
    _manifest_parser(commands)
    return parser


def _record_parser(commands: argparse._SubParsersAction) -> None:
    from gt.record.recipe import EPOCHS, RECIPES

    p = commands.add_parser(
        "record",
        help="train a network on a data set and record it",
        description=RECORD,
        epilog=RECORD_END,
        formatter_class=argparse.RawDescriptionHelpFormatter,
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
    p.add_argument(
        "--every", type=_positive, default=1, metavar="N", help="record every N-th epoch (1)"
    )
    for split, what in (("train", "training"), ("test", "test")):
        p.add_argument(
            f"--{split}-points",
            type=int,
            default=1000,
            metavar="N",
            help=f"how many {what} examples to record, the same number of each class (1000)",
        )
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
    p.add_argument(
        "--dtype",
        default="float16",
        choices=["float16", "float32"],
        help="how hidden layers are kept (float16)",
    )
    p.add_argument("--quiet", action="store_true", help="no progress bar")
    p.set_defaults(run=record)


def record(args: argparse.Namespace) -> int:
    """``gt record``: train, record, and say what to do next."""
    from dataclasses import replace

    from gt.record.recipe import RECIPES

    if importlib.util.find_spec("torch") is None:
        print(
            "gt record: training needs PyTorch, which is not installed:"
            ' pip install "nn-grand-tour[record]"',
            file=sys.stderr,
        )
        return 2
    import torch
    from tqdm import tqdm

    from gt.record.datasets import load
    from gt.record.train import keep_freed_memory, record_dataset

    given = {k: getattr(args, k) for k in ("seed", "lr", "batch_size", "epochs")}
    recipe = replace(RECIPES[args.dataset], **{k: v for k, v in given.items() if v is not None})
    _check_device(args.device)
    torch.set_num_threads(args.threads)
    keep_freed_memory()
    out = args.out or Path("runs") / args.dataset
    layers = args.layers if args.layers in ("outputs", "all") else args.layers.split(",")
    data = load(args.dataset, args.data_dir)
    last = None
    steps = record_dataset(
        recipe,
        data,
        out,
        device=args.device,
        per_class=_per_class(args, len(data.classes)),
        every=args.every,
        layers=layers,
        dtype=args.dtype,
    )
    bar = tqdm(total=recipe.epochs, desc=data.title, unit="epoch", disable=args.quiet)
    with bar:
        try:
            for step in steps:
                if last is None:  # of what was there before, the rate must not tell
                    bar.reset()
                    bar.initial = bar.n = step["epoch"]
                last = step
                bar.update(last["epoch"] - bar.n)
                train, test = last["accuracy"]
                bar.set_postfix_str(f"accuracy {train:.3f} train, {test:.3f} test")
        except KeyboardInterrupt:
            bar.close()
            print(
                f"\nstopped; all completed epochs are in {out}. The same command goes on from"
                " here.\n"
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


def _per_class(args: argparse.Namespace, classes: int) -> tuple[int, int]:
    for name in ("train_points", "test_points"):
        n = getattr(args, name)
        if n < 0 or n % classes:
            raise RunError(
                f"--{name.replace('_', '-')} must be a multiple of {classes}, the number of"
                f" classes, got {n}"
            )
    if args.train_points == args.test_points == 0:
        raise RunError("--train-points and --test-points must not both be 0")
    return args.train_points // classes, args.test_points // classes


def _check_device(name: str) -> None:
    import torch

    try:
        torch.empty(1, device=name)
    except (RuntimeError, AssertionError) as error:
        text = str(error).splitlines()[0]
        raise RunError(
            f"--device must be one that torch can use here, got {name!r} ({text})"
        ) from error


def _import_parser(commands: argparse._SubParsersAction) -> None:
    p = commands.add_parser(
        "import",
        help="make a run of arrays in files",
        description=IMPORT,
        epilog=IMPORT_END,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("file", type=Path, metavar="FILE", help=listed())
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the run, new")
    p.add_argument("--labels", type=Path, metavar="FILE", help="(points,) class numbers from 0")
    p.add_argument(
        "--classes", metavar="NAMES", help="names with commas between, or a .txt with one a line"
    )
    p.add_argument("--splits", type=Path, metavar="FILE", help="(points,) 0 = train, 1 = test")
    p.add_argument("--images", type=Path, metavar="FILE", help="(points, h, w[, 1 or 3]) uint8")
    p.add_argument("--ids", type=Path, metavar="FILE", help="(points,) unique whole numbers")
    p.add_argument("--epochs", type=Path, metavar="FILE", help="(epochs,) numbers of the epochs")
    p.add_argument(
        "--kind",
        choices=["auto", "logits", "probabilities"],
        default="auto",
        help="what the outputs are (auto: probabilities if all rows are non-negative and sum to 1)",
    )
    p.add_argument("--title", help="what people call it")
    p.set_defaults(run=import_arrays)


def import_arrays(args: argparse.Namespace) -> int:
    """``gt import``: arrays in files become a run."""
    from gt.kept import describe
    from gt.run import ShapeError, load, write_run

    arrays = load.load_arrays(args.file)
    found: dict[str, Any] = dict(load.pick(arrays))
    kind = args.kind
    if kind == "auto":
        kind = load.kind_by_name(arrays)
    for name in ("labels", "splits", "images", "ids", "epochs"):
        if getattr(args, name) is not None:
            found[name] = load.load_one(getattr(args, name), name)
    if args.classes is not None:
        file = args.classes.endswith((".txt", ".npy"))
        found["classes"] = (
            load.load_one(args.classes, "classes") if file else args.classes.split(",")
        )
    if "outputs" not in found:
        raise ShapeError(
            f"{args.file} must hold outputs, it holds {', '.join(arrays)}; see gt import --help"
        )
    if "labels" not in found:
        raise ShapeError(f"labels must be in {args.file} or given with --labels, they are not")
    run = write_run(
        args.out,
        **found,
        kind=kind,
        title=args.title,
        made={"command": f"gt import {os.fsencode(args.file.name).decode('utf-8', 'replace')}"},
    )
    print(describe.describe(run))
    print(f"\nLook at it:  gt serve --runs {args.out}")
    return 0


def _info_parser(commands: argparse._SubParsersAction) -> None:
    p = commands.add_parser(
        "info",
        help="print what is in a run",
        description="Print what is in a run: points, classes, epochs, layers, how it went,"
        " how it was made.",
    )
    p.add_argument("path", type=Path, metavar="RUN", help="folder of a run")
    p.add_argument("--check", action="store_true", help="read every array once, to find damage")
    p.set_defaults(run=info)


def info(args: argparse.Namespace) -> int:
    """``gt info``: a run in words."""
    from gt.kept.describe import describe
    from gt.run import open_run

    run = open_run(args.path)
    if args.check:
        run.check()
    print(describe(run))
    if args.check:
        print("  checked           all arrays read, all values finite")
    return 0


def _embed_parser(commands: argparse._SubParsersAction) -> None:
    listed = "".join(f"  {m.name:<14}{m.title}. {m.text}\n" for m in METHODS.values())
    p = commands.add_parser(
        "embed",
        help="t-SNE, Dynamic t-SNE, UMAP or PCA of every epoch of a run",
        description=EMBED + listed,
        epilog=EMBED_END,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("path", type=Path, metavar="RUN", help="folder of a run")
    p.add_argument(
        "--method",
        action="append",
        required=True,
        choices=[*METHODS, "all"],
        metavar="NAME",
        help="one of those above, or all; may be given several times",
    )
    p.add_argument("--layer", default="softmax", help="of the network (softmax)")
    p.add_argument("--split", default="test", choices=["train", "test"], help="whose points (test)")
    p.add_argument("--points", type=_positive, metavar="N", help="draw N of the points (all)")
    p.add_argument("--seed", type=int, default=0, metavar="N", help="of what is random (0)")
    for name, (title, takers) in _embed_options().items():
        p.add_argument(
            f"--{name.replace('_', '-')}",
            dest=f"set_{name}",
            type=float,
            metavar="X",
            help=f"{title} ({takers})",
        )
    p.add_argument("--quiet", action="store_true", help="no progress bar")
    p.set_defaults(run=embed)


def _embed_options() -> dict[str, tuple[str, str]]:
    """Every parameter of any method: what it does, and the defaults of the methods that have it."""
    out: dict[str, tuple[str, str]] = {}
    for method in METHODS.values():
        for p in method.parameters:
            text, before = out.get(p.name, (p.text, ""))
            default = f"{p.default:g}"
            same = default == before.split(" ")[0] or not before
            out[p.name] = (text, default if same else f"{before}; {method.name}: {default}")
    return out


def embed(args: argparse.Namespace) -> int:
    """``gt embed``: pictures of every epoch, kept with the run."""
    from gt import embed as embedding
    from gt.run import open_run

    run = open_run(args.path)
    names = list(METHODS) if "all" in args.method else list(dict.fromkeys(args.method))
    given = {k[4:]: v for k, v in vars(args).items() if k.startswith("set_") and v is not None}
    jobs = []
    for name in names:
        known = METHODS[name].defaults if "all" in args.method else given
        values = {k: v for k, v in given.items() if k in known}
        jobs.append(
            embedding.plan(
                run,
                name,
                values,
                layer=args.layer,
                split=args.split,
                seed=args.seed,
                points=args.points,
            )
        )
    if said := embedding.missing(names):
        raise EmbedError(said)
    try:
        from tqdm import tqdm
    except ImportError:
        raise EmbedError(
            "the progress bar needs tqdm, which is not installed. In a checkout of the project:"
            ' pip install -c requirements.lock -e ".[embed]"'
        ) from None
    for job in jobs:
        bar = tqdm(
            desc=f"{run.title}, {METHODS[job.recipe.method].title}", disable=args.quiet, miniters=1
        )
        with bar:
            try:
                made = embedding.embed(
                    run, job, progress=_shown(bar), command=f"gt embed {' '.join(_said(args))}"
                )
            except KeyboardInterrupt:
                bar.close()
                print(
                    "\nstopped; finished epochs are kept, the same command goes on from there.",
                    file=sys.stderr,
                )
                return 130
        print(
            f"{made.path}: {len(made.ids):,} of {made.of:,} {made.recipe.split} points,"
            f" {len(made.epochs)} epochs, rank correlation of data and screen motion"
            f" {_median(made.measures['rank_correlation'])} (median)"
        )
    return 0


def _shown(bar: Any) -> Callable[[int, int, str], None]:
    """What a computation tells of itself, on a bar."""

    def show(done: int, total: int, what: str) -> None:
        bar.total = total
        bar.set_postfix_str(what, refresh=done <= bar.n)
        bar.update(done - bar.n)

    return show


def _said(args: argparse.Namespace) -> list[str]:
    """The arguments that decide an embedding, as they could be typed again."""
    out = [args.path.name, *(f"--method {name}" for name in args.method)]
    for name, usual in (("layer", "softmax"), ("split", "test"), ("points", None), ("seed", 0)):
        if getattr(args, name) != usual:
            out.append(f"--{name} {getattr(args, name)}")
    out += [
        f"--{key[4:].replace('_', '-')} {value:g}"
        for key, value in vars(args).items()
        if key.startswith("set_") and value is not None
    ]
    return out


def _median(values: Any) -> str:
    import numpy as np

    known = np.asarray(values)[np.isfinite(values)]
    return f"{np.median(known):.2f}" if len(known) else "unknown"


def _align_parser(commands: argparse._SubParsersAction) -> None:
    p = commands.add_parser(
        "align",
        help="the states of a run's network in coordinates that share one picture",
        description=ALIGN,
        epilog=ALIGN_END,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("path", type=Path, metavar="RUN", help="folder of a run with hidden layers")
    p.add_argument(
        "--reference",
        type=int,
        metavar="EPOCH",
        help="whose weights and points decide the bases (the last)",
    )
    p.add_argument("--k", type=_positive, metavar="N", help="coordinates of each state (32)")
    p.add_argument(
        "--points", type=_positive, metavar="N", help="how many, evenly over the classes (500)"
    )
    p.add_argument("--split", choices=["train", "test"], help="whose points (test)")
    p.add_argument("--every", type=_positive, metavar="N", help="every N-th recorded epoch (1)")
    p.add_argument(
        "--into", type=Path, metavar="RUN2", help="a smaller recording of the same training"
    )
    p.add_argument("--quiet", action="store_true", help="no progress bar")
    p.set_defaults(run=align)


ALIGN_OPTIONS = ("reference", "k", "points", "split", "every")  # the defaults are those of `plan`


def align(args: argparse.Namespace) -> int:
    """``gt align``: the states of a network in few coordinates, kept with the run."""
    from gt.align.align_run import align_run, plan
    from gt.kept.alignment import FOLDER, find_alignments
    from gt.kept.describe import alignment_line, alignment_table, layered_command, outputs_alone
    from gt.kept.ship import MANIFEST
    from gt.run import open_run

    run = open_run(args.path)
    owner = open_run(args.into) if args.into else run
    if said := outputs_alone(run):
        raise RunError(f"{said} This records them: {layered_command(run)}")
    given = {name: getattr(args, name) for name in ALIGN_OPTIONS}
    recipe = plan(run, **{name: value for name, value in given.items() if value is not None})
    kept, _ = find_alignments(owner.path / FOLDER)
    same = [one for one in kept if one.recipe.key == recipe.key and one.fits(owner)]
    if same:
        made = same[0]
    else:
        with _bar(f"{run.title}, aligned", args.quiet) as bar:
            made = align_run(
                run,
                recipe,
                owner=owner,
                progress=_shown(bar) if bar is not None else None,
                command=_align_command(args),
            )
    size = sum(file.stat().st_size for file in made.path.rglob("*") if file.is_file())
    line = alignment_line(made).removeprefix(made.name).strip()
    already = " It was computed already." if same else ""
    print(f"{made.path}: {line}, {size / 1e6:.1f} MB.{already}\n")
    print(alignment_table(made))
    if not same and (owner.path.parent / MANIFEST).is_file():
        print(f"\nList it:     gt manifest {owner.path.parent}")
    print(f"\nLook at it:  gt serve --runs {owner.path}")
    return 0


def _align_command(args: argparse.Namespace) -> str:
    """The command that makes an alignment again; of a place on this machine only the name is told."""
    words = ["gt", "align", _place(args.path)]
    for name in ALIGN_OPTIONS:
        if getattr(args, name) is not None:
            words += [f"--{name}", str(getattr(args, name))]
    return shlex.join([*words, *(["--into", _place(args.into)] if args.into else [])])


def _place(path: Path) -> str:
    return path.name if path.is_absolute() else path.as_posix()


def _bar(title: str, quiet: bool) -> contextlib.AbstractContextManager[Any]:
    """A bar of progress, or None where tqdm is not installed."""
    try:
        from tqdm import tqdm
    except ImportError:
        return contextlib.nullcontext()
    return tqdm(desc=title, disable=quiet, miniters=1)


def _attack_parser(commands: argparse._SubParsersAction) -> None:
    from gt.attack.method import METHODS as ATTACKS

    listed = "".join(f"  {one.name:<14}{one.title}\n" for one in ATTACKS.values())
    p = commands.add_parser(
        "attack",
        help="push images across a decision boundary and record every step",
        description=ATTACK + listed,
        epilog=ATTACK_END,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("path", type=Path, metavar="RUN", help="folder of a run")
    p.add_argument("--source", default="all", metavar="CLASS", help="whose images (all)")
    p.add_argument("--target", default="none", metavar="CLASS", help="to be taken for (none: any)")
    p.add_argument("--method", choices=list(ATTACKS), default="fgsm", help="see above (fgsm)")
    p.add_argument(
        "--epsilon", type=float, default=0.3, metavar="X", help="how far an image may get (0.3)"
    )
    p.add_argument(
        "--step", type=float, default=0.01, metavar="X", help="how far a step goes (0.01)"
    )
    p.add_argument("--steps", type=int, default=50, metavar="N", help="how many (50)")
    p.add_argument("--count", type=int, default=89, metavar="N", help="how many images (89)")
    p.add_argument(
        "--clean", type=int, metavar="N", help="points that stand still (so many that all are 500)"
    )
    p.add_argument("--seed", type=int, default=0, metavar="N", help="of the random start (0)")
    p.add_argument("--epoch", type=int, metavar="N", help="whose weights (the last)")
    p.add_argument("--weights", type=Path, metavar="FILE", help="of a run that holds none")
    p.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="take images from the test split here"
    )
    p.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the attack (runs/RUN-SOURCE-to-TARGET)"
    )
    p.add_argument("--layers", default="all", metavar="WHICH", help="as of gt record (all)")
    p.add_argument(
        "--dtype",
        default="float32",
        choices=["float16", "float32"],
        help="how hidden layers are kept (float32)",
    )
    p.add_argument("--threads", type=_positive, default=1, metavar="N", help="CPU threads (1)")
    p.add_argument("--quiet", action="store_true", help="no progress bar")
    p.set_defaults(run=attack)


def attack(args: argparse.Namespace) -> int:
    """``gt attack``: every step of an attack as a run."""
    if importlib.util.find_spec("torch") is None:
        raise RunError(
            'attacks need PyTorch, which is not installed: pip install "nn-grand-tour[record]"'
        )
    import torch

    from gt.attack.choice import usual_clean
    from gt.attack.whole import whole_attack
    from gt.kept.attack import AttackRecipe, attack_of
    from gt.run import open_run

    run = open_run(args.path)
    recipe = AttackRecipe(
        method=args.method,
        epsilon=args.epsilon,
        step=args.step,
        steps=args.steps,
        source=None if args.source == "all" else _class(run.classes, args.source),
        target=None if args.target == "none" else _class(run.classes, args.target),
        count=args.count,
        clean=usual_clean(run, args.count) if args.clean is None else args.clean,
        seed=args.seed,
    )
    recorded = run.epochs.tolist()
    if not recorded or (args.epoch is not None and args.epoch not in recorded):
        raise RunError(f"--epoch must be one that {run.name} has recorded, got {args.epoch}")
    torch.set_num_threads(args.threads)
    out = args.out or Path("runs") / f"{run.name}-{args.source}-to-{args.target}".replace("/", "-")
    layers = args.layers if args.layers in ("outputs", "all") else tuple(args.layers.split(","))
    with _bar(f"{run.title}, attacked", args.quiet) as bar:
        try:
            made = whole_attack(
                run,
                out,
                recipe,
                epoch_index=-1 if args.epoch is None else recorded.index(args.epoch),
                weights=args.weights,
                data_dir=args.data_dir,
                layers=layers,
                dtype=args.dtype,
                command=_attack_command(args, recipe.clean),
                progress=_shown(bar) if bar is not None else None,
            )
        except KeyboardInterrupt:
            print(
                f"\nstopped; all completed steps are kept beside {out}, which is there when it is whole."
                " The same command goes on from here.",
                file=sys.stderr,
            )
            return 130
    found = attack_of(made)
    assert found is not None
    wanted = "other than what they are" if recipe.target is None else f"for {recipe.target}"
    print(
        f"{out}: {int(found.succeeded[-1].sum())} of {recipe.count} are taken {wanted} after"
        f" {found.steps[-1]} steps ({100 * found.success[-1]:.1f} %)."
    )
    if layers != "outputs":
        print(f"Align it:    gt align {out} --reference 0")
    print(f"Look at it:  gt serve --runs {out}")
    return 0


def _class(classes: Sequence[str], text: str) -> str:
    """A class by its name, or else by its number."""
    if text not in classes and text.isdecimal() and int(text) < len(classes):
        return classes[int(text)]
    return text


ATTACK_OPTIONS = ("source", "target", "method", "epsilon", "step", "steps", "count")


def _attack_command(args: argparse.Namespace, clean: int) -> str:
    """The command that makes an attack again; of a place on this machine only the name is told."""
    words = ["gt", "attack", _place(args.path)]
    for name in ATTACK_OPTIONS:
        words += [f"--{name}", str(getattr(args, name))]
    words += ["--clean", str(clean)]
    for name, usual in (("seed", 0), ("epoch", None), ("layers", "all"), ("dtype", "float32")):
        if getattr(args, name) != usual:
            words += [f"--{name}", str(getattr(args, name))]
    for name in ("weights", "data_dir"):
        if getattr(args, name) is not None:
            words += [f"--{name.replace('_', '-')}", _place(getattr(args, name))]
    return shlex.join(words)


def _measures_parser(commands: argparse._SubParsersAction) -> None:
    p = commands.add_parser(
        "measures",
        help="whether the embeddings of a run moved what moved in the data",
        description="Print, for every embedding, the medians over transitions from epoch to epoch"
        " of what the page Compare defines: rank correlation of data and screen motion, false"
        " motion, trustworthiness, continuity.",
    )
    p.add_argument("path", type=Path, nargs="+", metavar="DIR", help="runs, or folders of runs")
    p.add_argument("--csv", type=Path, metavar="FILE", help="write every transition into a file")
    p.set_defaults(run=measures)


def measures(args: argparse.Namespace) -> int:
    """``gt measures``: the stored measures as tables."""
    import pandas as pd

    from gt.files.cells import defused
    from gt.kept.attacks import is_attack
    from gt.kept.embedding import FOLDER, find_embeddings
    from gt.measure.embeddings.tables import every_transition, report
    from gt.run import find_runs

    runs, problems = find_runs(args.path)
    found = []
    for run in runs:
        if is_attack(run):  # its page is another
            continue
        embeddings, damaged = find_embeddings(run.path / FOLDER)
        problems += [(run.path, problem) for problem in damaged]
        found.append((run, embeddings))
    for _, problem in problems:
        print(f"gt measures: {problem}", file=sys.stderr)
    if not any(embeddings for _, embeddings in found):
        print("gt measures: no embedding in these runs; gt embed computes them", file=sys.stderr)
        return 2
    print(report(found, report_titles([e for _, embeddings in found for e in embeddings])))
    if args.csv:
        tables = []
        for run, embeddings in found:
            tables.append(every_transition(embeddings).assign(run=run.name))
        defused(pd.concat(tables)).to_csv(args.csv, index=False)
    return 0


def report_titles(embeddings: Sequence[Any]) -> dict[str, str]:
    """What each embedding is called in a table, in the order of the methods."""
    from gt.embed.titles import title_of

    order = {method: place for place, method in enumerate(METHODS)}
    ranked = sorted(embeddings, key=lambda e: (order.get(e.recipe.method, len(order)), e.name))
    return {e.name: title_of(e) for e in ranked}


def _method_parser(commands: argparse._SubParsersAction) -> None:
    p = commands.add_parser(
        "method",
        help="compute the moved point of the page Method",
        description="Compute t-SNE and UMAP of the teaching example on the page Method, in which one"
        " point is moved, at every place where it can be: two to five minutes.",
    )
    p.add_argument(
        "--out",
        type=Path,
        default=Path("precomputed/method"),
        metavar="DIR",
        help="folder that the two files go to (%(default)s)",
    )
    p.add_argument("--quiet", action="store_true", help="no bar of progress")
    p.set_defaults(run=method)


def method(args: argparse.Namespace) -> int:
    """``gt method``: what t-SNE and UMAP make of a point that moves."""
    from gt.embed import missing, moved_point

    if said := missing(moved_point.METHODS):
        raise EmbedError(said)
    with _bar("The moved point", args.quiet) as bar:
        example = moved_point.compute(_shown(bar) if bar is not None else None)
    size = moved_point.write(example, args.out)
    print(f"{args.out}: {size / 1e6:.1f} MB")
    return 0


def _serve_parser(commands: argparse._SubParsersAction) -> None:
    p = commands.add_parser(
        "serve",
        help="look at runs in the browser",
        description="Start the dashboard and print its address. The runs that ship with the"
        " project are always there.",
    )
    p.add_argument(
        "--runs",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="DIR",
        help="folders of your own: a run itself, or a folder of runs",
    )
    p.add_argument("--host", help="address to listen on (127.0.0.1: this machine only)")
    p.add_argument("--port", type=int, help="port to listen on")
    p.add_argument("--debug", action="store_true", help="reload on changes, Dash's own tools")
    rules.add_arguments(p)
    p.set_defaults(run=serve)


def serve(args: argparse.Namespace) -> int:
    """``gt serve``: hand over to ``app.py``."""
    import gt

    file = Path(gt.__file__).resolve().parents[1] / "app.py"
    if not file.is_file():
        print(
            f"gt serve: {file} must be there, it is not; the dashboard runs from a checkout of the"
            " project:"
            " pip install -e . in one",
            file=sys.stderr,
        )
        return 2
    spec = importlib.util.spec_from_file_location("app", file)
    assert spec is not None and spec.loader is not None
    app = importlib.util.module_from_spec(spec)
    sys.modules["app"] = app
    spec.loader.exec_module(app)
    argv = ["--runs", *map(str, args.runs)] if args.runs else []
    argv += ["--host", args.host] if args.host else []
    argv += ["--port", str(args.port)] if args.port is not None else []
    argv += ["--debug"] if args.debug else []
    argv += rules.as_arguments(args)
    return int(app.main(argv) or 0)


def _weights_parser(commands: argparse._SubParsersAction) -> None:
    p = commands.add_parser(
        "weights",
        help="keep the weights of a recording with a smaller run of the same training",
        description=WEIGHTS,
        epilog=WEIGHTS_END,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("path", type=Path, metavar="RUN", help="folder of a run with all its layers")
    p.add_argument(
        "--into", type=Path, required=True, metavar="RUN", help="folder of the run that they go to"
    )
    p.add_argument(
        "--every",
        type=_positive,
        default=1,
        metavar="N",
        help="only every N-th of the epochs that both have (1)",
    )
    p.add_argument("--quiet", action="store_true", help="no bar of progress")
    p.set_defaults(run=weights)


def weights(args: argparse.Namespace) -> int:
    """``gt weights``: the weights of a recording, small, beside the outputs."""
    from gt.kept.ship import MANIFEST
    from gt.measure.network.bring_weights import bring_weights
    from gt.record.published import SOURCES
    from gt.run.pixels import Scaling
    from gt.run.read import open_run

    run, owner = open_run(args.path), open_run(args.into)
    known = SOURCES.get(str(dict(run.made.get("recipe", {})).get("dataset")))
    words = ["gt", "weights", _place(args.path), "--into", _place(args.into)]
    with _bar(f"{run.title}, weights", args.quiet) as bar:
        made = bring_weights(
            run,
            owner,
            every=args.every,
            scaling=None if known is None else Scaling(tuple(known["mean"]), tuple(known["std"])),
            command=shlex.join([*words, *(["--every", str(args.every)] if args.every > 1 else [])]),
            progress=_shown(bar) if bar is not None else None,
        )
    size = sum(file.stat().st_size for file in made.path.rglob("*") if file.is_file())
    span = f"{len(made.epochs)} epochs, {made.epochs[0]} to {made.epochs[-1]}"
    print(
        f"{made.path}: {span}, {size / 1e6:.1f} MB; probabilities are off by {made.made['off']:g} at most"
    )
    if (owner.path.parent / MANIFEST).is_file():
        print(f"\nList it:     gt manifest {owner.path.parent}")
    print(f"\nLook at it:  gt serve --runs {owner.path}")
    return 0


def _ship_parser(commands: argparse._SubParsersAction) -> None:
    p = commands.add_parser(
        "ship",
        help="copy a finished run, small, to be passed on",
        description="Copy runs, small and of few files, into a folder, and write its MANIFEST.json."
        " Activations and weights keep 16 significant bits; everything else is exact. Embeddings and"
        " alignments stay behind: gt embed makes those of the copy, gt align --into brings those of a"
        " recording.",
    )
    p.add_argument("path", type=Path, nargs="+", metavar="RUN", help="folders of runs")
    p.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="folder that the copies go to"
    )
    p.set_defaults(run=ship)


def ship(args: argparse.Namespace) -> int:
    """``gt ship``: small copies, and their manifest."""
    from gt.kept.ship import ship_run, write_manifest

    for path in args.path:
        ship_run(path, args.to)
    _print_manifest(write_manifest(args.to))
    return 0


def _manifest_parser(commands: argparse._SubParsersAction) -> None:
    p = commands.add_parser(
        "manifest",
        help="write or check the manifest of a folder of runs",
        description="Write MANIFEST.json: what each run in a folder is, how it was made, its"
        " SHA-256.",
    )
    p.add_argument("path", type=Path, metavar="DIR", help="folder of runs")
    p.add_argument("--check", action="store_true", help="compare with the manifest that is there")
    p.set_defaults(run=manifest)


def manifest(args: argparse.Namespace) -> int:
    """``gt manifest``: write it, or compare with it."""
    from gt.kept.ship import check_manifest, write_manifest

    _print_manifest((check_manifest if args.check else write_manifest)(args.path))
    return 0


def _print_manifest(entries: Mapping[str, Any]) -> None:
    for name, entry in entries.items():
        print(f"{name:<16}{entry['bytes'] / 1e6:6.1f} MB  {entry['sha256'][:16]}  {entry['what']}")


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
