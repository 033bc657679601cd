"""Addresses are no folders, wherever one is asked for."""

import os
from pathlib import Path

import numpy as np
import pytest

import gt
from gt import cli
from gt.files.beside import built_beside
from gt.files.place import all_local, local
from gt.run import RunError

ADDRESSES = [
    "s3://bucket/run",
    "S3://bucket/run",
    "memory://x",
    "memory://",
    "file:///tmp/x",
    "gs://b/x",
    "http://host/x",
    "https://host/x",
    "abfs://c@account/x",
    "git+ssh://host/x",
    "simplecache::s3://bucket/x",
    " s3://bucket/run",
    Path("s3://bucket/run"),
    Path("memory://"),
    "s3:\\bucket",
]
FOLDERS = [
    "runs/mine",
    "/runs/a:b",
    "a:b",
    "C:\\runs",
    "c:/runs",
    "ab/c:/d",
    "s3",
    "12:/x",
    "ü://x",
    ".",
]


@pytest.mark.parametrize("path", ADDRESSES)
def test_addresses_are_told(path):
    with pytest.raises(
        RunError, match=r"record: .* must be a folder of this machine, \w+.*:// is an"
    ):
        local(path, "record")


@pytest.mark.parametrize("path", FOLDERS)
def test_folders_are_taken_as_they_are(path):
    assert local(path, "record") == Path(path)
    assert local(Path(path), "record") == Path(path)


@pytest.mark.parametrize("path", ["", "a\0b", b"bytes"])
def test_what_names_no_folder(path):
    with pytest.raises(RunError, match="must be text"):
        local(path, "record")


def test_lists_of_folders():
    some = os.pathsep.join(["runs", "/data/more", ""])
    assert all_local(some, "GT_RUNS") == [Path("runs"), Path("/data/more")]
    with pytest.raises(RunError, match="GT_RUNS: s3://bucket/x must be"):
        all_local(os.pathsep.join(["runs", "s3://bucket/x"]), "GT_RUNS")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", ["s3://bucket/run", Path("s3://bucket/run")])
def test_nothing_is_written_to_one(here, path):
    with pytest.raises(RunError, match="s3:// is an address"):
        gt.write_run(path, np.eye(3)[None], [0, 1, 2])
    with pytest.raises(RunError, match="s3:// is an address"):
        gt.open_run(path)
    with pytest.raises(RunError, match="s3:// is an address"), built_beside(Path(path)):
        pass
    runs, problems = gt.find_runs([path])
    assert not runs and "s3:// is an address" in problems[0][1]
    assert list(here.iterdir()) == []


def test_a_recorder_does_not_write_to_one(here):
    torch = pytest.importorskip("torch")
    with pytest.raises(RunError, match="s3:// is an address"):
        gt.Recorder(
            torch.nn.Linear(2, 3), "s3://b/run", inputs=torch.ones(9, 2), labels=[0, 1, 2] * 3
        )
    assert list(here.iterdir()) == []


COMMANDS = [
    ["import", "a.npy", "--out"],
    ["import", "--out", "mine"],
    ["import", "a.npy", "--out", "mine", "--labels"],
    ["record", "mnist", "--out"],
    ["record", "mnist", "--data-dir"],
    ["info"],
    ["embed", "--method", "pca"],
    ["align"],
    ["align", "mine", "--into"],
    ["attack"],
    ["attack", "mine", "--out"],
    ["weights", "mine", "--into"],
    ["ship", "mine", "--to"],
    ["ship", "--to", "there", "mine"],
    ["manifest"],
    ["serve", "--runs", "mine"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_takes_one(here, capsys, command):
    assert cli.main([*command, "s3://bucket/x"]) == 2
    assert "s3:// is an address" in capsys.readouterr().err
    assert list(here.iterdir()) == []


def test_the_server_is_not_started_on_one(here, capsys, monkeypatch):
    import app

    with pytest.raises(SystemExit):
        app.main(["--runs", "s3://bucket/x"])
    assert "--runs: s3://bucket/x must be a folder of this machine" in capsys.readouterr().err
    monkeypatch.setenv("GT_RUNS", "s3://bucket/x")
    with pytest.raises(RunError, match="GT_RUNS: s3"):
        app.__getattr__("server")


def test_the_cache_is_not_put_into_one(monkeypatch):
    from gt.cache.store import default_folder

    monkeypatch.setenv("GT_CACHE_DIR", "s3://bucket/cache")
    with pytest.raises(RunError, match="GT_CACHE_DIR: s3"):
        default_folder()
