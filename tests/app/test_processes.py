"""Whose turn it is among computations, and that none outlives the server or keeps another's place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import types

import psutil
import pytest

from gt.files import alive
from gt.jobs import background, processes, slots
from gt.jobs.order import key_of
from tests.app.conftest import computing
from tests.waiting import PATIENCE_S, until


def sleep_long(_):
    """What a job does here."""
    time.sleep(600)


def answer(_):
    """Another, that is soon done."""
    return "done"


@pytest.fixture
def manager(tmp_path, monkeypatch):
    """``manager(2)``: computes two at once, with the cache that all others of a test have."""
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setattr(background, "_placed", lambda args: args)
    made = []

    def make(most):
        made.append(background.manager(tmp_path / "tensors", most))
        return made[-1]

    yield make
    for one in made:
        for entry in one.slots.entries():
            one.terminate_job(entry["job"])


def order(manager, key, function=sleep_long):
    return manager.call_job_fn(key, manager.make_job_fn(function, None), [key], {})


def test_no_more_compute_at_once_than_may_and_the_rest_say_their_place(manager):
    one = manager(2)
    jobs = [order(one, f"key-{i}") for i in range(5)]
    pids = [computing(one, job) for job in jobs[:2]]
    assert [one.slots.before(f"key-{i}") for i in range(5)] == [None, None, 1, 2, 3]
    percent, doing, _, hidden = one.get_progress("key-3")
    assert (percent, doing, hidden) == (0, "Waiting: 2 before this one", False)
    other = manager(2)  # a worker of the same cache
    assert other.get_progress("key-4")[1] == "Waiting: 3 before this one"
    assert all(other.job_running(job) for job in jobs)
    assert [entry["process"] is None for entry in one.slots.entries()] == [False] * 2 + [True] * 3

    other.terminate_job(jobs[3])  # cancelled while it waits
    assert not one.job_running(jobs[3]) and one.get_result("key-3", jobs[3]) is one.UNDEFINED
    assert one.slots.before("key-4") == 2

    psutil.Process(pids[0]).kill()  # a holder dies: its place is free
    third = computing(one, jobs[2])
    assert one.slots.before("key-4") == 1 and not one.job_running(jobs[0])
    assert one.get_result("key-0", jobs[0]) == processes.failure(processes.DIED)
    other.terminate_job(jobs[2])  # and one that is cancelled by another worker, too
    assert alive.found(third) is None
    computing(one, jobs[4])


def test_one_that_dies_while_dash_asks_is_told_at_the_next_question(manager):
    """Without a result, and then at work no more, is to Dash one that was cancelled: nothing is said."""
    one = manager(1)
    job = order(one, "a")
    computing(one, job)
    assert one.get_result("a", job) is one.UNDEFINED
    one.slots.leave(job)
    assert one.job_running(job), "the same answer"
    assert one.get_result("a", job) == processes.failure(processes.DIED)
    assert not one.job_running(job)


def test_workers_of_one_cache_share_the_list_in_the_order_of_asking(manager):
    first, second = manager(1), manager(1)
    jobs = [order(first, "a"), order(second, "b", answer), order(first, "c", answer)]
    computing(first, jobs[0])
    assert [second.slots.before(key) for key in "abc"] == [None, 1, 2]
    second.terminate_job(jobs[0])
    for key, job in zip("bc", jobs[1:], strict=True):
        until(lambda job=job: not first.job_running(job))
        assert first.get_result(key, job) == "done", "whichever worker is asked"
        assert second.get_result(key, job) == "done", "and for another tab of the same browser"
        assert first.known(key) is None, "though somebody was told"


def test_an_order_that_is_asked_for_again_is_joined_whichever_worker_is_asked(manager):
    first, second = manager(1), manager(1)
    job, waits = order(first, "a"), order(first, "b", answer)
    pid = computing(first, job)
    first.handle.set("a-progress", [7, "At work", "7 %", False])
    assert [order(second, key) for key in "ab"] == [job, waits]
    for _ in range(2):  # and what it tells stays for whoever comes back to the page
        assert second.get_progress("a")[1] == "At work"
    second.terminate_job(job)
    assert alive.found(pid) is None and first.get_progress("a") is None
    until(lambda: first.known("b") not in (None, waits))  # it has ended, and nobody was told
    again = order(second, "b")
    assert second.get_result("b", again) == "done" and second.known("b") is None
    assert order(first, "a") != job, "what was cancelled begins anew"


def test_what_was_told_of_an_order_is_not_told_of_its_like_that_was_cancelled(manager):
    one = manager(1)
    job = order(one, "a", answer)
    until(lambda: not one.job_running(job))
    assert one.get_result("a", job) == one.get_result("a", job) == "done"
    again = order(one, "a")
    computing(one, again)
    one.terminate_job(again)
    assert one.get_result("a", again) is one.UNDEFINED


def test_a_visitor_may_have_so_many_and_this_machine_any_number(manager, dash_app):
    one = manager(1)
    one.slots.each = 2

    def asks(key, address):
        with dash_app.server.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return order(one, key)

    first = asks("a", "203.0.113.9")
    asks("b", "203.0.113.9")
    with pytest.raises(slots.EachError, match="2 computations ordered from your address"):
        asks("c", "203.0.113.9")
    assert asks("a", "203.0.113.9") == first, "what is there already is joined"
    asks("d", "203.0.113.10")
    for i in range(4):
        asks(f"mine-{i}", "127.0.0.1")
    one.terminate_job(first)
    asks("c", "203.0.113.9")


def test_an_order_is_known_by_what_it_says():
    one = {"work": "align", "run": "mnist", "nonce": "n"}
    backwards = dict(reversed(one.items()))
    assert key_of([one]) == key_of((backwards,))
    assert key_of([one]) != key_of([one | {"nonce": "m"}])


class Redis(dict):
    """A backend of Celery, as far as it is asked."""

    def set(self, key, value):
        self[key] = value.encode()


def test_celery_s_tasks_are_joined_too(monkeypatch):
    monkeypatch.setattr(background, "_placed", lambda args: args)
    tasks = {}

    class Celery(background.CeleryPlaced):
        def __init__(self):
            self.handle = types.SimpleNamespace(backend=Redis(), AsyncResult=tasks.get)

    class Job:
        def delay(self, *_):
            task = types.SimpleNamespace(task_id=f"task-{len(tasks)}", status="STARTED")
            return tasks.setdefault(task.task_id, task)

    one, asked = Celery(), [{"work": "align", "nonce": "n"}]
    key = one.build_cache_key(None, asked, [], None)
    assert not one.at_work(asked[0])
    task = one.call_job_fn(key, Job(), asked, {})
    assert one.at_work(asked[0]) and one.call_job_fn(key, Job(), asked, {}) == task
    tasks[task].status = "SUCCESS"
    assert not one.at_work(asked[0]), "its result was fetched"
    one.handle.backend.set(key, "1")
    assert one.at_work(asked[0]), "nobody was told"
    del one.handle.backend[key]
    assert one.call_job_fn(key, Job(), asked, {}) != task


def test_more_than_a_hundred_that_wait_are_refused_with_a_sentence(manager, monkeypatch):
    monkeypatch.setattr(slots, "MOST_WAITING", 2)
    one = manager(1)
    computing(one, order(one, "first"))
    order(one, "second")
    order(one, "third")
    with pytest.raises(slots.FullError, match="2 computations wait already; ask again"):
        order(one, "fourth")


def test_a_place_in_the_list_does_not_outlive_who_has_it(manager):
    one = manager(1)
    began = alive.named()[1]
    foreign = [
        {"job": "x", "key": "x", "owner": [os.getpid(), began + 60], "process": None},
        {"job": "y", "key": "y", "owner": [2**22 + 1, began], "process": None},
    ]
    one.handle.set(slots.KEY, foreign)
    assert one.slots.entries() == []
    computing(one, order(one, "mine"))


def test_a_process_that_nobody_took_note_of_has_ended_all_the_same():
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    name = alive.named(child.pid)
    until(lambda: psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE)
    assert alive.found(*name) is None
    child.wait()
    assert alive.found(*name) is None
    assert alive.found(*alive.named()).pid == os.getpid()
    assert alive.found(os.getpid(), name[1] - 60) is None, "a number that came again"


@pytest.mark.parametrize(("given", "most"), [("3", 3), (" 1 ", 1), ("", None), (None, None)])
def test_how_many_compute_at_once_is_said_or_one_core_fewer_than_there_are(
    given, most, monkeypatch
):
    environ = {} if given is None else {slots.VARIABLE: given}
    assert slots.usual(environ) == (most or max(1, len(os.sched_getaffinity(0)) - 1))
    monkeypatch.setattr(slots, "cores", lambda: 1)
    assert slots.usual({}) == 1


@pytest.mark.parametrize("given", ["0", "-1", "two", "1.5", "1e3", "²"])
def test_a_number_that_is_none_is_refused(given):
    with pytest.raises(ValueError, match="GT_JOBS: must be a whole number of 1 or more, came"):
        slots.usual({slots.VARIABLE: given})
    with pytest.raises(ValueError, match="GT_JOBS_EACH: must be a whole number of 1 or more, came"):
        slots.usual_each({slots.EACH: given})


# computations end with the server

SERVER = """
import ctypes, os, signal, subprocess, sys, time
from pathlib import Path
from gt.jobs import background

background._placed = lambda args: args
WORK = {work!r}


def compute(_):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path({folder!r}, f"{{os.getpid()}}-{{child.pid}}").touch()
    {work}


if __name__ == "__main__":
    # a shell that starts its tests in the background has them ignore Ctrl-C, which is inherited
    signal.signal(signal.SIGINT, signal.default_int_handler)
    manager = background.manager(Path({folder!r}) / "cache" / "tensors", 2)
    fn = manager.make_job_fn(compute, None)
    for i in range(3):
        manager.call_job_fn(f"key-{{i}}", fn, [i], {{}})
    {more}
    print("ready", flush=True)
    time.sleep(600)
"""
MARK = "GT_TEST_OF_JOBS"
KINDS = {
    "python": "while True: pass",
    "asleep": "time.sleep(600)",
    "in C, all threads held": "ctypes.PyDLL(None).sleep(600)",
}
HELD = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has to be let run")


@pytest.fixture
def server(tmp_path):
    """``server(work)``: a process with two computations, each with a child; one more waits."""
    started = []

    def start(work, more="pass"):
        script = tmp_path / "server.py"
        script.write_text(SERVER.format(folder=str(tmp_path), work=work, more=more))
        env = os.environ | {MARK: str(tmp_path)}  # which all that it starts have too
        one = subprocess.Popen([sys.executable, str(script)], env=env, cwd=os.getcwd())
        started.append(one)
        if more != "pass":
            return one, []
        until(lambda: len(list(tmp_path.glob("*-*"))) == 2 or one.poll() is not None)
        assert one.poll() is None
        pids = [int(pid) for path in tmp_path.glob("*-*") for pid in path.name.split("-")]
        assert len(pids) == 4
        return one, [alive.named(pid) for pid in pids]

    yield start
    for one in started:
        one.kill()
        one.wait()


@pytest.mark.parametrize(
    ("work", "sign"),
    [
        ("python", "SIGKILL"),
        ("asleep", "SIGKILL"),
        pytest.param("in C, all threads held", "SIGKILL", marks=HELD),
        ("asleep", "SIGTERM"),
        ("python", "SIGINT"),
    ],
)
def test_computations_and_all_they_started_end_with_the_server(server, work, sign, tmp_path):
    one, those = server(KINDS[work])
    one.send_signal(getattr(signal, sign))
    one.wait(PATIENCE_S)
    until(lambda: not any(alive.found(*name) for name in those))
    until(lambda: not marked(tmp_path))


@pytest.mark.parametrize("after_s", [0.0, 0.5])
def test_a_computation_whose_server_ends_as_it_begins_ends_too(server, tmp_path, after_s):
    one, _ = server("time.sleep(600)", more=f"time.sleep({after_s}); os.kill(os.getpid(), 9)")
    one.wait(PATIENCE_S)
    until(lambda: not marked(tmp_path))


def marked(folder):
    """All processes that a server of this test has started, and it."""
    found = []
    for one in psutil.process_iter():
        try:
            if one.environ().get(MARK) == str(folder) and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
        except psutil.Error:
            continue
    return found
