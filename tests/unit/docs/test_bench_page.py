"""What benches print goes into the page of benchmarks, each in its own place."""

from __future__ import annotations

import re

import pytest

import gt.docs
from tests.bench.__main__ import START, benches, machine, main, updated

PAGE = f"# Benchmarks\n\nKept.\n\n{START}\n\n### frames\n\nOld.\n\n```text\n1 ms\n```\n"


def test_a_bench_is_written_in_the_place_of_what_it_said_last() -> None:
    said = updated(
        PAGE, "frames", "What a frame costs", '{"a": 1}\n 2 ms \n', "2026-01-02, a machine."
    )
    assert said.startswith("# Benchmarks\n\nKept.\n")
    assert said.count("\n## What the benches said last\n") == 1
    assert said.count("### frames") == 1 and "1 ms" not in said and '{"a"' not in said
    assert "What a frame costs. 2026-01-02, a machine.\n\n```text\n2 ms\n```\n" in said
    assert (
        updated(said, "frames", "What a frame costs", " 2 ms\n", "2026-01-02, a machine.") == said
    )


def test_others_stay_and_are_in_order() -> None:
    said = updated(PAGE, "align", "Singular vectors", "3 s\n", "now.")
    assert said.index("### align") < said.index("### frames")
    assert "1 ms" in said


def test_the_page_has_a_place_for_them_and_only_for_benches_that_are_there() -> None:
    before, mark, after = gt.docs.source("benchmarks.md").partition(START)
    assert mark and "Measured 2026-11" in before
    assert set(re.findall(r"^### (\w+)$", after, re.M)) <= set(benches())


def test_an_unknown_bench_is_refused_and_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frame"]) == 2
    assert "no bench frame; there are align, " in capsys.readouterr().err
    assert main([]) == 0
    listed = capsys.readouterr().out
    assert {line.split()[0] for line in listed.splitlines()} == set(benches())
    assert "served" not in benches() and "frames" in benches()
    assert "cores" in machine()
