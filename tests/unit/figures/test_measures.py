"""The figure of a measure: a line per method, and no axes where there is none."""

import numpy as np

from gt.figures.measures import NOTHING, Line, lines_figure


def test_without_a_line_there_are_no_axes_and_it_is_said():
    layout = lines_figure([], "Rank correlation", "step")["layout"]
    assert not layout["xaxis"]["visible"] and not layout["yaxis"]["visible"]
    assert [one["text"] for one in layout["annotations"]] == [NOTHING]
    assert lines_figure([], "")["layout"]["annotations"] == []  # nothing is known yet


def test_a_line_has_axes_and_what_is_counted():
    line = Line(
        "pca", "#112233", "PCA", np.array([2, 5]), np.array([0, 2]), np.array([0.5, np.nan])
    )
    figure = lines_figure([line], "Rank correlation", "step")
    layout = figure["layout"]
    assert layout["xaxis"]["visible"] and layout["xaxis"]["title"]["text"] == "step"
    assert layout["annotations"] == []
    assert figure["data"][0]["x"] == [2, 5] and figure["data"][0]["y"] == [0.5, None]
