"""The stored measures as tables, and the tables that the documentation quotes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gt.cli.measures import report_titles
from gt.kept.attack import KEY
from gt.kept.embedding import FOLDER, Embedding, find_embeddings
from gt.measure.embeddings.correspondence import measure_all
from gt.measure.embeddings.definitions import NAMES
from gt.measure.embeddings.tables import every_transition, medians, report, stretches, transition_at
from gt.run import find_runs
from gt.run.read import Run

ROOT = Path(__file__).parents[4]


def shipped() -> list[tuple[Run, list[Embedding]]]:
    runs, problems = find_runs([ROOT / "precomputed"])
    assert not problems
    found = []
    for run in (one for one in runs if KEY not in one.made):  # attacks are no trainings
        embeddings, damaged = find_embeddings(run.path / FOLDER)
        assert not damaged
        found.append((run, embeddings))
    return found


def test_the_documentation_quotes_the_stored_measures() -> None:
    found = shipped()
    titles = report_titles([one for _, embeddings in found for one in embeddings])
    page = ROOT / "gt/docs/explanation/measures.md"
    quoted = page.read_text("utf-8")
    for table in report(found, titles).split("\n\n"):
        assert table in quoted, f"gt measures precomputed; {page.name} must have:\n{table}"


@pytest.mark.parametrize("run", ["mnist", "fashion-mnist", "cifar10"])
@pytest.mark.parametrize(
    "method",
    ["tsne", "tsne-warm", "dynamic-tsne", "umap", "umap-warm", "umap-8d", "pca", "grand-tour"],
)
def test_the_shipped_measures_follow_from_the_shipped_positions(run: str, method: str) -> None:
    """At a handful of epochs: all of them take minutes."""
    found, embeddings = next((r, e) for r, e in shipped() if r.name == run)
    one = next(e for e in embeddings if e.name == method)
    assert len(one.ids) == one.of == 1000
    assert one.recipe.fingerprint == found.fingerprint("softmax")
    assert one.epochs.tolist() == found.epochs.tolist()
    rows = one.rows(found)
    assert set(found.splits[rows]) == {1}
    for at in (5, 11, 97):
        again = measure_all(
            lambda i, at=at: found.activations("softmax", at + i)[rows].astype(np.float64),
            one.positions()[at : at + 2],
        )
        for name in NAMES:
            stored = one.measures[name]
            span = stored[at : at + len(getattr(again, name))]
            assert getattr(again, name) == pytest.approx(span, abs=1e-4, nan_ok=True), name


def test_the_linear_view_keeps_what_moved_by_a_wide_margin_when_mnist_learns_its_late_classes():
    found = next((r, e) for r, e in shipped() if r.name == "mnist")
    titles = {one.name: one.name for one in found[1]}
    into = next(iter(stretches(found[0]).values()))
    assert into == [21, 28]
    table = medians(found[1], titles, into)
    for measure in ("rank_correlation", "fitted_rank_correlation"):
        others = table.loc[["tsne", "dynamic-tsne", "umap"], measure]
        assert table.loc["grand-tour", measure] > others.max() + 0.4


def test_a_transition_is_known_by_the_epoch_it_leads_to() -> None:
    one = next(e for r, es in shipped() for e in es if r.name == "mnist" and e.name == "pca")
    assert transition_at(one, 7) == 6 and transition_at(one, 0) is None
    assert transition_at(one, 1000) is None


def test_every_transition_of_every_embedding_is_a_row() -> None:
    embeddings = next(es for r, es in shipped() if r.name == "mnist")
    table = every_transition(embeddings)
    assert len(table) == 99 * len(embeddings)
    assert (table.next_epoch - table.epoch == 1).all()
    assert every_transition([]).empty
