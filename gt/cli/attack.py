"""``gt attack``: every step of an attack as a run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from gt.attack.eligible import unfit
from gt.attack.method import METHODS
from gt.cli.again import typed_again
from gt.cli.command import command
from gt.cli.options import FOLDER, POSITIVE, argument, option, quiet
from gt.cli.progress import bar, shown
from gt.cli.record import names_of_layers, torch_is_there
from gt.errors import RunError
from gt.kept.attack import DTYPE, LAYERS, AttackRecipe, attack_of
from gt.run import Run, open_run
from gt.run.task import CLASSIFICATION

ATTACK = """\
Attack the network of a run: push images, step by step, until it takes them for another class, and
record every step at every layer as a run whose epochs are the steps, beside points that stand
still. Stop it whenever you like: the same command goes on where it was.

The run must have been recorded with all its layers, which must be a chain of common kinds, or
--weights must name a file of its network. Distances are of pixels that count from 0 to 1.

methods:
"""
EXAMPLES = """\
examples:
  gt attack runs/mnist-layers --source 8 --target 0 --count 40
  gt attack runs/mnist-layers --source 8 --target 0 --count 89 --data-dir ~/data
  gt attack runs/cifar-layers --method pgd-linf --epsilon 0.03 --step 0.005 --steps 20
  gt align runs/mnist-layers-8-to-0 --reference 0     then look at it layer by layer
"""
LISTED = "".join(f"  {one.name:<14}{one.title}\n" for one in METHODS.values())
ALL, ANY = "all", "none"  # instead of a class
#: what the kept command tells of an attack even where it is as usual
TOLD = ("source", "target", "method", "epsilon", "step", "steps", "count", "clean")


@command("attack", help=ATTACK + LISTED, epilog=EXAMPLES)
@argument("path", type=FOLDER, metavar="RUN")
@option("--source", default=ALL, metavar="CLASS", help="whose images")
@option("--target", default=ANY, metavar="CLASS", usual="{}: any", help="to be taken for")
@option("--method", type=click.Choice(list(METHODS)), default="fgsm", help="see above")
@option("--epsilon", type=float, default=0.3, metavar="X", help="how far an image may get")
@option("--step", type=float, default=0.01, metavar="X", help="how far a step goes")
@option("--steps", type=int, default=50, metavar="N", help="how many")
@option("--count", type=int, default=89, metavar="N", help="how many images")
@option(
    "--clean",
    type=int,
    metavar="N",
    usual="so many that all are 500",
    help="points that stand still",
)
@option("--seed", type=int, default=0, metavar="N", help="of the random start")
@option("--epoch", type=int, metavar="N", usual="the last", help="whose weights")
@option("--layers", default=LAYERS, metavar="WHICH", help="as of gt record")
@option(
    "--dtype",
    type=click.Choice(["float16", "float32"]),
    default=DTYPE,
    help="how hidden layers are kept",
)
@option("--weights", type=FOLDER, metavar="FILE", help="of a run that holds none")
@option("--data-dir", type=FOLDER, metavar="DIR", help="take images from the test split here")
@option(
    "--out",
    type=FOLDER,
    metavar="DIR",
    usual="runs/RUN-SOURCE-to-TARGET",
    help="folder of the attack",
)
@option("--threads", type=POSITIVE, default=1, metavar="N", help="CPU threads")
@quiet
def attack(
    path: Path,
    epoch: int | None,
    layers: str,
    dtype: str,
    weights: Path | None,
    data_dir: Path | None,
    out: Path | None,
    threads: int,
    quiet: bool,
    **asked: Any,
) -> int:
    """Attack the network of a run."""
    if not torch_is_there():
        raise RunError(
            'attacks need PyTorch, which is not installed: pip install "nn-grand-tour[record]"'
        )
    import torch

    from gt.attack.whole import whole_attack

    run = open_run(path)
    if run.task != CLASSIFICATION:
        raise RunError(unfit(run), by="attack")
    recipe = _recipe(run, **asked)
    recorded = run.epochs.tolist()
    if not recorded or (epoch is not None and epoch not in recorded):
        raise RunError(f"--epoch must be one that {run.name} has recorded, got {epoch}")
    torch.set_num_threads(threads)
    called = "{}-{source}-to-{target}".format(run.name, **asked).replace("/", "-")
    out = out or Path("runs") / called
    with bar(f"{run.title}, attacked", quiet) as progress:
        try:
            made = whole_attack(
                run,
                out,
                recipe,
                epoch_index=-1 if epoch is None else recorded.index(epoch),
                weights=weights,
                data_dir=data_dir,
                layers=names_of_layers(layers),
                dtype=dtype,
                command=typed_again(TOLD, never=("out", "threads"), clean=recipe.clean),
                progress=shown(progress),
            )
        except KeyboardInterrupt:
            print(
                f"\nstopped; all completed steps are kept beside {out}, which is there when it is whole."
                " The same command goes on from here.",
                file=sys.stderr,
            )
            return 130
    _tell(made, recipe, out, aligned=layers != "outputs")
    return 0


def _recipe(run: Run, source: str, target: str, clean: int | None, **more: Any) -> AttackRecipe:
    """What is to be done, of which class to which; with so many that stand still as are usual where none are asked."""
    from gt.attack.choice import usual_clean

    return AttackRecipe(
        source=None if source == ALL else _class(run.classes, source),
        target=None if target == ANY else _class(run.classes, target),
        clean=usual_clean(run, more["count"]) if clean is None else clean,
        **more,
    )


def _tell(made: Run, recipe: AttackRecipe, out: Path, aligned: bool) -> None:
    """Say what came of it, and what to do next."""
    found = attack_of(made)
    assert found is not None
    wanted = "other than what they are" if recipe.target is None else f"for {recipe.target}"
    print(
        f"{out}: {int(found.succeeded[-1].sum())} of {recipe.count} are taken {wanted} after"
        f" {found.steps[-1]} steps ({100 * found.success[-1]:.1f} %)."
    )
    if aligned:
        print(f"Align it:    gt align {out} --reference 0")
    print(f"Look at it:  gt serve --runs {out}")


def _class(classes: Sequence[str], text: str) -> str:
    """A class by its name, or else by its number."""
    if text not in classes and text.isdecimal() and int(text) < len(classes):
        return classes[int(text)]
    return text
