"""One Recorder at a time writes into a run, and it lets go of it whichever way it ends."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import gt
from gt.run import LockedRunError, NoRunError, NotWrittenError, RunError, ShapeError

torch = pytest.importorskip("torch")
nn = torch.nn
N, D, K = 8, 4, 3
LABELS = np.arange(N) % K


def recorder(path, labels=LABELS, *, resume=True, **given):
    torch.manual_seed(0)
    model, inputs = nn.Linear(D, K), torch.randn(N, D)
    return gt.Recorder(model, path, inputs=inputs, labels=labels, resume=resume, **given)


def test_a_second_recorder_is_refused_and_says_whose_the_run_is(tmp_path):
    first = recorder(tmp_path / "r")
    first.record(0)
    with pytest.raises(LockedRunError) as error:
        recorder(tmp_path / "r")
    text = str(error.value)
    assert f"({os.getpid()} on {platform.node()})" in text and "since 20" in text
    assert "close the writer (or Recorder)" in text
    first.record(1)
    first.close()
    first.close()
    with recorder(tmp_path / "r") as second:
        assert second.epochs == (0, 1)
        second.record(2)
        with pytest.raises(RunError, match="must be open, it was closed; make a new one"):
            first.record(3)
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1, 2]


def test_one_that_nobody_has_any_more_lets_go(tmp_path):
    rec = recorder(tmp_path / "r")
    rec.record(0)
    rec = recorder(tmp_path / "other")  # another takes its name
    rec = recorder(tmp_path / "r")
    rec.record(1)
    rec.wait()
    assert rec.epochs == (0, 1)


def test_one_that_fails_in_the_making_lets_go(tmp_path):
    recorder(tmp_path / "r").record(0)
    kept = []  # as a debugger or a notebook keeps the last error, with all that its frames hold
    for given in ({"labels": np.zeros(N, int)}, {"layers": "all"}):
        try:
            recorder(tmp_path / "r", **given)
        except RunError as error:
            kept.append(error)
    assert len(kept) == 2
    with recorder(tmp_path / "r") as rec:
        rec.record(1)


def test_one_whose_training_failed_lets_go(tmp_path):
    with pytest.raises(ZeroDivisionError), recorder(tmp_path / "r") as rec:
        rec.record(0)
        raise ZeroDivisionError
    with recorder(tmp_path / "r") as rec:
        assert rec.epochs == (0,)


HOLDS = """
import sys
sys.path.insert(0, {root!r})
from tests.unit.record.test_one_recorder import recorder
from pathlib import Path
rec = recorder(Path({path!r}))
rec.record(0)
rec.wait()
print("ready", flush=True)
sys.stdin.readline()
rec.record(1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_process_keeps_nobody_out(tmp_path):
    root = str(Path(__file__).parents[3])
    script = HOLDS.format(root=root, path=str(tmp_path / "r"))
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(LockedRunError, match=f"process {process.pid} on {platform.node()} "):
            recorder(tmp_path / "r")
        process.kill()
    with recorder(tmp_path / "r") as rec:
        rec.record(5)
    run = gt.open_run(tmp_path / "r")
    assert run.epochs.tolist() == [0, 5]
    run.check()


@pytest.mark.parametrize("address", ["s3://bucket/run", "memory://run"])
def test_an_address_is_no_folder(tmp_path, monkeypatch, address):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((RunError, NotWrittenError), match="://"):
        recorder(address)
    assert not list(tmp_path.iterdir())


def test_one_whose_folder_is_gone_says_so(tmp_path):
    rec = recorder(tmp_path / "r")
    rec.record(0)
    rec.wait()
    (tmp_path / "r").rename(tmp_path / "moved")
    with pytest.raises(NoRunError, match=r"r must be there while .* deleted or moved; put it back"):
        rec.record(1)
    (tmp_path / "moved").rename(tmp_path / "r")
    rec.record(1)
    rec.close()
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1]


def test_one_whose_folder_goes_in_the_middle_of_an_epoch_says_so_and_closes(tmp_path, caplog):
    class Removes(nn.Linear):
        gone = False

        def forward(self, x):
            if self.gone:
                shutil.rmtree(tmp_path / "r", ignore_errors=True)
            return super().forward(x)

    model = Removes(D, K)
    rec = gt.Recorder(model, tmp_path / "r", inputs=torch.randn(N, D), labels=LABELS)
    rec.record(0)
    model.gone = True
    with pytest.raises(RunError, match="must be this writer's"):
        rec.record(1)
        rec.wait()
    assert "cannot be read any more, it is closed" in caplog.text
    with pytest.raises(RunError, match="must be open"):
        rec.record(1)


@pytest.mark.parametrize("rate", [1j, np.complex128(1 + 0j), np.array(2j)])
def test_a_rate_that_is_no_real_number_is_refused(tmp_path, rate):
    rec = recorder(tmp_path / "r")
    with pytest.raises(ShapeError, match="lr must be one number"):
        rec.record(0, lr=rate)
    with pytest.raises(ShapeError, match="loss must be real numbers: complex"):
        rec.record(0, loss=rate)
    assert rec.epochs == ()
