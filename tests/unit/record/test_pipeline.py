"""record() returns before the disk has it, in bounded memory, and nothing that ends it early costs an epoch."""

import gc
import os
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import gt
from gt.run import LockedRunError, NotFiniteError, RunError, RunWriter

torch = pytest.importorskip("torch")
nn = torch.nn
from gt.record import buffers  # noqa: E402  # needs torch
from gt.record.pipeline import Pipeline  # noqa: E402

N, D, K = 12, 4, 3
LABELS = np.arange(N) % K
ROOT = Path(__file__).parents[3]


def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(D, 8), nn.ReLU(inplace=True), nn.Linear(8, K))


def recorder(path, net=None, **more):
    torch.manual_seed(0)
    given = {"inputs": torch.randn(N, D), "labels": LABELS, "layers": "all", **more}
    return gt.Recorder(model() if net is None else net, path, **given)


@pytest.fixture
def gate(monkeypatch):
    """Writers that wait until they may."""
    may, original = threading.Event(), RunWriter.put

    def put(self, *given):
        assert may.wait(60)
        original(self, *given)

    monkeypatch.setattr(RunWriter, "put", put)
    yield may
    may.set()


def test_it_returns_before_the_disk_has_it_and_the_model_may_change(tmp_path, gate):
    net = model()
    rec = recorder(tmp_path / "r", net)
    expected = {name: value.clone() for name, value in net.state_dict().items()}
    x = rec._inputs.first
    with torch.no_grad():
        hidden = net[0](x).clone()
    rec.record(0, lr=0.5)
    assert rec.epochs == ()
    with torch.no_grad():
        for value in net.parameters():
            value.fill_(7)
        x.fill_(9)
    gate.set()
    rec.close()
    run = gt.open_run(tmp_path / "r")
    run.check()
    assert run.epochs.tolist() == [0] and run.history.lr.tolist() == [0.5]
    np.testing.assert_allclose(run.activations("0", 0), hidden.numpy(), atol=2e-3)
    np.testing.assert_array_equal(run.activations("1", 0), np.maximum(run.activations("0", 0), 0))
    np.testing.assert_array_equal(run.weights(0)["0.weight"], expected["0.weight"].numpy())


@pytest.mark.parametrize("limit", [1, 1000, 5000])
def test_blocks_on_their_way_are_bounded(tmp_path, monkeypatch, limit):
    """Memory that is really held, told by whoever makes and frees it, with writers that are slow."""
    alive, most, lock = 0, 0, threading.Lock()

    def free(size):
        nonlocal alive
        with lock:
            alive -= size

    class Counted(buffers.Buffer):
        def __init__(self, nbytes, pinned):
            nonlocal alive, most
            super().__init__(nbytes, pinned)
            weakref.finalize(self, free, nbytes)
            with lock:
                alive += nbytes
                most = max(most, alive)

    monkeypatch.setattr(buffers, "Buffer", Counted)
    original = RunWriter.put

    def slow(self, *given):
        threading.Event().wait(0.002)
        original(self, *given)

    monkeypatch.setattr(RunWriter, "put", slow)
    net = nn.Sequential(*(nn.Linear(16, 16) for _ in range(12)), nn.Linear(16, K))
    given = {"inputs": torch.randn(64, 16), "labels": np.arange(64) % K}
    largest = max(8 * 16 * 2, 64 * K * 4, 16 * 16 * 4)
    with gt.Recorder(
        net, tmp_path / "r", **given, layers="all", batch_size=8, queue_bytes=limit
    ) as rec:
        for epoch in range(3):
            rec.record(epoch)
        rec.wait()
        assert rec._pipeline.most <= max(limit, largest)
    gc.collect()
    assert 0 < most <= max(limit, largest)
    assert alive == 0
    gt.open_run(tmp_path / "r").check()


def test_of_several_layers_that_fail_the_first_is_named(tmp_path, gate):
    net = model()
    with recorder(tmp_path / "r", net) as rec:
        with torch.no_grad():
            net[0].weight.fill_(1e6)  # too large for float16 in each layer behind
        gate.set()
        with pytest.raises(NotFiniteError, match="epoch 3, layer '0' must be finite"):
            rec.record(3)
            rec.wait()
        assert rec.epochs == ()
        rec.wait()  # it is told once
        with torch.no_grad():
            net[0].weight.fill_(0.5)
        rec.record(3)
    gt.open_run(tmp_path / "r").check()


def test_outputs_that_are_not_finite_are_told_at_once_with_the_layer_where_it_began(tmp_path):
    net = model()
    with recorder(tmp_path / "r", net) as rec:
        with torch.no_grad():
            net[0].bias[0] = float("nan")
        with pytest.raises(NotFiniteError, match="epoch 0, layer '0' must be finite"):
            rec.record(0)
        with torch.no_grad():
            net[0].bias.fill_(0)
            net[2].bias[0] = float("nan")
        with pytest.raises(NotFiniteError, match="epoch 0, layer 'logits' must be finite"):
            rec.record(0)


@pytest.mark.parametrize("told_by", ["record", "wait", "close", "with"])
def test_what_failed_is_told_by_the_next_call(tmp_path, monkeypatch, told_by):
    rec = recorder(tmp_path / "r")
    rec.record(0)
    rec.wait()

    def full(self, *_):
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(RunWriter, "commit", full)  # behind all else, so that record returns before
        rec.record(1)
        rec._pipeline.wait()
    with pytest.raises(RunError, match=r"epoch 1 could not be written to .*: the disk is full"):
        if told_by == "record":
            rec.record(2)
        elif told_by == "with":
            with rec:
                pass
        else:
            getattr(rec, told_by)()
    if told_by in ("record", "wait"):
        rec.record(2)
        rec.close()
    kept = [0, 2] if told_by in ("record", "wait") else [0]
    run = gt.open_run(tmp_path / "r")
    assert run.epochs.tolist() == kept
    with RunWriter(tmp_path / "r"):
        pass  # whatever failed, others can write


def test_an_error_that_is_under_way_is_not_hidden_by_the_disk(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(RunWriter, "put_weight", lambda *_: (_ for _ in ()).throw(OSError(28, "x")))
    with pytest.raises(ZeroDivisionError), recorder(tmp_path / "r") as rec:
        rec.record(0)
        raise ZeroDivisionError
    assert "epoch 0 could not be written" in caplog.text


class Interrupted(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.at = nn.Linear(D, 8), nn.Linear(8, K), None

    def forward(self, x):
        x = self.first(x)
        if self.at is not None:
            self.at -= 1
            if self.at < 0:
                raise KeyboardInterrupt
        return self.second(x)


@pytest.mark.parametrize("batch", [0, 1, 2])
def test_an_interrupt_in_the_middle_of_an_epoch_leaves_those_before(tmp_path, batch):
    net = Interrupted()
    with recorder(tmp_path / "r", net, batch_size=4) as rec:
        rec.record(0)
        net.at = batch
        with pytest.raises(KeyboardInterrupt):
            rec.record(1)
        assert rec.epochs == (0,)
        net.at = None
        rec.record(1)
    run = gt.open_run(tmp_path / "r")
    run.check()
    assert run.epochs.tolist() == [0, 1]


def test_an_interrupt_while_it_waits_for_the_epoch_before_costs_none(tmp_path, gate, monkeypatch):
    rec = recorder(tmp_path / "r")
    rec.record(0)

    def interrupt():
        raise KeyboardInterrupt

    for call in (lambda: rec.record(1), rec.wait, rec.close):
        with monkeypatch.context() as patch:
            patch.setattr(rec._pipeline, "wait", interrupt)
            with pytest.raises(KeyboardInterrupt):
                call()
    gate.set()
    rec.record(1)
    rec.close()
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1]


def test_one_that_nobody_has_any_more_writes_what_it_was_given(tmp_path, gate):
    rec = recorder(tmp_path / "r")
    rec.record(0)
    rec.itself = rec  # only the collector finds it
    threading.Timer(0.05, gate.set).start()
    del rec
    gc.collect()
    with RunWriter(tmp_path / "r") as writer:
        assert writer.epochs == (0,)


def test_a_writer_that_collects_its_own_recorder_does_not_wait_for_itself(tmp_path, monkeypatch):
    rec = recorder(tmp_path / "r")
    pipeline, original = rec._pipeline, RunWriter.put_weight

    def put_weight(self, *given):
        pipeline.close()  # as the collector would, on this thread
        original(self, *given)

    monkeypatch.setattr(RunWriter, "put_weight", put_weight)
    rec.record(0)
    threads = list(pipeline._threads)
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    with RunWriter(tmp_path / "r") as writer:
        assert writer.epochs == (0,)


EXITS = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.unit.record.test_pipeline import recorder
from gt.run import RunWriter
import time
original = RunWriter.put
def put(self, *given):
    time.sleep(0.02)
    original(self, *given)
RunWriter.put = put
rec = recorder(Path({path!r}))
rec.record(0)
assert rec.epochs == ()
{how}
"""


@pytest.mark.parametrize("how", ["", "raise SystemExit(3)", "1 / 0", "held = [rec]; rec.me = held"])
def test_a_process_that_ends_without_closing_writes_what_it_was_given(tmp_path, how):
    code = EXITS.format(root=str(ROOT), path=str(tmp_path / "r"), how=how)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert "AssertionError" not in done.stderr
    run = gt.open_run(tmp_path / "r")
    assert run.epochs.tolist() == [0], done.stderr
    run.check()
    assert not (tmp_path / "r" / "writer.lock").exists()


FORKS = """
import os, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.unit.record.test_pipeline import recorder
from gt.run import RunError
rec = recorder(Path({path!r}))
rec.record(0)
child = os.fork()
if child == 0:
    try:
        rec.record(1)
    except RunError as error:
        rec.close()
        rec.wait()
        print("child", error, flush=True)
    sys.exit(0)
print("ended", os.waitpid(child, 0)[1], flush=True)
rec.record(1)
rec.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_forked_child_neither_writes_nor_closes(tmp_path):
    code = FORKS.format(root=str(ROOT), path=str(tmp_path / "r"))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "child record: a Recorder must be used by the process that made it" in done.stdout
    assert "ended 0" in done.stdout, done.stderr
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1]


def test_a_second_recorder_is_refused_while_the_first_still_writes(tmp_path, gate):
    rec = recorder(tmp_path / "r")
    rec.record(0)
    with pytest.raises(LockedRunError):
        recorder(tmp_path / "r", resume=True)
    gate.set()
    rec.close()
    with recorder(tmp_path / "r", resume=True) as again:
        assert again.epochs == (0,)


def test_blocks_of_another_size_than_the_chunks_are_joined(tmp_path):
    with recorder(tmp_path / "r", batch_size=5) as rec:
        rec.record(0)
    with recorder(tmp_path / "r", batch_size=7, resume=True) as rec:
        rec.record(1)
    with recorder(tmp_path / "r", resume=True) as rec:
        assert rec._batch == 5  # as the run's chunks
    run = gt.open_run(tmp_path / "r")
    run.check()
    for name in ("0", "1", "logits"):
        np.testing.assert_allclose(run.activations(name, 0), run.activations(name, 1), atol=1e-3)


def test_halves_are_the_same_bits_as_numpy_makes(tmp_path):
    class Writer:
        place, epochs, seen = tmp_path, (), []
        run = SimpleNamespace(unit="epoch")

        def stored_type(self, _):
            return np.dtype(np.float16)

        def put(self, layer, start, block, epoch):
            self.seen.append((start, block.copy()))

        def close(self):
            pass

    rng = np.random.default_rng(0)
    values = (rng.normal(size=(50, 7)) * 10 ** rng.uniform(-9, 5, (50, 7))).astype(np.float32)
    writer = Writer()
    pipeline = Pipeline(writer, limit=10**6, count=2)
    blocks = [values, torch.from_numpy(values), torch.from_numpy(values.T.copy()).T]
    for i, block in enumerate(blocks):
        pipeline.put(None, i, block, 0)
    assert pipeline.wait() is None
    pipeline.close()
    assert sorted(start for start, _ in writer.seen) == [0, 1, 2]
    with np.errstate(over="ignore"):
        expected = values.astype(np.float16)
    for _, block in writer.seen:
        np.testing.assert_array_equal(block.view(np.uint16), expected.view(np.uint16))
