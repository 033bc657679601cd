"""The sentences of an attack's views say what it did, also where it failed."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from gt.views.attack import _across, _off, _went


def told(probabilities: np.ndarray) -> SimpleNamespace:
    """Attacked points of class 0, to be taken for class 1; probabilities ``(steps, points, 3)``."""
    own = np.zeros(probabilities.shape[1], int)
    return SimpleNamespace(
        names=["ant", "bee"], taken=probabilities.argmax(2) == 1, own=own, below=0, above=1,
        steps=[0, 4, 9][: len(probabilities)], said=probabilities, halfway=0,
        recipe=SimpleNamespace(target="bee"),
    )  # fmt: skip


def test_a_probability_that_falls_falls_and_one_that_rises_rises() -> None:
    start, end = np.array([0.8, 0.15, 0.05]), np.array([0.1, 0.85, 0.05])
    for first, last, said in (
        (start, end, "falls from 80 % to 10 %, that of bee rises from 15 % to 85 %."),
        (end, start, "rises from 10 % to 80 %, that of bee falls from 85 % to 15 %."),
        (start, start, "stays at 80 %, that of bee stays at 15 %."),
    ):
        text = _across(told(np.stack([[first] * 5, [last] * 5])))["text"]
        assert f"From step 0 to 4 the mean probability of their own class {said}" in text


@pytest.mark.parametrize(("height", "said"), [(2.04, "2.0 above it"), (-1.5, "1.5 below it")])
def test_what_lies_below_the_boundary_is_not_said_to_be_above(height: float, said: str) -> None:
    assert _off(height) == said


def test_a_change_that_is_not_seen_in_the_figures_is_none() -> None:
    assert _went(0.50001, 0.50002) == "stays at 50 %"
