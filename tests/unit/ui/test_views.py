"""Named views can be shown: their words, epochs and classes fit together."""

from __future__ import annotations

import pytest

from gt.ui.views import VIEWS, NamedView

EVERY = [view for views in VIEWS.values() for view in views]


def test_each_of_the_three_runs_has_two():
    assert {run: len(views) for run, views in VIEWS.items()} == {
        "mnist": 2,
        "fashion-mnist": 2,
        "cifar10": 2,
    }


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view["name"])
def test_a_view_says_where_to_look_and_what_to_see(view):
    assert set(view) == set(NamedView.__annotations__)
    assert view["layer"] in ("softmax", "logits")
    assert view["text"].endswith(".") and len(view["text"]) > 30
    assert 1 <= len(view["epochs"]) <= 2
    assert view["epochs"] == sorted(set(view["epochs"])) and view["epochs"][-1] <= 99
    assert len(view["handles"]) == len(set(view["handles"])) >= 2
    assert not view["show"] or set(view["handles"]) <= set(view["show"])


def test_names_are_unique_in_a_run():
    for views in VIEWS.values():
        assert len({view["name"] for view in views}) == len(views)
