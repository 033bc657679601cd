"""The widgets around the picture of the layers: strip, numbers, smallest example, trails, pins."""

from __future__ import annotations

import pytest

SHOW = "window.strip = createStrip(at('strip'), { note, seek: heard, choose: heard });"
#: two animation frames and what they had queued: sizes have been observed, scrolling has begun
SETTLED = """new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
})"""


@pytest.fixture
def page(shared_page, address):
    shared_page.set_viewport_size({"width": 1132, "height": 900})
    shared_page.goto(f"{address}/tests/browser/layers_widgets.html")
    shared_page.wait_for_function("window.ready")
    shared_page.evaluate("() => { window.heard = (...given) => log.push(given); }")
    return shared_page


@pytest.fixture
def strip(page):
    page.evaluate(f"() => {{ {SHOW} strip.show(0); }}")
    page.evaluate(SETTLED)
    return page


def middles(page, selector):
    """Horizontal middles of elements, in px."""
    return page.locator(selector).evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map((box) => box.left + box.width / 2)"
    )


def test_the_strip_says_name_kind_and_shape_of_every_state_in_order(strip):
    texts = [
        block.split("\n") for block in strip.locator(".gt-strip-block").all_inner_texts() if block
    ]
    assert len(texts) == 12
    assert [t for t in texts[1] if t] == ["conv1", "Conv2d", "10×24×24"]
    assert [t[0] for t in texts][-2:] == ["logits", "softmax"]
    assert strip.evaluate("at('strip').scrollWidth <= at('strip').clientWidth"), "it does not fit"
    families = strip.locator("[data-gt-family=elementwise]").count()
    assert families == 4
    glyphs = strip.evaluate(
        "[...new Set([...document.querySelectorAll('.gt-strip-bar path')].map((p) => p.getAttribute('d')))].length"
    )
    assert glyphs == 6, "colour is the only thing that tells families apart"


def test_the_needle_stands_over_the_state_and_goes_on_between_two(strip):
    blocks = middles(strip, ".gt-strip-block")
    for position in (0, 3, 11):
        strip.evaluate(f"strip.show({position})")
        assert middles(strip, ".gt-strip-needle span")[0] == pytest.approx(
            blocks[position], abs=0.6
        )
        current = strip.locator(".gt-strip-block[aria-current]").all_inner_texts()
        assert [c.split("\n")[0] for c in current] == [
            strip.evaluate(f"note.states[{position}].name")
        ]
    strip.evaluate("strip.show(4.25)")
    between = blocks[4] + 0.25 * (blocks[5] - blocks[4])
    assert middles(strip, ".gt-strip-needle span")[0] == pytest.approx(between, abs=0.6)
    assert strip.locator(".gt-at-hand").count() == 2
    assert strip.locator(".gt-strip-range").get_attribute("aria-valuetext") == (
        "conv2, Conv2d 20×8×8, 5 of 12"
    )


def test_a_press_under_a_block_seeks_its_state_and_a_drag_what_is_between(strip):
    blocks = middles(strip, ".gt-strip-block")
    box = strip.locator(".gt-strip-range").bounding_box()
    y = box["y"] + box["height"] / 2
    for state in (11, 5, 0):
        strip.evaluate("log.length = 0")
        strip.mouse.click(blocks[state], y)
        position, smooth = strip.evaluate("log.at(-1)")
        assert position == pytest.approx(state, abs=0.02) and smooth is False
    strip.mouse.move(blocks[2], y)
    strip.mouse.down()
    strip.mouse.move((blocks[6] + blocks[7]) / 2, y, steps=4)
    strip.mouse.up()
    assert strip.evaluate("log.at(-1)[0]") == pytest.approx(6.5, abs=0.02)


def test_a_click_on_a_block_and_the_keys_lead_to_whole_states(strip):
    strip.locator(".gt-strip-block").nth(7).click()
    assert strip.evaluate("log.splice(0)") == [[7, True]]
    strip.evaluate("strip.show(7)")
    strip.locator(".gt-strip-range").focus()
    strip.keyboard.press("ArrowRight")
    strip.evaluate("strip.show(7.2)")  # on its way; the next press counts from where it goes
    for key in ("ArrowRight", "ArrowLeft", "Home", "End"):
        strip.keyboard.press(key)
    assert strip.evaluate("log.splice(0)") == [
        [8, True],
        [9, True],
        [8, True],
        [0, True],
        [11, True],
    ]


def test_keys_of_the_strip_do_not_reach_the_page(strip):
    strip.evaluate("document.addEventListener('keydown', (event) => log.push(['page', event.key]))")
    strip.locator(".gt-strip-range").focus()
    strip.keyboard.press("ArrowRight")
    strip.keyboard.press("x")
    assert strip.evaluate("log") == [[1, True], ["page", "x"]]


def test_on_a_phone_the_strip_scrolls_to_the_current_state_and_the_page_does_not(strip):
    strip.set_viewport_size({"width": 390, "height": 800})
    strip.evaluate(SETTLED)
    strip.evaluate("strip.show(9)")
    strip.wait_for_function("""() => {
      const block = document.querySelector("[aria-current]").getBoundingClientRect();
      const box = at("strip").getBoundingClientRect();
      return block.left >= box.left && block.right <= box.right;
    }""")
    assert strip.evaluate("at('strip').scrollLeft") > 100
    assert strip.evaluate("scrollX === 0 && scrollY === 0")
    assert strip.evaluate("document.documentElement.scrollWidth") == 390
    both = middles(strip, ".gt-strip-block[aria-current], .gt-strip-needle span")
    assert both[0] == pytest.approx(both[1], abs=0.6)


def test_while_the_reader_scrolls_the_strip_stays_where_it_is_put(strip):
    strip.set_viewport_size({"width": 390, "height": 800})
    strip.evaluate(SETTLED)
    strip.mouse.move(100, 60)
    strip.mouse.wheel(40, 0)
    strip.wait_for_function("at('strip').scrollLeft === 40")
    strip.evaluate("strip.show(11)")
    strip.evaluate(SETTLED)
    assert strip.evaluate("at('strip').scrollLeft") == 40


def test_sixty_states_have_blocks_of_a_readable_width_and_one_state_has_a_strip(page):
    page.evaluate("""() => {
      const states = Array.from({ length: 60 }, (_, i) => note.states[i % 12]);
      window.strip = createStrip(at("strip"), { note: { ...note, states }, seek: heard, choose: heard });
      strip.show(59);
    }""")
    assert page.locator(".gt-strip-block").count() == 60
    assert page.locator(".gt-strip-block").nth(30).bounding_box()["width"] > 64
    page.evaluate("""() => {
      const one = { ...note, states: note.states.slice(0, 1), transitions: [] };
      window.strip = createStrip(at("strip"), { note: one, seek: heard, choose: heard });
      strip.show(0);
    }""")
    assert middles(page, ".gt-strip-needle span") == middles(page, ".gt-strip-block")


def test_a_strip_that_is_given_another_network_no_longer_watches_for_the_first(strip):
    ended = strip.evaluate(f"""() => {{
      let ended = 0;
      const {{ disconnect }} = ResizeObserver.prototype;
      ResizeObserver.prototype.disconnect = function () {{ ended++; disconnect.call(this); }};
      {SHOW}
      return ended;
    }}""")
    assert ended == 1


def test_showing_a_position_between_the_same_states_writes_a_transform_and_nothing_else(strip):
    strip.evaluate("strip.show(4.1)")
    written = strip.evaluate("""async () => {
      const seen = [];
      new MutationObserver((all) => seen.push(...all)).observe(at("strip"), { subtree: true, childList: true, attributes: true, characterData: true });
      for (let i = 1; i < 30; i++) strip.show(4.1 + i / 100);
      await null;
      return [...new Set(seen.map(({ target, attributeName }) => target.className + " " + attributeName))];
    }""")
    assert written == ["gt-strip-needle style"]


@pytest.fixture
def numbers(page):
    page.evaluate("window.numbers = createNumbers(at('numbers'), note, classes, epochs)")
    return page


def test_the_numbers_are_those_of_the_nearest_state_and_the_epoch(numbers):
    numbers.evaluate("numbers.show(3.2, 3)")
    text = numbers.locator("#numbers").inner_text()
    relu1 = numbers.evaluate("note.states[3]")
    assert (
        f"32 of 1,440 coordinates keep {100 * relu1['variance'][3]:.0f} % of the variance" in text
    )
    assert f"its size at epoch {numbers.evaluate('note.reference')}" in text
    assert "conv2" in text and "from relu1" in text, "the layer that is being passed"
    assert "Singular vectors of the layer, 16 of 32 coordinates scaled exactly" in text
    assert numbers.locator(".gt-sigma-bars rect").count() == 32
    numbers.evaluate("numbers.show(3.2, 0)")
    assert f"keep {100 * relu1['variance'][0]:.0f} % of" in numbers.locator("#numbers").inner_text()


def test_what_is_said_of_a_layer_is_said_of_the_epoch_that_is_shown(numbers):
    """What its weights at the reference alone decide is said with that epoch; motion is that of the epoch shown."""
    conv2 = numbers.evaluate("note.transitions[3].moved")
    told = []
    for epoch in (3, 1):
        numbers.evaluate(f"numbers.show(4, {epoch})")
        told.append(numbers.locator("#numbers").inner_text())
        aligned, naive = conv2[epoch]
        assert f"{aligned:.2f} times the size of the state aligned, {naive:.2f} naive" in told[-1]
        assert "Singular values of its weights at epoch 50" in told[-1]
    assert "Singular vectors of the layer, 16 of 32 coordinates scaled exactly" in told[0]
    assert "Singular vectors of the layer at epoch 50: its weights scale 16 of 32" in told[1]
    numbers.evaluate("""() => {
      window.numbers = createNumbers(at("numbers"), note, classes, epochs, "step", true);
      numbers.show(4, 1);
    }""")
    text = numbers.locator("#numbers").inner_text()
    assert "Singular vectors of the layer, 16 of 32 coordinates scaled exactly" in text
    assert "weights" not in text, "an attack's weights are the same in all steps"


def test_a_layer_that_turns_nothing_has_no_bars_and_one_without_motion_says_none(numbers):
    numbers.evaluate("numbers.show(3, 3)")
    assert "Value by value: nothing is turned" in numbers.locator("#numbers").inner_text()
    bars = numbers.locator("#numbers svg").nth(1)
    assert not bars.is_visible()
    assert "aligned" in numbers.locator(".gt-moved").inner_text()
    numbers.evaluate("""() => {
      const without = { ...note, transitions: note.transitions.map((one) => ({ ...one, moved: null })) };
      window.numbers = createNumbers(at("numbers"), without, classes, epochs);
      numbers.show(1, 3);
    }""")
    assert not numbers.locator(".gt-moved").is_visible()
    assert numbers.locator("#numbers svg").nth(1).is_visible()


def test_the_chart_has_a_line_a_class_and_marks_the_state(numbers):
    numbers.evaluate("numbers.show(0, 3)")
    chart = numbers.locator("#numbers svg").first
    assert numbers.locator(".gt-class-line").count() == 10
    first = float(numbers.locator(".gt-mark-line").get_attribute("x1"))
    ends = numbers.evaluate("[0, 11].map((i) => note.states[i].separation[3])")
    begin, end = (f"{100 * share:.0f} %" for share in ends)
    assert chart.get_attribute("aria-label") == (
        "Points nearest to their own class’s centroid:"
        f" {begin} at input, {begin} at input, {end} at softmax"
    )
    line = numbers.locator(".gt-all-line").get_attribute("d")
    numbers.evaluate("numbers.show(11, 3)")
    assert float(numbers.locator(".gt-mark-line").get_attribute("x1")) > first + 150
    assert numbers.locator(".gt-all-line").get_attribute("d") == line
    numbers.evaluate("numbers.show(11, 0)")
    assert numbers.locator(".gt-all-line").get_attribute("d") != line


def test_nothing_is_written_while_state_layer_and_epoch_stay(numbers):
    numbers.evaluate("numbers.show(4.6, 2)")
    written = numbers.evaluate("""async () => {
      let seen = 0;
      new MutationObserver((all) => (seen += all.length)).observe(at("numbers"), { subtree: true, childList: true, attributes: true, characterData: true });
      for (let i = 0; i < 30; i++) numbers.show(4.6 + i / 100, 2 + i / 100);
      await null;
      const still = seen;
      numbers.show(5.2, 2);
      await null;
      return [still, seen > still];
    }""")
    assert written == [0, True]


@pytest.fixture
def negation(page):
    page.evaluate("window.negation = createNegation(at('negation'))")
    return page


def places(page, picture):
    return page.evaluate(
        f"[...document.querySelectorAll('#negation svg')[{picture}].querySelectorAll('circle[fill]')]"
        ".map((dot) => [Number(dot.getAttribute('cx')), Number(dot.getAttribute('cy'))])"
    )


def seek(page, t):
    page.locator("#negation input").evaluate(
        f"(slider) => {{ slider.value = {t}; slider.dispatchEvent(new Event('input')); }}"
    )


def test_naively_all_points_meet_in_the_origin_and_aligned_nothing_moves(negation):
    before = [places(negation, 0), places(negation, 1)]
    assert before[0] == before[1]
    seek(negation, 0.5)
    assert all(place == [100, 100] for place in places(negation, 0))
    assert places(negation, 1) == before[1]
    seek(negation, 1)
    for (x, y), (a, b) in zip(before[0], places(negation, 0), strict=True):
        assert (a, b) == (pytest.approx(200 - x, abs=0.02), pytest.approx(200 - y, abs=0.02))
    assert places(negation, 1) == before[1]
    ends = negation.evaluate(
        "[...document.querySelectorAll('#negation svg')].map((one) => Number(one.querySelector('.gt-axis-end').getAttribute('cx')))"
    )
    assert ends[0] > 180 and ends[1] < 20, "aligned, the axes point the other way"


def test_the_motion_that_is_said_is_the_one_of_the_points(negation):
    said = negation.locator("#negation figcaption span").all_inner_texts()
    assert said[1] == "mean motion 0.00"
    before = places(negation, 0)
    seek(negation, 1)
    after = places(negation, 0)
    unit = (
        float(
            negation.evaluate("document.querySelector('#negation .gt-axis-end').getAttribute('cx')")
        )
        - 100
    )
    far = [
        ((a - x) ** 2 + (b - y) ** 2) ** 0.5 for (x, y), (a, b) in zip(before, after, strict=True)
    ]
    assert float(said[0].split()[-1]) == pytest.approx(sum(far) / len(far) / unit, abs=0.01)


def test_it_plays_pauses_and_stops_for_good_when_it_leaves_the_page(negation):
    play = negation.locator("#negation button")
    assert negation.evaluate("negation.inspect().playing") is False, "nothing moves until asked"
    play.click()
    negation.wait_for_function("negation.inspect().t > 0.05")
    play.click()
    t = negation.evaluate("negation.inspect().t")
    negation.evaluate(SETTLED)
    assert negation.evaluate("negation.inspect()") == {"t": t, "playing": False, "running": False}
    play.click()
    negation.wait_for_function(f"negation.inspect().t > {t}")
    negation.evaluate("at('negation').remove()")
    negation.wait_for_function("!negation.inspect().running")


def test_with_reduced_motion_it_goes_straight_to_the_other_end(negation):
    negation.emulate_media(reduced_motion="reduce")
    try:
        negation.locator("#negation button").click()
        assert negation.evaluate("negation.inspect()") == {
            "t": 1,
            "playing": False,
            "running": False,
        }
    finally:
        negation.emulate_media(reduced_motion="no-preference")


def test_another_matrix_is_shown_as_its_scaling_alone(page):
    page.evaluate("window.negation = createNegation(at('negation'), [[0, 2], [-0.5, 0]])")
    before = places(page, 1)
    seek(page, 1)
    for (x, y), (a, b) in zip(before, places(page, 1), strict=True):
        assert (a - 100, b - 100) == (
            pytest.approx(2 * (x - 100), abs=0.05),
            pytest.approx((y - 100) / 2, abs=0.05),
        )
    assert "singular values 2 and 0.5" in page.locator("#negation p").inner_text()


#: the strongest alpha of nine pixels about a place in data units
INK = """(x, y) => {
  const canvas = at("trails"), r = devicePixelRatio, view = viewOf(canvas);
  const [left, top] = [(x + 1) * view.kx * r, (1 - y) * view.ky * r].map(Math.round);
  const pixels = canvas.getContext("2d").getImageData(left - 1, top - 1, 3, 3).data;
  return Math.max(...pixels.filter((_, i) => i % 4 === 3));
}"""


@pytest.fixture
def trails(page):
    page.evaluate(f"""() => {{
      window.ink = {INK};
      window.trails = createTrails(at("trails"));
      window.three = {{ positions: Float32Array.of(-.8,0, -.4,0, 0,0, .4,0, .8,0,  -.8,.5, -.8,.6, -.8,.7, -.8,.8, -.8,.9),
                        count: 2, length: 5, colors: ["rgb(255,0,0)", "rgb(0,0,255)"] }};
    }}""")
    page.evaluate(SETTLED)
    return page


def test_a_trail_fades_into_the_past(trails):
    trails.evaluate("trails.draw(viewOf(at('trails')), three)")
    past, middle, now = (trails.evaluate(f"ink({x}, 0)") for x in (-0.6, 0.2, 0.7))
    assert 0 < past < middle < now <= 255
    assert trails.evaluate("ink(0, 0.4)") == 0
    assert trails.evaluate("ink(-.8, .85)") > 0


def test_a_trail_ends_where_the_point_is_between_two_states(trails):
    trails.evaluate("trails.draw(viewOf(at('trails')), { ...three, end: 2.5 })")
    assert trails.evaluate("ink(.17, 0)") > 0
    assert trails.evaluate("ink(.25, 0)") == 0
    trails.evaluate("trails.draw(viewOf(at('trails')), { ...three, end: 0 })")
    assert trails.evaluate("ink(-.79, 0)") == 0, "nobody has moved yet"


def test_trails_are_cleared_and_follow_the_size_and_resolution_of_their_canvas(trails):
    trails.evaluate("trails.draw(viewOf(at('trails')), three)")
    trails.evaluate("trails.clear()")
    assert trails.evaluate("ink(.7, 0)") == 0
    trails.evaluate("at('picture').style.maxWidth = '300px'")
    trails.evaluate(SETTLED)
    trails.evaluate("trails.draw(viewOf(at('trails')), three)")
    assert trails.evaluate("at('trails').width") == trails.evaluate(
        "Math.round(at('trails').clientWidth * devicePixelRatio)"
    )
    assert trails.evaluate("ink(.7, 0)") > 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("count: 3", r"3 paths of 5 positions are 30 numbers, got 20"),
        ("colors: ['red']", r"a colour for each of 2 paths, got 1"),
    ],
)
def test_paths_that_do_not_fit_are_refused(trails, change, message):
    from playwright.sync_api import Error

    with pytest.raises(Error, match=message):
        trails.evaluate(f"trails.draw(viewOf(at('trails')), {{ ...three, {change} }})")


@pytest.fixture
def pins(page):
    page.evaluate("""() => {
      window.pins = createPins(at("pins"), events);
      pins.set([{ name: "Selection", count: 57, live: true }, { name: "5", count: 1, color: "#bd1f01" }]);
      pins.draw(viewOf(at("pins")), [-0.5, 0.5, 0.8, 0]);
    }""")
    return page


def pin(page, i):
    return page.locator(".gt-pin").nth(i)


def test_pins_stand_at_their_centres_with_name_and_count(pins):
    assert pins.locator(".gt-pin").all_inner_texts() == ["Selection, 57 points", "5, 1 point"]
    box = pins.locator("#pins").bounding_box()
    at = pin(pins, 0).bounding_box()
    assert at["x"] - box["x"] == pytest.approx(0.25 * box["width"], abs=1)
    assert at["y"] - box["y"] == pytest.approx(0.25 * box["height"], abs=1)
    classes = [one.get_attribute("class") for one in pins.locator(".gt-pin").all()]
    assert "gt-live" in classes[0] and "gt-live" not in classes[1]
    pins.evaluate("pins.draw(viewOf(at('pins')), [NaN, NaN, 0.97, 0])")
    assert not pins.locator(".gt-pin").first.is_visible()
    label = pin(pins, 1).locator("span").bounding_box()
    assert label["x"] + label["width"] < box["x"] + box["width"], "the label is cut off"


def test_a_dragged_pin_tells_how_far_it_was_dragged_in_all(pins):
    box = pins.locator("#pins").bounding_box()
    at = pin(pins, 1).bounding_box()
    pins.mouse.move(at["x"] + 2, at["y"] - 1)
    pins.mouse.down()
    assert pins.evaluate("pins.dragging")
    pins.mouse.move(at["x"] + 2 - box["width"] / 4, at["y"] - 1 - box["height"] / 8, steps=5)
    pins.mouse.up()
    log = [one for one in pins.evaluate("log") if one[0] != "hold"]
    assert log[0] == ["start", 1] and log[-1] == ["end", 1, True]
    assert log[-2] == ["move", 1, pytest.approx(-0.5, abs=0.01), pytest.approx(0.25, abs=0.01)]
    assert not pins.evaluate("pins.dragging")


def test_a_press_that_does_not_move_is_no_drag(pins):
    pin(pins, 1).click(position={"x": 0, "y": 0}, force=True)
    log = [one for one in pins.evaluate("log") if one[0] != "hold"]
    assert log == [["start", 1], ["end", 1, False]]


def test_arrows_lead_from_pin_to_pin_and_move_the_one_that_is_held_in_one_gesture(pins):
    pin(pins, 1).focus()
    pins.keyboard.press("ArrowLeft")  # to the next one: nobody has taken hold of this one
    pins.keyboard.press("Space")
    pins.keyboard.down("ArrowRight")
    pins.keyboard.down("ArrowRight")
    pins.keyboard.up("ArrowRight")
    stops = pins.locator(".gt-pin").evaluate_all("(ends) => ends.map(({ tabIndex }) => tabIndex)")
    assert sorted(stops) == [-1, 0], "one stop of the Tab key"
    pins.keyboard.press("Escape")
    pins.keyboard.press("ArrowRight")
    assert pin(pins, 1).evaluate("(end) => end === document.activeElement")
    log = [one for one in pins.evaluate("log") if one[0] != "hold"]
    assert log == [
        ["start", 0],
        ["move", 0, pytest.approx(0.03), 0],
        ["move", 0, pytest.approx(0.06), 0],
        ["end", 0, True],
    ]


def test_enter_and_a_double_click_pick_and_delete_removes(pins):
    pin(pins, 1).focus()
    pins.keyboard.press("Enter")
    pins.keyboard.press("Delete")
    pin(pins, 1).dblclick(position={"x": 0, "y": 0}, force=True)
    log = [one for one in pins.evaluate("log") if one[0] in ("pick", "remove")]
    assert log == [["pick", 1, False], ["remove", 1], ["pick", 1, False]]


def test_a_pin_that_goes_while_it_is_dragged_ends_the_gesture_and_others_keep_theirs(pins):
    at = [pin(pins, i).bounding_box() for i in (0, 1)]
    for i, gone in (
        (1, "pins.set([{ name: 'Selection', count: 3, live: true }])"),
        (0, "pins.set([])"),
    ):
        pins.evaluate("log.length = 0")
        pins.mouse.move(at[i]["x"], at[i]["y"])
        pins.mouse.down()
        pins.mouse.move(at[i]["x"] + 20, at[i]["y"])
        pins.evaluate(gone)
        log = [one for one in pins.evaluate("log") if one[0] != "hold"]
        assert log[-1] == ["end", i, True]
        assert not pins.evaluate("pins.dragging")
        pins.mouse.up()
    assert pins.locator(".gt-pin").count() == 0


def test_the_keyboard_keeps_its_place_when_a_pin_is_removed(pins):
    pin(pins, 1).focus()
    pins.evaluate("pins.set([{ name: 'Selection', count: 57, live: true }])")
    assert pin(pins, 0).evaluate("(end) => end === document.activeElement")
