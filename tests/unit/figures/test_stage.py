"""The figure of a stage is what the browser's fast path needs."""

from __future__ import annotations

import plotly.graph_objects as go

from gt.figures import stage_figure


def test_it_is_a_figure_that_plotly_accepts():
    figure = go.Figure(stage_figure())
    assert [trace.type for trace in figure.data] == ["scattergl"]
    assert figure.data[0].mode == "markers"


def test_the_axes_are_linear_and_centred_on_the_origin():
    layout = stage_figure()["layout"]
    for axis in ("xaxis", "yaxis"):
        low, high = layout[axis]["range"]
        assert low == -high < 0
        assert layout[axis].get("type", "linear") == "linear"


def test_plotly_s_own_hover_drag_and_legend_are_off():
    layout = stage_figure()["layout"]
    assert layout["dragmode"] is False and layout["hovermode"] is False
    assert layout["showlegend"] is False


def test_every_call_makes_a_figure_of_its_own():
    first = stage_figure()
    first["layout"]["xaxis"]["range"][0] = 99
    first["data"][0]["x"].append(1)
    assert stage_figure()["layout"]["xaxis"]["range"][0] < 0
    assert stage_figure()["data"][0]["x"] == []
