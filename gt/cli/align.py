"""``gt align``: the states of a network in few coordinates, kept with the run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gt.align.align_run import SPLITS, align_run, plan
from gt.cli.again import typed_again
from gt.cli.command import command
from gt.cli.options import FOLDER, POSITIVE, argument, defaults, option, quiet
from gt.cli.progress import bar, shown
from gt.errors import RunError

if TYPE_CHECKING:
    from gt.kept.alignment import Alignment

ALIGN = """\
Align the states of a run's network, from the input to the softmax, so that one picture can go
through all of them without jumps, and keep the alignment with the run. The run must have been
recorded with its hidden layers.

--into keeps it with another, smaller recording of the same training: a run that was shipped.
"""
EXAMPLES = """\
examples:
  gt record mnist --every 2 --train-points 500 --test-points 500 --layers all --dtype float32 \\
      --out runs/mnist-layers
  gt align runs/mnist-layers
  gt align runs/mnist-layers --reference 10 --k 64
  gt align runs/mnist-layers --into precomputed/mnist
"""
USUAL = defaults(plan)


@command("align", help=ALIGN, epilog=EXAMPLES)
@argument("path", type=FOLDER, metavar="RUN")
@option(
    "--reference",
    type=int,
    metavar="EPOCH",
    usual="the last",
    help="whose weights and points decide the bases",
)
@option("--k", type=POSITIVE, default=USUAL["k"], metavar="N", help="coordinates of each state")
@option(
    "--points",
    type=POSITIVE,
    default=USUAL["points"],
    metavar="N",
    help="how many, evenly over the classes",
)
@option("--split", type=click.Choice(SPLITS), default=USUAL["split"], help="whose points")
@option(
    "--every", type=POSITIVE, default=USUAL["every"], metavar="N", help="every N-th recorded epoch"
)
@option(
    "--path",
    "ways",
    multiple=True,
    metavar="JOINT=STATE",
    help="of a network with branches: the table of the path that comes into JOINT from STATE",
)
@option("--into", type=FOLDER, metavar="RUN2", help="a smaller recording of the same training")
@quiet
def align(
    path: Path, into: Path | None, quiet: bool, ways: tuple[str, ...] = (), **choices: Any
) -> int:
    """Align a run, unless that was done."""
    from gt.kept.alignment import FOLDER as KEPT
    from gt.kept.alignment import find_alignments
    from gt.kept.describe import alignment_table, layered_command, outputs_alone
    from gt.kept.ship import MANIFEST
    from gt.run import open_run

    run = open_run(path)
    owner = open_run(into) if into else run
    if said := outputs_alone(run):
        raise RunError(f"{said} This records them: {layered_command(run)}")
    recipe = plan(run, **choices)
    kept, _ = find_alignments(owner.path / KEPT)
    same = [one for one in kept if one.recipe.key == recipe.key and one.fits(owner)]
    if same:
        made = same[0]
    else:
        with bar(f"{run.title}, aligned", quiet) as progress:
            made = align_run(
                run, recipe, owner=owner, progress=shown(progress), command=typed_again()
            )
    size = sum(file.stat().st_size for file in made.path.rglob("*") if file.is_file())
    already = " It was computed already." if same else ""
    print(f"{made.path}: {made.line()}, {size / 1e6:.1f} MB.{already}\n")
    print(alignment_table(made.along(_path(made, ways))))
    if not same and (owner.path.parent / MANIFEST).is_file():
        print(f"\nList it:     gt manifest {owner.path.parent}")
    print(f"\nLook at it:  gt serve --runs {owner.path}")
    return 0


def _path(made: Alignment, ways: tuple[str, ...]) -> dict[str, str]:
    """The path that is asked for, by "joint=state".

    Raises:
        RunError: If there is no such way.
    """
    path = {}
    for one in ways:
        joint, _, state = one.rpartition("=")
        path[joint] = state
        names = [] if made.whole is None else made.whole.names
        known = made.whole.ways if made.whole else ()
        if not any((names[way.before], names[way.behind]) == (state, joint) for way in known):
            into = [names[way.before] for way in known if names[way.behind] == joint]
            have = f"{joint!r} is entered from {', '.join(into)}" if into else f"no joint {joint!r}"
            raise RunError(
                f"--path must be JOINT=STATE of two states that follow, got {one!r}; {have}"
            )
    return path
