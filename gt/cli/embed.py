"""``gt embed``: pictures of every epoch, kept with the run; an option for every parameter of any method."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gt import embed as embedding
from gt.cli.again import typed_again
from gt.cli.command import command
from gt.cli.options import FOLDER, POSITIVE, argument, defaults, option, quiet
from gt.cli.progress import shown
from gt.embed import METHODS, EmbedError
from gt.run.points import SPLITS

EMBED = """\
Compute pictures of a run's layer, epoch by epoch, and keep them with the run. Stop it whenever you
like: the same command goes on where it was.

methods:
"""
EXAMPLES = """\
examples:
  gt embed runs/mnist --method tsne
  gt embed runs/mnist --method all
  gt embed runs/mnist --method umap --n-neighbors 30 --min-dist 0.3
  gt embed runs/mnist --method dynamic-tsne --lambda 0.01 --every 2
"""
LISTED = "".join(f"  {m.name:<14}{m.title}. {m.text}\n" for m in METHODS.values())
USUAL = defaults(embedding.plan)


def _parameters() -> dict[str, tuple[str, str]]:
    """Every parameter of any method: what it does, and the defaults of the methods that have it."""
    out: dict[str, tuple[str, str]] = {}
    for method in METHODS.values():
        for p in method.parameters:
            text, before = out.get(p.name, (p.text, ""))
            default = f"{p.default:g}"
            same = default == before.split(" ")[0] or not before
            out[p.name] = (text, default if same else f"{before}; {method.name}: {default}")
    return out


def _parameter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each parameter; which method has it is known when it is checked."""
    for name, (text, usual) in reversed(_parameters().items()):
        function = option(
            f"--{name.replace('_', '-')}", name, type=float, metavar="X", usual=usual, help=text
        )(function)
    return function


@command("embed", help=EMBED + LISTED, epilog=EXAMPLES)
@argument("path", type=FOLDER, metavar="RUN")
@option(
    "--method",
    "methods",
    type=click.Choice([*METHODS, "all"]),
    multiple=True,
    required=True,
    metavar="NAME",
    help="one of those above, or all; may be given several times",
)
@option("--layer", metavar="NAME", usual="the last", help="of the network")
@option("--split", default=USUAL["split"], type=click.Choice(SPLITS), help="whose points")
@option("--points", type=POSITIVE, metavar="N", usual="all", help="draw N of the points")
@option("--seed", type=int, default=USUAL["seed"], metavar="N", help="of what is random")
@_parameter_options
@quiet
def embed(
    path: Path,
    methods: tuple[str, ...],
    layer: str | None,
    split: str,
    points: int | None,
    seed: int,
    quiet: bool,
    **parameters: float | None,
) -> int:
    """Compute what is not there yet."""
    from gt.run import open_run

    run = open_run(path)
    names = list(METHODS) if "all" in methods else list(dict.fromkeys(methods))
    given = {name: value for name, value in parameters.items() if value is not None}
    jobs = []
    for name in names:  # all are checked before the first starts
        known = METHODS[name].defaults if "all" in methods else given
        values = {k: v for k, v in given.items() if k in known}
        jobs.append(
            embedding.plan(run, name, values, layer=layer, split=split, seed=seed, points=points)
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
    command = typed_again()
    for job in jobs:
        title = f"{run.title}, {METHODS[job.recipe.method].title}"
        with tqdm(desc=title, disable=quiet, miniters=1) as bar:
            try:
                made = embedding.embed(run, job, progress=shown(bar), command=command)
            except KeyboardInterrupt:
                bar.close()
                print(
                    "\nstopped; finished epochs are kept, the same command goes on from there.",
                    file=sys.stderr,
                )
                return 130
        print(
            f"{made.path}: {len(made.ids):,} of {made.of:,} {made.recipe.split} points,"
            f" {len(made.epochs)} {run.unit}s, rank correlation of data and screen motion"
            f" {_median(made.measures['rank_correlation'])} (median)"
        )
    return 0


def _median(values: Any) -> str:
    import numpy as np

    known = np.asarray(values)[np.isfinite(values)]
    return f"{np.median(known):.2f}" if len(known) else "unknown"
