"""What is written is there whole or not at all, however it ends, and what ended does not stand in the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.files.swap import LEFT, built_to_replace, put_in_place, sweep
from gt.kept.alignment import find_alignments, open_alignment
from gt.kept.attack import attack_of
from gt.kept.embedding import find_embeddings
from gt.kept.ship import MANIFEST, check_manifest
from gt.kept.weights import open_checkpoints
from gt.run import open_run, write_run
from tests.attacks import write_attack, write_small_alignment
from tests.embeddings import _write
from tests.unit.files import killed

MOMENTS = 5  # spread over the whole work, and as many at its very end
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, SIGKILL")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with an embedding, an alignment and weights, and an attack."""
    folder = tmp_path_factory.mktemp("sources")
    rng = np.random.default_rng(0)
    labels = np.arange(24) % 3
    write_run(folder / "run", rng.normal(size=(3, 24, 3)), labels, splits=np.ones(24, int))
    run = open_run(folder / "run")
    write_small_alignment(run)
    old = {"perplexity": 5, "iterations": 500, "every": 1}
    _write(run, "tsne", "tsne", old, {"openTSNE": "1.0.4"})
    killed.weights(folder)
    write_attack(folder / "attack")
    return folder


def read_in_full(folder: Path) -> list[Any]:
    """The runs in a folder."""
    found = [open_run(path) for path in folder.glob("*") if not path.name.startswith(".")]
    for run in found:
        run.check()
    return found


def copies(folder: Path) -> list[Any]:
    found = read_in_full(folder / "out")
    assert all(len(run.epochs) == 3 for run in found)
    return found


def manifest_of(folder: Path) -> list[Any]:
    return [check_manifest(folder)] if (folder / MANIFEST).exists() else []


def alignments(folder: Path) -> list[Any]:
    found, problems = find_alignments(folder / "run" / "alignments")
    assert not problems
    for one in found:
        one.coordinates(0, 2)
    return found


def weights(folder: Path) -> list[Any]:
    found = open_checkpoints(open_run(folder / "run"))
    if found is None:
        return []
    assert found.weights(0)["fc.weight"].shape == (3, 3)
    return [found]


def embeddings(folder: Path) -> list[Any]:
    found, problems = find_embeddings(folder / "run" / "embeddings")
    assert not problems
    for one in found:
        assert np.isfinite(one.positions()).all() and len(one.epochs) == 3
    return found


def kept(folder: Path) -> list[Any]:
    found = read_in_full(folder / "kept")
    assert all(attack_of(run).change(2).shape[0] == 4 for run in found)
    return found


LISTED: dict[str, Callable[[Path], list[Any]]] = {
    "ship": copies,
    "manifest": manifest_of,
    "align": alignments,
    "weights": weights,
    "embed": embeddings,
    "keep": kept,
}


def run_killed(what: str, folder: Path, moments: list[int]) -> str:
    command = [
        sys.executable,
        "-m",
        "tests.unit.files.killed",
        what,
        str(folder),
        *map(str, moments),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


@pytest.mark.parametrize("what", LISTED)
def test_a_killed_one_leaves_nothing_half_and_no_rest_that_blocks(sources, tmp_path, what):
    shutil.copytree(sources, tmp_path / "0")
    total = int(run_killed(what, tmp_path, [0]).split()[-1])
    at = {round(1 + (total - 1) * i / MOMENTS) for i in range(MOMENTS)}
    at |= {max(1, total - i) for i in range(MOMENTS)}
    for moment in at:
        shutil.copytree(sources, tmp_path / str(moment))
    said = run_killed(what, tmp_path, sorted(at))
    assert said.count("killed") > len(at) / 2, said
    for moment in sorted(at):
        folder = tmp_path / str(moment)
        before = LISTED[what](folder)  # which reads all of what is there
        assert len(before) <= 1
        if what in ("ship", "keep") and before:  # which refuse what is there already
            continue
        killed.WORK[what](folder)
        assert len(LISTED[what](folder)) == 1, moment
        drafts = {path for path in folder.glob(f".{MANIFEST}.*.partial")}  # of a file, not a folder
        assert not {*folder.rglob(".*")} - drafts, moment


def test_a_failed_one_leaves_what_was_there(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "old").write_text("old")

    def build() -> None:
        with built_to_replace(tmp_path / "a") as building:
            building.mkdir()
            (building / "new").write_text("new")
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        build()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a" / "old").read_text() == "old"


def test_where_the_new_cannot_get_to_its_place_the_old_is_there_again(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "old").write_text("old")
    with pytest.raises(OSError, match="gone"):
        put_in_place(tmp_path / "gone", tmp_path / "a")
    assert (tmp_path / "a" / "old").read_text() == "old"


@pytest.mark.parametrize("name", [".train.whole", ".train.old-0123456789ab", ".train.a1b2c3_4"])
def test_what_was_left_behind_is_taken_away(tmp_path, name):
    left = tmp_path / name
    (left / "states").mkdir(parents=True)
    others = (".test.a1b2c3_4", ".train.mine", ".train-2.whole", "train-2", "train")
    for other in others:
        (tmp_path / other).mkdir()
    sweep(tmp_path / "train")
    if (
        name == ".train.a1b2c3_4"
    ):  # as older versions have it, which hold no lock: it may be under way
        assert left.exists()
        for path in (left / "states", left):
            os.utime(path, (time.time() - LEFT - 60,) * 2)
        sweep(tmp_path / "train")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(others)


def test_an_alignment_that_replaces_another_is_found_at_its_place(sources, tmp_path):
    shutil.copytree(sources / "run", tmp_path / "run")
    again = write_small_alignment(open_run(tmp_path / "run"))
    assert open_alignment(again.path).path == tmp_path / "run" / "alignments" / "test"
