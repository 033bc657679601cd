"""Where something is computed: one at a time, and what was done is found again."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict, replace

import numpy as np
import psutil

from gt.files.beside import LOCK
from gt.files.lock import STALE, Writer
from gt.kept.workshop import Workshop
from tests.waiting import until

KEY = "0" * 32


def sign(shop, **changed):
    """Leave the lock of another in a workshop."""
    shop.path.mkdir(parents=True, exist_ok=True)
    said = asdict(replace(Writer.here(), token="another", **changed))
    (shop.path / LOCK).write_text(json.dumps(said))
    return shop.path / LOCK


def test_only_one_can_compute(tmp_path):
    first, second = (Workshop(tmp_path, "pca", KEY) for _ in range(2))
    with first.owned() as mine:
        with second.owned() as theirs:
            assert (mine, theirs) == (True, False)
        with second.owned() as theirs:  # and looking twice takes nothing away
            assert not theirs
    with second.owned() as theirs:
        assert theirs
    assert list(tmp_path.iterdir()) == []


def test_the_sign_of_a_process_that_is_gone_stops_nobody(tmp_path):
    shop = Workshop(tmp_path, "pca", KEY)
    sign(shop, pid=unused_pid())
    with shop.owned() as mine, Workshop(tmp_path, "pca", KEY).owned() as theirs:
        assert mine and not theirs


def test_a_sign_from_another_machine_holds_until_it_is_old(tmp_path):
    shop = Workshop(tmp_path, "pca", KEY)
    left = sign(shop, host="elsewhere", pid=1)
    with shop.owned() as mine:
        assert not mine
    os.utime(left, (time.time() - STALE - 10,) * 2)
    with shop.owned() as mine:
        assert mine


def test_many_who_find_a_dead_sign_at_once_let_one_compute(tmp_path):
    """Each used to be able to take away the sign that another had just put up."""
    import threading

    gone = unused_pid()
    for attempt in range(6):
        folder = tmp_path / str(attempt)
        shop = Workshop(folder, "pca", KEY)
        sign(shop, pid=gone)
        gate, done, owners = threading.Barrier(4), threading.Barrier(4), []

        def try_it(folder=folder, gate=gate, done=done, owners=owners):
            mine = Workshop(folder, "pca", KEY)
            gate.wait()
            with mine.owned() as got:
                owners.append(got)
                done.wait()

        threads = [threading.Thread(target=try_it) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sum(owners) == 1


def test_a_computation_that_ends_as_it_begins_leaves_no_sign_of_life(tmp_path, monkeypatch):
    """A sign used to be there before it said whose it was, and then counted for a minute."""
    shop = Workshop(tmp_path, "pca", KEY)

    def killed(*_, **__):
        raise KeyboardInterrupt

    for name in ("pathlib.Path.write_text", "os.link", "os.utime"):
        with monkeypatch.context() as patch:
            patch.setattr(name, killed)
            with contextlib.suppress(KeyboardInterrupt), shop.owned() as got:
                assert name == "os.utime" and got
        with shop.owned() as got:
            assert got, f"killed in {name}"


def test_a_sign_of_a_process_that_nobody_took_note_of_is_none(tmp_path):
    child = subprocess.Popen([sys.executable, "-c", ""])
    until(lambda: psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE)
    shop, here = Workshop(tmp_path, "pca", KEY), Writer.here()
    for said, free in (
        ({"pid": child.pid}, True),  # as long as its parent has not looked
        ({"started": "12"}, True),  # a number that came again
        ({"pid": here.pid, "started": here.started}, False),
        ({"host": "elsewhere", "pid": child.pid}, False),  # nobody here can tell, so its age does
    ):
        left = sign(shop, **said)
        with shop.owned() as got:
            assert got == free, said
        left.unlink(missing_ok=True)
    child.wait()


def test_who_comes_as_another_finishes_finds_it_busy(tmp_path, monkeypatch):
    """The folder is gone between looking and locking; what is asked for is there by then."""
    from pathlib import Path

    shop = Workshop(tmp_path / "none", "pca", KEY)
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    with shop.owned() as got:
        assert not got


def test_where_there_are_no_hard_links_one_computes_all_the_same(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refused)
    shop = Workshop(tmp_path, "pca", KEY)
    with shop.owned() as got:
        with Workshop(tmp_path, "pca", KEY).owned() as other:
            assert got and not other
        assert platform.node() in (shop.path / LOCK).read_text()


def test_what_is_put_is_got_and_what_is_damaged_is_not_there(tmp_path):
    shop = Workshop(tmp_path, "pca", KEY)
    with shop.owned():
        shop.put("epoch-00000", y=np.eye(2))
        assert (shop.get("epoch-00000")["y"] == np.eye(2)).all()
        (shop.path / "epoch-00001.npz").write_bytes(b"PK nothing")
        assert shop.get("epoch-00001") is None and shop.get("epoch-00002") is None
        assert not (shop.path / "epoch-00001.npz").exists()


def unused_pid():
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    return ended.pid
