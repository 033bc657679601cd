"""``gt measures``: the stored measures as tables."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from gt.cli.command import command
from gt.cli.options import FOLDER, argument, option

MEASURES = """\
Print, for every embedding, the medians over transitions from epoch to epoch of what the page
Compare defines: rank correlation of data and screen motion, false motion, trustworthiness,
continuity.
"""


@command("measures", help=MEASURES)
@argument("path", type=FOLDER, nargs=-1, required=True, metavar="DIR...")
@option("--csv", type=FOLDER, metavar="FILE", help="write every transition into a file")
@click.option("--again", is_flag=True, help="measure what is kept anew, and keep that")
def measures(path: tuple[Path, ...], csv: Path | None, again: bool) -> int:
    """Read the measures of runs, or of folders of runs."""
    import pandas as pd

    from gt.files.cells import defused
    from gt.kept.attacks import is_attack
    from gt.kept.embedding import FOLDER as KEPT
    from gt.kept.embedding import find_embeddings
    from gt.measure.embeddings.tables import every_transition, report
    from gt.run import find_runs

    runs, problems = find_runs(path)
    found = []
    for run in runs:
        if is_attack(run):  # its page is another
            continue
        embeddings, damaged = find_embeddings(run.path / KEPT)
        problems += [(run.path, problem) for problem in damaged]
        if again:
            embeddings = [_anew(run, one) for one in embeddings]
        found.append((run, embeddings))
    for _, problem in problems:
        print(f"gt measures: {problem}", file=sys.stderr)
    if not any(embeddings for _, embeddings in found):
        print("gt measures: no embedding in these runs; gt embed computes them", file=sys.stderr)
        return 2
    print(report(found, report_titles([e for _, embeddings in found for e in embeddings])))
    if csv:
        tables = []
        for run, embeddings in found:
            tables.append(every_transition(embeddings, run.unit).assign(run=run.name))
        defused(pd.concat(tables)).to_csv(csv, index=False)
    return 0


def _anew(run: Any, kept: Any) -> Any:
    from gt.cli.progress import bar, shown
    from gt.embed import measure_again

    with bar(f"{run.title}, {kept.name}", quiet=False) as one:
        return measure_again(run, kept, progress=shown(one))


def report_titles(embeddings: Sequence[Any]) -> dict[str, str]:
    """What each embedding is called in a table, in the order of the methods."""
    from gt.embed.titles import titles_of

    return titles_of(embeddings)
