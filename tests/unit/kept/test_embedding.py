"""Embeddings on disk: what is kept, what is refused, and who may write."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import time

import numpy as np
import pytest

from gt.errors import RunError, ShapeError, TruncatedRunError
from gt.kept.embedding import Recipe, Workshop, find_embeddings, open_embedding

RECIPE = Recipe("uid", "print", "softmax", "test", "pca", {"every": 1}, 0, None, 1)


def make(folder, recipe=RECIPE, name="pca", e=3, n=5, d=2):
    shop = Workshop(folder, name, recipe.key)
    positions = np.arange(e * n * d, dtype=np.float32).reshape(e, n, d)
    measures = {"trustworthiness": np.linspace(0, 1, e, dtype=np.float32)}
    with shop.owned() as mine:
        assert mine
        return shop.finish(
            recipe, np.arange(e), np.arange(n) + 10, 8, positions, measures, {"numpy": "2"}, {}
        )


def test_what_was_written_is_read(tmp_path):
    make(tmp_path)
    made = open_embedding(tmp_path / "pca")
    assert (made.name, made.recipe, made.of, made.dimensions) == ("pca", RECIPE, 8, 2)
    assert made.epochs.tolist() == [0, 1, 2] and made.ids.tolist() == [10, 11, 12, 13, 14]
    assert made.positions().shape == (3, 5, 2)
    assert (made.positions(1) == made.positions()[1]).all()
    assert made.measures["trustworthiness"].tolist() == [0, 0.5, 1]
    assert made.versions == {"numpy": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["pca"]


def test_the_key_is_of_everything_and_of_nothing_else():
    from dataclasses import replace

    changes = {
        "uid": "x", "fingerprint": "x", "layer": "x", "split": "train", "method": "x",
        "parameters": {"every": 2}, "seed": 1, "points": 4, "code": 2,
    }  # fmt: skip
    keys = {replace(RECIPE, **{name: value}).key for name, value in changes.items()}
    assert len(keys | {RECIPE.key}) == 10 == len(changes) + 1
    assert replace(RECIPE, parameters=dict(RECIPE.parameters)).key == RECIPE.key


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (lambda at: (at / "zarr.json").write_text("{"), TruncatedRunError),
        (lambda at: (at / "zarr.json").write_text("{}"), TruncatedRunError),
        (lambda at: change(at, format="other"), RunError),
        (lambda at: change(at, version=99), RunError),
        (lambda at: change(at, epochs=[0, 1]), ShapeError),
        (lambda at: change(at, recipe={}), TruncatedRunError),
    ],
)
def test_a_damaged_embedding_is_named_and_the_others_are_found(tmp_path, damage, error):
    make(tmp_path)
    make(tmp_path, name="other")
    damage(tmp_path / "pca")
    with pytest.raises(error):
        open_embedding(tmp_path / "pca")
    found, problems = find_embeddings(tmp_path)
    assert [one.name for one in found] == ["other"]
    assert len(problems) == 1 and "pca" in problems[0]
    assert Workshop(tmp_path, "pca", RECIPE.key).done() is None


def change(at, **values):
    stored = json.loads((at / "zarr.json").read_text())
    stored["attributes"] |= values
    (at / "zarr.json").write_text(json.dumps(stored))


def test_an_embedding_of_another_key_is_not_the_one(tmp_path):
    make(tmp_path)
    assert Workshop(tmp_path, "pca", RECIPE.key).done() is not None
    assert Workshop(tmp_path, "pca", "0" * 32).done() is None


def test_only_one_can_compute(tmp_path):
    first, second = (Workshop(tmp_path, "pca", RECIPE.key) for _ in range(2))
    with first.owned() as mine:
        with second.owned() as theirs:
            assert (mine, theirs) == (True, False)
        with second.owned() as theirs:  # and looking twice takes nothing away
            assert not theirs
    with second.owned() as theirs:
        assert theirs
    assert list(tmp_path.iterdir()) == []


def test_the_sign_of_a_process_that_is_gone_stops_nobody(tmp_path):
    shop = Workshop(tmp_path, "pca", RECIPE.key)
    shop.path.mkdir()
    sign = shop.path / "alive"
    sign.write_text(f"{socket.gethostname()} {unused_pid()}")
    with shop.owned() as mine, Workshop(tmp_path, "pca", RECIPE.key).owned() as theirs:
        assert mine and not theirs


def test_a_sign_from_another_machine_holds_until_it_is_old(tmp_path):
    shop = Workshop(tmp_path, "pca", RECIPE.key)
    shop.path.mkdir()
    sign = shop.path / "alive"
    sign.write_text("elsewhere 1")
    with shop.owned() as mine:
        assert not mine
    os.utime(sign, (time.time() - 120,) * 2)
    with shop.owned() as mine:
        assert mine


def test_many_who_find_a_dead_sign_at_once_let_one_compute(tmp_path):
    """Each used to be able to take away the sign that another had just put up."""
    import threading

    for attempt in range(20):
        folder = tmp_path / str(attempt)
        shop = Workshop(folder, "pca", RECIPE.key)
        shop.path.mkdir(parents=True)
        (shop.path / "alive").write_text(f"{socket.gethostname()} {unused_pid()}")
        gate, done, owners = threading.Barrier(4), threading.Barrier(4), []

        def try_it(folder=folder, gate=gate, done=done, owners=owners):
            mine = Workshop(folder, "pca", RECIPE.key)
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
    shop = Workshop(tmp_path, "pca", RECIPE.key)

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
    import subprocess
    import sys
    import time

    import psutil

    from gt.files import alive

    child = subprocess.Popen([sys.executable, "-c", ""])
    pid, began = alive.named(child.pid)
    until = time.monotonic() + 60
    while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE and time.monotonic() < until:
        time.sleep(0.01)
    here, me = socket.gethostname(), alive.named()
    shop = Workshop(tmp_path, "pca", RECIPE.key)
    for said, free in {
        f"{here} {pid} {began}": True,  # as long as its parent has not looked
        f"{here} {pid}": True,  # as it was said before
        f"{here} {me[0]} {me[1] - 60}": True,  # a number that came again
        f"{here} {me[0]} {me[1]}": False,
        f"{here} {me[0]}": False,
        f"elsewhere {pid} {began}": False,  # nobody here can tell, so its age does
    }.items():
        shop.path.mkdir(exist_ok=True)
        (shop.path / "alive").write_text(said)
        with shop.owned() as got:
            assert got == free, said
        shutil.rmtree(shop.path, ignore_errors=True)
    child.wait()


def test_where_there_are_no_hard_links_one_computes_all_the_same(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refused)
    shop = Workshop(tmp_path, "pca", RECIPE.key)
    with shop.owned() as got:
        with Workshop(tmp_path, "pca", RECIPE.key).owned() as other:
            assert got and not other
        assert socket.gethostname() in (shop.path / "alive").read_text()


def test_what_is_put_is_got_and_what_is_damaged_is_not_there(tmp_path):
    shop = Workshop(tmp_path, "pca", RECIPE.key)
    with shop.owned():
        shop.put("epoch-00000", y=np.eye(2))
        assert (shop.get("epoch-00000")["y"] == np.eye(2)).all()
        (shop.path / "epoch-00001.npz").write_bytes(b"PK nothing")
        assert shop.get("epoch-00001") is None and shop.get("epoch-00002") is None
        assert not (shop.path / "epoch-00001.npz").exists()


def unused_pid():
    import subprocess
    import sys

    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    return ended.pid
