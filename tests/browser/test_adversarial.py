"""An attack in the browser: its steps play in every layer, points show their images, curves and detours are linked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gt.kept.attack import attack_of
from gt.run import open_run
from tests.attacks import confidence as confidence_in
from tests.browser.conftest import kept_page, serving_apart
from tests.browser.test_looks import picture as picture_of
from tests.browser.tour import Tour

ROOT = Path(__file__).parents[2]
STAGE = "adversarial"
AIMED, FREE = "mnist-8-to-0", "cifar10-pgd"
LAST = 50
N, ATTACKED = 500, 89
_INK = """(part) => {
  const drawn = document.querySelector(part);
  const copy = new OffscreenCanvas(drawn.width, drawn.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(drawn, 0, 0);
  const { data } = copy.getImageData(0, 0, drawn.width, drawn.height);
  let ink = 0;
  for (let i = 3; i < data.length; i += 4) ink += data[i] > 0 ? 1 : 0;
  return ink;
}"""


@pytest.fixture(scope="module")
def attack_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with the attacks that ship, and the training that one of them is on."""
    made = tmp_path_factory.mktemp("attacks")
    with serving_apart(made, shipped=(AIMED, FREE, "mnist")) as url:
        yield url


@pytest.fixture(scope="module")
def kept(attack_site, browser) -> Iterator[Tour]:
    with kept_page(browser, attack_site, viewport={"width": 1440, "height": 1000}) as tour:
        tour.goto("/adversarial?play=0")
        tour.ready(STAGE)
        yield tour


@pytest.fixture
def page(kept, watch) -> Iterator[Tour]:
    """The attack from 8 to 0 at its first step, in the softmax, nothing selected, standing still."""
    with watch.following(kept.page):
        kept.page.mouse.move(1, 1)
        kept.page.keyboard.press("Escape")
        seek(kept, 0)
        go(kept, "softmax")
        yield kept


@pytest.fixture(scope="module")
def attack():
    found = attack_of(open_run(ROOT / "precomputed" / AIMED))
    assert found is not None
    return found


def seek(tour: Tour, step: int) -> None:
    tour.slide(step)
    tour.until(f"s.epoch === {step} && !s.waiting && !s.playing && !s.running", STAGE)


def go(tour: Tour, state: str) -> None:
    """To a layer, by its block in the strip."""
    tour.page.locator(".gt-strip-block").filter(
        has=tour.page.get_by_text(state, exact=True)
    ).last.click()
    tour.until(
        f"s.layer === '{state}' && s.state % 1 === 0 && !s.playing && !s.waiting && !s.running",
        STAGE,
    )


def figures(tour: Tour) -> str:
    return tour.stage(STAGE).locator('[data-gt-part="figures"]').inner_text()


def places(tour: Tour, attack) -> np.ndarray:
    """Where the attacked points are among those that are drawn."""
    return np.flatnonzero(np.isin(tour.look(STAGE).ids, attack.ids))


def test_it_opens_across_the_softmax_from_8_to_0_with_the_attacked_as_a_group(page, attack):
    seen = page.look(STAGE)
    assert (seen.run, seen.layer, seen.n, seen.epoch) == (AIMED, "softmax", N, 0)
    names = [text.strip() for text in page.page.locator(".gt-legend-name").all_inner_texts()]
    counts = [int(text) for text in page.page.locator(".gt-legend-count").all_inner_texts()]
    assert names == [*"0123456789", "adversarial"]
    assert counts[-1] == ATTACKED == len(attack.ids) and sum(counts) == N
    assert page.part("epoch").locator("output").inner_text() == "Step 0"
    assert figures(page) == "0 of 89 adversarial taken for 0"
    # the handles of the two classes span the picture: every 8 is at its own, the view is theirs alone
    end_0, end_8 = seen.matrix[0, :2], seen.matrix[8, :2]
    assert abs(end_0 @ end_8) < 1e-6 and np.linalg.norm(end_0) > 0.99 < 1.01 * np.linalg.norm(end_8)
    at = places(page, attack)
    corners = seen.matrix[: len(attack.run.classes), :2]
    for step in (0, LAST):
        seek(page, step)
        expected = attack.probabilities[step][np.argsort(attack.rows)] @ corners
        np.testing.assert_allclose(page.look(STAGE).positions[at], expected, atol=2e-3)
    assert int(attack.succeeded[-1].sum()) == 87
    assert figures(page) == "87 of 89 adversarial taken for 0"


def test_the_steps_play_while_layers_are_switched_and_only_the_attacked_move(page, attack):
    start = page.look(STAGE).positions
    seek(page, LAST - 24)
    page.page.locator("#grand-tour-pace").select_option("12")
    page.button("play").click()
    page.until(f"s.playing && s.epoch > {LAST - 24}", STAGE)
    page.page.keyboard.press(",")
    page.until(f"s.layer === 'logits' && s.epoch > {LAST - 24}", STAGE)
    page.page.keyboard.press(",")
    page.until(f"s.layer === 'linear2' && s.epoch === {LAST} && !s.playing", STAGE)
    go(page, "softmax")
    end = page.settled(STAGE).positions
    moved = np.linalg.norm(end - start, axis=1)
    at = places(page, attack)
    still = np.setdiff1d(np.arange(N), at)
    assert moved[still].max() < 1e-3 < 0.5 < np.median(moved[at])


def test_points_are_the_images_of_the_step(page, attack):
    seek(page, 0)
    page.button("points", "images").first.click()
    page.until("s.images", STAGE)
    held = []
    page.page.route("**/tensors/*", lambda route: held.append(route))
    try:
        page.slide(37)
        page.until("s.epoch === 37", STAGE)
        page.frames(3)
        before = picture_of(page, STAGE)
        assert held, "the change of a step is asked for when it is to be seen"
        for route in held:
            route.continue_()
    finally:
        page.page.unroute("**/tensors/*")
    for _ in range(100):
        if (after := picture_of(page, STAGE)) != before:
            break
    assert after != before, "nothing has moved but what is in the images"
    page.button("points", "dots").first.click()
    page.until("!s.images", STAGE)


def test_images_of_one_attack_are_not_laid_over_the_points_of_another(page):
    """Whoever is watching the page finds an error if they are: those two have images of different sizes."""
    page.button("points", "images").first.click()
    page.until("s.images", STAGE)
    seek(page, 3)
    for name in (FREE, AIMED):
        page.page.locator("#adversarial-run").select_option(name)
        page.until(f"s.run === '{name}' && s.images && s.frame.count > 0", STAGE)
        page.page.locator('[data-gt-part="figures"]').filter(has_text="of 89").first.wait_for()
        page.frames(3)
    page.button("points", "dots").first.click()
    page.until("!s.images", STAGE)


def test_pairs_and_trails_lead_from_the_clean_places(page):
    page.frames()
    assert page.page.evaluate(_INK, ".gt-pairs") == 0
    seek(page, LAST)
    page.frames()
    drawn = page.page.evaluate(_INK, ".gt-pairs")
    assert drawn > 200
    page.page.locator(".gt-legend-count").last.click()
    page.until(f"s.selected.length === {ATTACKED}", STAGE)
    page.button("trails", "epochs").click()
    page.frames()
    assert page.page.evaluate(_INK, ".gt-trails:not(.gt-pairs)") > 200
    page.button("trails", "off").click()
    page.button("pairs").click()
    page.frames()
    assert page.page.evaluate(_INK, ".gt-pairs") == 0
    assert page.page.evaluate(_INK, ".gt-trails:not(.gt-pairs)") == 0
    page.button("pairs").click()


def test_curves_say_what_is_stored_seek_and_split_by_the_selection(page, attack):
    charts = page.part("curves").locator("svg[role=slider]")
    assert charts.count() == 3
    charts.first.focus()
    page.page.keyboard.press("End")
    page.until(f"s.epoch === {LAST}", STAGE)
    success, confidence = (
        page.part("curves").locator(".gt-curve").nth(i).inner_text() for i in (0, 1)
    )
    assert "98 %" in success and f"{100 * attack.success[-1]:.0f}" == "98"
    target = f"{100 * confidence_in(attack, attack.targets)[-1]:.0f} %"
    assert target in confidence, confidence
    wide = charts.nth(1).bounding_box()["width"]
    charts.nth(1).click(position={"x": 0.4 * wide, "y": 40})
    page.until(f"s.epoch > 5 && s.epoch < {LAST - 5} && s.epoch % 1 === 0", STAGE)
    chosen = attack.ids[:10]
    page.page.evaluate(
        """async ([run, ids]) => {
          const { select } = await import("/assets/js/main.mjs");
          select(run, ids);
        }""",
        [AIMED, chosen.tolist()],
    )
    page.until("s.selected.length === 10", STAGE)
    assert re.search(
        r"10\b.*79\b", page.part("curves").locator(".gt-curves-who").inner_text(), re.S
    )
    step = int(page.look(STAGE).epoch)
    said = page.part("curves").locator(".gt-curve").first.inner_text()
    assert f"{100 * attack.succeeded[step][:10].mean():.0f} %" in said


def test_detours_answer_with_their_number_and_are_linked(page, attack):
    answer = page.part("detours").locator(".gt-detour-answer").inner_text().replace("\xa0", " ")
    assert re.search(r"ρ = −0\.18 over 89 points, p = 0\.0?9\d*: not in this attack", answer), (
        answer
    )
    touch = page.part("detours").locator(".gt-detour-touch")
    touch.focus()
    page.page.keyboard.press("End")
    assert page.page.locator(".gt-hover-card .gt-change canvas").count() == 3
    assert re.search(r"change", page.page.locator(".gt-hover-card").inner_text())
    page.page.keyboard.press("Enter")
    page.until("s.selected.length === 1", STAGE)
    assert page.look(STAGE).selected[0] in attack.ids.tolist()
    assert page.page.locator(".gt-detour-chosen").count() == 1


def test_a_card_shows_the_change_once_it_has_come(page):
    held = []
    page.page.route("**/tensors/*", lambda route: held.append(route))
    try:
        seek(page, 41)
        touch = page.part("detours").locator(".gt-detour-touch")
        touch.focus()
        page.page.keyboard.press("Home")
        page.frames(3)
        assert held and page.page.locator(".gt-hover-card .gt-change canvas").count() == 0
        for route in held:
            route.continue_()
    finally:
        page.page.unroute("**/tensors/*")
    page.page.locator(".gt-hover-card .gt-change canvas").nth(2).wait_for()


def test_the_view_before_the_softmax_shows_a_plane_of_their_own(page, attack):
    page.page.get_by_label(re.compile(r"Before the softmax, logits, step 50")).click()
    page.until("s.layer === 'logits' && s.epoch === 50 && !s.playing && s.state % 1 === 0", STAGE)
    seen = page.settled(STAGE)
    at = places(page, attack)
    rest = np.setdiff1d(np.arange(N), at)
    middle = np.median(seen.positions[at, 0])
    beyond = (seen.positions[rest, 0] > middle).mean()
    assert beyond < 0.1 or beyond > 0.9, "sideways the attacked are apart from nearly all others"
    assert page.part("view-text").is_visible()


def test_an_attack_without_aim_follows(page):
    page.page.locator("#adversarial-run").select_option(FREE)
    page.until(f"s.run === '{FREE}' && s.layer === 'softmax' && s.frame.count > 0", STAGE)
    seek(page, 25)
    assert figures(page) == "87 of 89 adversarial taken for another class"
    assert page.page.locator("#adversarial-run").input_value() == FREE
    page.page.locator("#adversarial-run").select_option(AIMED)
    page.until(f"s.run === '{AIMED}'", STAGE)


def test_a_wrong_name_is_said_and_another_attack_shown(attack_site, browser, watch):
    with kept_page(browser, attack_site) as opened, watch.following(opened.page):
        opened.goto("/adversarial?run=nothing&play=0")
        opened.page.get_by_text("There is no attack “nothing” here; this is MNIST").wait_for()
