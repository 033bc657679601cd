"""The bars of a spectrum."""

import numpy as np

from gt.figures.spectrum import spectrum_figure


def test_bars_are_the_shares_and_those_shown_stand_out():
    figure = spectrum_figure(np.array([0.5, 0.3, 0.2]))
    [bars] = figure["data"]
    assert bars["y"] == [50, 30, 20] and bars["customdata"] == [50, 80, 100]
    colors = bars["marker"]["color"]
    assert colors[0] == colors[1] != colors[2]
    low, high = figure["layout"]["yaxis"]["range"]
    assert low == 0 and high > 50


def test_a_layer_without_variance_still_has_axes():
    assert spectrum_figure(np.zeros(3))["layout"]["yaxis"]["range"][1] > 0
