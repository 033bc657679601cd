"""Curves and strip: what is drawn for runs with both splits, with one, and with hardly any epoch."""

from __future__ import annotations

import json

import numpy as np
import pytest

from gt.figures.training import curves_figure, strip_figure

EPOCHS = np.array([0, 2, 5])


def history(k: int = 3, splits: tuple[int, ...] = (0, 1)) -> tuple[np.ndarray, np.ndarray]:
    overall, by_class = np.full((3, 2), np.nan), np.full((3, 2, k), np.nan)
    for s in splits:
        overall[:, s] = [0.1, 0.5, 0.9]
        by_class[:, s] = np.linspace(0, 1, 3)[:, None]
    return overall, by_class


def test_each_split_and_class_has_its_line_on_the_epochs() -> None:
    figure = curves_figure(EPOCHS, *history(), ["a", "b", "c"], share=True)
    whose = [(t["meta"]["split"], t["meta"]["class"]) for t in figure["data"]]
    assert whose == [(0, -1), (1, -1), *((s, c) for s in (0, 1) for c in range(3))]
    assert all(t["x"] == [0, 2, 5] for t in figure["data"])
    assert figure["data"][0]["y"] == [0.1, 0.5, 0.9]
    axes = [figure["layout"][name]["domain"] for name in ("yaxis", "yaxis2", "yaxis3")]
    assert axes[0][0] > axes[1][1] > axes[1][0] > axes[2][1]  # one above the other
    colors = [t["line"]["color"] for t in figure["data"][2:]]
    assert colors[:3] == colors[3:] and len(set(colors)) == 3


def test_a_split_that_was_not_measured_has_no_row() -> None:
    figure = curves_figure(EPOCHS, *history(splits=(1,)), ["a", "b", "c"], share=False)
    assert {t["meta"]["split"] for t in figure["data"]} == {1}
    assert "yaxis3" not in figure["layout"]
    assert "test" in figure["layout"]["annotations"][0]["text"]


def test_gaps_and_nothing_at_all_can_be_drawn() -> None:
    overall, by_class = history()
    overall[1, 0] = np.nan
    figure = curves_figure(EPOCHS, overall, by_class, ["a", "b", "c"], share=False)
    assert figure["data"][0]["y"] == [0.1, None, 0.9]
    nothing = curves_figure(EPOCHS, *history(splits=()), ["a", "b", "c"], share=False)
    assert nothing["data"] == []
    assert "not measured" in nothing["layout"]["annotations"][0]["text"]
    json.dumps([figure, nothing], allow_nan=False)


def test_the_strip_has_a_row_a_class_and_a_column_a_transition() -> None:
    distance = np.array([[0.01, 0.04, np.nan], [0.25, 0.0, np.nan]])
    usual = np.array([0.05, 0.02, np.nan])
    names = ["a", "a very long name of a class", "c"]
    figure = strip_figure(EPOCHS, distance, usual, names, [(5, 0)], [5, 0, None])
    heat, events, learnt = figure["data"]
    assert heat["x"] == [2, 5] and heat["y"] == [0, 1, 2]
    assert heat["z"] == [[0.1, 0.5], [0.2, 0.0], [None, None]]  # by the square root
    assert heat["customdata"][0][1] == [2, 5, 0.25, 5.0, "a"]
    assert (events["x"], events["y"]) == ([5], [0])
    assert (learnt["x"], learnt["y"]) == ([5, 0], [0, 1])
    assert figure["layout"]["yaxis"]["ticktext"][1] == "a very…class"
    json.dumps(figure, allow_nan=False)


@pytest.mark.parametrize("k", [1, 120])
def test_the_strip_of_one_epoch_and_of_many_classes(k: int) -> None:
    names = [str(c) for c in range(k)]
    figure = strip_figure(np.array([4]), np.empty((0, k)), np.full(k, np.nan), names)
    assert figure["data"][0]["x"] == []
    assert len(figure["layout"]["yaxis"]["tickvals"]) <= 41
    assert figure["layout"]["xaxis"]["range"] == [3.5, 4.5]


def test_some_classes_of_very_many_have_rows_and_lines_and_the_cells_say_whose_they_are() -> None:
    names = [f"class {c}" for c in range(9)]
    distance = np.tile(np.arange(9) / 10, (2, 1))
    shown = [2, 7]
    figure = strip_figure(
        EPOCHS, distance, np.full(9, 0.1), names, [(5, 7), (2, 1)], [0, 2, 5] + [None] * 6, shown
    )
    heat, events, learnt = figure["data"]
    assert heat["meta"] == {"classes": [2, 7]} and heat["y"] == [0, 1]
    assert [row[0][4] for row in heat["customdata"]] == ["class 2", "class 7"]
    assert (events["x"], events["y"]) == ([5], [1])
    assert (learnt["x"], learnt["y"]) == ([5], [0])
    assert figure["layout"]["yaxis"]["ticktext"] == ["class 2", "class 7"]
    overall, by_class = history(9)
    curves = curves_figure(EPOCHS, overall, by_class, names, share=True, shown=shown)
    assert {t["meta"]["class"] for t in curves["data"]} == {-1, 2, 7}
    assert "some classes" in curves["layout"]["annotations"][1]["text"]
