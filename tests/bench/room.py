"""How much of a window the pictures have, and their points of them: ``python -m tests.bench.room [--sizes 1440x900]``.

The runs that ship are served as ``python app.py`` serves them. Of each page, in each window, at its top:

- share: of all stages (on `/network` of the network of blocks, on `/compare` of the grid of panels), as far as they are
  in sight, of the window; and of the first alone. The bar is 60 % on a desktop, 70 % on a phone for the first stage.
- covered: of the first stage, by what lies over it and takes the pointer (tools, a sticky bar); told, not taken off.
- points: the longer side of the box around the points of the first stage, of the stage's shorter side, at the page's
  first picture and at its last (the last epoch, layer or step). Drawn: the same with the handles, where there are
  any: the bar is 70 % of that, for where nothing is learnt yet all points lie in one spot between the handles.
- cut: how many points or handles lie outside the stage; the bar is 0.
- out of sight: of the transport (play, slider) and of the buttons of the header, how many are not wholly in the window.
"""

from __future__ import annotations

import sys
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.bench import served
from tests.bench.web import DRAWN, PATIENCE_MS
from tests.browser import chromium

SIZES = ("1440x900", "1920x1080", "1024x768", "390x844")
JUDGED = ("1440x900", "1920x1080")
PHONE = 641  # px, from which a window is no phone's
MOST_OF_WINDOW, MOST_OF_PHONE, LEAST_BOX = 0.60, 0.70, 0.70
SETTLED_MS = 1500  # in which a picture that follows its points is where it goes

#: by page: its stage, or what is there when it is drawn; its stages; the queries of its first and last picture
PAGES = {
    "grand-tour": ("grand-tour-train", ".gt-picture", ("", "epoch=1000000")),
    "tsne": ("tsne", ".gt-picture", ("", "epoch=1000000")),
    "umap": ("umap", ".gt-picture", ("", "epoch=1000000")),
    "compare": ("compare-grand-tour-10", ".gt-grid-scroll", ("",)),
    "layers": ("layers", ".gt-picture", ("", "state=softmax")),
    "adversarial": ("adversarial", ".gt-picture", ("", "epoch=1000000")),
    "network": ("[data-gt-shown]", ".gt-network-blocks", ("",)),
}

SHARE = """(selector) => {
  const seen = (one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    const box = [Math.max(0, left), Math.max(0, top), Math.min(innerWidth, right), Math.min(innerHeight, bottom)];
    return box[2] > box[0] && box[3] > box[1] ? box : null;
  };
  const boxes = [...document.querySelectorAll(`main ${selector}`)].map(seen).filter(Boolean);
  const area = ([a, b, c, d]) => (c - a) * (d - b);
  const whole = innerWidth * innerHeight;
  const inside = (one) => {
    const { width, left, right, top, bottom } = one.getBoundingClientRect();
    return width > 0 && left >= -0.5 && right <= innerWidth + 0.5 && top >= -0.5 && bottom <= innerHeight + 0.5;
  };
  const first = boxes[0];
  let covered = 0, asked = 0;
  if (first) for (let x = first[0] + 6; x < first[2]; x += 12) for (let y = first[1] + 6; y < first[3]; y += 12) {
    asked++;
    const at = document.elementFromPoint(x, y);
    if (!at?.closest(selector) || at.closest("button, select, input, .gt-tools")) covered++;
  }
  const out = (list) => [...document.querySelectorAll(list)].filter((one) => one.offsetParent && !inside(one)).length;
  return {
    share: boxes.reduce((sum, box) => sum + area(box), 0) / whole,
    first: first ? area(first) / whole : 0,
    covered: asked ? covered / asked : 0,
    transport: out(".gt-transport [data-gt-action='play'], .gt-transport .gt-epoch input"),
    header: out("header [data-gt-action]"),
  };
}"""

BOX = """async (name) => {
  const { inspect } = await import("/assets/js/main.mjs");
  const { positions, radius, matrix, p, handles = 1 } = inspect(name);
  const root = document.querySelector(`[data-gt-stage="${name}"]`);
  const gd = root.querySelector(".js-plotly-plot");
  const { xaxis, yaxis } = gd._fullLayout;
  const [x0, x1] = xaxis.range, [y0, y1] = yaxis.range;
  const x = (v) => (v - x0) / (x1 - x0) * xaxis._length, y = (v) => (v - y0) / (y1 - y0) * yaxis._length;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  let cut = 0;
  const add = (a, b) => {
    box[0] = Math.min(box[0], a); box[2] = Math.max(box[2], a);
    box[1] = Math.min(box[1], b); box[3] = Math.max(box[3], b);
    if (a < 0 || b < 0 || a > xaxis._length || b > yaxis._length) cut++;
  };
  for (let i = 0; i < positions.length; i += 2) add(x(positions[i] / radius), y(positions[i + 1] / radius));
  const shorter = Math.min(xaxis._length, yaxis._length);
  const side = () => Math.max(box[2] - box[0], box[3] - box[1]) / shorter;
  const points = side(), area = (box[2] - box[0]) * (box[3] - box[1]) / (xaxis._length * yaxis._length);
  const ends = [...root.querySelectorAll(".gt-handle")].filter((one) => !one.hidden && handles > 0.5);
  const frame = root.querySelector(".gt-picture").getBoundingClientRect();
  for (const end of ends) {
    const at = end.getBoundingClientRect();
    add(at.left - frame.left, at.top - frame.top);
  }
  return { points, area, drawn: side(), cut };
}"""


def measured(page: Page, stage: str, selector: str) -> dict[str, Any]:
    """Shares of a page that is drawn, and of its points."""
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(SETTLED_MS)
    found: dict[str, Any] = page.evaluate(SHARE, selector)
    if selector == ".gt-picture":
        found |= page.evaluate(BOX, stage)
    return found


def visit(context: BrowserContext, address: str, name: str, size: str) -> list[dict[str, Any]]:
    """A page in a window of its own, at its first and at its last picture."""
    width, height = map(int, size.split("x"))
    stage, selector, queries = PAGES[name]
    seen = []
    for query in queries:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}{name}?play=0&{query}")
        page.evaluate(DRAWN, stage)
        seen.append(measured(page, stage, selector))
        page.close()
    return seen


def missed(size: str, seen: list[dict[str, Any]]) -> bool:
    """Whether a page is below a bar."""
    phone = int(size.split("x")[0]) < PHONE
    shares = [
        one["first"] < MOST_OF_PHONE if phone else one["share"] < MOST_OF_WINDOW for one in seen
    ]
    judged = phone or size in JUDGED
    boxes = [one["drawn"] < LEAST_BOX or one["cut"] > 0 for one in seen if "drawn" in one]
    out = [one["transport"] + one["header"] > 0 for one in seen]
    return any([*(shares if judged else []), *boxes, *out])


def main() -> int:
    """Print a table a window; 1 where a bar is missed."""
    parser = served.arguments(__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", default=list(SIZES), metavar="WxH")
    parser.add_argument("--pages", nargs="+", default=list(PAGES), choices=PAGES, metavar="PAGE")
    served.at_address(parser)
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    rows = [["window page", "share", "first", "covered", "points", "drawn", "cut", "out", ""]]
    with served.asked(options) as (_, address), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGS)
        context = browser.new_context()  # one, so that each script is compiled once
        for size in options.sizes:
            for name in options.pages:
                seen = visit(context, address, name, size)
                print(size, name, seen, file=sys.stderr, flush=True)
                figures[f"{size} {name}"] = seen
                rows.append(
                    [
                        f"{size} /{name}",
                        *(
                            _each(seen, key)
                            for key in ("share", "first", "covered", "points", "drawn")
                        ),
                        " ".join(str(one.get("cut", "–")) for one in seen),
                        str(max(one["transport"] + one["header"] for one in seen)),
                        "missed" if missed(size, seen) else "",
                    ]
                )
        browser.close()
    served.report("Shares in %: of the window, of the stage", figures, rows, options.json)
    return int(any(row[-1] for row in rows[1:]))


def _each(seen: list[dict[str, Any]], key: str) -> str:
    said = [f"{100 * one[key]:.0f}" if key in one else "–" for one in seen]
    return said[0] if key in ("share", "first", "covered") else " ".join(said)


if __name__ == "__main__":
    sys.exit(main())
