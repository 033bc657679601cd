"""A recording that is killed at any moment opens with all completed epochs, and goes on."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import gt

pytest.importorskip("torch")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

KILLS = int(os.environ.get("GT_TEST_KILLS", "50"))  # 500 before a release
SCRIPT = Path(__file__).with_name("killed_recorder.py")


def outputs(epoch):
    return np.arange(3, dtype=np.float32) + epoch


def check(path, epochs):
    run = gt.open_run(path)
    for i in epochs:
        expected = np.broadcast_to(outputs(run.epochs[i]), (6, 3))
        np.testing.assert_array_equal(run.activations("logits", i), expected)
        np.testing.assert_array_equal(run.activations("0", i), 0)
        np.testing.assert_array_equal(run.weights(i)["1.bias"], outputs(run.epochs[i]))
        assert run.history.lr[i] == run.epochs[i]
        assert np.isfinite(run.history.loss[i, 0])
    return run


def test_killed_again_and_again(tmp_path):
    path = tmp_path / "run"
    rng = np.random.default_rng(0)
    command = [sys.executable, "-W", "ignore", str(SCRIPT), str(path)]
    checked = 0
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=SCRIPT.parents[3],
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parents[3])},
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        for kill in range(KILLS):
            begun = 0 if kill % 5 == 0 else rng.integers(1, 4)  # 0: while it opens or makes the run
            process.stdin.write(f"{begun} {rng.uniform(0, 1.2):.4f}\n")
            process.stdin.flush()
            assert process.stdout.readline().strip() == "True", "the child ended by itself"
            if not (path / "zarr.json").exists():
                continue
            run = gt.open_run(path)
            check(path, range(checked, len(run.epochs)))
            np.testing.assert_array_equal(run.epochs, np.arange(len(run.epochs)))
            done = (tmp_path / "done").read_text().split() if (tmp_path / "done").exists() else []
            assert len(run.epochs) >= len(done), "an epoch was reported that is not there"
            checked = len(run.epochs)
        process.stdin.close()
        process.wait(timeout=60)
    run = check(path, range(checked))
    run.check()
    assert checked > KILLS // 2, "hardly anything was recorded between the kills"
