"""The stories of single examples, written out by hand, and their rankings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gt.measure.training.course import Course
from gt.measure.training.examples import (
    ALWAYS,
    FORGOTTEN,
    LEARNT,
    NEVER,
    learnt_by_class,
    rankings,
    stories,
)


def written(*rows: str) -> np.ndarray:
    """``(e, n)`` bool from one word an example: ``"..##"`` is wrong twice and right twice."""
    return np.array([[letter == "#" for letter in row] for row in rows]).T


@pytest.mark.parametrize(
    ("row", "kind", "at", "flips"),
    [
        ("##########", ALWAYS, 0, 0),
        ("..........", NEVER, 0, 0),
        ("....######", LEARNT, 4, 0),
        ("######....", FORGOTTEN, 6, 0),
        ("....####.#", LEARNT, 4, 2),  # one slip does not make it late
        ("#...######", LEARNT, 4, 1),
        ("####.#####", ALWAYS, 0, 2),
        (".........#", NEVER, 0, 1),  # the last epoch alone is not lasting
        ("........##", LEARNT, 8, 0),
        (".#.#.#.#.#", ALWAYS, 0, 9),  # half and half: no step says more
        ("#", ALWAYS, 0, 0),
        (".", NEVER, 0, 0),
        (".#", ALWAYS, 0, 1),
    ],
)
def test_the_plainest_story_that_fits_is_told(row: str, kind: int, at: int, flips: int) -> None:
    told = stories(written(row))
    assert (told.kind[0], told.at[0], told.flips[0]) == (kind, at, flips)
    assert told.right[0] == row.count("#")


def course(*rows: str, labels: list[int] | None = None) -> Course:
    right = written(*rows)
    e, n = right.shape
    y = np.zeros(n, int) if labels is None else np.array(labels)
    return Course(
        np.arange(10, 10 + e),
        np.arange(n),
        y,
        np.zeros(n, np.uint8),
        ("a", "b", "c"),
        np.zeros((e - 1, n), np.float32),
        np.where(right, y, 2).astype(np.uint16),
    )


def test_examples_are_ranked_by_what_is_remarkable() -> None:
    ten = ["..########"] * 10
    found = rankings(
        course(
            *ten, "........##", "....######", ".#########", "#.#.######", "......#...", "#######..."
        )
    )
    assert found.late.tolist() == [10]  # epoch 4 is within the fence of a class learnt at 2
    assert found.never.tolist() == [14]
    assert found.forgotten.tolist() == [15]
    assert found.flipping.tolist() == [13, 14]


def test_a_class_is_late_only_beside_itself() -> None:
    early, late = [".#########"] * 6, ["........##"] * 6
    labels = [0] * 6 + [1] * 6
    assert rankings(course(*early, *late, labels=labels)).late.tolist() == []
    assert len(rankings(course(*early, *late[:1])).late) == 1


def test_a_class_is_learnt_when_most_of_its_points_are() -> None:
    rows = ["...#######", ".....#####", ".....#####", "..........", "##########"]
    found = course(*rows, labels=[0, 0, 0, 1, 2])
    assert learnt_by_class(replace(found, classes=("a", "b", "c", "d"))) == [15, None, 10, None]
