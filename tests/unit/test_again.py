"""A small suite of its own, run as CI runs ours: what fails in a browser is tried once more, alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ONCE = """
from pathlib import Path
def test_late(tmp_path_factory):
    mark = Path(__file__).with_suffix(".seen")
    first = not mark.exists()
    mark.touch()
    assert not first, "a frame came late"
"""
BEHIND = """
import pytest
from pathlib import Path
@pytest.fixture
def watch():
    yield
    mark = Path(__file__).with_suffix(".seen")
    first = not mark.exists()
    mark.touch()
    assert not first, "the console complained"
@pytest.mark.parametrize("x", ["a::b", "c d"])
def test_watched(watch, x): pass
"""
ALWAYS = "def test_broken(): assert False, 'always'\n"
RUNS = Path("runs.txt")
COUNTED = (
    "def test_counted():\n    open('runs.txt', 'a').write('x')\n    assert False, 'in a unit'\n"
)


@pytest.fixture
def suite(tmp_path):
    """``suite(browser=..., unit=..., options=...)`` runs files of tests; gives exit status and output."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib -p no:dash\n")
    (tmp_path / "conftest.py").write_text(
        "from tests import again\ndef pytest_configure(config): again.register(config)\n"
    )

    def run(options: str = "", **files: str) -> tuple[int, str]:
        for name, text in files.items():
            folder = tmp_path / "tests" / name.split("_")[0]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"test_{name}.py").write_text(text)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "GT_TESTS"))}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "tests"],
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": options},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout

    return run


@pytest.mark.parametrize("options", ["", "-n 2 --dist loadfile"])
def test_what_passes_alone_is_flaky_and_told_with_its_first_failure(suite, options):
    status, said = suite(options, browser=ONCE, unit="def test_fine(): pass\n")
    assert status == 0
    assert "flaky: tests/browser/test_browser.py::test_late" in said
    assert "a frame came late" in said
    closing = said.strip().splitlines()[-1]
    assert "1 flaky" in closing and "1 passed" in closing and "failed" not in closing


def test_what_is_said_behind_a_test_counts_as_well(suite):
    status, said = suite(browser=BEHIND)
    assert status == 0 and "the console complained" in said
    assert "1 flaky" in said.strip().splitlines()[-1]


def test_what_fails_twice_is_red(suite):
    status, said = suite(browser=ONCE, browser_broken=ALWAYS)
    assert status == 1
    assert "flaky: tests/browser/test_browser.py::test_late" in said
    assert "FAILED tests/browser/test_browser_broken.py::test_broken" in said
    assert "1 failed" in said.strip().splitlines()[-1]


def test_other_tests_are_never_run_twice(suite, tmp_path):
    status, said = suite(browser=ONCE, unit=COUNTED)
    assert status == 1 and "FAILED tests/unit/test_unit.py::test_counted" in said
    assert (tmp_path / RUNS).read_text() == "x"


def test_what_cannot_be_imported_stays_red(suite):
    status, _ = suite(browser=ONCE, unit="import nothing_of_this_name\n")
    assert status not in (0, 5)


def test_many_failures_are_no_chance(suite):
    many = "".join(f"def test_{i}(): assert False\n" for i in range(9))
    status, said = suite(browser=many + ONCE)
    assert status == 1 and "10 failed" in said and "flaky" not in said


def test_what_is_skipped_the_second_time_did_not_pass(suite):
    gone = ONCE.replace('assert not first, "a frame came late"', "assert not first").replace(
        "def test_late", "import os, pytest\ndef test_late"
    )
    gone = gone.replace(
        "    mark = ",
        "    if os.environ.get('GT_TESTS_ALONE'): pytest.skip('no browser')\n    mark = ",
    )
    assert suite(browser=gone)[0] == 1
