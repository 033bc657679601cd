"""A disk that is full costs the epoch that did not fit, and the error says how to go on."""

import errno
import os
import threading

import numpy as np
import pytest
from zarr.storage import _local

import gt
from gt.files import durable
from gt.record import train
from gt.run import NotWrittenError, checks

torch = pytest.importorskip("torch")
nn = torch.nn
N, D, K = 10, 4, 3


class Disk:
    """Takes so many files and then is full; half of the file that does not fit is written."""

    def __init__(self, monkeypatch, code=errno.ENOSPC):
        self.room, self.written, self.code = 10**9, 0, code
        self.lock = threading.Lock()  # several threads write
        made, placed = _local._atomic_write, durable.place

        def make(path, mode, exclusive=False):
            self.take(path)
            return made(path, mode, exclusive)

        def place(path, content, **given):
            self.take(path)
            return placed(path, content, **given)

        monkeypatch.setattr(_local, "_atomic_write", make)
        monkeypatch.setattr(durable, "place", place)
        monkeypatch.setattr(durable, "replace", self._of(durable.replace))
        monkeypatch.setattr(checks, "append", self._of(checks.append))

    def _of(self, original):
        def write(*given, **named):
            self.take(None)
            return original(*given, **named)

        return write

    def take(self, path):
        with self.lock:
            if self.written < self.room:
                self.written += 1
                return
        if path is not None and path.parent.is_dir():
            path.with_suffix(".half.partial").write_bytes(b"half")
        raise OSError(self.code, os.strerror(self.code))

    def takes(self, files):
        self.room = self.written + files


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def recorder(path, model, **more):
    torch.manual_seed(0)
    given = {"inputs": torch.randn(N, D), "labels": np.arange(N) % K}
    return gt.Recorder(model, path, **given, layers="all", batch_size=4, **more)


def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(D, 5), nn.ReLU(), nn.Linear(5, K))


def check(path, epochs, whole=True):
    run = gt.open_run(path)
    assert run.epochs.tolist() == list(epochs)
    assert run.made.get("note") == "kept"
    for i in range(len(epochs))[0 if whole else -1 :]:
        np.testing.assert_array_equal(run.weights(i)["2.bias"], np.full(K, epochs[i]))
    if whole:
        run.check()


def set_to(net, epoch):
    with torch.no_grad():
        net[2].bias.fill_(epoch)


def surface(rec, epoch, turn):
    """What the disk said is told by the next call, whichever it is."""
    (rec.wait, lambda: rec.record(epoch), lambda: rec.record(epoch + 1))[turn % 3]()


def test_wherever_it_fills_up_the_run_stays_and_goes_on(tmp_path, disk):
    """An epoch is some 20 files; the disk fills up at each of them in turn, at the last too."""
    net, path = model(), tmp_path / "r"
    with recorder(path, net) as rec:
        set_to(net, 0)
        rec.record(0, made={"note": "kept"})
        rec.wait()
        before = disk.written
        set_to(net, 1)
        rec.record(1)
        rec.wait()
        files = disk.written - before
        assert files >= 18
        epochs = [0, 1]
        for room in range(files):
            epoch = epochs[-1] + 1
            set_to(net, epoch)
            disk.takes(room)
            with pytest.raises(NotWrittenError) as error:
                rec.record(epoch)
                surface(rec, epoch, room)
            assert f"record: epoch {epoch} could not be written" in str(error.value)
            assert "the disk is full" in str(error.value)
            assert f"epochs 0 to {epochs[-1]} and stays as it is; make room" in str(error.value)
            check(path, epochs, whole=False)
            disk.takes(10**9)
            rec.record(epoch)
            rec.wait()
            epochs.append(epoch)
    check(path, epochs)
    with recorder(path, net, resume=True) as rec:
        epoch = epochs[-1] + 1
        set_to(net, epoch)
        rec.record(epoch)
    check(path, [*epochs, epoch])
    assert not list(path.rglob("*.partial"))


@pytest.mark.parametrize("room", [0, 1, 7])
def test_a_run_that_does_not_fit_at_all(tmp_path, disk, room):
    net, path = model(), tmp_path / "r"
    disk.takes(room)
    with pytest.raises(NotWrittenError, match=r"Recorder: .* could not be made.*the disk is full"):
        recorder(path, net)
    assert not path.exists()
    disk.takes(10**9)
    with recorder(path, net) as rec:
        rec.record(0)


def test_another_reason_is_said_as_it_is(tmp_path, monkeypatch):
    disk, net = Disk(monkeypatch, errno.EROFS), model()
    with recorder(tmp_path / "r", net) as rec:
        disk.takes(0)
        with pytest.raises(
            NotWrittenError, match=r"Read-only file system; the run has no epoch yet"
        ):
            rec.record(0)
            rec.wait()


def test_an_error_of_the_model_is_its_own(tmp_path):
    class Reads(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc, self.file = nn.Linear(D, K), None

        def forward(self, x):
            if self.file:
                raise OSError(errno.ENOSPC, "of the model")
            return self.fc(x)

    net = Reads()
    with gt.Recorder(net, tmp_path / "r", inputs=torch.randn(N, D), labels=np.arange(N) % K) as rec:
        net.file = "x"
        with pytest.raises(OSError, match="of the model"):
            rec.record(0)


def test_an_interrupt_in_the_last_write_loses_nothing(tmp_path, monkeypatch):
    """It goes on from what is on the disk."""

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    net, path = model(), tmp_path / "r"
    with recorder(path, net) as rec:
        set_to(net, 0)
        rec.record(0, made={"note": "kept"})
        rec.wait()
        set_to(net, 1)
        with monkeypatch.context() as patch:
            patch.setattr(durable, "replace", interrupt)
            with pytest.raises(KeyboardInterrupt):  # in whichever call comes behind it
                rec.record(1)
                rec.wait()
        rec.record(1)
    check(path, [0, 1])


def test_a_checkpoint_that_does_not_fit_leaves_the_one_before(tmp_path, monkeypatch):
    net = model()
    train._save(tmp_path, net, 3, 1.0)
    before = (tmp_path / train.CHECKPOINT).read_bytes()

    def full(self, data):
        with self.open("wb") as stream:
            stream.write(data[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(
        NotWrittenError, match="No space left on device; the run and the checkpoint"
    ):
        train._save(tmp_path, net, 4, 2.0)
    assert [one.name for one in tmp_path.iterdir()] == [train.CHECKPOINT]
    assert (tmp_path / train.CHECKPOINT).read_bytes() == before
