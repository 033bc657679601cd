"""What all kinds of artifacts have in common, tried with one that is made here: it takes one file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gt.kept import artifact
from gt.kept.alignment import Alignment
from gt.kept.embedding import Embedding
from gt.kept.weights import Checkpoints

ROOT = Path(__file__).parents[3]
KIND = '''
"""Notes on points: an artifact of a run, for this test."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gt.kept import stated
from gt.kept.artifact import Computed
from gt.run import metadata


@dataclass(frozen=True)
class Recipe(stated.Recipe):
    CHECKS: ClassVar = {"uid": metadata.text, "split": stated.split}

    uid: str
    split: str


@dataclass(frozen=True)
class Notes(Computed):
    FORMAT = "grand-tour-notes"
    FOLDER = "notes"
    PLACE = 9
    VERB, CALLED = "open_notes", "notes"
    RECIPE = Recipe

    marks: np.ndarray

    @classmethod
    def read_said(cls, said):
        return cls.common(said)

    @classmethod
    def read_arrays(cls, arrays, fields):
        ids = arrays.ids()
        return {"ids": ids, "marks": arrays.finite("marks", (len(fields["epochs"]), len(ids)))}

    def line(self):
        return f"{len(self.ids)} points are noted"
'''
SCRIPT = """
import json, sys
from pathlib import Path

import numpy as np

import gt.kept
gt.kept.__path__.append(sys.argv[1])  # where the one file is
from gt.cache.store import Store
from gt.kept.artifact import kinds
from gt.kept.describe import describe
from gt.kept.ship import make_manifest
from gt.run import open_run, write_run
from gt.serve.library import Library

folder = Path(sys.argv[2])
run = write_run(folder / "run", np.random.default_rng(0).standard_normal((2, 6, 3)), [0, 1, 2] * 2)
Notes = {kind.FOLDER: kind for kind in kinds()}["notes"]
recipe = Notes.RECIPE(run.uid, "train")
said = {"name": "mine", "recipe": recipe.to_json(), "epochs": [0, 1], "of": 6, "versions": {}, "made": {}}
for name in ("mine", "spoilt"):
    place = run.path / "notes" / name
    one = Notes.write(place, {"ids": np.arange(6), "marks": np.ones((2, 6))}, {**said, "name": name})
assert one.recipe == recipe and one.fits(run) and (one.marks == 1).all()
(run.path / "notes" / "spoilt" / "zarr.json").write_text("{")
library = Library([folder], Store(folder.parent / "cache" / "tensors"))
print(json.dumps({
    "found": [one.name for one in Notes.of_run(run)],
    "info": [line.strip() for line in describe(open_run(run.path)).splitlines() if "noted" in line],
    "manifest": make_manifest(folder)["run"]["notes"],
    "beside": library.workplace("run", Notes).relative_to(folder.parent).parts[:2],
    "unshown": library.not_shown(),
}))
"""


def test_a_new_kind_is_one_file(tmp_path):
    """It is opened, found, listed, kept beside the cache and told of where it is damaged."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "notes.py").write_text(KIND)
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "more"), str(tmp_path / "runs")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["found"] == said["manifest"] == ["mine"]
    assert said["info"] == ["notes             mine  6 points are noted"]
    assert said["beside"] == ["cache", "notes"]
    [[where, why]] = said["unshown"]
    assert where == "run/notes/spoilt" and "zarr.json must describe notes" in why


def test_the_kinds_are_told_apart_and_stand_in_order():
    found = artifact.kinds()
    assert found == [Embedding, Alignment, Checkpoints]
    for name in ("FORMAT", "FOLDER", "PLACE", "VERB", "CALLED"):
        assert len({getattr(kind, name) for kind in found}) == len(found), name


def test_what_was_opened_is_held_until_it_is_written_anew(tmp_path, monkeypatch):
    import os

    from tests.unit.kept.test_embedding import make

    make(tmp_path)
    first = Embedding.at(tmp_path / "pca")
    assert Embedding.at(tmp_path / "pca") is first
    make(tmp_path, n=7)
    os.utime(tmp_path / "pca" / "zarr.json", ns=(1, 1))
    assert len(Embedding.at(tmp_path / "pca").ids) == 7
    with pytest.raises(FileNotFoundError):
        Embedding.at(tmp_path / "gone")


def test_what_is_held_of_artifacts_counts_their_arrays(tmp_path):
    from tests.unit.kept.test_embedding import make

    few, many = make(tmp_path / "a", n=5), make(tmp_path / "b", n=5000)
    assert many.nbytes - few.nbytes == 8 * 4995
