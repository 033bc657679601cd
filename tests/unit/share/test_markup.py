"""Components as HTML: text stays text, attributes are those of the browser, what does nothing in a file is refused."""

from __future__ import annotations

import json
import re
from html import unescape

import dash_bootstrap_components as dbc
import pytest
from dash import dcc, html

from gt.figures import stage_figure
from gt.share.markup import html_of


def test_text_is_never_markup():
    assert (
        html_of(html.P(["a < b & ", html.B("<i>"), 3, None]))
        == "<p>a &lt; b &amp; <b>&lt;i&gt;</b>3</p>"
    )
    assert html_of(html.P(title='"><script>')) == '<p title="&quot;&gt;&lt;script&gt;"></p>'


def test_attributes_are_the_browsers():
    box = html.Button(
        "x",
        className="a b",
        hidden=True,
        disabled=False,
        tabIndex=-1,
        **{"data-a": "", "aria-label": "y"},
    )
    assert (
        html_of(box)
        == '<button aria-label="y" class="a b" data-a="" hidden tabindex="-1">x</button>'
    )
    assert html_of(html.Img(alt="")) == '<img alt="">'
    assert html_of(html.Main(key="left out")) == "<main></main>"


def test_a_select_is_the_browsers_own():
    options = [{"value": "a", "label": "A & B", "title": "long"}, {"value": "c", "label": "C"}]
    assert html_of(dbc.Select(id="s", options=options, value="c", size="sm")) == (
        '<select class="form-select form-select-sm" id="s">'
        '<option title="long" value="a">A &amp; B</option><option selected value="c">C</option></select>'
    )


def test_what_only_dash_knows_of_leaves_no_trace():
    assert html_of([dcc.Store(id="a", data={"b": 1}), dcc.Graph(id="g", className="h")]) == (
        '<div class="h" id="g"></div>'
    )


def test_styles_are_left_to_the_script_which_alone_may_say_them():
    said = html_of(html.P(style={"--gt-color": "#123456", "minHeight": "2rem"}))
    assert said == '<p data-gt-style="--gt-color:#123456;min-height:2rem"></p>'


def test_a_figure_with_axes_of_its_own_is_described_and_one_of_a_stage_is_an_empty_box():
    figure = {"data": [{"x": [1]}], "layout": {"xaxis": {"title": {"text": "<epoch>"}}}}
    said = html_of(dcc.Graph(id="g", figure=figure))
    assert json.loads(unescape(re.search('data-gt-figure="([^"]*)"', said)[1])) == figure
    assert html_of(dcc.Graph(id="g", figure=stage_figure())) == '<div id="g"></div>'


def test_a_link_leads_to_a_page_of_the_file():
    link = dcc.Link("there", href="/prefix/grand-tour?run=a&epoch=5")
    assert html_of(link) == '<a href="#grand-tour?run=a&amp;epoch=5">there</a>'


def test_what_would_do_nothing_is_refused():
    with pytest.raises(TypeError, match="Slider cannot be in a file"):
        html_of(html.Div(dcc.Slider(0, 1)))
    with pytest.raises(TypeError, match="title of a p must be"):
        html_of(html.P(title={"color": "red"}))
    with pytest.raises(TypeError, match="came <class 'object'>"):
        html_of(object())
