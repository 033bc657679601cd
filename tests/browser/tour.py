"""The tour page as a test sees it: numbers from `inspect`, and a pointer that knows data units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PATIENCE_MS = 40_000  # a busy machine may take long
TRAIN, TEST = "grand-tour-train", "grand-tour-test"
#: the stage by which a page is known to be ready
STAGES = {
    "/grand-tour": TEST,
    "/tsne": "tsne",
    "/umap": "umap",
    "/embedding": "embedding",
    "/layers": "layers",
    "/adversarial": "adversarial",
    "/method": "method-tesseract",
}

#: where a document has only begun, its map of the modules may not be there yet, and the plain names would mean others;
#: a page in a file says what it has instead of modules
_BEGUN = """const begun = () => document.body && (location.protocol !== "file:" || window.grandTour);
  while (!begun()) await new Promise((go) => setTimeout(go, 5));"""
_INSPECT = """async (name) => {
  BEGUN
  const { inspect } = window.grandTour ?? (await import("/assets/js/main.mjs"));
  try {
    const seen = inspect(name);
    return { ...seen, matrix: [...seen.matrix], positions: [...seen.positions] };
  } catch (error) {
    return { error: String(error.message) };
  }
}""".replace("BEGUN", _BEGUN)
#: waits until an expression of `s`, what `inspect` returns, holds; else says what there was at the end
_UNTIL = """async ([name, patience]) => {
  BEGUN
  const { inspect } = window.grandTour ?? (await import("/assets/js/main.mjs"));
  const holds = (s) => (ASKED);
  let said = "";
  for (const end = performance.now() + patience; performance.now() < end; ) {
    try {
      const s = inspect(name);
      if (holds(s)) return null;
      const { epoch, playing, running, selected, frame, way } = s;
      said = JSON.stringify({ epoch, playing, running, selected, frame, way });
    } catch (error) {
      said = String(error.message);
    }
    await new Promise((done) => setTimeout(done, 15));
  }
  return said;
}""".replace("BEGUN", _BEGUN)
_AXES = """(name) => {
  const gd = document.querySelector(`[data-gt-stage="${name}"] .js-plotly-plot`);
  const box = gd.getBoundingClientRect();
  const { xaxis, yaxis } = gd._fullLayout;
  return {
    left: box.left + xaxis._offset, top: box.top + yaxis._offset,
    width: xaxis._length, height: yaxis._length, x: xaxis.range.slice(), y: yaxis.range.slice(),
  };
}"""


#: the sum of the opacities on a stage's canvases, after a frame
INK = """async (name) => {
  await new Promise(requestAnimationFrame);
  let sum = 0;
  for (const canvas of document.querySelectorAll(`[data-gt-stage="${name}"] canvas.gl-canvas`)) {
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const pen = copy.getContext("2d", { willReadFrequently: true });
    pen.drawImage(canvas, 0, 0);
    const { data } = pen.getImageData(0, 0, copy.width, copy.height);
    for (let i = 3; i < data.length; i += 4) sum += data[i];
  }
  return sum / 255;
}"""
#: back to the page's beginning, by its own controls
_FRESH = """() => {
  const all = (query) => [...document.querySelectorAll(query)];
  const press = (query) => all(query).forEach((button) => button.click());
  document.querySelector("dialog[open]")?.close();
  press('[data-gt-action="play"][aria-pressed="true"], [data-gt-action="tour"][aria-pressed="true"]');
  press(".gt-toast-close");
  press('[data-gt-action="tool"][data-gt-value="lasso"], [data-gt-action="how"][data-gt-value="new"]');
  press('[data-gt-action="points"][data-gt-value="dots"], [data-gt-action="zoom"]:not([hidden])');
  press('.gt-legend-entry[aria-pressed="false"]');
  press(".gt-selection-head button");
  press(".gt-filter > button");
  press('[data-gt-action="naive"][data-gt-value="aligned"], [data-gt-action="trails"][data-gt-value="off"]');
  press('[data-gt-action="drag"][data-gt-value="rotate"]');
  press('[data-gt-action="reset"]');
  document.activeElement?.blur();
  const slider = document.querySelector('[data-gt-part="epoch"] input');
  slider.value = 0;
  slider.dispatchEvent(new Event("input"));
}"""
#: what is chosen and said on a page, apart from its clocks: what is left over from a test is seen by it
_CHOSEN = """() => {
  const all = (query, said) => [...document.querySelectorAll(query)].map(said);
  return JSON.stringify([
    all("select", ({ id, value }) => [id, value]),
    all("[aria-pressed]", (one) => [one.dataset.gtAction, one.dataset.gtValue, one.getAttribute("aria-pressed")]),
    all('[data-gt-part="view-text"], [data-gt-part="groups"] li, .gt-filter', ({ textContent }) => textContent),
    all("dialog[open], .gt-popover", ({ className }) => className),
  ]);
}"""


class Seen:
    """What ``inspect`` says of a stage, as arrays."""

    def __init__(self, said: dict[str, Any]) -> None:
        assert "error" not in said, said
        self.__dict__.update(said)
        self.matrix = np.array(said["matrix"]).reshape(said["p"], said["p"])
        self.positions = np.array(said["positions"]).reshape(-1, 2)
        self.ids = np.array(said["ids"])
        assert np.isfinite(self.positions).all() and self.positions.shape == (said["n"], 2)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def alone(self, distance: float, hidden: int = -1) -> int:
        """The id of a point that has no other one near it, and is not of a hidden class."""
        for i, place in enumerate(self.positions):
            away = np.sort(np.hypot(*(self.positions - place).T))[1]
            label = self.ids[i] % 100_000 % self.p  # so the tests' runs number their points
            if label != hidden and away > distance and np.abs(place).max() < 0.9:
                return int(self.ids[i])
        raise AssertionError("no point lies alone")


class Tour:
    """One page of the app in the browser."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site

    def goto(self, path: str) -> None:
        self.page.goto(self.address(path), wait_until="commit")

    def address(self, path: str) -> str:
        """Where a page of the app is."""
        return self.site + path

    def asked(self, address: str) -> str:
        """What an address asks for, as a query."""
        return urlsplit(address).query

    def ready(self, name: str = "") -> Tour:
        """Wait until a stage has drawn its points."""
        path = self.page.url.removeprefix(self.site).split("?")[0]
        name = name or STAGES.get(path, "home")
        drawn = "s.frame.count > 0 && s.positions.some((x) => x !== 0)"
        self.until(drawn, name, 3 * PATIENCE_MS)  # the first page compiles plotly
        return self

    def fresh(
        self, path: str = "/grand-tour?play=0&seed=3", name: str = TEST, layer: str = "softmax"
    ) -> None:
        """Bring a page with the digits back to its beginning, by a reload only where it must be."""
        if self._asked_for(path) and self.look_or_none(name, layer) == "mnist":
            self.page.mouse.move(1, 1)
            self.page.get_by_label("Colour").select_option("label")
            self.page.evaluate(_FRESH)
            self._show_all_classes()
            self.until(
                "!s.playing && !s.running && s.epoch === 0 && !s.selected.length && !s.images", name
            )
            return
        self.goto(path)
        self.ready()

    def fresh_layers(self, path: str, state: int = 0) -> None:
        """Bring the page of layers back to where an address opens it, by a reload only where it must be."""
        begun = f"!s.playing && !s.running && !s.selected.length && s.state === {state} && s.frame.count"
        opened = self.page.evaluate("window.opened ?? null")
        if opened and opened["path"] == path:
            self.page.keyboard.press("Escape")  # whatever is open, and the complete tour
            self.page.locator(".gt-meter-of").first.select_option("auto")
            self.page.mouse.move(1, 1)
            self.page.evaluate(_FRESH)
            self._show_all_classes()
            # another run or alignment may still be on its way, and would have its own place among the layers
            if self.page.evaluate(_CHOSEN) == opened["chosen"]:
                self.slide(opened["epoch"])
                self.slide(state, "strip")
                self.until(begun, "layers")
                if self.page.evaluate(_CHOSEN) == opened["chosen"]:
                    return
        self.goto(path)
        self.ready("layers")
        self.page.wait_for_function("""() => {
          const clear = document.querySelector(".gt-selection-head button");
          clear?.click();
          return !clear;
        }""")  # what was selected before is selected still
        self.until(begun, "layers")
        self.page.evaluate(
            """([path, chosen]) => {
              const epoch = document.querySelector('[data-gt-part="epoch"] input').value;
              window.opened = { path, chosen, epoch };
            }""",
            [path, self.page.evaluate(_CHOSEN)],
        )

    def _asked_for(self, path: str) -> bool:
        """Whether the page was opened there, with that seed: of the rest its address says what is shown now."""
        here, asked = urlsplit(self.page.url), urlsplit(self.address(path))
        seeds = [parse_qs(one.query).get("seed") for one in (here, asked)]
        return here[:3] == asked[:3] and seeds[0] == seeds[1]

    def _show_all_classes(self) -> None:
        """A click soon after a test's own on the same class is a double click, and hides all others: once more then."""
        hidden = self.page.locator('.gt-legend-entry[aria-pressed="false"]')
        self.frames(2)
        while hidden.count():
            hidden.first.click()
            self.frames(2)

    def look_or_none(self, name: str = TEST, layer: str = "softmax") -> str | None:
        """The run whose layer is shown, if it is."""
        said = self.page.evaluate(_INSPECT, name)
        return said.get("run") if said.get("layer") == layer else None

    def look(self, name: str = TEST) -> Seen:
        return Seen(self.page.evaluate(_INSPECT, name))

    def absent(self, name: str = TEST) -> bool:
        return "no stage" in self.page.evaluate(_INSPECT, name).get("error", "")

    def until(self, asked: str, name: str = TEST, patience_ms: int = PATIENCE_MS) -> None:
        """Wait for a condition: a JS expression of ``s``, what ``inspect`` returns."""
        said = self.page.evaluate(_UNTIL.replace("ASKED", asked), [name, patience_ms])
        assert said is None, f"{asked} did not come true on {name}: {said}"

    def settled(self, name: str = TEST) -> Seen:
        """What there is once nothing moves any more, and what is asked for has come."""
        self.until("!s.playing && !s.running && !s.waiting", name)
        return self.look(name)

    def at_the_end(self, name: str = TEST) -> Seen:
        """Go to the last epoch, where the classes lie apart, by the slider."""
        last = self.part("epoch").locator("input").get_attribute("max")
        self.slide(last)
        self.page.wait_for_function(
            "(max) => document.querySelector('[data-gt-part=\"epoch\"] input').value === max",
            arg=last,
        )
        return self.settled(name)

    def slide(self, to: float | str | None, part: str = "epoch") -> None:
        """Put the slider of a part somewhere, as a pointer does."""
        self.page.evaluate(
            """([part, to]) => {
              const slider = document.querySelector(`[data-gt-part="${part}"] input`);
              slider.value = to;
              slider.dispatchEvent(new Event("input", { bubbles: true }));
            }""",
            [part, to],
        )

    def copied_link(self) -> str:
        """What the page's own button puts into the clipboard."""
        self.page.evaluate("""() => {
          window.copied = "";
          navigator.clipboard.writeText = async (text) => { window.copied = text; };
        }""")
        self.button("link").click()
        return self.page.wait_for_function("window.copied").json_value()

    def ink(self, name: str = TEST) -> float:
        """The sum of the opacities that the points' canvas holds."""
        return self.page.evaluate(INK, name)

    def frames(self, count: int = 3) -> None:
        """Let the browser draw a few frames, so that what would move has moved."""
        self.page.evaluate(
            """async (count) => {
              while (count-- > 0) await new Promise(requestAnimationFrame);
            }""",
            count,
        )

    def button(self, action: str, value: str = "") -> Locator:
        exact = f'[data-gt-value="{value}"]' if value else ""
        return self.page.locator(f'[data-gt-action="{action}"]{exact}')

    def part(self, name: str) -> Locator:
        return self.page.locator(f'[data-gt-part="{name}"]')

    def stage(self, name: str = TEST) -> Locator:
        return self.page.locator(f'[data-gt-stage="{name}"]')

    def handle(self, label: str, name: str = TEST) -> Locator:
        """The handle of an axis: what is written beside it may be of several that lie together."""
        return self.stage(name).locator(
            f'.gt-handle:not([hidden])[aria-label^="Handle of {label}."]'
        )

    def toast(self) -> Locator:
        return self.page.locator(".gt-toast")

    def left_out(self) -> Locator:
        """What of its address the page could not be given."""
        return self.page.locator(".gt-left-out")

    def axes(self, name: str = TEST) -> dict[str, Any]:
        return self.page.evaluate(_AXES, name)

    def pixels(self, places: Any, name: str = TEST) -> np.ndarray:
        """Where data units (n, 2) are on the screen, in CSS pixels."""
        a = self.axes(name)
        places = np.atleast_2d(np.asarray(places, float))
        x = a["left"] + (places[:, 0] - a["x"][0]) / (a["x"][1] - a["x"][0]) * a["width"]
        y = a["top"] + (a["y"][1] - places[:, 1]) / (a["y"][1] - a["y"][0]) * a["height"]
        return np.column_stack([x, y])

    def around(self, name: str = TEST) -> np.ndarray:
        """Two corners (2, 2), data units, of a box around all points, so that neither lies under a tool."""
        places = self.look(name).positions
        return np.stack([places.min(axis=0) - 0.02, places.max(axis=0) + 0.02])

    def draw(self, corners: Any, name: str = TEST, key: str = "") -> None:
        """Press at the first corner (data units), go along the others and let go; with a key held."""
        path = self.pixels(corners, name)
        mouse = self.page.mouse
        mouse.move(*path[0])
        mouse.down()
        for x, y in path[1:]:
            mouse.move(x, y)
        if key:
            self.page.keyboard.down(key)
        mouse.up()
        if key:
            self.page.keyboard.up(key)
        self.frames(2)

    def drag_handle(self, label: str, to: Any, name: str = TEST) -> np.ndarray:
        """Drag a handle's end to a place in data units, with the mouse; returns where it went."""
        seen = self.look(name)
        row = self.handle_names(name).index(label)
        start = self.pixels(seen.matrix[row, :2], name)[0]
        end = self.pixels(to, name)[0]
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=3)
        self.page.mouse.up()
        return np.asarray(to, float)

    def handle_names(self, name: str = TEST) -> list[str]:
        return self.stage(name).evaluate(
            """(stage) => [...stage.querySelectorAll(".gt-handle")].map((end) => end.hidden ? "" :
              end.getAttribute("aria-label").replace(/^Handle of (.*?)\\. Drag it.*$/s, "$1"))"""
        )

    def ring(self, centre: Any, radius: float, corners: int = 12) -> np.ndarray:
        """Corners of a circle in data units, closed."""
        turn = np.linspace(0, 2 * math.pi, corners + 1)
        return np.asarray(centre) + radius * np.column_stack([np.cos(turn), np.sin(turn)])


class InFile(Tour):
    """A page in a file."""

    def goto(self, path: str) -> None:
        self.page.goto("about:blank")  # to another # of the same file a browser does not go
        super().goto(path)
