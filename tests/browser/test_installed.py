"""The wheel in an environment of its own: every page of MNIST over HTTP and in Chromium, and nothing written there."""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.app.conftest import PAGES, request, text
from tests.browser.conftest import kept_page
from tests.browser.test_axe import PAGES as DRAWN
from tests.browser.tour import Tour
from tests.installed import ROOT, Built, Environment, build, install, started

MOST_BYTES = 40e6
SHIPPED = ("mnist", "mnist-8-to-0", "method")
#: whether a stage has ink on a canvas, or corners of a shape, which is drawn as SVG
INKED = """(stage) => [...document.querySelectorAll(`[data-gt-stage="${stage}"] :is(canvas, circle)`)].some((canvas) => {
  if (canvas.tagName === "circle") return canvas.hasAttribute("cx") || canvas.hasAttribute("transform");
  if (!canvas.width || !canvas.height) return false;
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const pen = copy.getContext("2d");
  pen.drawImage(canvas, 0, 0);
  return pen.getImageData(0, 0, copy.width, copy.height).data.some((value) => value > 0);
})"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def environment(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return install(built.wheel, tmp_path_factory.mktemp("environment"))


@pytest.fixture(scope="module")
def installed_site(environment: Environment) -> Iterator[str]:
    before = environment.files()
    with started(environment) as url:
        yield url
    assert environment.files() == before, "something was written beside the installed files"
    assert not list(environment.empty.iterdir()), "something was written where it was started"


def tree(*folders: str) -> set[str]:
    """What the checkout has in some folders."""
    files = (p for folder in folders for p in (ROOT / folder).rglob("*") if p.is_file())
    return {p.relative_to(ROOT).as_posix() for p in files if "__pycache__" not in p.parts}


def test_the_wheel_holds_the_package_the_dashboard_and_the_runs_it_ships_and_is_small(built):
    assert built.wheel.stat().st_size < MOST_BYTES
    with zipfile.ZipFile(built.wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    beside = tree("pages", "assets", *(f"precomputed/{name}" for name in SHIPPED)) | {"app.py"}
    assert names == tree("gt") | {f"gt/_dashboard/{name}" for name in beside}


def test_the_sdist_holds_what_the_wheel_is_made_of_and_makes_the_same_wheel(built):
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = tree("gt", "pages", "assets", *(f"precomputed/{name}" for name in SHIPPED))
    assert wanted | {"app.py", "pyproject.toml", "README.md", "LICENSE"} <= names
    assert built.again.read_bytes() == built.wheel.read_bytes()


def said(environment: Environment, statement: str) -> str:
    """What Python prints in the environment, in the empty folder."""
    done = subprocess.run(
        [environment.python, "-c", statement],
        cwd=environment.empty,
        env=environment.variables(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    return (done.stdout or done.stderr).strip()


def test_the_project_comes_from_the_wheel_and_needs_neither_torch_nor_dash(environment):
    shown = "import sys, gt; print(gt.__file__, *({'torch', 'dash', 'flask'} & set(sys.modules)))"
    assert said(environment, shown) == str(environment.packages / "gt" / "__init__.py")
    for name in ("app", "pages", "tests"):
        assert said(environment, f"import {name}").endswith(f"No module named {name!r}")


def test_the_command_says_what_one_can_do(environment):
    done = subprocess.run(
        [environment.gt], env=environment.variables(), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0 and "gt serve" in done.stdout


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_with_the_digits(installed_site, path):
    def ask(address: str, body: Any = None) -> Any:
        asked = urllib.request.Request(
            installed_site + address,
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=120) as answer:
            assert answer.status == 200
            return answer.read()

    assert b"modulepreload" in ask(path)
    known = json.loads(ask("/_dash-dependencies"))
    [router] = [one for one in known if "_pages_content.children" in one["output"]]
    answer = json.loads(ask("/_dash-update-component", request(router, [path, ""])))
    layout = answer["response"]["_pages_content"]["children"]
    wanted = {"docs": "tutorial", "story": "gt-story"}.get(path.split("/")[1], "mnist")
    assert re.search(wanted, json.dumps(layout), re.I), layout
    assert "cannot be shown" not in text(layout)


@pytest.fixture(scope="module")
def kept(installed_site: str, browser: Any) -> Iterator[Tour]:
    with kept_page(browser, installed_site, viewport={"width": 1280, "height": 800}) as tour:
        yield tour


@pytest.mark.parametrize("name", DRAWN)
def test_every_page_draws_in_a_browser_and_complains_of_nothing(kept, watch, name):
    with watch.following(kept.page):
        if kept.page.url == "about:blank":
            kept.goto("/")
        kept.page.get_by_role("link", name=name, exact=True).and_(
            kept.page.locator(".gt-nav-link")
        ).click()
        there = DRAWN[name]
        if there.startswith(("#", "[")):
            kept.page.wait_for_selector(there)
        else:
            kept.ready(there)
            kept.page.wait_for_function(INKED, arg=there)
