"""Two processes that train one network record one run, as one process would; nobody waits for ever."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import gt
from gt.errors import RunError
from gt.run import disk
from gt.run.begin import LOCK

torch = pytest.importorskip("torch")
if not (torch.distributed.is_available() and torch.distributed.is_gloo_available()):
    pytest.skip("this PyTorch has no gloo", allow_module_level=True)

from tests.unit.record import ranked  # noqa: E402

SCRIPT = Path(ranked.__file__)
LIMIT = 300  # seconds, for a busy machine


def start(folder, what, *more):
    """Run two ranks to their end; returns how each ended."""
    store = folder / f"store-{what}-{len(list(folder.glob('store*')))}"
    ends = []
    common = [str(store), what, *map(json.dumps, more)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(SCRIPT.parents[3]),
        "OMP_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore",
    }
    ranks = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), str(folder), str(rank), *common],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for rank in range(2)
    ]
    try:
        for process in ranks:
            output, _ = process.communicate(timeout=LIMIT)
            ends.append((process.returncode, output))
    finally:
        for process in ranks:
            process.kill()
            process.wait()
    return ends


def run(folder, what, *more):
    for code, output in start(folder, what, *more):
        assert code == 0, output
    names = [str(word) for word in more]
    return [
        json.loads((folder / f"{'-'.join([what, *names])}-{rank}.json").read_text())
        for rank in range(2)
        if (folder / f"{'-'.join([what, *names])}-{rank}.json").exists()
    ]


def contents(path):
    """All that is in a run but its own id and title; files byte by byte."""
    files = {
        str(file.relative_to(path)): file.read_bytes()
        for file in path.rglob("*")
        if file.is_file() and file.name not in ("zarr.json", LOCK)
    }
    files["checks"] = files["checks"].partition(b"\n")[2]  # the first line says whose they are
    own = ("uid", "title")
    return files, {k: v for k, v in disk.read_attributes(path).items() if k not in own}


@pytest.fixture(scope="module", params=["ddp", "fsdp"])
def trained(request, tmp_path_factory):
    """Folder of a training of two ranks that was recorded, and how."""
    folder = tmp_path_factory.mktemp(request.param)
    for code, output in start(folder, "trained", request.param):
        assert code == 0, output
    return folder, request.param


def test_two_ranks_record_what_one_process_records(trained):
    tmp_path, how = trained
    told = [json.loads((tmp_path / f"{how}-True-{rank}.json").read_text()) for rank in range(2)]
    # what was on the disk when each record began, then all
    assert told[0]["seen"] == told[1]["seen"] == [[], [0], [0, 1], [0, 1, 2]]
    states = torch.load(tmp_path / f"{how}-True-0.pt")
    other = torch.load(tmp_path / f"{how}-True-1.pt")
    assert not torch.equal(states[-1]["norm.running_mean"], other[-1]["norm.running_mean"])
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        net = ranked.network()
        with gt.Recorder(net, tmp_path / "alone", **ranked.points()) as rec:
            for epoch, state in enumerate(states):
                net.load_state_dict(state)
                rec.record(epoch, lr=0.1)
    finally:
        torch.set_num_threads(threads)
    gt.open_run(tmp_path / how).check()
    found, alone = contents(tmp_path / how), contents(tmp_path / "alone")
    assert found[0].keys() == alone[0].keys() and len(found[0]) > 20
    assert [name for name in found[0] if found[0][name] != alone[0][name]] == []
    assert found[1] == alone[1]
    assert not (tmp_path / how / LOCK).exists()


def test_a_training_on_two_ranks_is_not_changed_by_recording(trained):
    tmp_path, how = trained
    ends = {}
    for code, output in start(tmp_path, "trained", how, False):
        assert code == 0, output
    for record in (True, False):
        for rank in range(2):
            told = json.loads((tmp_path / f"{how}-{record}-{rank}.json").read_text())
            ends[record, rank] = told["state"]
    for rank in range(2):
        assert ends[True, rank] == ends[False, rank]


def test_one_rank_records_alone_where_that_is_said(tmp_path):
    run(tmp_path, "one")
    assert gt.open_run(tmp_path / "one").epochs.tolist() == [0]


def test_a_recorder_of_one_rank_that_says_nothing_waits_for_nobody_long(tmp_path):
    told = run(tmp_path, "missing")
    assert "all 2 ranks must make the Recorder, rank 1 did not within 2 s" in told[0]["met"]
    assert 'on one alone with ranks="one"' in told[0]["met"]
    assert not (tmp_path / "missing").exists()


def test_a_rank_that_does_not_record_is_missed(tmp_path):
    told = run(tmp_path, "absent")
    assert "must make the Recorder and call record, wait and close alike" in told[0]["met"]
    assert "within 5 s" in told[0]["met"]
    assert gt.open_run(tmp_path / "absent").epochs.tolist() == [0]
    assert not (tmp_path / "absent" / LOCK).exists()


def test_what_differs_between_ranks_is_told_to_all(tmp_path):
    told = run(tmp_path, "differing")
    inputs, model, layers, labels, epochs = told[0]["met"]
    assert "all ranks must give the same inputs" in inputs
    assert "all ranks must have the same model" in model
    assert "all ranks must give the same layers" in layers
    assert "labels" in labels and labels.endswith("(met on rank 1)")
    assert "must give the same epoch, rank 1 gave 2 and rank 0 1" in epochs
    mine = told[1]["met"]
    assert [mine[0], mine[1], mine[2], mine[4]] == [inputs, model, layers, epochs]
    assert mine[3] + " (met on rank 1)" == labels
    assert told[0]["epochs"] == told[1]["epochs"] == [0, 1]


@pytest.mark.parametrize("how", ["ddp", "fsdp"])
def test_what_one_rank_meets_is_told_on_both_and_the_next_is_recorded(tmp_path, how):
    told = run(tmp_path, "failing", how)
    assert told[0]["met"][0].startswith(
        "RunError: record: rank 1 failed, and nothing was recorded: ValueError: not today"
    )
    assert told[1]["met"][0] == "ValueError: not today"
    assert "NotWrittenError: record: epoch 1 could not be written" in told[0]["met"][1]
    assert told[1]["met"][1] == f"{told[0]['met'][1]} (met on rank 0)"
    run_ = gt.open_run(tmp_path / f"failing-{how}")
    run_.check()
    assert run_.epochs.tolist() == told[0]["epochs"] == told[1]["epochs"] == [0, 1]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_rank_that_is_killed_costs_no_finished_epoch(tmp_path):
    ends = start(tmp_path, "killed")
    assert ends[0][0] == 0, ends[0][1]
    assert ends[1][0] == -9
    told = json.loads((tmp_path / "killed.json").read_text())
    assert "the run keeps its finished epochs" in told["met"] and told["epochs"] == [0, 1]
    found = gt.open_run(tmp_path / "killed")
    found.check()
    assert found.epochs.tolist() == [0, 1]
    with gt.Recorder(ranked.network(), tmp_path / "killed", **ranked.points(), resume=True) as rec:
        rec.record(2)


def test_a_script_on_two_ranks_is_started_once_more(tmp_path):
    for _ in range(2):
        for code, output in start(tmp_path, "again"):
            assert code == 0, output
    said = [sorted(tmp_path.glob(f"again-{rank}-*.json")) for rank in range(2)]
    first, second = (json.loads(file.read_text())["met"] for file in said[0])
    assert first == [[[], [0]], [[0], [0, 1]], [[], [0]]]
    assert "it is a run with epoch 0 already; resume=True goes on" in second[0]
    assert second[1:] == [[[0], [0, 1]], [[], [0]]]
    other = json.loads(said[1][1].read_text())["met"]
    assert other == [f"{second[0]} (met on rank 0)", *second[1:]]
    assert gt.open_run(tmp_path / "again").epochs.tolist() == [0]


def test_what_ranks_may_be_is_said(tmp_path):
    for wrong in ({"ranks": "first"}, {"ranks": None}, {"timeout": 0}):
        with pytest.raises(RunError, match="must be"):
            gt.Recorder(ranked.network(), tmp_path / "r", **ranked.points(), **wrong)
    assert np.array_equal(list(tmp_path.iterdir()), [])
    for ranks in ("all", "one"):  # of a training that is not distributed
        with gt.Recorder(ranked.network(), tmp_path / ranks, **ranked.points(), ranks=ranks) as rec:
            rec.record(0)
