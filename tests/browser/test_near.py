"""Neighbours: those of the data beside the selection, what the picture loses and makes up, pointed at and selected."""

from __future__ import annotations

import numpy as np
import pytest

from gt.run import open_run
from tests.browser.tour import TEST, TRAIN

K = 10


@pytest.fixture
def known(runs_folder):
    """Ids and softmax outputs of the run at its last epoch."""
    run = open_run(runs_folder / "mnist")
    return run.ids, run.activations("softmax", len(run.epochs) - 1).astype(float)


def ranks(places, row):
    """Of each point 1 and how many are nearer to a row, which itself is not counted."""
    away = np.linalg.norm(places - places[row], axis=1)
    others = np.sort(np.delete(away, row))
    return away, 1 + np.searchsorted(others, away, side="left")


def lost_of(values, places, row):
    """How many of a point's neighbours in the data a picture loses."""
    (_, in_data), (_, in_picture) = ranks(values, row), ranks(places, row)
    return int(((in_data <= K) & (in_picture > K)).sum())


def tiles(tour, strip):
    return tour.page.locator(".gt-near-strip").nth(strip).locator(".gt-near-tile")


def ids_of(found):
    return [int(one.get_attribute("data-gt-id")) for one in found.all()]


def test_neighbours_of_a_point_are_those_of_the_data_and_what_the_picture_loses_is_counted(
    tour, known
):
    tour.at_the_end()
    ids, values = known
    seen = [tour.look(name) for name in (TRAIN, TEST)]
    assert np.concatenate([one.ids for one in seen]).tolist() == ids.tolist()
    places = np.concatenate([one.positions for one in seen])
    row = max(range(len(ids)), key=lambda one: lost_of(values, places, one))
    point = int(ids[row])
    tour.page.evaluate(
        """async (id) => (await import("/assets/js/main.mjs")).select("mnist", [id])""",
        point,
    )
    panel = tour.part("near")
    panel.scroll_into_view_if_needed()
    tour.page.get_by_text(f"to point {point} ").wait_for()
    away, in_data = ranks(values, row)
    order = np.argsort(np.where(np.arange(len(ids)) == row, np.inf, away), kind="stable")
    assert ids_of(tiles(tour, 0)) == ids[order[:K]].tolist()

    _, in_picture = ranks(places, row)
    lost = ids[order[:K]][in_picture[order[:K]] > K]
    marked = tour.page.locator(".gt-near-strip").first.locator(".gt-near-lost")
    assert set(ids_of(marked)) == set(lost.tolist())
    near = np.flatnonzero((in_picture <= K) & (np.arange(len(ids)) != row))
    made = ids[near][in_data[near] > K]
    assert len(made) and set(ids_of(tiles(tour, 1))) == set(made.tolist())
    text = panel.inner_text()
    assert f"The {K} nearest of 119 points" in text and "at softmax, epoch 40" in text
    assert f"{K - len(lost)} {'is' if K - len(lost) == 1 else 'are'} among" in text
    assert f"{K * K / 119:.1f} would be, on average" in text

    first, second = (tiles(tour, 0).nth(i) for i in (0, 1))
    first.focus()
    tour.page.keyboard.press("ArrowRight")
    assert second.evaluate("one => one === document.activeElement")
    tour.page.locator(".gt-hover-card:visible").filter(has_text=f"{ids[order[1]]}").wait_for()
    second.click(modifiers=["Shift"])
    both = sorted([point, int(ids[order[1]])])
    tour.page.get_by_text("to the middle of 2 selected points").wait_for()
    assert sorted([*tour.look(TRAIN).selected, *tour.look(TEST).selected]) == both
    middle = values[np.isin(ids, both)].mean(0)
    far = np.linalg.norm(values - middle, axis=1)
    far[np.isin(ids, both)] = np.inf
    assert ids_of(tiles(tour, 0)) == ids[np.argsort(far, kind="stable")[:K]].tolist()
    assert tour.page.locator(".gt-near-strip").count() == 1  # a middle is nowhere in the picture

    tour.page.get_by_label("Distance").select_option("cosine")
    tour.page.get_by_text("cosine distance, all compared").wait_for()
    tour.page.wait_for_function("() => location.search.includes('near=cosine.10.all')")
    tour.page.get_by_label("Distance").select_option("euclidean")
