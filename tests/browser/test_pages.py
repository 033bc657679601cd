"""Links, pages that come and go, other runs, other devices, and things that break."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest

from tests.browser.tour import INK, TEST, TRAIN, Tour

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def go(tour, link):
    """Change the page by the navigation, as a reader does."""
    menu = tour.page.locator("header [data-gt-action='menu']")
    if menu.is_visible():
        menu.click()
    tour.page.locator(".gt-nav-link").filter(has_text=link).click()


def pick(tour, *ids_wanted):
    """Select points by clicking them, where they lie alone."""
    for number, wanted in enumerate(ids_wanted):
        seen = tour.look()
        x, y = tour.pixels(seen.positions[list(seen.ids).index(wanted)])[0]
        if number:
            tour.page.keyboard.down("Shift")
        tour.page.mouse.click(x, y)
        if number:
            tour.page.keyboard.up("Shift")


def test_a_link_restores_the_view_in_a_new_page(open_page):
    tour = open_page(
        "/grand-tour?play=0", given={"permissions": ["clipboard-read", "clipboard-write"]}
    )
    tour.page.locator("#grand-tour-run").select_option("shapes")
    tour.until("s.run === 'shapes'")
    tour.page.get_by_label("Colour").select_option("verdict")
    tour.button("points", "images").click()
    tour.until("s.images")
    tour.page.keyboard.press("ArrowRight")
    tour.until("s.epoch === 1 && !s.playing")
    tour.drag_handle("square", (0.3, 0.5))
    tour.page.locator(".gt-legend-entry").nth(2).click()
    seen = tour.settled()
    lone = seen.alone(0.02, hidden=2)
    pick(tour, lone)
    assert tour.look().selected == [lone]
    tour.button("link").click()
    tour.toast().filter(has_text="Link").wait_for()
    link = tour.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(tour.site + "/grand-tour?")
    other = open_page(link.removeprefix(tour.site))
    other.until(f"s.selected.length === 1 && s.images && s.epoch === {seen.epoch}")
    back = other.settled()
    assert (back.run, back.layer, back.epoch) == ("shapes", "softmax", 1)
    assert back.selected == [lone]
    np.testing.assert_allclose(back.matrix[:, :2], seen.matrix[:, :2], atol=1e-6)
    np.testing.assert_allclose(back.positions, seen.positions, atol=1e-5)
    assert other.page.get_by_label("Colour").input_value() == "verdict"
    pressed = [
        e.get_attribute("aria-pressed") for e in other.page.locator(".gt-legend-entry").all()
    ]
    assert pressed == ["true", "true", "false"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("run=mnist&epoch=soon&frame=AAAA&hide=x&color=no&select=!!&play=0", "could not be read"),
        ("run=nothing&play=0", "There is no run “nothing”"),
        ("run=mnist&layer=conv7&epoch=1e9&hide=77&play=0", "no layer “conv7”"),
        ("run=mnist&play=0&frame=" + "A" * 107, "frame"),  # all zeros: no frame can be made of it
    ],
)
def test_a_link_with_bad_values_says_so_and_shows_what_it_can(open_page, query, said):
    tour = open_page(f"/grand-tour?{query}")
    seen = tour.settled()
    np.testing.assert_allclose(seen.matrix @ seen.matrix.T, np.eye(10), atol=1e-6)
    tour.page.get_by_text(re.compile(re.escape(said))).first.wait_for()
    tour.page.keyboard.press("ArrowLeft")
    tour.frames(3)
    assert tour.look().run == "mnist"


def test_the_matrix_is_copied_as_numpy_text(open_page):
    tour = open_page(
        "/grand-tour?play=0", given={"permissions": ["clipboard-read", "clipboard-write"]}
    )
    tour.drag_handle("3", (0.5, 0.1))
    tour.button("matrix").click()
    tour.toast().filter(has_text="Matrix copied").wait_for()
    text = tour.page.evaluate("navigator.clipboard.readText()")
    matrix = eval(text, {"np": np, "__builtins__": {}})
    np.testing.assert_allclose(matrix, tour.look().matrix, atol=1e-8)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(10), atol=1e-7)


def test_picture_and_selection_are_downloaded(tour):
    import pandas as pd

    seen = tour.at_the_end()
    lone = seen.alone(0.03)
    pick(tour, lone)
    tour.button("picture").click()
    with tour.page.expect_download() as picture:
        tour.page.get_by_role("button", name="Save PNG").click()
    assert picture.value.suggested_filename == "mnist-softmax-epoch-40.png"
    head = picture.value.path().read_bytes()
    assert head.startswith(b"\x89PNG") and len(head) > 10_000
    tour.page.keyboard.press("Escape")
    with tour.page.expect_download() as table:
        tour.button("csv").click()
    assert table.value.suggested_filename == "mnist-epoch-40-selection.csv"
    rows = pd.read_csv(io.BytesIO(table.value.path().read_bytes()))
    assert rows["id"].tolist() == [lone]
    assert rows["split"].tolist() == ["test"]
    assert rows["label"].tolist() == [lone % 10]


def test_the_page_is_saved_as_a_file_that_begins_where_the_page_is(open_page, browser, tmp_path):
    tour = open_page("/grand-tour?play=0&epoch=12")
    with tour.page.expect_download() as download:
        tour.button("file").click()
    file = tmp_path / "saved.html"
    download.value.save_as(file)
    assert download.value.suggested_filename == "mnist-softmax.html"
    tour.page.wait_for_function(
        "[...document.querySelectorAll('.gt-toast')].some((one) => one.textContent.startsWith('Saved:'))"
    )
    opened = Tour(browser.new_page(viewport={"width": 1280, "height": 800}), file.as_uri())
    opened.goto("")
    opened.ready(TEST)
    assert opened.settled().epoch == 12
    np.testing.assert_allclose(opened.look().matrix[:, :2], tour.look().matrix[:, :2], atol=1e-6)
    opened.page.close()


def test_a_view_is_found_and_its_classes_stand_out_until_the_next_action(tour):
    tour.at_the_end()
    form = tour.part("find")
    form.get_by_label("View", exact=True).select_option("classes")
    form.get_by_label("Other class").select_option("4")
    form.get_by_role("button", name="Find").click()
    said = form.locator(".gt-find-said").filter(has_text="As good as 0 of 20 searches")
    said.wait_for()
    assert said.inner_text().startswith(
        "0 and 4 at softmax, epoch 40: on the horizontal axis alone,"
    )
    assert tour.part("view-text").inner_text().startswith(said.inner_text())
    dimmed = tour.stage().locator(".gt-handle.gt-muted")
    assert dimmed.count() == 8
    x, label = tour.settled().positions[:, 0], tour.look().ids % 10
    assert x[label == 4].mean() > x[label == 0].mean()
    form.get_by_label("View", exact=True).select_option(
        "hidden"
    )  # an action: nothing stands out any more
    tour.page.wait_for_function("!document.querySelector('.gt-handle.gt-muted')")
    form.get_by_role("button", name="Find").click()
    form.locator(".gt-find-said").filter(has_text="turned in is the direction").wait_for()


def test_other_runs_and_layers_can_be_chosen(open_page):
    tour = open_page("/grand-tour?play=0")
    tour.page.get_by_label("Layer").select_option("logits")
    tour.until("s.layer === 'logits' && s.run === 'mnist'")
    assert np.abs(tour.at_the_end().positions).max() > 1  # logits are larger than probabilities
    choose = tour.page.locator("#grand-tour-run")
    choose.select_option("held-out")
    tour.until("s.run === 'held-out' && s.p === 4 && s.n === 40")
    assert tour.stage(TRAIN).is_hidden()
    assert tour.page.locator(".gt-legend-entry").count() == 4
    choose.select_option("wide")
    tour.until("s.run === 'wide' && s.p === 12", TRAIN)
    assert tour.stage(TEST).is_hidden() and tour.stage(TRAIN).is_visible()
    choose.select_option("mnist")
    tour.until("s.run === 'mnist' && s.p === 10")
    tour.until("s.way === 'buffer'", TRAIN)
    assert tour.handle_names(TRAIN) == [str(c) for c in range(10)]


def test_the_selection_survives_other_pages_and_a_reload(open_page):
    tour = open_page("/grand-tour?play=0&seed=3")
    seen = tour.at_the_end()
    lone = seen.alone(0.03)
    pick(tour, lone)
    assert tour.look().selected == [lone]
    go(tour, "Overview")
    tour.ready("home")
    assert tour.absent()
    go(tour, "Grand Tour")
    tour.until(f"s.selected.length === 1 && s.selected[0] === {lone}")
    tour.until("s.epoch === 40")  # and the view is where it was left
    tour.page.reload(wait_until="commit")
    tour.until(f"s.frame.count > 0 && s.selected.length === 1 && s.selected[0] === {lone}")


WEBGL = """
  window.contexts = new Set();
  const get = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = get.call(this, kind, ...rest);
    if (context && /webgl/.test(kind)) window.contexts.add(new WeakRef(context));
    return context;
  };
  window.live = () => [...contexts].map((c) => c.deref()).filter((c) => c && !c.isContextLost()).length;
  const [request, cancel] = [window.requestAnimationFrame, window.cancelAnimationFrame];
  const asked = new Set();
  window.requestAnimationFrame = (call) => {
    const id = request.call(window, (now) => {
      asked.delete(id);
      call(now);
    });
    asked.add(id);
    return id;
  };
  window.cancelAnimationFrame = (id) => {
    asked.delete(id);
    cancel.call(window, id);
  };
  window.waiting = () => asked.size;
"""


def test_coming_and_going_leaves_no_loop_no_stage_and_no_context(open_page):
    tour = open_page("/grand-tour?seed=3", init=WEBGL)
    counts, names = [], []
    for _ in range(4):
        tour.until("s.playing")
        counts.append(tour.page.evaluate("[live(), waiting()]"))
        go(tour, "Overview")
        tour.ready("home")
        tour.until("s.playing", "home")
        names.append(tour.absent(TEST) and tour.absent(TRAIN))
        go(tour, "Grand Tour")
        tour.until("s.frame.count > 0")
        tour.button("tour").click() if not tour.look().playing else None
        assert tour.absent("home")
    assert all(names)
    contexts, frames = zip(*counts, strict=True)
    assert contexts[-1] <= contexts[0] <= 8, counts
    assert frames[-1] <= max(frames[0], 2), counts


def test_a_lost_context_comes_back(open_page):
    tour = open_page("/grand-tour?play=0&seed=3")
    seen = tour.at_the_end()
    tour.page.evaluate(
        """async (name) => {
      const gd = document.querySelector(`[data-gt-stage="${name}"] .js-plotly-plot`);
      const canvases = [];
      gd._fullLayout._glcanvas.each(function (layer) {
        if (layer.regl) canvases.push(this);
      });
      window.lost = [];
      for (const canvas of canvases) {
        const extension = canvas.getContext("webgl").getExtension("WEBGL_lose_context");
        const gone = new Promise((done) => canvas.addEventListener("webglcontextlost", done, { once: true }));
        extension.loseContext();
        await gone;
        window.lost.push(extension);
      }
      if (!window.lost.length) throw new Error("no context to lose");
      await new Promise((done) => setTimeout(done));  // may be restored once the event is over
      for (const extension of window.lost) extension.restoreContext();
    }""",
        TEST,
    )
    tour.page.keyboard.press("ArrowLeft")
    tour.until("s.epoch === 30 && !s.playing && s.way === 'buffer'")
    tour.page.wait_for_function(INK, arg=TEST)
    assert np.abs(tour.look().positions - seen.positions).max() > 1e-3


def test_a_tensor_that_the_server_cannot_give_is_told_and_the_page_goes_on(open_page, watch):
    watch.expect(r"^answer 500: .*/tensors/")
    watch.expect(r"^console error: Failed to load resource: .* 500")
    broken: list[str] = []
    seen: list[str] = []

    def answer(route):
        # ids, labels and slices of the first picture come; one of those behind it is broken
        if not broken and len(seen) >= 8:
            broken.append(route.request.url)
            route.fulfill(status=500, body="broken")
        else:
            seen.append(route.request.url)
            route.continue_()

    tour = open_page("/grand-tour?play=0", route=("**/tensors/*", answer))
    tour.toast().filter(has_text="the server answered 500").wait_for()
    for expected in (1, 5, 10):
        tour.page.keyboard.press("ArrowRight")
        tour.until(f"s.epoch === {expected} && !s.playing")


def test_on_a_phone_stages_are_stacked_and_a_finger_drags_a_handle(open_page):
    tour = open_page("/grand-tour?play=0&seed=3", context=PHONE)
    width = tour.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 390, f"the page is {width} px wide and scrolls sideways"
    boxes = [tour.stage(name).bounding_box() for name in (TRAIN, TEST)]
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"] - 1
    assert all(box["width"] > 300 for box in boxes)
    tour.stage(TRAIN).scroll_into_view_if_needed()
    start = tour.pixels(tour.look(TRAIN).matrix[2, :2], TRAIN)[0]
    end = tour.pixels((0.2, -0.4), TRAIN)[0]
    finger = tour.page.context.new_cdp_session(tour.page)

    def touch(kind, *places):
        points = [{"x": float(x), "y": float(y)} for x, y in places]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    for t in np.linspace(0, 1, 8)[1:]:
        touch("touchMove", start + t * (end - start))
    touch("touchEnd")
    tour.frames(2)
    np.testing.assert_allclose(tour.look(TRAIN).matrix[2, :2], (0.2, -0.4), atol=0.02)
    assert tour.page.evaluate("window.scrollX") == 0
    go(tour, "Overview")
    tour.ready("home")
    assert tour.page.evaluate("document.scrollingElement.scrollWidth") <= 390


def test_everything_can_be_reached_and_used_by_keyboard_alone(open_page):
    tour = open_page("/grand-tour?play=0&seed=3")
    press = tour.page.keyboard.press
    reached = set()
    for _ in range(200):
        press("Tab")
        here = tour.page.evaluate("""() => {
          const at = document.activeElement;
          const { outlineStyle, boxShadow } = getComputedStyle(at);
          const before = getComputedStyle(at, "::before");
          const seen = at.matches(":focus-visible")
            && (outlineStyle !== "none" || boxShadow !== "none" || before.boxShadow !== "none"
              || at.matches("input[type=range]"));  // the ring is about its thumb
          const action = at.dataset.gtAction;
          const kind = action ? `action ${action} ${at.dataset.gtValue ?? ""}`.trim()
            : at.matches(".gt-handle") ? "handle" : at.matches(".gt-legend-entry") ? "legend"
            : at.matches("select") ? `select ${at.id}` : at.matches("input") ? at.ariaLabel
            : at.matches("a") ? `link ${at.innerText.trim()}` : at.tagName;
          return [kind, seen];
        }""")
        if here[0] == "BODY":
            break
        reached.add(here[0])
        assert here[1], f"{here[0]} does not show that it has the focus"
    assert reached >= {
        "link Skip to the content", "link Overview", "link Grand Tour", "action keys", "action theme",
        "select grand-tour-run", "select grand-tour-layer", "select grand-tour-color", "handle", "legend",
        "action play", "action tour", "action step-on", "action random", "action reset", "Epoch",
        "action tool lasso", "action tool box", "action points images", "action link", "action picture",
    }  # fmt: skip
    tour.page.get_by_role("button", name=re.compile("^4: ")).focus()
    press("Space")  # hides the class, and does not play the epochs
    tour.frames(3)
    assert not tour.look().playing
    entry = tour.page.locator(".gt-legend-entry").nth(4)
    assert entry.get_attribute("aria-pressed") == "false"
    press("Shift+?")
    dialog = tour.page.get_by_role("dialog")
    dialog.wait_for()
    assert "play the epochs" in dialog.inner_text()
    assert dialog.evaluate("dialog => dialog.scrollTop") == 0, "the first keys are out of sight"
    press("Escape")
    dialog.wait_for(state="detached")


def test_dark_follows_the_system_and_the_switch_is_remembered(open_page):
    dark = {"color_scheme": "dark"}
    tour = open_page("/grand-tour?play=0", context=dark)

    def theme():
        return tour.page.evaluate("document.documentElement.getAttribute('data-bs-theme')")

    def brightness():
        text = tour.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(x) for x in re.findall(r"\d+", text)[:3]) / 3

    assert theme() == "dark" and brightness() < 80
    tour.button("theme").click()
    assert theme() == "light" and brightness() > 200
    tour.page.reload(wait_until="commit")
    tour.ready()
    assert theme() == "light"
    tour.button("theme").click()
    assert theme() == "dark"
    tour.page.emulate_media(color_scheme="light")  # what the system says anyway is not pinned
    tour.page.wait_for_function(
        "document.documentElement.getAttribute('data-bs-theme') === 'light'"
    )


def test_the_overview_shows_the_runs_and_leads_to_the_tour(open_page):
    tour = open_page("/")
    tour.until("s.playing && s.run === 'mnist'", "home")
    titles = tour.page.locator(".gt-card h3").all_inner_texts()
    assert sorted(titles) == ["Held out", "MNIST", "Shapes", "Wide"]
    tour.page.get_by_role("link", name="Shapes").click()
    tour.until("s.run === 'shapes' && s.p === 3")
    assert tour.page.locator("#grand-tour-run").input_value() == "shapes"


def test_plotly_is_fetched_once_and_again_where_it_did_not_come(open_page, watch):
    """Also where Dash mounts a graph while it is on its way."""
    asked = []

    def answer(route):
        asked.append(route.request.url)
        return route.abort() if len(asked) == 1 else route.continue_()

    watch.expect("request failed: .*plotly")
    watch.expect("Failed to load resource")
    tour = open_page(
        "/grand-tour?run=mnist&play=0",
        context={},
        route=("**/package_data/plotly.min.js", answer),
    )
    assert len(asked) == 2
    tour.goto("/grand-tour?run=mnist&play=0")
    tour.ready()
    assert len(asked) == 3
