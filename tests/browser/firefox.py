"""A Firefox that nobody sees, over WebDriver BiDi, which it speaks itself: no driver beside it.

Headless it has no WebGL on Linux; there it has a screen in memory, and Mesa's software GL. Only as much of a page as `tests.browser.tour.Tour` asks for: one page, its mouse, what it complains of.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser.tour import PATIENCE_MS

LINUX = sys.platform == "linux"
NAMES = ("firefox-esr", "firefox")
#: nothing of its own on the network or the screen; WebGL by software where there is no other
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.systemAddon.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.active-protocols": 1,
    "toolkit.telemetry.enabled": False,
    "webgl.force-enabled": True,
}
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
EVENTS = ["log.entryAdded", "network.responseCompleted", "network.fetchError"]
#: given and returned as text: BiDi spells every value out, which takes long for numbers by the thousand
CALL = """async (given) => {
  const asked = (EXPRESSION);
  const found = typeof asked === "function" ? asked(JSON.parse(given)) : asked;
  return JSON.stringify((await found) ?? null);
}"""
SIZE = {"width": 1280, "height": 800}


def executable() -> str | None:
    """Return the browser's path: ``GT_FIREFOX``, or the system's Firefox, or None; on Linux it needs Xvfb beside it."""
    if LINUX and not shutil.which("Xvfb"):
        return None
    told = os.environ.get("GT_FIREFOX")
    return told or next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """The environment of a browser that has a screen nobody sees."""
    read, write = os.pipe()
    options = ["-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(["Xvfb", *options], pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with open(read) as told:
            number = told.readline().strip()
        yield {**os.environ, "DISPLAY": f":{number}", "LIBGL_ALWAYS_SOFTWARE": "1"}
    finally:
        screen.kill()
        screen.wait()


@contextlib.contextmanager
def page() -> Iterator[Page]:
    """Start the browser with one page, in a profile of its own."""
    from websockets.sync.client import connect

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
        Path(profile, "user.js").write_text("\n".join(lines), "utf-8")
        said = Path(profile, "said.txt")
        options = ["--no-remote", "--profile", profile, "--remote-debugging-port=0"]
        options += [] if LINUX else ["--headless"]
        command = [str(executable()), *options, "about:blank"]
        screen = _screen() if LINUX else contextlib.nullcontext(dict(os.environ))
        with screen as environment, said.open("w") as out:
            browser = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
            try:
                with connect(f"{_address(browser, said)}/session", max_size=None) as socket:
                    yield Page(socket)
            finally:
                browser.kill()
                browser.wait()


def _address(browser: subprocess.Popen[bytes], said: Path) -> str:
    end = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < end and browser.poll() is None:
        if found := LISTENS.search(said.read_text("utf-8", "replace")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"Firefox must listen, it said: {said.read_text('utf-8', 'replace')}")


class Page:
    """One page of Firefox, with the names that Playwright has for what it does.

    Attributes:
        problems: What the console, the network and the page itself complained of.
        mouse: Its pointer.
    """

    def __init__(self, socket: Any) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self.problems: list[str] = []
        self.mouse = Mouse(self)
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=EVENTS)
        self._context = self.ask("browsingContext.getTree")["contexts"][0]["context"]
        self.ask("browsingContext.setViewport", context=self._context, viewport=SIZE)

    @property
    def url(self) -> str:
        """The address of what is shown."""
        return str(self.evaluate("location.href"))

    def goto(self, address: str, **_: Any) -> None:
        """Open an address, and wait until it is loaded."""
        self.ask("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def evaluate(self, expression: str, arg: Any = None) -> Any:
        """What an expression is, or a function gives, in the page."""
        found = self.ask(
            "script.callFunction",
            functionDeclaration=CALL.replace("EXPRESSION", expression),
            arguments=[{"type": "string", "value": json.dumps(arg)}],
            target={"context": self._context},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise AssertionError(f"{expression}: {found['exceptionDetails']['text']}")
        return json.loads(found["result"]["value"])

    def pointer(self, *actions: dict[str, Any]) -> None:
        """Have the mouse do something."""
        mouse = {"type": "pointer", "id": "mouse", "actions": actions}
        self.ask("input.performActions", context=self._context, actions=[mouse])

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a command; returns its result, and takes note of what is told meanwhile."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.recv(timeout=3 * PATIENCE_MS / 1000))
            if told.get("id") == number:
                assert told["type"] == "success", f"{method}: {told}"
                return told["result"]
            if told["type"] == "event":
                self._note(told["method"], told["params"])

    def _note(self, event: str, told: dict[str, Any]) -> None:
        if event == "log.entryAdded" and told["level"] in ("error", "warn"):
            self.problems.append(f"{told['type']} {told['level']}: {told['text']}")
        elif event == "network.responseCompleted" and told["response"]["status"] >= 400:
            self.problems.append(f"answer {told['response']['status']}: {told['request']['url']}")
        elif event == "network.fetchError" and "ABORT" not in told["errorText"]:
            self.problems.append(f"request failed: {told['request']['url']}: {told['errorText']}")


class Mouse:
    """The pointer of a page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def move(self, x: float, y: float, steps: int = 1) -> None:
        """Go somewhere, in CSS pixels."""
        self._page.pointer(
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 16 * steps}
        )

    def down(self) -> None:
        """Press the first button."""
        self._page.pointer({"type": "pointerDown", "button": 0})

    def up(self) -> None:
        """Let it go."""
        self._page.pointer({"type": "pointerUp", "button": 0})
