"""What is measured of each example: by hand, by the definitions one point at a time, and of runs of every kind."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.errors import RunError
from gt.measure.training import cartography as module
from gt.measure.training.cartography import Cartography, cartography, cartography_of, silence
from gt.run import open_run, write_run
from tests import task_runs


def measured(probabilities: Any, labels: Any, **more: Any) -> Cartography:
    said = np.asarray(probabilities, np.float32)
    e, n, k = said.shape
    labels = np.asarray(labels)
    splits = more.pop("splits", np.zeros(n, np.uint8))
    return cartography(iter(said), labels, splits, k, np.arange(1, e + 1), **more)


def test_a_case_by_hand() -> None:
    wavering = [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.1, 0.9]]
    steady = [[0.25, 0.75]] * 4
    tied = [[0.5, 0.5]] * 4
    found = measured(np.stack([wavering, steady, tied], axis=1), [0, 0, 1])
    assert found.confidence == pytest.approx([0.475, 0.25, 0.5])
    assert found.variability == pytest.approx([np.std([0.9, 0.2, 0.7, 0.1]), 0, 0], abs=1e-7)
    assert found.right.tolist() == [2, 0, 0]  # a tie is not right
    assert found.forgotten.tolist() == [2, 0, 0]
    assert found.taken.tolist() == [1, 1, 2] and found.sure == pytest.approx([0.525, 0.75, 0.5])
    logs = np.log([9, 1 / 4, 7 / 3, 1 / 9]).mean()
    assert found.margin == pytest.approx([logs, np.log(1 / 3), 0], abs=1e-6)
    assert found.epochs.tolist() == [1, 2, 3, 4] and found.left_out == ()


def one_at_a_time(said: np.ndarray, labels: np.ndarray, splits: np.ndarray) -> dict[str, list]:
    """The definitions, a point and an epoch at a time."""
    e, n, k = said.shape
    out: dict[str, list] = {"confidence": [], "variability": [], "margin": [], "alike": []}
    for i in range(n):
        y = labels[i]
        beside = [j for j in range(n) if splits[j] == splits[i]]
        usual = sum(labels[j] == y for j in beside) / len(beside)
        given, margin, alike = [], [], []
        for t in range(e):
            p = said[t].astype(float)
            given.append(p[i, y])
            margin.append(np.log(p[i, y]) - np.log(max(p[i, c] for c in range(k) if c != y)))
            share = 0.0
            for q in range(k):
                others = [j for j in beside if j != i]
                own = sum(p[j, q] for j in others if labels[j] == y) + usual
                share += p[i, q] * own / (sum(p[j, q] for j in others) + 1)
            alike.append(share)
        out["confidence"].append(np.mean(given))
        out["variability"].append(np.sqrt(np.mean((np.array(given) - np.mean(given)) ** 2)))
        out["margin"].append(np.mean(margin))
        out["alike"].append(np.mean(alike))
    return out


@pytest.mark.parametrize("rows", [3, 8192])
@pytest.mark.parametrize("k", [2, 4])
def test_it_is_what_the_definitions_say(monkeypatch: Any, k: int, rows: int) -> None:
    monkeypatch.setattr(module, "ROWS", rows)  # read in parts, or at once: alike
    rng = np.random.default_rng(k)
    said = rng.dirichlet(np.full(k, 0.5), (5, 17)).astype(np.float32)
    labels, splits = rng.integers(0, k, 17), rng.integers(0, 2, 17)
    found = measured(said, labels, splits=splits)
    for name, values in one_at_a_time(said, labels, splits).items():
        assert getattr(found, name) == pytest.approx(values, rel=1e-5, abs=1e-6), name
    right = said.argmax(axis=2) == labels
    assert (found.right == right.sum(axis=0)).all()
    assert (found.forgotten == (right[:-1] & ~right[1:]).sum(axis=0)).all()
    assert (found.taken == said.mean(axis=0).argmax(axis=1)).all()


def test_points_without_a_label_are_left_out_and_change_nothing() -> None:
    rng = np.random.default_rng(0)
    said = rng.dirichlet(np.ones(3), (4, 10)).astype(np.float32)
    labels = rng.integers(0, 3, 10)
    some = np.array([1, 4, 7])
    holes = labels.copy()
    holes[some] = [-1, -100, 3]
    kept = np.setdiff1d(np.arange(10), some)
    found, alone = measured(said, holes), measured(said[:, kept], labels[kept])
    assert found.rows.tolist() == kept.tolist()
    for name in ("confidence", "variability", "right", "forgotten", "margin", "alike", "taken"):
        assert (getattr(found, name) == getattr(alone, name)).all(), name
    none = measured(said, np.full(10, -1))
    assert none.rows.size == none.confidence.size == none.taken.size == 0


def test_a_margin_ends_where_float32_does() -> None:
    found = measured([[[1, 0, 0]], [[1, 0, 0]]], [1])
    assert found.margin == pytest.approx([np.log(np.finfo(np.float32).tiny)])
    assert np.isfinite(found.margin).all()


def test_a_class_that_is_never_learnt_does_not_look_mislabelled() -> None:
    """Every 2 is taken for a 1, and so is right to be; one 2 is taken for a 0, and that is to be looked at."""
    labels = np.repeat([0, 1, 2], 20)
    said = np.full((3, 60, 3), 0.02)
    for i, y in enumerate(np.minimum(labels, 1)):
        said[:, i, y] = 0.96
    said[:, 45] = [0.96, 0.02, 0.02]
    found = measured(said, labels)
    assert found.alike.argmin() == 45 and found.alike[45] < 0.2
    others = np.delete(np.arange(40, 60), 5)
    assert (found.alike[others] > 0.4).all() and (found.right[40:] == 0).all()
    assert np.ptp(found.confidence[40:]) == pytest.approx(0)  # which does not tell them apart


def write(path: Path, e: int, n: int = 12, k: int = 3, first: int = 0) -> Any:
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 2, (e, n, k)).astype(np.float32)
    epochs = first + np.arange(e)
    write_run(path, logits, np.arange(n) % k, kind="logits", epochs=epochs)
    return open_run(path)


def test_the_untrained_network_does_not_count(tmp_path: Path) -> None:
    run = write(tmp_path / "a", 4)
    found = cartography_of(run)
    assert found.epochs.tolist() == [1, 2, 3] and found.left_out == (0,)
    later = cartography_of(write(tmp_path / "b", 4, first=7))
    assert later.epochs.tolist() == [7, 8, 9, 10] and later.left_out == ()
    said = np.stack([run.activations("softmax", i) for i in (1, 2, 3)])
    assert found.confidence == pytest.approx(said[:, np.arange(12), run.labels].mean(axis=0))


def test_why_nothing_is_said_is_said(tmp_path: Path) -> None:
    short = write(tmp_path / "short", 2)
    assert silence(short) == (
        "Whether a label is believed takes 2 recorded epochs besides that before the training; this run has 1:"
        " record more of them."
    )
    with pytest.raises(RunError, match="takes 2 recorded epochs"):
        cartography_of(short)
    assert silence(write(tmp_path / "enough", 3)) == ""
    assert "there is no other class" in silence(write(tmp_path / "alone", 5, k=1))


@pytest.mark.parametrize("task", task_runs.ALL)
@pytest.mark.parametrize("unit", ["epoch", "step"])
def test_runs_of_every_task_are_measured_or_say_why_not(
    tmp_path: Path, task: str, unit: str
) -> None:
    task_runs.make(tmp_path / task, task, unit=unit)
    run = open_run(tmp_path / task)
    if task in ("classification", "binary"):
        found = cartography_of(run)
        assert found.epochs.tolist() == [1, 2, 5] and len(found.rows) == task_runs.N
        assert (found.margin > 0).sum() <= (found.right > 0).sum()
        return
    assert (f"({task})" in silence(run)) == (task != "none")
    with pytest.raises(RunError, match="have one class each"):
        cartography_of(run)


def test_memory_does_not_grow_with_the_epochs() -> None:
    n, k = 20_000, 10
    labels = np.arange(n) % k

    def peak(e: int) -> int:
        def each() -> Iterator[np.ndarray]:
            rng = np.random.default_rng(0)
            for _ in range(e):
                yield rng.random((n, k), np.float32)

        tracemalloc.start()
        cartography(each(), labels, np.zeros(n, np.uint8), k, np.arange(e))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(8) < 1.1 * peak(2)
