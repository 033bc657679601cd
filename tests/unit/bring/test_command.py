"""``gt FILE``: what is no command and is a path is opened; what was misspelt is told what was meant."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys

import numpy as np
import pytest

import gt
from gt import cli
from gt.cache.store import Store
from gt.cli import open_files
from gt.serve.library import Library

TABLE = "id,width,height,species\n" + "".join(
    f"{i},{i % 7},{i % 5},{'ab'[i % 2]}\n" for i in range(20)
)


@pytest.fixture
def served(monkeypatch, tmp_path):
    """What would be served: the folders and the page."""
    asked = []

    def start(create_app, runs, host, port, *, browser, page, ahead):
        asked.append((list(runs), page))
        if ahead is not None:
            ahead(Library(runs, Store(tmp_path / "tensors")))
        return 0

    monkeypatch.setattr(open_files, "start", start)
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flowers.csv").write_text(TABLE)
    return asked


def test_a_file_is_opened_once_and_served(served, tmp_path, capsys):
    assert cli.main(["flowers.csv"]) == 0
    [([run], page)] = served
    assert page == "grand-tour?run=flowers" and gt.open_run(run).axes == ("width", "height")
    first = capsys.readouterr().out
    assert "species" in first and f"Made {run}" in first
    with contextlib.closing(sqlite3.connect(tmp_path / "tensors" / "cache.db")) as kept:
        assert kept.execute("SELECT count(*) FROM Cache").fetchone()[0], "nothing was packed ahead"
    old = run.parent.with_name("0" * 24)
    shutil.copytree(run.parent, old)
    for one in [*old.rglob("*"), old]:
        os.utime(one, (1, 1))
    assert cli.main(["open", "./flowers.csv"]) == 0
    assert served[1] == served[0]
    assert "Made before" in capsys.readouterr().out
    assert run.is_dir() and not old.exists()  # which nobody has used for long
    assert cli.main(["flowers.csv", "--label", "none"]) == 0
    assert served[2][0] != [run] and gt.open_run(served[2][0][0]).classes == ("points",)


def test_it_is_kept_where_it_is_said(served, tmp_path, capsys):
    assert cli.main(["flowers.csv", "--out", "runs/mine", "--title", "Flowers"]) == 0
    assert gt.open_run(tmp_path / "runs" / "mine").title == "Flowers"
    assert not (tmp_path / "cache").exists()
    assert cli.main(["runs/mine"]) == 0 and served[-1][1] == "grand-tour?run=mine"
    assert cli.main(["runs"]) == 0 and served[-1][1] == "grand-tour?run=mine"
    assert cli.main(["flowers.csv", "--out", "runs/other"]) == 0
    assert cli.main(["runs"]) == 0 and served[-1][1] == ""
    capsys.readouterr()
    assert cli.main(["flowers.csv", "--out", "runs/mine"]) == 2
    assert "must be new or empty" in capsys.readouterr().err


def test_to_look_makes_nothing(served, tmp_path, capsys):
    assert cli.main(["flowers.csv", "--look"]) == 0
    assert "coordinate" in capsys.readouterr().out
    assert served == [] and [one.name for one in tmp_path.iterdir()] == ["flowers.csv"]


def test_what_cannot_be_opened_is_one_line_and_leaves_nothing(served, tmp_path, capsys):
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n3\n")
    for name, said in (
        ("bad.csv", "row 3 has 1 cells"),
        ("gone.csv", "no file"),
        ("https://x.org/a.csv", "is an address"),
    ):
        assert cli.main([name]) == 2
        error = capsys.readouterr().err
        assert said in error and error.count("\n") == 1 and "Traceback" not in error
    assert served == [] and not list((tmp_path / "cache").glob("opened/*"))


def test_a_misspelt_command_is_told_what_was_meant(served, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["impotr", "x"])
    assert stopped.value.code == 2
    assert "did you mean import?" in capsys.readouterr().err


def test_a_command_is_one_though_a_file_has_its_name(served, tmp_path, capsys):
    (tmp_path / "info").write_text(TABLE)
    assert cli.main(["info", "gone"]) == 2
    assert "gone" in capsys.readouterr().err


def test_many_files_are_epochs(served, tmp_path):
    for epoch in (1, 2, 10):
        np.save(tmp_path / f"e{epoch}.npy", np.random.default_rng(0).normal(size=(5, 3)) * epoch)
    assert cli.main(["e1.npy", "e10.npy", "e2.npy"]) == 0
    assert gt.open_run(served[0][0][0]).epochs.tolist() == [1, 2, 10]


SCRIPT = """import sys
from gt import cli
try:
    cli.main(["--help"])
except SystemExit:
    print(sorted(set(sys.modules) & {"pyarrow", "PIL", "pandas", "numpy"}))
"""


def test_help_imports_nothing_that_reads_files():
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip().endswith("[]")
