"""The app under its own policy: every page lives with it, and nobody's words become a script."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

import app
from gt.serve.rules import made
from tests.browser.conftest import listening
from tests.browser.tour import STAGES

TOKEN = "correct-horse-battery"
PAGES = [
    "/",
    "/grand-tour",
    "/tsne",
    "/umap",
    "/compare",
    "/layers",
    "/training",
    "/network",
    "/adversarial",
    "/method",
]
#: stages that are drawn by plotly.js are drawn by its buffers, the best of the three ways of `scene.mjs`
DRAWN = {"/grand-tour": "grand-tour-test", "/tsne": "tsne", "/umap": "umap"}
WORDS = [
    "<script>window.hostile=1</script>",
    "<img src=x onerror='window.hostile=1'>",
    '"><svg onload=window.hostile=1>',
    "javascript:window.hostile=1",
    "';window.hostile=1;//",
]


KEPT = """window.kept = [];
document.addEventListener("securitypolicyviolation", (e) =>
  window.kept.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));"""


@pytest.mark.parametrize("path", PAGES)
def test_every_page_lives_with_the_policy(open_page, path):
    tour = open_page(path, init=KEPT, wait=path in STAGES and path in DRAWN)
    tour.page.wait_for_load_state("networkidle")
    assert tour.page.locator("main").is_visible()
    if path in DRAWN:
        tour.until("s.way === 'buffer'", DRAWN[path])
    assert tour.page.evaluate("window.kept") == []


def test_text_is_not_compiled_and_nothing_elsewhere_is_asked(open_page, watch):
    tour = open_page("/grand-tour", init=KEPT)
    said = tour.page.evaluate(
        """async () => {
          await new Promise((done) => setTimeout(done, 20));
          const tried = {};
          try { tried.compiled = new Function("return 1")(); } catch (error) { tried.compiled = error.name; }
          document.body.insertAdjacentHTML("beforeend", "<img src='x' onerror='window.hostile=1'>");
          const script = document.createElement("script");
          script.textContent = "window.hostile = 2";
          document.body.append(script);
          tried.fetched = await fetch("http://127.0.0.1:9/").then(() => "yes", () => "no");
          await new Promise((done) => setTimeout(done, 200));
          return { ...tried, hostile: window.hostile ?? null, kept: window.kept.map((one) => one.split(" ")[0]) };
        }"""
    )
    assert (said["compiled"], said["hostile"], said["fetched"]) == ("EvalError", None, "no")
    assert {"script-src-elem", "script-src-attr", "connect-src"} <= set(said["kept"])
    for expected in ("Executing inline", "Connecting to", "violates", "answer 404|Failed to load"):
        watch.expect(expected)


@pytest.mark.parametrize("path", ["/grand-tour", "/network", "/training"])
def test_words_in_an_address_are_never_run(open_page, path):
    for name in ("run", "layer"):
        query = quote("".join(WORDS))
        tour = open_page(f"{path}?{name}={query}&view={query}&epoch={query}", init=KEPT, wait=False)
        tour.page.wait_for_load_state("networkidle")
        assert tour.page.evaluate("window.hostile ?? null") is None
        assert tour.page.evaluate("window.kept") == []  # it did not even come to be tried
        tour.page.close()


@pytest.fixture
def behind_a_token(runs_folder, cache_folder, tmp_path, monkeypatch) -> Iterator[str]:
    monkeypatch.setattr(app, "SHIPPED", tmp_path)
    with listening(app.create_app([runs_folder], cache_folder, made(token=TOKEN))) as url:
        yield url


def test_the_printed_link_opens_the_app_and_leaves_no_token_in_the_address(behind_a_token, browser):
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{behind_a_token}/grand-tour?run=mnist&token={TOKEN}")
    page.wait_for_url(f"{behind_a_token}/grand-tour?run=mnist**")
    page.locator("main .js-plotly-plot").first.wait_for()
    assert TOKEN not in page.url
    assert page.evaluate("document.cookie") == ""  # a script cannot read it
    assert not problems
    page.close()


def test_a_link_on_a_page_of_another_site_opens_the_app_too(behind_a_token, browser, address):
    """A strict cookie does not go along where another site leads: the app leads there once more itself."""
    page = browser.new_page()
    page.goto(f"{address}/tests/browser/scene.html".replace("127.0.0.1", "localhost"))
    page.evaluate(f"() => void (location.href = '{behind_a_token}/training?token={TOKEN}')")
    page.wait_for_url(f"{behind_a_token}/training")
    page.locator("main").wait_for()
    page.close()


def test_without_the_token_there_is_a_field_for_it(behind_a_token, browser):
    page = browser.new_page()
    assert page.goto(f"{behind_a_token}/method").status == 401
    page.get_by_label("Token").fill("a-wrong-token")
    page.get_by_role("button", name="Enter").click()
    page.get_by_text("This is not the token of this server").wait_for()
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Enter").click()
    page.get_by_role("navigation").first.wait_for()
    assert page.url == f"{behind_a_token}/method"
    page.close()


@pytest.mark.parametrize("allowed", [False, True])
def test_another_site_shows_it_inside_only_where_that_is_allowed(
    allowed, runs_folder, cache_folder, tmp_path, monkeypatch, browser, address
):
    monkeypatch.setattr(app, "SHIPPED", tmp_path)
    elsewhere = address.replace("127.0.0.1", "localhost")
    rules = made(frames=[elsewhere] if allowed else [])
    with listening(app.create_app([runs_folder], cache_folder, rules)) as url:
        page = browser.new_page()
        refused: list[str] = []
        page.on("console", lambda one: refused.append(one.text) if one.type == "error" else None)
        page.goto(f"{elsewhere}/tests/browser/scene.html")
        page.evaluate(
            """(url) => new Promise((done) => {
              const frame = Object.assign(document.createElement("iframe"), { src: url, onload: done });
              frame.credentialless = true;
              document.body.append(frame);
            })""",
            f"{url}/method",
        )
        if allowed:
            page.frames[1].get_by_role("navigation").first.wait_for()
        else:
            assert any("frame-ancestors" in one for one in refused)
        page.close()
