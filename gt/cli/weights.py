"""``gt weights``: the weights of a recording, small, beside the outputs."""

from __future__ import annotations

from pathlib import Path

from gt.cli.again import typed_again
from gt.cli.command import command
from gt.cli.options import FOLDER, POSITIVE, argument, defaults, option, quiet
from gt.cli.progress import bar, shown
from gt.measure.network.bring_weights import bring_weights

WEIGHTS = """\
Keep the weights of a recording with another run of the same training, small (16 bits each), so that
the dashboard can send any image of that run through the network (the page Network). They are tried
on all images of the run first, and must give the outputs that it has.

A run that was recorded with all its layers needs this only to be shipped.
"""
EXAMPLES = """\
examples:
  gt record mnist --every 2 --train-points 500 --test-points 500 --layers all --dtype float32 \\
      --out runs/mnist-layers
  gt weights runs/mnist-layers --into precomputed/mnist
  gt weights runs/mnist-layers --into precomputed/mnist --every 5
"""


@command("weights", help=WEIGHTS, epilog=EXAMPLES)
@argument("path", type=FOLDER, metavar="RUN")
@option(
    "--into", type=FOLDER, required=True, metavar="RUN2", help="folder of the run that they go to"
)
@option(
    "--every",
    type=POSITIVE,
    default=defaults(bring_weights)["every"],
    metavar="N",
    help="only every N-th of the epochs that both have",
)
@quiet
def weights(path: Path, into: Path, every: int, quiet: bool) -> int:
    """Bring the weights of a run with all its layers."""
    from gt.kept.ship import MANIFEST
    from gt.record.published import SOURCES
    from gt.run.pixels import Scaling
    from gt.run.read import open_run

    run, owner = open_run(path), open_run(into)
    known = SOURCES.get(str(dict(run.made.get("recipe", {})).get("dataset")))
    with bar(f"{run.title}, weights", quiet) as progress:
        made = bring_weights(
            run,
            owner,
            every=every,
            scaling=None if known is None else Scaling(tuple(known["mean"]), tuple(known["std"])),
            command=typed_again(),
            progress=shown(progress),
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
