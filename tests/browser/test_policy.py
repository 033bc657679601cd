"""The app under its own policy: every page lives with it, and nobody's words become a script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest

import app
from gt.serve.rules import made
from tests.app.conftest import PAGES
from tests.browser.conftest import kept_page, listening
from tests.browser.tour import PATIENCE_MS, STAGES, Tour

TOKEN = "correct-horse-battery"
#: stages that are drawn by plotly.js are drawn by its buffers, the best of the three ways of `scene.mjs`
DRAWN = {"/grand-tour": "grand-tour-test", "/tsne": "tsne", "/umap": "umap"}
WORDS = [
    "<script>window.hostile=1</script>",
    "<img src=x onerror='window.hostile=1'>",
    '"><svg onload=window.hostile=1>',
    "javascript:window.hostile=1",
    "';window.hostile=1;//",
]


REFUSED = ["script-src-elem", "script-src-attr", "connect-src"]
KEPT = """window.kept = [];
document.addEventListener("securitypolicyviolation", (e) =>
  window.kept.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));"""


@pytest.fixture(scope="module")
def kept(shared_context, site) -> Iterator[Tour]:
    """A tab that keeps what its page may not do."""
    with kept_page(shared_context, site) as tour:
        tour.page.add_init_script(KEPT)
        yield tour


@pytest.fixture
def tab(kept, watch) -> Iterator[Tour]:
    with watch.following(kept.page):
        yield kept


@pytest.mark.parametrize("path", PAGES)
def test_every_page_lives_with_the_policy(tab, path):
    tab.goto(path)
    if path in STAGES and path in DRAWN:
        tab.ready()
    tab.page.locator("main").wait_for()
    tab.page.wait_for_load_state("networkidle")
    if path in DRAWN:
        tab.until("s.way === 'buffer'", DRAWN[path])
    assert tab.page.evaluate("window.kept") == []


def test_text_is_not_compiled_and_nothing_elsewhere_is_asked(tab, watch):
    tab.goto("/grand-tour")
    tab.ready()
    said = tab.page.evaluate(
        """async ([refused, patience]) => {
          await new Promise((done) => setTimeout(done));  // in a task of the page, no longer in the debugger's
          const tried = {};
          try { tried.compiled = new Function("return 1")(); } catch (error) { tried.compiled = error.name; }
          document.body.insertAdjacentHTML("beforeend", "<img src='data:,x' onerror='window.hostile=1'>");
          const script = document.createElement("script");
          script.textContent = "window.hostile = 2";
          document.body.append(script);
          tried.fetched = await fetch("http://127.0.0.1:9/").then(() => "yes", () => "no");
          const kept = () => window.kept.map((one) => one.split(" ")[0]);
          const end = performance.now() + patience;
          while (!refused.every((one) => kept().includes(one)) && performance.now() < end)
            await new Promise(requestAnimationFrame);
          return { ...tried, hostile: window.hostile ?? null, kept: kept() };
        }""",
        [REFUSED, PATIENCE_MS],
    )
    assert (said["compiled"], said["hostile"], said["fetched"]) == ("EvalError", None, "no")
    assert set(REFUSED) <= set(said["kept"])
    for expected in ("Executing inline", "Connecting to", "violates"):
        watch.expect(expected)


@pytest.mark.parametrize("path", ["/grand-tour", "/network", "/training"])
def test_words_in_an_address_are_never_run(tab, path):
    for name in ("run", "layer"):
        query = quote("".join(WORDS))
        tab.goto(f"{path}?{name}={query}&view={query}&epoch={query}")
        tab.page.wait_for_load_state("networkidle")
        assert tab.page.evaluate("window.hostile ?? null") is None
        assert tab.page.evaluate("window.kept") == []  # it did not even come to be tried


@pytest.fixture
def behind_a_token(runs_folder, cache_folder, tmp_path, monkeypatch) -> Iterator[str]:
    monkeypatch.setattr(app, "SHIPPED", tmp_path)
    with listening(app.create_app([runs_folder], cache_folder, made(token=TOKEN))) as url:
        yield url


def test_the_printed_link_opens_the_app_and_leaves_no_token_in_the_address(behind_a_token, browser):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{behind_a_token}/grand-tour?run=mnist&token={TOKEN}")
    page.wait_for_url(f"{behind_a_token}/grand-tour?run=mnist**")
    page.locator("main .js-plotly-plot").first.wait_for()
    assert TOKEN not in page.url
    assert page.evaluate("document.cookie") == ""  # a script cannot read it
    assert not problems
    page.close()


def test_a_link_on_a_page_of_another_site_opens_the_app_too(behind_a_token, browser, elsewhere):
    """A strict cookie does not go along where another site leads: the app leads there once more itself."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    origin, said = elsewhere
    said["html"] = f"<a href='{behind_a_token}/training?token={TOKEN}'>Look</a>"
    page.goto(origin)
    page.get_by_text("Look").click()
    page.wait_for_url(f"{behind_a_token}/training")
    page.locator("main").wait_for()
    page.close()


def test_without_the_token_there_is_a_field_for_it(behind_a_token, browser):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    assert page.goto(f"{behind_a_token}/method").status == 401
    page.get_by_label("Token").fill("a-wrong-token")
    page.get_by_role("button", name="Enter").click()
    page.get_by_text("This is not the token of this server").wait_for()
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Enter").click()
    page.locator("main").wait_for()
    assert page.url == f"{behind_a_token}/method"
    page.close()


@pytest.fixture(params=["localhost"])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, str]]]:
    """Another server on this machine: its origin, and the HTML that it answers with, to be filled in.

    As localhost it is another site to the app at 127.0.0.1; as 127.0.0.1 it is the same site and another origin, and
    only there do browsers let a page inside another use its storage.
    """
    host, said = request.param, {"html": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>x</title>{said['html']}".encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://{host}:{server.server_port}", said
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("elsewhere", ["127.0.0.1"], indirect=True)
@pytest.mark.parametrize("allowed", [False, True])
def test_another_origin_shows_it_inside_only_where_that_is_allowed(
    allowed, elsewhere, runs_folder, cache_folder, tmp_path, monkeypatch, browser
):
    monkeypatch.setattr(app, "SHIPPED", tmp_path)
    origin, said = elsewhere
    rules = made(frames=[origin] if allowed else [])
    with listening(app.create_app([runs_folder], cache_folder, rules)) as url:
        said["html"] = f"<iframe src='{url}/method'></iframe>"
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        refused: list[str] = []
        page.on("console", lambda one: refused.append(one.text) if one.type == "error" else None)
        page.goto(origin)
        if allowed:
            page.frame_locator("iframe").locator("main").wait_for(state="attached")
        assert any("frame-ancestors" in one for one in refused) is not allowed, refused
        page.close()
