"""Where nothing can be written the server serves all the same, says so once, and asks nobody to compute."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import diskcache
import pytest

from tests.app.conftest import PAGES
from tests.app.pages import Pages
from tests.waiting import until

ONCE = "the server goes on without keeping"


def tensors(pages: Pages) -> dict[str, int]:
    """The status of all tensors that the pages announce of a run."""
    found = {}
    for path in PAGES:
        answer = pages.raw(path, "?run=mnist")
        assert answer.status_code == 200, path
        for url in set(re.findall(r"tensors/[0-9a-f]{32}", json.dumps(answer.get_json()))):
            found[url] = pages.client.get(f"/{url}").status_code
    return found


def test_a_cache_that_cannot_be_made_is_done_without(
    nothing_shipped, runs_folder, tmp_path, caplog
):
    import app

    (tmp_path / "file").write_text("in the place of a folder")
    pages = Pages(app.create_app([runs_folder], tmp_path / "file" / "tensors"))
    found = tensors(pages)
    assert len(found) > 20 and set(found.values()) == {200}
    assert caplog.text.count(ONCE) == 1
    assert pages.library.store._cache is None
    assert (tmp_path / "file").read_text() == "in the place of a folder"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
@pytest.mark.parametrize(
    ("most", "when"),
    [("0", "before"), ("60000", "before"), ("0", "after"), ("200000", "after")],
)
def test_a_disk_that_is_full_takes_no_page_and_no_tensor(runs_folder, tmp_path, most, when):
    command = [sys.executable, "-m", "tests.app.full_disk", str(runs_folder)]
    command += [str(tmp_path / "cache" / "tensors"), most, when]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = json.loads(ended.stdout.splitlines()[-1])
    assert set(found["pages"]) == set(PAGES) and set(found["pages"].values()) == {200}
    assert len(found["tensors"]) > 20 and set(found["tensors"].values()) == {200}
    assert sum(ONCE in one for one in found["said"]) == 1


def test_a_disk_that_gets_full_and_free_again_is_used_again(
    nothing_shipped, runs_folder, tmp_path, monkeypatch, caplog
):
    import app

    made = app.create_app([runs_folder], tmp_path / "cache" / "tensors")
    pages = Pages(made)
    store = pages.library.store

    def full(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(diskcache.Cache, "set", full)
        found = tensors(pages)
        assert set(found.values()) == {200} and caplog.text.count(ONCE) == 1
    assert store.json("later", lambda: [1], lambda _: True) == [1]
    assert store._cache.get("later") is not None
    assert store._cache.eviction_policy == "least-recently-used"


def test_where_nothing_at_all_can_be_written_orders_are_refused_in_a_sentence(
    nothing_shipped, runs_folder, tmp_path, monkeypatch
):
    import app
    from gt.jobs import background, nowhere

    (tmp_path / "file").write_text("")
    monkeypatch.setattr(background, "ELSEWHERE", (str(tmp_path / "file"),))
    made = app.create_app([runs_folder], tmp_path / "file" / "tensors")
    pages = Pages(made)
    assert "MNIST" in pages("/")
    with pytest.raises(OSError, match="a folder that can be written"):
        nowhere.Nowhere().call_job_fn("", None, [], None)


def test_caches_are_their_owner_s_alone_whatever_the_umask(runs_folder, tmp_path):
    """In a process of its own, for the umask is one of a whole process."""
    script = (
        "import os, sys; os.umask(0); import app, pathlib; app.SHIPPED = pathlib.Path(sys.argv[1]);"
        "made = app.create_app([], sys.argv[2]); from gt.serve import announcements, context;"
        "library = made.server.config[context.KEY]; announcements.announce(library, 'mnist', 'softmax');"
        "library.store.put_tensor(os.urandom(100_000), {})"
    )
    cache = tmp_path / "cache" / "tensors"
    subprocess.run(
        [sys.executable, "-c", script, str(runs_folder), str(cache)], check=True, timeout=500
    )
    folders = [tmp_path / "cache" / name for name in ("tensors", "jobs", "embeddings")]
    folders += [tmp_path / "cache" / name for name in ("alignments", "attacks")]
    for folder in [tmp_path / "cache", *folders]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    files = [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]
    assert len(files) >= 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def report_umask(key: str, progress: str, args: Any, context: Any) -> None:
    """A computation that says which rights its files get."""
    Path(args[0]).write_text("")


def test_what_a_computation_writes_is_its_owner_s_alone(tmp_path, monkeypatch):
    from gt.jobs import background

    monkeypatch.setattr(background, "_placed", lambda args: args)
    before = os.umask(0o022)
    try:
        made = background.manager(tmp_path / "cache" / "tensors")
        job = made.call_job_fn("key", report_umask, [str(tmp_path / "file")], None)
        until(lambda: (tmp_path / "file").exists() or not made.job_running(job))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


class Trap:
    """Says so when it is unpickled."""

    sprung = False

    def __reduce__(self) -> Any:
        return (setattr, (Trap, "sprung", True))


@pytest.mark.parametrize("size", [0, 100_000], ids=["in the database", "in a file"])
def test_a_pickle_in_the_jobs_cache_is_never_unpickled(tmp_path, size):
    from gt.jobs import background

    handle = background.manager(tmp_path / "cache" / "tensors").handle
    folder = tmp_path / "cache" / "jobs"
    with diskcache.Cache(str(folder)) as foreign:
        foreign.set("result", [Trap(), "x" * size])
        with pytest.raises(ValueError, match="not ours"):
            handle.get("result")
        assert not Trap.sprung
        foreign.get("result")
        assert Trap.sprung  # the trap works
    Trap.sprung = False
