"""What ``/training`` says of an event is what was found, and for as long as it held."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gt.figures.training import strip_figure
from gt.ui.training.words import event_text, event_title

CLASSES = ("ant", "bee", "cat", "dog")


def event(**said: Any) -> dict[str, Any]:
    return {
        "kind": "learnt",
        "before": 6,
        "epoch": 7,
        "classes": [1],
        "apart": [],
        "distance": 0.9,
        "times": 226.4,
        "score": 8.4,
        "right": [0.0, 0.98],
        "lasted": None,
        "until": None,
        **said,
    }


@pytest.mark.parametrize(
    ("lasted", "until", "title"),
    [
        (None, None, "bee learnt at epoch 7"),
        (1, 8, "bee learnt for one epoch at epoch 7"),
        (12, 19, "bee learnt for 12 epochs at epoch 7"),
        (1, 10, "bee learnt for one recorded epoch at epoch 7"),
        (2, 17, "bee learnt for 2 recorded epochs at epoch 7"),
    ],
)
def test_what_did_not_last_says_for_how_long(
    lasted: int | None, until: int | None, title: str
) -> None:
    assert event_title(event(lasted=lasted, until=until), CLASSES) == title


def test_nearly_all_and_hardly_any_are_not_all_and_none() -> None:
    assert "right 0.5 % → 99.5 %;" in event_text(event(right=[0.005, 0.995]), CLASSES)
    assert "right 0 % → 98 %;" in event_text(event(), CLASSES)


def test_an_event_of_most_classes_says_of_which_its_numbers_are() -> None:
    most = event(kind="all", classes=[0, 1, 2])
    assert event_title(most, CLASSES) == "3 of 4 classes moved at once at epoch 7"
    assert event_text(most, CLASSES).endswith("score 8.4. ant, bee, cat.")
    told = event_text({**most, "apart": [1]}, CLASSES)
    assert told.endswith(
        "ant, bee, cat. These numbers are without bee, which has an event of its own."
    )
    many = event_text({**most, "apart": [0, 1]}, CLASSES)
    assert many.endswith("These numbers are without ant, bee, which have events of their own.")
    assert "without" not in event_text({**most, "apart": [0, 1, 2]}, CLASSES)


def test_a_class_in_two_events_of_one_transition_is_marked_once() -> None:
    distance = np.full((3, 2), 0.1)
    figure = strip_figure(
        np.arange(4), distance, np.full(2, 0.1), ("a", "b"), [(2, 1), (2, 0), (2, 1)]
    )
    marks = figure["data"][1]
    assert sorted(zip(marks["x"], marks["y"], strict=True)) == [(2, 0), (2, 1)]
