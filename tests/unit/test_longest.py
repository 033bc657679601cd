"""The longest files of tests come first, and are there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from tests.longest import LONGEST, first

ROOT = Path(__file__).parents[2]


def test_the_longest_are_there_and_named_once() -> None:
    assert [name for name in LONGEST if not (ROOT / name).is_file()] == []
    assert len(set(LONGEST)) == len(LONGEST)


def test_they_come_first_and_all_else_stays_in_its_order() -> None:
    given = ["a.py::x", f"{LONGEST[2]}::b[1::2]", "a.py::y", f"{LONGEST[2]}::a", f"{LONGEST[0]}::z"]
    items = [SimpleNamespace(nodeid=name) for name in given]
    wanted = [given[4], given[1], given[3], given[0], given[2]]
    assert [item.nodeid for item in first(items)] == wanted


def test_a_run_is_in_that_order(request) -> None:
    files = [item.nodeid.partition("::")[0] for item in request.session.items]
    there = [name for name in LONGEST if name in files]
    assert list(dict.fromkeys(files))[: len(there)] == there
