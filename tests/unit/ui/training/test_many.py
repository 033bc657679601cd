"""Which classes the charts of a training show where there are very many."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from gt.ui.training.many import TOP, note, shown_in_curves, shown_in_strip


def run(accuracy: np.ndarray) -> Any:
    """What is read of a run: one epoch of accuracies ``(k,)``, measured on the test points."""
    k = len(accuracy)
    by_class = np.full((2, 2, k), np.nan)
    by_class[0, 1] = accuracy
    history = SimpleNamespace(class_accuracy=by_class, class_loss=np.full((2, 2, k), np.nan))
    return SimpleNamespace(classes=tuple(map(str, range(k))), history=history)


def test_few_classes_are_all_shown_and_nothing_is_said_of_it() -> None:
    assert shown_in_curves(run(np.ones(TOP))) == list(range(TOP))
    assert shown_in_strip(TOP, np.zeros((1, TOP))) == list(range(TOP))
    assert note(TOP, "a rule") == ""


def test_of_many_the_least_often_right_have_lines_and_what_is_not_known_comes_last() -> None:
    accuracy = np.linspace(0.5, 1, 200)
    accuracy[[7, 190]] = 0.1, 0.2
    accuracy[0] = np.nan
    shown = shown_in_curves(run(accuracy))
    assert len(shown) == TOP and {7, 190} <= set(shown) and 0 not in shown
    assert shown == sorted(shown)
    assert len(shown_in_curves(run(np.full(200, np.nan)))) == TOP


def test_of_many_those_that_moved_farthest_have_rows() -> None:
    distance = np.zeros((3, 100))
    distance[1, [99, 50]] = 1, 0.5
    distance[:, 3] = np.nan
    shown = shown_in_strip(100, distance)
    assert len(shown) == TOP and {50, 99} <= set(shown) and 3 not in shown
    assert len(shown_in_strip(100, None)) == len(shown_in_strip(100, distance[:0])) == TOP


def test_what_is_left_out_is_said() -> None:
    assert "24 of 1,000 classes" in note(1000, "those of a rule") and "rule" in note(
        1000, "those of a rule"
    )
