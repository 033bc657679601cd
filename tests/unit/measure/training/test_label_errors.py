"""Flipped labels, and that they are found where a network knows better: what the bench of that name rests on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gt.measure.training.labels import ORDERS, USUAL
from gt.run import open_run, write_run
from tests.bench.label_errors import by_scores, flipped


def test_as_many_as_asked_are_flipped_to_any_other_class_and_always_the_same() -> None:
    labels = np.arange(20_000) % 10
    given = flipped(labels, 10, 0.05, np.random.default_rng(0))
    assert (given != labels).sum() == 1000 and given.min() == 0 and given.max() == 9
    away = (given - labels)[given != labels] % 10
    assert np.bincount(away, minlength=10)[1:].min() > 80  # of 111
    assert (given == flipped(labels, 10, 0.05, np.random.default_rng(0))).all()


def test_a_network_that_knows_better_finds_nearly_all_of_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    true = np.arange(2000) % 5
    given = flipped(true, 5, 0.05, rng)
    logits = 2.5 * np.eye(5)[np.where(true == 4, 3, true)] + rng.normal(0, 1, (6, 2000, 5))
    write_run(
        tmp_path / "run", logits.astype(np.float32), given, kind="logits"
    )  # 4 is never learnt
    found = by_scores(open_run(tmp_path / "run"), given != true)
    assert found[ORDERS[USUAL].title] > 0.8 > found[ORDERS["confidence"].title]
