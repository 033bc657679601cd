"""The stored measures of a run's embeddings as tables: every transition, or medians to read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from gt.kept.describe import learnt_late
from gt.kept.embedding import Embedding
from gt.measure.embeddings.correspondence import Measures, summary
from gt.measure.embeddings.definitions import DEFINITIONS, NAMES
from gt.run.read import Run
from gt.run.task import EPOCH

if TYPE_CHECKING:
    import pandas as pd

LAST = 10  # transitions that count as late in training


def measured(embedding: Embedding, name: str) -> np.ndarray:
    """A measure that is stored with an embedding; NaN where another program stored none, or one of another length."""
    e = len(embedding.epochs) - DEFINITIONS[name].per_transition
    values = embedding.measures.get(name)
    return np.full(e, np.nan, np.float32) if values is None or len(values) != e else values


def measures_of(embedding: Embedding) -> Measures:
    """The measures that are stored with an embedding."""
    return Measures(**{name: measured(embedding, name) for name in NAMES})


def every_transition(embeddings: Iterable[Embedding], unit: str = EPOCH) -> pd.DataFrame:
    """One row for each embedding and pair of successive epochs.

    Args:
        embeddings: Of one run.
        unit: What the run's epochs are called.

    Returns:
        Columns embedding, method, epoch and next_epoch (of a run by steps: step, next_step), the
        measures of the transition, and trustworthiness and continuity of the later epoch; NaN where undefined.
    """
    import pandas as pd

    tables = []
    for one in embeddings:
        columns: dict[str, object] = {
            "embedding": one.name,
            "method": one.recipe.method,
            unit: one.epochs[:-1],
            f"next_{unit}": one.epochs[1:],
        }
        for name in NAMES:
            values = measured(one, name)
            columns[name] = values if DEFINITIONS[name].per_transition else values[1:]
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def transition_at(embedding: Embedding, later: int) -> int | None:
    """Which transition ends in the epoch ``later``; None if there is none."""
    at = np.flatnonzero(embedding.epochs == later)
    return int(at[0]) - 1 if at.size and at[0] > 0 else None


def medians(
    embeddings: Iterable[Embedding], titles: dict[str, str], into: Sequence[int] | None = None
) -> pd.DataFrame:
    """Median of every measure, one row an embedding.

    Args:
        embeddings: What is compared.
        titles: What people call each, by its name.
        into: Only the transitions that end in these epochs; all when None. An embedding that has
            none of them is left out.

    Returns:
        Index: titles; columns: the measures.
    """
    import pandas as pd

    rows = {}
    for one in embeddings:
        chosen = None
        if into is not None:
            found = [transition_at(one, later) for later in into]
            chosen = [t for t in found if t is not None]
            if not chosen:
                continue
        rows[titles.get(one.name, one.name)] = summary(measures_of(one), chosen)
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(NAMES))


def stretches(run: Run) -> dict[str, list[int] | None]:
    """Parts of a training worth a median of their own: the later epochs of their transitions.

    Returns:
        By name: "all" (None), the last ten, and the transitions in which a class was learnt late.
    """
    epochs = run.epochs.tolist()
    late = sorted({epoch for epoch, _ in learnt_late(run)})
    out: dict[str, list[int] | None] = {}
    if late:
        before = {b: a for a, b in itertools.pairwise(epochs)}
        out[", ".join(f"{before[epoch]} → {epoch}" for epoch in late)] = late
    out["all"] = None
    if len(epochs) > 2 * LAST:
        out[f"last {LAST}"] = epochs[-LAST:]
    return out


def report(runs: Sequence[tuple[Run, Sequence[Embedding]]], titles: dict[str, str]) -> str:
    """Markdown tables of the medians of several runs, each method a row.

    Args:
        runs: Each with its embeddings.
        titles: What people call each embedding, by its name, in the order of the rows.
    """
    parts = []
    for heading, pair, digits in (
        ("Rank correlation, raw / fitted", ("rank_correlation", "fitted_rank_correlation"), 2),
        ("False motion, raw / fitted", ("false_motion", "fitted_false_motion"), 2),
        ("Trustworthiness / continuity", ("trustworthiness", "continuity"), 3),
    ):
        columns: dict[str, dict[str, str]] = {}
        for run, embeddings in runs:
            for name, into in stretches(run).items():
                values = medians(embeddings, titles, into)
                cells = {
                    str(t): _pair(row[pair[0]], row[pair[1]], digits)
                    for t, row in values.iterrows()
                }
                columns[f"{run.title}, {name}"] = cells
        named = [t for t in titles.values() if any(t in cells for cells in columns.values())]
        lines = [f"| {heading} | " + " | ".join(columns) + " |"]
        lines.append("|---|" + "---|" * len(columns))
        for title in named:
            row_cells = [column.get(title, "–") for column in columns.values()]
            cell = title.replace("|", r"\|")  # a name may have one
            lines.append(f"| {cell} | " + " | ".join(row_cells) + " |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _pair(a: float, b: float, digits: int) -> str:
    zero = f"-{0:.{digits}f}"
    texts = [f"{v:.{digits}f}" if np.isfinite(v) else "–" for v in (a, b)]
    return " / ".join(text[1:] if text == zero else text for text in texts)
