"""What a process holds has a limit in bytes, whatever there is of it."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from gt.cache import memory
from gt.kept import alignment, artifact
from gt.kept import weights as checkpoints
from gt.kept.steps import from_steps, to_steps
from gt.run import read as run_module
from gt.serve import attack_wire


def test_what_was_made_last_is_held_up_to_a_number_of_bytes():
    held, made = memory.Held(100, len), []

    def get(key, size=40):
        return held.get(key, lambda: made.append(key) or b"x" * size)

    for key in ("a", "b", "a", "c", "a", "b"):  # b gives way to c, a was asked for later
        assert len(get(key)) == 40
    assert made == ["a", "b", "c", "b"] and held.used == 80
    get("large", 1000)
    assert held.used == 1000 and get("large") is get("large"), "the last one, whatever it takes"
    get("a")
    assert held.used == 40
    held.clear()
    assert held.used == 0 and get("a") and made[-1] == "a"


def test_threads_that_ask_for_the_same_leave_the_count_right():
    held = memory.Held(10_000, len)
    together = threading.Barrier(8)

    def ask():
        together.wait()
        for i in range(300):
            held.get(i % 40, lambda: b"x" * 100)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert held.used == 4000 == sum(taken for _, taken in held._kept.values())


def test_what_cannot_be_made_is_not_held():
    held = memory.Held(10, len)
    with pytest.raises(ZeroDivisionError):
        held.get("a", lambda: 1 / 0)
    assert held.get("a", lambda: b"1") == b"1"


def test_all_that_a_server_holds_of_its_runs_is_limited_in_bytes():
    limits = [
        module.limit for module in
        (artifact._OPENED, alignment._HELD, checkpoints._HELD, attack_wire._HELD, run_module._IMAGES)
    ]  # fmt: skip
    from gt.cache.store import MEMORY_BYTES

    assert sum(limits) + MEMORY_BYTES <= 144 * 2**20


@pytest.mark.parametrize(("largest", "kind"), [(32767, np.int16), (32768, np.int32)])
def test_whole_steps_take_no_more_bytes_than_they_need(largest, kind):
    values = np.array([[[0.0, 1]], [[-1, largest]], [[3, largest - 1]]])
    folded, step = to_steps(values, 8192.0)
    whole = from_steps(folded)
    assert whole.dtype == kind and (whole * step == values).all()


def test_the_images_of_many_runs_are_not_all_held(runs_folder, monkeypatch):
    from gt.run import open_run

    monkeypatch.setattr(run_module, "_IMAGES", memory.Held(1, lambda one: one.nbytes))
    runs = [open_run(runs_folder / name) for name in ("mnist", "shapes")]
    first = runs[0].images
    assert runs[0].images is first and not first.flags.writeable
    second = runs[1].images
    assert run_module._IMAGES.used == second.nbytes
    np.testing.assert_array_equal(runs[0].images, first)


def test_the_cache_maps_no_file_into_memory(tmp_path):
    from gt.cache.store import Store

    store = Store(tmp_path / "tensors")
    assert store._cache.sqlite_mmap_size == 0 and store._cache.sqlite_cache_size <= 1024
    [[size]] = store._cache._sql("PRAGMA mmap_size").fetchall()
    assert size == 0
