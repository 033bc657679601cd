"""Pages of a run in one file, and a story in one: the pages' own tests, some of them, once more; what links them; what plays it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gt import write_embedding
from gt.kept.story import Note, Story, View
from gt.run import open_run
from gt.share import alone
from gt.share.story import book_of
from gt.share.told import Asked
from tests import two_runs
from tests.browser import (
    test_adversarial,
    test_compare,
    test_embed_pages,
    test_imported,
    test_layers,
    test_two_runs,
)
from tests.browser.conftest import VIEWPORT, Watch
from tests.browser.test_adversarial import AIMED, attack, go, seek  # noqa: F401
from tests.browser.test_axe import _RUN, AXE, without_violation
from tests.browser.test_compare import ALL, TOUR
from tests.browser.test_imported import BY, TWO
from tests.browser.tour import PATIENCE_MS, STAGES, TEST, InFile, Tour
from tests.embeddings import _clusters
from tests.networks import write_network

ROOT = Path(__file__).parents[2]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c636060600000000400"
    "01f61738550000000049454e44ae426082"
)


def once_more(module: Any, *names: str) -> None:
    """Run tests of a module against the file, whose fixtures are those of this one."""
    globals().update({name: vars(module)[name] for name in names})


once_more(
    test_embed_pages,
    "test_points_are_drawn_flat_and_the_epochs_move_them",
    "test_umap_in_eight_dimensions_is_toured_and_a_flat_picture_comes_back",
)
once_more(
    test_compare,
    "test_a_lasso_in_one_panel_selects_the_same_points_in_all_panels_and_on_the_other_pages",
    "test_a_legends_number_and_the_presets_buttons_select_a_class_in_every_panel",
    "test_a_point_that_is_hovered_is_marked_in_every_panel",
    "test_a_frame_dragged_in_one_panel_turns_all_panels_of_its_row_and_no_other",
)
once_more(
    test_layers,
    "test_both_clocks_work_together",
    "test_the_numbers_follow_layer_and_epoch",
)
once_more(test_imported, "test_it_is_shown_flat_under_its_name_with_its_maker_s_words")
once_more(
    test_two_runs,
    "test_the_hover_card_says_what_both_answer_and_how_far_the_point_is_apart",
    "test_a_handle_that_is_dragged_turns_both_pictures_alike",
    "test_a_click_in_the_timeline_goes_to_its_epoch_and_selects_its_class",
)
once_more(
    test_adversarial,
    "test_the_steps_play_while_layers_are_switched_and_only_the_attacked_move",
)


class PagesTour(InFile):
    """Pages in a file: behind its # an address says the page, and then what the app's says behind a ?."""

    def address(self, path: str) -> str:
        return f"{self.site}#{path.removeprefix('/')}"

    def ready(self, name: str = "") -> Tour:
        page = urlsplit(self.page.url).fragment.split("?")[0]
        return super().ready(name or STAGES.get(f"/{page}", TEST))

    def _asked_for(self, path: str) -> bool:
        here, asked = (urlsplit(url).fragment for url in (self.page.url, self.address(path)))
        seeds = [parse_qs(one.partition("?")[2]).get("seed") for one in (here, asked)]
        same = self.page.url.startswith(self.site) and here.split("?")[0] == asked.split("?")[0]
        return same and seeds[0] == seeds[1]

    def shown(self) -> str:
        """The page that is open."""
        return self.page.locator("main[data-gt-page]").get_attribute("data-gt-page") or ""


def written(path: Path, run: Path, *pages: tuple[str, Asked], beside: Sequence[Path] = ()) -> Path:
    """Pages of a run, in a file."""
    library, name = alone.library_of(run, path.parent / "cache", beside)
    told = [alone.told(library, page, name, asked) for page, asked in pages]
    alone.write_file(library, alone.book_of(library, told), path)
    return path


@pytest.fixture(scope="module")
def opened(browser: Any) -> Iterator[Any]:
    """Files that are open, each in a page that is watched."""
    pages = []
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)

    def open_file(file: Path) -> tuple[PagesTour, Watch]:
        page, watch = context.new_page(), Watch({file.as_uri()})
        page.set_default_timeout(PATIENCE_MS)
        pages.append(watch)
        watch.follow(page)
        return PagesTour(page, file.as_uri()), watch

    yield open_file
    context.close()


@pytest.fixture(scope="module")
def linked(
    runs_folder: Path, tmp_path_factory: pytest.TempPathFactory, opened: Any
) -> tuple[PagesTour, Watch]:
    """Six pages of the digits of the tests' runs and of an imported embedding of them, in one file."""
    made = tmp_path_factory.mktemp("pages")
    run = open_run(shutil.copytree(runs_folder / "mnist", made / "mnist"))
    write_embedding(run, _clusters(run.labels, 10, 8, 2), name=TWO, by=BY)
    umap = Asked(layers=("umap", "umap-8d"))
    pages = [(page, Asked()) for page in ("grand-tour", "tsne", "training", "embedding")]
    more = [("umap", umap), ("compare", Asked(layers=("tsne", "umap")))]
    return opened(written(made / "mnist.html", run.path, *pages, *more))


@pytest.fixture
def imported(linked: tuple[PagesTour, Watch]) -> Iterator[PagesTour]:
    yield from _at(linked, "/embedding?run=mnist&play=0", "embedding")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs."""
    made = tmp_path_factory.mktemp("pair")
    for seed in (1, 2):
        two_runs.make(made / f"seed-{seed}", seed)
    return made


@pytest.fixture(scope="module")
def pair_file(folder: Path, opened: Any) -> tuple[PagesTour, Watch]:
    pair = ("two-runs", Asked(beside="seed-2"))
    return opened(
        written(folder / "pair.html", folder / "seed-1", pair, beside=[folder / "seed-2"])
    )


@pytest.fixture
def tour(pair_file: tuple[PagesTour, Watch]) -> Iterator[PagesTour]:
    """Two runs at their last epoch, nothing selected, standing still."""
    tour, watch = pair_file
    tour.goto("a=seed-1&b=seed-2&epoch=3&play=0")
    tour.ready(test_two_runs.A)
    yield tour
    watch.check()


@pytest.fixture
def tsne(linked: tuple[PagesTour, Watch]) -> Iterator[PagesTour]:
    yield from _at(linked, "/tsne?run=mnist&play=0&seed=3", "tsne")


@pytest.fixture
def umap(linked: tuple[PagesTour, Watch]) -> Iterator[PagesTour]:
    yield from _at(linked, "/umap?run=mnist&play=0&seed=3", "umap")


def _at(linked: tuple[PagesTour, Watch], path: str, stage: str) -> Iterator[PagesTour]:
    tour, watch = linked
    tour.goto(path)
    tour.ready(stage)
    yield tour
    watch.check()


@pytest.fixture
def compare(linked: tuple[PagesTour, Watch]) -> Iterator[PagesTour]:
    tour, watch = linked
    tour.goto("/compare?run=mnist&play=0&seed=3")
    tour.ready(TOUR)
    for name in ALL:
        tour.until("!s.running && !s.selected.length", name)
    yield tour
    watch.check()


@pytest.fixture(scope="module")
def layers_file(tmp_path_factory: pytest.TempPathFactory, opened: Any) -> tuple[PagesTour, Watch]:
    """The small network with all its layers, aligned, in a file with its images and weights."""
    from gt.align.align_run import align_run, plan

    made = tmp_path_factory.mktemp("layers")
    run = open_run(write_network(made / "shapes", whole=True))
    align_run(run, plan(run, k=8), command="gt align shapes --k 8")
    pages = [("layers", Asked()), ("network", Asked())]
    return opened(written(made / "shapes.html", made / "shapes", *pages))


@pytest.fixture
def layers(layers_file: tuple[PagesTour, Watch]) -> Iterator[PagesTour]:
    tour, watch = layers_file
    tour.goto("/layers?run=shapes&play=0&seed=3")
    tour.ready("layers")
    yield tour
    watch.check()


@pytest.fixture(scope="module")
def attack_file(tmp_path_factory: pytest.TempPathFactory, opened: Any) -> tuple[PagesTour, Watch]:
    file = tmp_path_factory.mktemp("attack") / "attack.html"
    tour, watch = opened(written(file, ROOT / "precomputed" / AIMED, ("adversarial", Asked())))
    tour.goto("play=0")
    tour.ready("adversarial")
    return tour, watch


@pytest.fixture
def page(attack_file: tuple[PagesTour, Watch]) -> Iterator[PagesTour]:
    """The attack at its first step, in the softmax, nothing selected, standing still."""
    tour, watch = attack_file
    tour.page.mouse.move(1, 1)
    tour.page.keyboard.press("Escape")
    seek(tour, 0)
    go(tour, "softmax")
    yield tour
    watch.check()


def test_selected_points_are_pulled_in_layers_and_a_card_has_their_images(layers):
    test_layers.test_selected_points_are_pulled_by_their_middle(layers, "spread")
    seen = layers.settled("layers")
    x, y = layers.pixels(seen.positions[:1], "layers")[0]
    layers.page.mouse.move(x, y)
    layers.page.locator(".gt-hover-card canvas").first.wait_for()


def test_a_point_that_is_selected_in_layers_is_sent_through_the_network(layers):
    layers.page.locator("#navbar-links").get_by_text("Network", exact=True).click()
    blocks = layers.page.locator(".gt-network-blocks section, .gt-network-blocks > *")
    blocks.nth(3).wait_for()
    tiles = layers.page.locator('[data-gt-part="some"] [data-gt-id]')
    wanted = tiles.nth(4).get_attribute("data-gt-id")
    tiles.nth(4).click()
    layers.page.locator(f'main[data-gt-shown$="/{wanted}"]').wait_for()
    layers.page.keyboard.press("ArrowLeft")
    layers.page.wait_for_function("!document.querySelector('main').dataset.gtShown.includes('/6/')")
    layers.page.locator('[data-gt-action="select"]').click()
    layers.page.locator("#navbar-links").get_by_text("Layers", exact=True).click()
    layers.ready("layers")
    layers.until(f"s.selected.length === 1 && s.selected[0] === {wanted}", "layers")


def test_training_leads_to_the_grand_tour_of_the_file_with_what_is_selected(linked):
    tour, watch = linked
    tour.goto("/training?run=mnist&epoch=5")
    tour.page.locator('[data-gt-part="readout"] strong', has_text="Epoch 5").wait_for()
    assert tour.page.locator(".gt-drawn-figure svg .gt-figure-line").count() > 10
    tour.page.locator("#training-classes button").nth(3).click()
    tour.page.locator('[data-gt-part="selection"] .gt-selection-head').wait_for()
    tour.page.locator('[data-gt-part="readout"] a').click()
    tour.ready(TEST)
    tour.until("s.epoch === 5 && s.selected.length === 6", TEST)
    assert tour.shown() == "grand-tour"
    tour.page.go_back()
    tour.page.locator("main[data-gt-page=training]").wait_for()
    watch.check()


def everybody_can_use(file: tuple[PagesTour, Watch], path: str, there: str) -> None:
    """Axe finds nothing on a page of a file once something is there, in light or dark."""
    tour, watch = file
    tour.goto(path)
    tour.page.locator(there).first.wait_for(state="attached")
    without_violation(tour)
    watch.check()


STAGE = "[data-gt-stage]"


@pytest.mark.parametrize(
    ("page", "there"),
    [
        ("tsne", STAGE),
        ("embedding", STAGE),
        ("compare", "#compare-table table"),
        ("training", ".gt-figure-line"),
    ],
)
def test_everybody_can_use_pages_that_are_linked(linked, page: str, there: str) -> None:
    everybody_can_use(linked, f"/{page}?run=mnist&play=0", there)


@pytest.mark.parametrize(("page", "there"), [("layers", STAGE), ("network", "[data-gt-shown]")])
def test_everybody_can_use_layers_and_network(layers_file, page: str, there: str) -> None:
    everybody_can_use(layers_file, f"/{page}?run=shapes&play=0", there)


def test_everybody_can_use_an_attack(attack_file) -> None:
    everybody_can_use(attack_file, "play=0", STAGE)


def test_everybody_can_use_two_runs_and_hears_of_no_server(pair_file) -> None:
    everybody_can_use(pair_file, "play=0", STAGE)
    said = pair_file[0].page.locator("main").inner_text()
    assert "Where they differ" in said and "CSV" not in said


def story_of(run: Path) -> Story:
    """Three pages, one of which cannot be in a file of this run."""
    picture = {"picture": PIXEL, "alt": "One pixel."}
    return Story(
        open_run(run).uid,
        "How digits are learnt",
        (
            View("grand-tour", "run=old&layer=softmax&epoch=0&play=0", "Nothing", "In the middle."),
            View(
                "grand-tour",
                "run=old&layer=softmax&epoch=40&play=0&color=verdict",
                "All of it",
                note=Note("five", {"class": "5"}),
            ),
            View("tsne", "run=old&method=tsne&epoch=40&play=0", "As t-SNE", "Neighbours."),
            View("network", "run=old&point=3", "One image", "Layer by layer.", **picture),
        ),
    )


@pytest.fixture(scope="module")
def story_file(runs_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("story") / "story.html"
    library, run = alone.library_of(runs_folder / "mnist", file.parent / "cache")
    alone.write_file(
        library, book_of(library, run, "digits", story_of(runs_folder / "mnist")), file
    )
    return file


def test_a_story_is_played_over_its_pages(opened, story_file):
    tour, watch = opened(story_file)
    tour.page.goto(story_file.as_uri(), wait_until="commit")
    bar = tour.page.locator(".gt-story-bar")
    tour.ready(TEST)
    assert bar.locator(".gt-story-count").inner_text() == "1 / 4"
    assert "In the middle." in bar.inner_text()
    assert bar.get_by_role("button", name="Change this view").is_hidden()
    tour.page.keyboard.press("PageDown")
    tour.until("s.epoch === 40 && !s.running", TEST)
    tour.page.locator(".gt-note", has_text="five").first.wait_for()
    assert tour.page.get_by_label("Colour").input_value() == "verdict"
    bar.get_by_role("button", name="The next view").click()
    tour.ready("tsne")
    tour.until("s.epoch === 40", "tsne")
    assert bar.locator(".gt-story-count").inner_text() == "3 / 4"
    tour.page.keyboard.press("PageDown")
    tour.page.get_by_role("img", name="One pixel.").wait_for()
    assert "Network is here as a picture." in tour.page.locator("main").inner_text()
    assert "Layer by layer." in bar.inner_text()
    tour.page.evaluate(AXE)
    assert tour.page.evaluate(_RUN, ["body", []]) == []
    tour.page.keyboard.press("PageUp")
    tour.ready("tsne")
    assert "story=digits&at=3" in tour.page.url
    watch.check()


def test_a_story_is_pictures_with_sentences_where_no_script_runs(browser, story_file):
    page = browser.new_page(java_script_enabled=False)
    page.goto(story_file.as_uri())
    assert page.locator("h1:visible").inner_text() == "How digits are learnt"
    said = page.locator(".gt-still").inner_text()
    for text in ("1. Nothing", "In the middle.", "3. As t-SNE", "Neighbours.", "Layer by layer."):
        assert text in said
    assert page.locator("figure img[alt='One pixel.']").is_visible()
    assert page.locator("figure svg:visible").count() >= 7
    page.close()


def test_a_story_lives_in_a_frame_that_may_do_nothing_but_run_scripts(browser, story_file):
    page = browser.new_page(viewport=VIEWPORT)
    page.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: said.type == "error" and problems.append(said.text))
    page.set_content("<body></body>")
    page.evaluate(
        """(text) => {
          const frame = document.createElement("iframe");
          frame.sandbox = "allow-scripts";
          frame.style.cssText = "width: 1200px; height: 700px";
          frame.srcdoc = text;
          document.body.append(frame);
        }""",
        story_file.read_text("utf-8"),
    )
    frame = page.frame_locator("iframe")
    for at in (2, 3, 4):
        frame.get_by_role("button", name="The next view").click()
        frame.locator(".gt-story-count", has_text=f"{at} / 4").wait_for()
    frame.get_by_role("img", name="One pixel.").wait_for()
    assert not problems, problems
    page.close()
