"""Behind a reverse proxy under a prefix: every page, module, slice, link and file stays under it."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import app
from gt.serve.rules import made
from tests.app.conftest import PAGES, fresh_dash
from tests.browser.conftest import kept_page, listening
from tests.browser.tour import Tour

PREFIX = "/tour"
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive"}
MODULES = f"{PREFIX}/assets/js/main.mjs"
LINKS = "[...document.querySelectorAll('a[href]')].map((a) => a.href)"


class Proxy(BaseHTTPRequestHandler):
    """Hands on what is asked for below the prefix, as it is; the rest is another's."""

    protocol_version = "HTTP/1.1"
    upstream = ""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.path.startswith(f"{PREFIX}/"):
            self.send_error(404, "not of the Grand Tour")
            return
        with contextlib.closing(http.client.HTTPConnection(self.upstream, timeout=60)) as asked:
            asked.request(self.command, self.path, body or None, dict(self.headers.items()))
            answer = asked.getresponse()
            said = answer.read()
        self.send_response(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in {*HOP_BY_HOP, "content-length", "date", "server"}:
                self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the page was left meanwhile
            self.wfile.write(said)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A browser closes connections as it likes."""


@pytest.fixture(scope="module")
def proxied_site(runs_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app behind a proxy, by the proxy's name."""
    folder = tmp_path_factory.mktemp("proxied")
    (folder / "shipped").mkdir()
    with contextlib.ExitStack() as ends:
        ends.enter_context(fresh_dash())
        patch = ends.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(app, "SHIPPED", folder / "shipped")
        rules = made(allow_hosts=["lab.localhost"])
        behind = app.create_app([runs_folder], folder / "cache", rules, 1, prefix=PREFIX)
        url = ends.enter_context(listening(behind))
        proxy = Quiet(("127.0.0.1", 0), type("To", (Proxy,), {"upstream": urlsplit(url).netloc}))
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        ends.callback(proxy.server_close)
        ends.callback(proxy.shutdown)
        yield f"http://lab.localhost:{proxy.server_address[1]}{PREFIX}"


@pytest.fixture(scope="module")
def kept(browser, proxied_site) -> Iterator[Tour]:
    context = browser.new_context(accept_downloads=True)
    with kept_page(context, proxied_site) as tour:
        yield tour
    context.close()


@pytest.fixture
def tab(kept, watch) -> Iterator[Tour]:
    """A tab that complains of any request that is not below the prefix."""
    with watch.following(kept.page):
        yield kept


def test_every_page_and_what_it_links_to_is_below_the_prefix(tab):
    linked = set()
    for path in PAGES:
        tab.goto(path)
        tab.page.locator("main").wait_for()
        tab.page.wait_for_load_state("networkidle")
        linked |= {one.partition("#")[0] for one in tab.page.evaluate(LINKS)}
    ours = {one for one in linked if urlsplit(one).hostname == "lab.localhost"}
    assert len(ours) > len(PAGES)
    assert [one for one in ours if not one.startswith(f"{tab.site}/")] == []


def test_pages_are_walked_through_points_come_and_a_page_becomes_a_file(tab, tmp_path):
    tab.goto("/")
    tab.page.locator(".gt-nav-link").filter(has_text="Grand Tour").click()
    tab.page.evaluate("async (at) => { window.grandTour = await import(at); }", MODULES)
    tab.ready()
    assert tab.page.url.startswith(f"{tab.site}/grand-tour")
    assert len(tab.look().ids), "slices came"
    with tab.page.expect_download() as download:
        tab.button("file").click()
    download.value.save_as(tmp_path / "page.html")
    written = (tmp_path / "page.html").read_text("utf-8")
    assert "<html" in written[:200] and f'"{PREFIX}/' not in written
