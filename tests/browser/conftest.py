"""One server and one browser a session, one page a test; a test fails on whatever the console, the
network or the page itself complains of."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import chromium
from tests.browser.tour import PATIENCE_MS, Tour

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

VIEWPORT: Any = {"width": 1280, "height": 800}
SHIPPED = Path(__file__).parents[2] / "precomputed"
#: said by Chromium of its own software GL, and of a machine that takes more than three seconds until the first graph is
#: mounted; that pages without graphs do not come with plotly.js is tested without a browser
OF_THE_MACHINE = re.compile(
    r"GL Driver Message .*GPU stall due to ReadPixels"
    r"|/plotly\.min\.js was preloaded using link preload but not used within a few seconds"
)


def as_a_reader_s() -> None:
    """Root's Chromium puts its own threads before all others, and a computation that a page waits for gets nothing: what
    is started from now on may not (``prctl`` of Linux: the capability to be nice to oneself is dropped)."""
    if sys.platform == "linux":
        drop_from_bounding_set, sys_nice = 24, 23  # linux/prctl.h, linux/capability.h
        ctypes.CDLL(None).prctl(drop_from_bounding_set, sys_nice, 0, 0, 0)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sync_playwright = None
    if chromium.executable() is None or sync_playwright is None:
        message = "no Chromium (set GT_CHROMIUM to its path) or no playwright"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import Page

    from tests.browser.waiting import wait_for_function

    as_a_reader_s()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as started:
        patch.setattr(Page, "wait_for_function", wait_for_function)
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Any) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with chromium.served() as url:
        yield url


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's cache; embeddings that its pages asked for are beside it."""
    return tmp_path_factory.mktemp("app") / "cache"


@pytest.fixture(scope="session")
def site(
    runs_folder: Path, cache_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The app with the tests' runs only; yields its address without a last slash."""
    with serving(runs_folder, cache_folder, tmp_path_factory.mktemp("nothing-shipped")) as url:
        yield url


@contextlib.contextmanager
def serving(runs: Path, cache: Path, shipped: Path) -> Iterator[str]:
    """Serve the app on a free port.

    Args:
        runs: Folder of runs.
        cache: Of the app.
        shipped: Stands for the runs that ship with the project.
    """
    import app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "SHIPPED", shipped)
        made = app.create_app([runs], cache, jobs=1)
    with listening(made) as url:
        yield url


def serving_apart(
    made: Path, runs: Path | None = None, shipped: Sequence[str] = ()
) -> contextlib.AbstractContextManager[str]:
    """Serve the app with a cache of its own.

    Args:
        made: A folder for that.
        runs: Folder of runs; one without any when None.
        shipped: Names of the runs that are there of those that ship with the project.
    """
    if runs is None:
        runs = made / "runs"
        runs.mkdir()
    (made / "shipped").mkdir()
    for name in shipped:
        (made / "shipped" / name).symlink_to(SHIPPED / name, target_is_directory=True)
    return serving(runs, made / "cache", made / "shipped")


@contextlib.contextmanager
def listening(made: Any) -> Iterator[str]:
    """Serve an app as ``python app.py`` does, on a free port."""
    from gt.serve import listen

    server = listen.create_server(made.server, "127.0.0.1", 0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network with all its layers, aligned; see `tests.networks`."""
    from tests.networks import write_networks

    return write_networks(tmp_path_factory.mktemp("networks"))


@pytest.fixture(scope="module")
def layers_site(networks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with that network."""
    with serving_apart(tmp_path_factory.mktemp("layers"), networks) as url:
        yield url


@pytest.fixture(scope="module")
def layers_page(layers_site: str, browser: Browser) -> Iterator[Tour]:
    """One page for all tests of a module with that network."""
    with kept_page(browser, layers_site, viewport={"width": 1440, "height": 1000}) as tour:
        yield tour


@contextlib.contextmanager
def kept_page(profile: Browser | BrowserContext, site: str, **how: Any) -> Iterator[Tour]:
    """One page for many tests, which put it back to its beginning by themselves.

    Args:
        profile: Where it is opened; a browser opens it in a profile of its own.
        site: The app's address.
        how: Of that profile, where it is one of its own.
    """
    page = profile.new_page(**how)
    page.set_default_timeout(PATIENCE_MS)
    yield Tour(page, site)
    page.close()


@contextlib.contextmanager
def watched_page(profile: BrowserContext, site: str) -> Iterator[tuple[Tour, Watch]]:
    """Such a page that is watched from its opening to its end, between the tests too."""
    watch = Watch({site})
    with kept_page(profile, site) as tour:
        watch.follow(tour.page)
        yield tour, watch
    watch.check()


class Watch:
    """What went wrong on the pages of a test."""

    def __init__(self, allowed_hosts: set[str]) -> None:
        self.problems: list[str] = []
        self.expected: list[str] = []  # patterns of problems that a test makes on purpose
        self._hosts = allowed_hosts

    def follow(self, page: Page) -> None:
        for event, listener in self._listeners():
            page.on(event, listener)

    @contextlib.contextmanager
    def following(self, page: Page) -> Iterator[None]:
        """Follow a page that other tests use too, until the block ends."""
        self.follow(page)
        yield
        for event, listener in self._listeners():
            page.remove_listener(event, listener)

    def _listeners(self) -> list[tuple[Any, Any]]:
        return [
            ("pageerror", self._page_error),
            ("console", self._console),
            ("request", self._request),
            ("requestfailed", self._failed),
            ("response", self._response),
        ]

    def _page_error(self, error: Any) -> None:
        self.problems.append(f"page error: {error}")

    def allow(self, host: str) -> None:
        """Let pages ask one more host: that of a server which a test has started."""
        self._hosts.add(host)

    def expect(self, pattern: str) -> None:
        """Let problems pass that match a pattern, and demand that there is one."""
        self.expected.append(pattern)

    def check(self) -> None:
        known = [p for p in self.problems if any(re.search(e, p) for e in self.expected)]
        unknown = [p for p in self.problems if p not in known]
        assert not unknown, "\n".join(unknown)
        missing = [e for e in self.expected if not any(re.search(e, p) for p in known)]
        assert not missing, f"expected problems that did not come: {missing}"

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and not OF_THE_MACHINE.search(message.text):
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        if not any(request.url.startswith(host) for host in self._hosts):
            self.problems.append(f"request to another host: {request.url}")

    def _failed(self, request: Any) -> None:
        # what is still on its way when a run or a page is left is called off by the page itself;
        # the last of them asks whether the server is there
        called_off = (
            "/tensors/",
            "/_dash-update-component",
            ".mjs?there",
            "/_favicon.ico",
            "/live",
            "/grown",
            "/activations/",
            "/neighbours",
            "/runs/",
            "/uploads",
            "/stories/",
            "/thumbnails/",
        )
        if request.failure == "net::ERR_ABORTED" and any(
            part in request.url for part in called_off
        ):
            return
        self.problems.append(f"request failed: {request.url}: {request.failure}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.problems.append(f"answer {response.status}: {response.url}")


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    wanted = [name for name in request.fixturenames if name == "address" or name.endswith("site")]
    watch = Watch({request.getfixturevalue(name) for name in wanted})
    yield watch
    watch.check()


@pytest.fixture(scope="session")
def shared_context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for most tests: scripts are fetched and compiled once. A page has its own session
    storage; what it keeps in the browser is forgotten when it is left."""
    context = browser.new_context(viewport=VIEWPORT, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture(scope="session")
def _tabs(shared_context: BrowserContext) -> list[Page]:
    """Tabs of that profile that no test uses now: in one that goes on from page to page of the app what was compiled is
    there, and a page takes a third of the time that it takes in a new one."""
    return []


@pytest.fixture
def reader() -> type[Tour]:
    """Who opens pages: of the app, or of a file."""
    return Tour


@pytest.fixture
def open_page(
    site: str,
    browser: Browser,
    shared_context: BrowserContext,
    _tabs: list[Page],
    watch: Watch,
    reader: type[Tour],
) -> Iterator[Callable[..., Tour]]:
    """``open_page("/grand-tour?play=0")``; with ``context={...}`` in a profile of its own, with ``given={...}`` of the size,
    motion or permissions that a tab of the shared one can be given too, with ``init="..."`` a script that runs before
    the page's own, with ``route=(pattern, handler)``."""
    used: list[Page] = []
    closing: list[Page | BrowserContext] = []

    with contextlib.ExitStack() as followed:

        def open_page(
            path: str,
            *,
            context: Any = None,
            given: Any = None,
            init: str = "",
            route: Any = None,
            wait: bool = True,
        ) -> Tour:
            if context is None and not init:
                page = _tabs.pop() if _tabs else shared_context.new_page()
                used.append(page)
            elif context is None:
                page = shared_context.new_page()
                closing.append(page)
            else:
                own = browser.new_context(**{"viewport": VIEWPORT, **context})
                closing.append(own)
                page = own.new_page()
            page.set_default_timeout(PATIENCE_MS)
            followed.enter_context(watch.following(page))
            if given:
                _give(page, **given)
            if init:
                page.add_init_script(init)
            if route:
                page.route(*route)
            tour = reader(page, site)
            tour.goto(path)
            if wait:
                tour.ready()
            return tour

        yield open_page
    for one in closing:
        one.close()
    for page in used:
        if not page.is_closed():
            _leave(page, site)
            _tabs.append(page)


def _give(
    page: Page, viewport: Any = VIEWPORT, reduced_motion: Any = "null", permissions: Any = ()
) -> None:
    """What a test asks for of a tab that others use too; nothing given is how a new one is."""
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme="null", reduced_motion=reduced_motion)  # None changes nothing
    page.context.clear_permissions()
    page.context.grant_permissions(permissions)


def _leave(page: Page, site: str) -> None:
    """Leave a tab as a new one is: at no page of the app, with nothing kept or changed."""
    page.unroute_all()
    nothing = f"{site}/nothing"  # of the same origin, so that the tab keeps its process
    page.route(nothing, lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto(nothing)
    page.unroute_all()
    page.evaluate("() => { sessionStorage.clear(); localStorage.clear(); }")
    _give(page)


@pytest.fixture(scope="session")
def _kept(site: str, shared_context: BrowserContext) -> Iterator[Tour]:
    with kept_page(shared_context, site) as tour:
        yield tour


@pytest.fixture
def tour(_kept: Tour, watch: Watch) -> Iterator[Tour]:
    """The tour page with the digits, standing still at its first epoch, nothing selected.

    One page for all tests that leave no trace which `Tour.fresh` cannot clear: loading it takes longer
    than most tests do.
    """
    with watch.following(_kept.page):
        _kept.fresh()
        yield _kept


def watched(browser: Browser) -> tuple[Page, list[str]]:
    """Open a page, and the list of errors that it fills."""
    page = browser.new_page(viewport={"width": 900, "height": 700})
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"page error: {error}"))
    page.on(
        "console",
        lambda message: message.type == "error" and errors.append(f"console: {message.text}"),
    )
    return page, errors


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    page, errors = watched(browser)
    yield page
    page.close()
    assert not errors, errors


@pytest.fixture(scope="module")
def _module_page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    page, errors = watched(browser)
    yield page, errors
    page.close()


@pytest.fixture
def shared_page(_module_page: tuple[Page, list[str]]) -> Iterator[Page]:
    """One page for all tests of a module, which put it back to its beginning by themselves."""
    page, errors = _module_page
    errors.clear()
    yield page
    assert not errors, errors
