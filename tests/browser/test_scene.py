"""The scene of a stage: where points are drawn, in which colour, and that plotly cannot undo it."""

from __future__ import annotations

import pytest

CLEAR, RED, GREEN, BLUE = [0, 0, 0, 0], [255, 0, 0, 255], [0, 128, 0, 255], [0, 0, 255, 255]
PALETTE = "Uint8Array.of(255,0,0,255, 0,128,0,255, 0,0,0,0)"
PLACES = "Float32Array.of(-.5,.5, .5,.5, 0,-.5)"
LOOK = "[inkAt(gd,-.5,.5), inkAt(gd,.5,.5), inkAt(gd,0,-.5), inkAt(gd,0,0)]"
SHOWN = [RED, GREEN, CLEAR, CLEAR]  # the third point is hidden
#: a busy machine takes long to start a browser and to read plotly.js
PATIENCE_MS = 120_000
#: lets Plotly's own drawing settle: a frame, and what it had queued
FRAME = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


@pytest.fixture
def page(shared_page, address):
    url = f"{address}/tests/browser/scene.html"
    if shared_page.url != url:  # plotly.js is large: loaded once
        shared_page.goto(url, timeout=PATIENCE_MS)
    shared_page.wait_for_function("window.ready", timeout=PATIENCE_MS)
    shared_page.evaluate("clean()")
    return shared_page


@pytest.fixture
def stage(page):
    """Three points, red, green and hidden, attached and drawn."""
    start(page)
    assert page.evaluate("[s.way, s.reason]") == ["buffer", ""], "the fast path is not in use"
    return page


def start(page, options="{}"):
    page.evaluate(f"""async () => {{
      window.gd = await plot(3);
      window.s = await attachScene(gd, Plotly, [{{ trace: 0, n: 3 }}], {options});
      s.setColors(0, {PALETTE}, Uint8Array.of(0, 1, 2));
      s.draw([{PLACES}]);
    }}""")


def test_points_are_where_the_data_say_in_their_colours(stage):
    assert stage.evaluate(LOOK) == SHOWN
    assert stage.evaluate("(s.draw([Float32Array.of(0,0, -.5,.5, .5,.5)]), " + LOOK + ")") == [
        GREEN,
        CLEAR,
        CLEAR,
        RED,
    ]


def test_before_colours_are_set_the_figure_s_own_is_shown(page):
    got = page.evaluate(f"""async () => {{
      const gd = await plot(3);
      const xy = {PLACES};
      const s = await attachScene(gd, Plotly, [{{ trace: 0, n: 3, xy }}]);
      return [s.way, ...{LOOK}];
    }}""")
    assert got == ["buffer", BLUE, BLUE, BLUE, CLEAR]


def test_points_start_where_the_figure_has_them(page):
    got = page.evaluate(f"""async () => {{
      const gd = await plot(3);
      await Plotly.restyle(gd, {{ x: [[-.5, .5, 0]], y: [[.5, .5, -.5]] }});
      const s = await attachScene(gd, Plotly, [{{ trace: 0, n: 3 }}]);
      return [s.way, ...{LOOK}];
    }}""")
    assert got == ["buffer", BLUE, BLUE, BLUE, CLEAR]


def test_the_figure_may_have_another_number_of_points_than_the_scene(page):
    got = page.evaluate(f"""async () => {{
      const gd = await plot(0);
      const s = await attachScene(gd, Plotly, [{{ trace: 0, n: 3, xy: {PLACES} }}]);
      return [s.way, ...{LOOK}];
    }}""")
    assert got == ["buffer", BLUE, BLUE, BLUE, CLEAR]


def test_a_draw_without_news_does_nothing(stage):
    got = stage.evaluate("[s.draw(), s.draw([null]), s.draw(null, { force: true }), s.draw()]")
    assert got == [False, False, True, False]


@pytest.mark.parametrize(
    "change",
    [
        "relayout(gd, { 'xaxis.range': [-2, 2], 'yaxis.range': [-2, 2] })",
        "relayout(gd, { width: 420, height: 500 })",
        "relayout(gd, { paper_bgcolor: '#222', plot_bgcolor: '#111', 'font.color': '#eee' })",
        "relayout(gd, { template: { layout: { plot_bgcolor: '#123' } } })",
        "relayout(gd, { dragmode: 'lasso' })",
        "restyle(gd, { 'marker.symbol': 'circle', hoverinfo: 'skip' })",
        "restyle(gd, { 'marker.color': 'orange' })",
        "redraw(gd)",
        "react(gd, gd.data, { ...gd.layout, title: { text: 'other' } })",
        "Plots.resize(gd)",
    ],
    ids=lambda change: change.split(")")[0][:40],
)
def test_plotly_s_own_drawing_keeps_positions_and_colours(stage, change):
    stage.evaluate(f"(async () => {{ await Plotly.{change}; await {FRAME}; }})()")
    assert stage.evaluate(LOOK) == SHOWN
    assert stage.evaluate("[s.way, s.reason, s.stale()]") == ["buffer", "", False]
    moved = "(s.draw([Float32Array.of(0,0, -.5,.5, .5,.5)]), " + LOOK + ")"
    assert stage.evaluate(moved) == [GREEN, CLEAR, CLEAR, RED]


def test_nothing_else_is_seen_while_plotly_draws(stage):
    """Every single draw of plotly's, between its start and its end, shows the scene's colours."""
    got = stage.evaluate("""async () => {
      const scene = gd._fullLayout._plots.xy._scene, ours = scene.draw, seen = [];
      scene.draw = () => { ours(); seen.push(inkAt(gd, -.5, .5).join()); };
      await Plotly.relayout(gd, { 'xaxis.range': [-2, 2], 'yaxis.range': [-2, 2] });
      return [...new Set(seen)];
    }""")
    assert got == ["255,0,0,255"]


def test_wheel_zoom_and_drag_pan_by_hand_move_the_picture_not_the_data(stage):
    before = stage.evaluate("[...gd._fullLayout.xaxis.range]")
    stage.mouse.move(300, 300)
    stage.mouse.wheel(0, -300)
    stage.wait_for_function("gd._fullLayout.xaxis.range[1] - gd._fullLayout.xaxis.range[0] < 2")
    assert stage.evaluate(f"({FRAME}).then(() => {LOOK})") == SHOWN
    stage.mouse.down()
    stage.mouse.move(340, 320, steps=4)
    assert stage.evaluate(LOOK)[:2] == SHOWN[:2], "while the pointer is down"
    assert stage.evaluate(f"(s.draw([{PLACES}]), {LOOK})")[:2] == SHOWN[:2], "and it plays on"
    stage.mouse.up()
    stage.wait_for_function(f"gd._fullLayout.xaxis.range[0] !== {before[0]}")
    assert stage.evaluate(f"({FRAME}).then(() => {LOOK})")[:2] == SHOWN[:2]
    assert stage.evaluate("[s.way, s.stale()]") == ["buffer", False]


def test_another_palette_recolours_without_new_ids(stage):
    got = stage.evaluate(f"""() => {{
      s.setColors(0, Uint8Array.of(0,0,255,255, 255,0,0,255, 0,128,0,255));
      s.draw();
      return {LOOK};
    }}""")
    assert got == [BLUE, RED, GREEN, CLEAR]


def test_all_points_can_be_hidden_by_colour_and_shown_again(stage):
    got = stage.evaluate(f"""() => {{
      s.setColors(0, new Uint8Array(12)); s.draw();
      const none = inked(gd);
      s.setColors(0, {PALETTE}); s.draw();
      return [none, ...{LOOK}];
    }}""")
    assert got == [0, *SHOWN]


def test_size_is_the_diameter_in_css_pixels(stage):
    one, thrice = stage.evaluate("""() => {
      s.setColors(0, Uint8Array.of(255,0,0,255, 0,0,0,0, 0,0,0,0));
      return [10, 30].map((px) => (s.setSize(0, px), s.draw(), inked(gd)));
    }""")
    assert one == pytest.approx(3.14 * 25, rel=0.2)
    assert thrice == pytest.approx(3.14 * 225, rel=0.2)
    kept = stage.evaluate(
        "Plotly.relayout(gd, { paper_bgcolor: '#eee' }).then(() => [inked(gd), s.way])"
    )
    assert kept == [thrice, "buffer"]


def test_the_last_of_the_order_is_on_top_and_what_is_not_in_it_is_not_drawn(stage):
    got = stage.evaluate(f"""async () => {{
      const look = () => [inkAt(gd, 0, 0), inkAt(gd, .5, .5)];
      s.setColors(0, Uint8Array.of(255,0,0,255, 0,128,0,255, 0,0,255,255));
      s.draw([Float32Array.of(0,0, 0,0, .5,.5)]);
      const got = [look()];
      for (const order of [[1, 0], [2, 0], [], null]) {{
        s.setOrder(0, order);
        s.draw();
        got.push(look());
      }}
      s.setOrder(0, [2]); s.draw();
      await Plotly.redraw(gd); await {FRAME};
      got.push(look());
      await Plotly.relayout(gd, {{ 'xaxis.range': [-2, 2] }});
      got.push(look());
      return [got, s.way];
    }}""")
    assert got == [
        [
            [GREEN, BLUE],
            [RED, CLEAR],
            [RED, BLUE],
            [CLEAR, CLEAR],
            [GREEN, BLUE],
            [CLEAR, BLUE],
            [CLEAR, BLUE],
        ],
        "buffer",
    ]


def test_a_trace_hidden_by_plotly_is_left_out_and_found_again(stage):
    got = stage.evaluate(f"""async () => {{
      await Plotly.restyle(gd, {{ visible: false }});
      const moved = Float32Array.of(0,0, -.5,.5, .5,.5);
      s.draw([moved]);
      const hidden = [s.way, s.stale(), document.querySelectorAll(".no-webgl").length];
      await Plotly.restyle(gd, {{ visible: true }});
      return [hidden, {LOOK}, s.way];
    }}""")
    assert got == [["buffer", False, 0], [GREEN, CLEAR, CLEAR, RED], "buffer"]


def test_a_replaced_figure_is_stale_and_can_be_attached_again(stage):
    got = stage.evaluate(f"""async () => {{
      const x = Array(7).fill(.5);
      await Plotly.react(gd, [{{ type: "scattergl", mode: "markers", x, y: x }}], gd.layout);
      const stale = [s.stale(), s.draw([{PLACES}])];
      window.s = await attachScene(gd, Plotly, [{{ trace: 0, n: 3, xy: {PLACES} }}]);
      s.setColors(0, {PALETTE}, Uint8Array.of(0, 1, 2));
      s.draw();
      return [stale, s.way, s.reason, s.stale(), {LOOK}];
    }}""")
    assert got == [[True, False], "buffer", "", False, SHOWN]


@pytest.mark.parametrize("leave", ["Plotly.purge(gd)", "gd.remove()"])
def test_a_graph_that_is_gone_is_stale(stage, leave):
    assert stage.evaluate(f"({leave}, [s.stale(), s.draw([{PLACES}]), s.detach()])") == [
        True,
        False,
        None,
    ]


def test_a_lost_context_that_comes_back_shows_the_points_as_they_are(stage):
    stage.evaluate("""() => {
      window.contexts = gd._fullLayout._glcanvas.data().filter((d) => d.regl)
        .map((d) => d.regl._gl.getExtension("WEBGL_lose_context"));
      contexts.forEach((c) => c.loseContext());
    }""")
    stage.wait_for_function("s.lost")
    assert stage.evaluate("s.draw([Float32Array.of(0,0, -.5,.5, .5,.5)])") is False
    stage.evaluate("contexts.forEach((c) => c.restoreContext())")
    stage.wait_for_function("!s.lost")
    assert stage.evaluate(LOOK) == [GREEN, CLEAR, CLEAR, RED]
    assert stage.evaluate("[s.way, s.reason, s.stale()]") == ["buffer", "", False]


def test_contexts_that_the_browser_keeps_are_replaced_on_demand(stage):
    stage.evaluate("""() => gd._fullLayout._glcanvas.data().filter((d) => d.regl)
      .forEach((d) => d.regl._gl.getExtension("WEBGL_lose_context").loseContext())""")
    stage.wait_for_function("s.lost")
    stage.evaluate("s.restore()")
    stage.wait_for_function("!s.lost")
    assert stage.evaluate(LOOK) == SHOWN
    assert stage.evaluate("[s.way, gd.querySelectorAll('canvas').length]") == ["buffer", 3]


#: taken away from plotly's scene after it has drawn, and the way that is left
REMOVED = {
    "regl's palette": ("update", "s => delete s.scatter2d.draw(-1).paletteTexture"),
    "the groups": ("update", "s => { s.scatter2d.draw = () => undefined }"),
    "everything": ("restyle", "s => { s.scatter2d.update = null }"),
}


@pytest.mark.parametrize("what", REMOVED)
def test_what_plotly_no_longer_has_leaves_a_slower_way_and_a_reason(page, what):
    way, remove = REMOVED[what]
    page.evaluate(f"""async () => {{
      window.gd = await plot(3);
      // at every look, since attaching redraws
      const plots = gd._fullLayout._plots.xy, draw = plots._scene.draw;
      plots._scene.draw = () => {{
        draw();
        ({remove})(plots._scene);
      }};
      window.s = await attachScene(gd, Plotly, [{{ trace: 0, n: 3 }}]);
    }}""")
    assert page.evaluate("s.way") == way
    assert page.evaluate("s.reason").startswith("scattergl: no ")


@pytest.mark.parametrize(
    ("options", "way", "reason"),
    [
        ("{ mode: 'lines+markers' }", "restyle", "plain markers in trace 0, but lines+markers"),
        ("{ type: 'scatter' }", "restyle", "scattergl trace at 0, but scatter"),
        ("{ xtype: 'log' }", "restyle", "linear axes under trace 0"),
    ],
)
def test_figures_that_cannot_be_animated_fast_still_move(page, options, way, reason):
    got = page.evaluate(f"""async () => {{
      const {{ mode = "markers", type = "scattergl", xtype = "linear" }} = {options};
      const trace = {{ type, mode, x: [1, 2], y: [1, 2] }};
      const gd = await Plotly.newPlot("graph", [trace], {{ xaxis: {{ type: xtype }} }});
      const s = await attachScene(gd, Plotly, [{{ trace: 0, n: 2 }}]);
      s.draw([Float32Array.of(3, 4, 5, 6)]);
      return [s.way, s.reason, Array.from(gd._fullData[0].x)];
    }}""")
    assert got[0] == way
    assert got[1].endswith(reason)
    assert got[2] == [3, 5]


@pytest.mark.parametrize("way", ["update", "restyle"])
def test_the_slower_ways_show_the_same(page, way):
    start(page, f"{{ way: '{way}' }}")
    page.wait_for_function(f"JSON.stringify({LOOK}) === '{SHOWN}'.replaceAll(' ', '')")
    page.evaluate("(s.setSize(0, 30), s.draw())")
    page.wait_for_function("inked(gd) > 1000")
    page.evaluate("Plotly.relayout(gd, { 'xaxis.range': [-2, 2] })")
    page.wait_for_function(f"JSON.stringify({LOOK}) === '{SHOWN}'.replaceAll(' ', '')")
    assert page.evaluate("[s.way, s.reason, s.stale()]") == [way, "asked for", False]


def test_frames_that_restyle_cannot_take_are_dropped_but_not_the_last(page):
    start(page, "{ way: 'restyle' }")
    calls = page.evaluate("""() => {
      let calls = 0;
      window.s = null;
      const restyle = (...a) => (calls++, Plotly.restyle(...a));
      return attachScene(gd, { redraw: Plotly.redraw, restyle },
        [{ trace: 0, n: 3 }], { way: "restyle" }).then((scene) => {
        window.s = scene;
        for (let i = 0; i <= 100; i++) scene.draw([Float32Array.of(i / 200, 0, 0, .9, 0, .9)]);
        window.calls = () => calls;
        return calls;
      });
    }""")
    assert calls <= 2
    page.wait_for_function("inkAt(gd, .5, 0)[3] === 255")
    assert page.evaluate("calls()") <= 3


def test_an_error_thrown_in_the_fast_path_leaves_the_next_way(stage):
    got = stage.evaluate(f"""() => {{
      const group = gd._fullLayout._plots.xy._scene.scatter2d.draw(-1).groups[0];
      group.positionBuffer.subdata = () => {{ throw new Error("no such thing any more"); }};
      s.draw([Float32Array.of(0,0, -.5,.5, .5,.5)]);
      return [s.way, s.reason, {LOOK}];
    }}""")
    assert got == ["update", "no such thing any more", [GREEN, CLEAR, CLEAR, RED]]


def test_many_subplots_are_one_scene_with_one_array_each(page):
    got = page.evaluate("""async () => {
      window.gd = await plot(2, { panels: 4 });
      window.s = await attachScene(gd, Plotly, [0, 1, 2, 3].map((trace) => ({ trace, n: 2 })));
      const palettes = [[255,0,0,255], [0,128,0,255], [0,0,255,255], [10,20,30,255]];
      palettes.forEach((p, k) => s.setColors(k, Uint8Array.from(p), new Uint8Array(2)));
      s.draw([0, 1, 2, 3].map((k) => Float32Array.of(0, k / 5, 0, -.9)));
      const axes = ["xy", "x2y2", "x3y3", "x4y4"];
      const look = () => axes.map((a, k) => inkAt(gd, 0, k / 5, a));
      const first = look();
      s.setColors(2, Uint8Array.of(255,0,0,255));
      s.draw([null, Float32Array.of(0, 0.7, 0, -.9)]);
      return [s.way, first, look(), inkAt(gd, 0, .7, "x2y2")];
    }""")
    palette = [RED, GREEN, BLUE, [10, 20, 30, 255]]
    assert got == ["buffer", palette, [RED, CLEAR, RED, palette[3]], GREEN]


def test_two_traces_of_one_subplot_keep_their_palettes_apart(page):
    got = page.evaluate("""async () => {
      const one = { type: "scattergl", mode: "markers", x: [0], y: [0], marker: { size: 20 } };
      const axis = { range: [-1, 1] };
      const layout = { width: 600, height: 600, xaxis: axis, yaxis: axis, showlegend: false };
      window.gd = await Plotly.newPlot("graph", [one, one, one].map((t) => ({ ...t })), layout,
        { plotGlPixelRatio: 1 });
      window.s = await attachScene(gd, Plotly, [0, 1, 2].map((trace) => ({ trace, n: 1 })));
      const colors = [[255,0,0,255], [0,128,0,255], [0,0,255,255]];
      colors.forEach((c, k) => s.setColors(k, Uint8Array.from(c), new Uint8Array(1)));
      s.draw([Float32Array.of(-.5, 0), Float32Array.of(0, 0), Float32Array.of(.5, 0)]);
      const look = () => [inkAt(gd, -.5, 0), inkAt(gd, 0, 0), inkAt(gd, .5, 0)];
      const all = look();
      await Plotly.restyle(gd, { visible: false }, [0]);  // the others move up in plotly's scene
      s.draw([Float32Array.of(0, .5), Float32Array.of(0, .1)]);
      const some = [...look(), inkAt(gd, 0, .1)];
      await Plotly.restyle(gd, { visible: true }, [0]);
      return [s.way, all, some, [inkAt(gd, 0, .5), inkAt(gd, 0, .1), inkAt(gd, .5, 0)]];
    }""")
    assert got == [
        "buffer",
        [RED, GREEN, BLUE],
        [CLEAR, CLEAR, BLUE, GREEN],
        [RED, GREEN, BLUE],
    ]


def test_a_saved_picture_has_positions_colours_and_sizes(stage):
    figure = stage.evaluate("""() => {
      s.setSize(0, 7);
      const { data: [t] } = s.figure();
      return { x: Array.from(t.x), y: Array.from(t.y), color: t.marker.color, size: t.marker.size,
               own: gd.data[0].marker.color, image: Plotly.toImage(s.figure(), { format: "png" }) };
    }""")
    assert figure["x"] == [-0.5, 0.5, 0] and figure["y"] == [0.5, 0.5, -0.5]
    assert figure["color"] == ["rgba(255,0,0,1)", "rgba(0,128,0,1)", "rgba(0,0,0,0)"]
    assert figure["size"] == 7
    assert figure["own"] == "rgb(0,0,255)"


def test_detach_leaves_nothing_behind(page):
    got = page.evaluate(f"""async () => {{
      window.gd = await plot(3);
      const scene = () => gd._fullLayout._plots.xy._scene;
      const listeners = () => gd._ev.listenerCount("plotly_afterplot");
      const before = [listeners(), Object.keys(gd).sort().join()];
      const draw = scene().draw;
      window.s = await attachScene(gd, Plotly, [{{ trace: 0, n: 3, xy: {PLACES} }}]);
      s.setColors(0, {PALETTE}, Uint8Array.of(0, 1, 2));
      s.setOrder(0, [0]);
      s.draw();
      s.detach();
      s.detach();
      const group = scene().scatter2d.draw(-1).groups[0];
      const after = [listeners(), Object.keys(gd).sort().join()];
      await Plotly.redraw(gd);
      const left = [scene().draw === draw, "elements" in group, s.draw([{PLACES}])];
      return [before, after, ...left, {LOOK}];
    }}""")
    before, after, own_draw, ordered, drew, look = got
    assert after == before
    assert own_draw and not ordered and not drew
    assert look == [BLUE, BLUE, BLUE, CLEAR], "in the figure's own colour, where they were"


def test_attaching_twice_is_detaching_first(stage):
    got = stage.evaluate(f"""async () => {{
      const first = s, count = () => gd._ev.listenerCount("plotly_afterplot"), had = count();
      window.s = await attachScene(gd, Plotly, [{{ trace: 0, n: 3 }}]);
      return [count() === had, first.draw([{PLACES}]), first.stale(), s.way];
    }}""")
    assert got == [True, False, True, "buffer"]


def test_a_dozen_graphs_one_after_the_other_take_no_more_contexts_than_one(page):
    got = page.evaluate("""async () => {
      const still = document.createElement("canvas").getContext("webgl");
      for (let i = 0; i < 12; i++) {
        const div = document.body.appendChild(document.createElement("div"));
        const gd = await plot(2, { gd: div });
        const s = await attachScene(gd, Plotly, [{ trace: 0, n: 2 }]);
        s.draw([new Float32Array(4)]);
        s.detach({ release: true });
        Plotly.purge(gd);
        div.remove();
      }
      return still.isContextLost();
    }""")
    assert got is False, "the browser evicted the oldest context"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("attachScene(document.body, Plotly, [{ trace: 0, n: 3 }])", "gd must be a plotted graph"),
        ("attachScene(gd, Plotly, [{ trace: 4, n: 3 }])", "no trace 4; this figure has 1"),
        ("s.draw([new Float32Array(8)])", "trace 0 has 3 points, got 4"),
        ("s.setColors(1, new Uint8Array(4))", "no attached trace 1; there are 1"),
        ("s.setColors(0, new Uint8Array(5))", "1 to 255 entries of four bytes, got 5 bytes"),
        ("s.setColors(0, new Uint8Array(4), new Uint8Array(2))", "has 3 points, got 2 ids"),
        ("s.setSize(0, 0)", "above 0 and at most 100 px, got 0"),
    ],
)
def test_a_wrong_call_is_told_what_was_expected(stage, call, message):
    from playwright.sync_api import Error

    with pytest.raises(Error, match=message):
        stage.evaluate(f"(async () => {{ await ({call}); }})()")


def test_the_browser_says_whether_it_has_webgl(page):
    assert page.evaluate("webglAvailable()") is True
    without = page.evaluate("""() => {
      const own = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = () => null;
      try { return webglAvailable(); } finally { HTMLCanvasElement.prototype.getContext = own; }
    }""")
    assert without is False


def test_ten_thousand_points_are_all_there(page):
    got = page.evaluate("""async () => {
      window.gd = await plot(0);
      const n = 10000, xy = new Float32Array(2 * n);
      const at = (k) => (k - 49.5) / 50;
      for (let i = 0; i < n; i++) xy.set([at(i % 100), at(Math.floor(i / 100))], 2 * i);
      window.s = await attachScene(gd, Plotly, [{ trace: 0, n }]);
      s.setSize(0, 4);
      const ids = Uint8Array.from({ length: n }, (_, i) => i % 2);
      s.setColors(0, Uint8Array.of(255,0,0,255, 0,0,255,255), ids);
      s.draw([xy]);
      let right = 0;
      for (let i = 0; i < n; i += 7) {
        right += inkAt(gd, xy[2 * i], xy[2 * i + 1])[i % 2 ? 2 : 0] === 255;
      }
      return [s.way, right / Math.ceil(n / 7)];
    }""")
    assert got == ["buffer", 1]
