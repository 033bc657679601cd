"""What people come for, done from the overview in counted steps: each click is one.

That a colleague's link shows the same, pixel for pixel, is in `test_address`; how long a video takes in ``tests/bench``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gt.run import open_run
from tests.browser.conftest import SHIPPED, kept_page, serving_apart
from tests.browser.tour import PATIENCE_MS, TEST, Tour


class Steps:
    """A reader who has just come to the overview, and how often they have clicked since."""

    def __init__(self, tour: Tour) -> None:
        self.tour, self.count = tour, 0
        tour.goto("/")
        tour.ready()

    def click(self, place: Any, **how: Any) -> None:
        place.click(**how)
        self.count += 1

    def go(self, name: str) -> None:
        link = self.tour.page.get_by_role("link", name=name, exact=True)
        self.click(link.and_(self.tour.page.locator(".gt-nav-link")))


@pytest.fixture
def steps(request: Any, tmp_path: Path, shared_context: Any, watch: Any) -> Iterator[Steps]:
    """The overview of an app with one run, which a test names."""
    with (
        serving_apart(tmp_path, shipped=(request.param,)) as site,
        kept_page(shared_context, site) as tour,
        watch.following(tour.page),
    ):
        watch.allow(site)
        yield Steps(tour)


@pytest.mark.parametrize("steps", ["mnist"], indirect=True)
def test_the_class_that_is_learnt_last_is_seen_to_be_learnt(steps: Steps) -> None:
    page = steps.tour.page
    steps.go("Training")
    events = page.locator("#training-events li").get_by_role("link")
    events.first.wait_for()
    learnt = {
        name: int(found[1])
        for name in events.all_inner_texts()
        if (found := re.search(r"learnt at epoch (\d+)", name))
    }
    last = max(learnt, key=lambda name: learnt[name])
    steps.click(events.filter(has_text=last))
    steps.tour.ready(TEST)
    before = steps.tour.look()
    assert learnt[last] - 1 <= before.epoch and (before.playing or before.epoch > learnt[last])
    steps.tour.until(f"s.epoch > {learnt[last]}")
    assert before.selected, "its points"
    assert steps.count <= 3


@pytest.mark.parametrize("steps", ["cifar10"], indirect=True)
def test_two_classes_that_are_taken_for_each_other_are_one_table(
    steps: Steps, tmp_path: Path
) -> None:
    page = steps.tour.page
    run = open_run(SHIPPED / "cifar10")
    cat, dog = (run.classes.index(name) for name in ("cat", "dog"))
    told = run.activations("softmax", int(run.epochs[-1])).argmax(1)
    truth = run.labels
    test = run.splits == 1
    wanted = test & (((truth == cat) & (told == dog)) | ((truth == dog) & (told == cat)))
    steps.go("Training")
    for a, b, keys in (("cat", "dog", []), ("dog", "cat", ["Shift"])):
        cell = page.get_by_role("button", name=re.compile(f"test points? of {a} .* taken for {b}"))
        cell.wait_for(timeout=3 * PATIENCE_MS)
        steps.click(cell, modifiers=keys)
    with page.expect_download() as saved:
        steps.click(steps.tour.button("csv"))
    saved.value.save_as(tmp_path / "saved.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "saved.csv").read_text("utf-8"))))
    assert sorted(int(row["id"]) for row in rows) == sorted(run.ids[wanted].tolist())
    assert steps.count <= 4
