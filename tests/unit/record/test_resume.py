"""A script that is started once more says what to do; what is asked for is done and loses nothing."""

import logging

import numpy as np
import pytest

import gt
from gt.record import opening
from gt.run import LockedRunError, RunError, RunWriter
from gt.run.begin import LOCK

torch = pytest.importorskip("torch")
nn = torch.nn
N, D, K = 12, 4, 3


def model(wide=8, seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(D, wide), nn.ReLU(), nn.Linear(wide, K))


def recorder(path, net, **more):
    torch.manual_seed(9)
    given = {"inputs": torch.randn(N, D), "labels": np.arange(N) % K, **more}
    return gt.Recorder(net, path, **given)


def learn(net, steps=30):
    """Move the weights by much."""
    generator = torch.Generator().manual_seed(steps)
    with torch.no_grad():
        for value in net.parameters():
            value += torch.randn(value.shape, generator=generator)


@pytest.fixture
def trained(tmp_path):
    """A run of epochs 0, 1 and 2, the states of its network, and that network."""
    net, states = model(), []
    with recorder(tmp_path / "r", net) as rec:
        for epoch in range(3):
            rec.record(epoch)
            states.append({name: value.clone() for name, value in net.state_dict().items()})
            learn(net, epoch)
    return tmp_path / "r", states, net


def loaded(state):
    net = model(seed=5)
    net.load_state_dict(state)
    return net


def test_a_run_with_epochs_is_left_alone_and_what_to_do_is_said(trained):
    path, states, _ = trained
    with pytest.raises(RunError) as error:
        recorder(path, loaded(states[2]))
    text = str(error.value)
    assert "it is a run with epochs 0 to 2 already" in text
    assert "resume=True goes on with it, overwrite=True replaces it" in text
    assert gt.open_run(path).epochs.tolist() == [0, 1, 2]
    assert not (path / LOCK).exists()


def test_a_run_without_epochs_is_continued_without_being_asked(tmp_path):
    recorder(tmp_path / "r", model()).close()
    with recorder(tmp_path / "r", model()) as rec:
        rec.record(0)


def test_the_checkpoint_of_the_last_epoch_goes_on(trained, caplog):
    path, states, _ = trained
    with recorder(path, loaded(states[2]), resume=True) as rec:
        assert rec.epochs == (0, 1, 2)
        with pytest.raises(RunError, match="epoch 2 is recorded already"):
            rec.record(2)
        rec.record(3)
    assert not caplog.records
    assert gt.open_run(path).epochs.tolist() == [0, 1, 2, 3]


def test_resume_makes_a_run_that_is_not_there(tmp_path):
    for wish in ({"resume": True}, {"overwrite": True}, {"resume": "anyway"}):
        with recorder(tmp_path / str(wish), model(), **wish) as rec:
            rec.record(0)
        assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_an_earlier_checkpoint_goes_on_and_it_is_said(trained, caplog):
    path, states, _ = trained
    with caplog.at_level(logging.WARNING), recorder(path, loaded(states[0]), resume=True):
        pass
    assert "the model is as it was in epoch 0" in caplog.text
    assert "epochs 0 to 2 already; record takes only what comes behind them" in caplog.text


@pytest.mark.parametrize("other", ["never recorded", "learned on"])
def test_a_model_in_a_state_that_no_epoch_had_is_asked_about(trained, other):
    path, _, net = trained
    now = model(seed=7) if other == "never recorded" else net
    learn(now, 40)
    with pytest.raises(RunError) as error:
        recorder(path, now, resume=True)
    assert "outputs are not those of epochs 0 to 2" in str(error.value)
    assert "load the checkpoint of epoch 2" in str(error.value)
    assert 'resume="anyway" goes on all the same' in str(error.value)
    with recorder(path, now, resume="anyway") as rec:
        rec.record(3)
    assert gt.open_run(path).epochs.tolist() == [0, 1, 2, 3]


def test_a_model_of_other_shapes_is_asked_about(trained):
    path, _, _ = trained
    with pytest.raises(RunError) as error:
        recorder(path, model(wide=16), resume=True)
    was, now = (D * w + w + w * K + K for w in (8, 16))
    assert f"of 4 parameters with {was} numbers, it has 4 parameters with {now}" in str(error.value)


@pytest.mark.parametrize("end", [nn.Softmax(1), nn.LogSoftmax(1)])
def test_whatever_a_model_gives_it_is_the_same_if_it_is(tmp_path, end, caplog):
    net = nn.Sequential(*model(), end)
    with recorder(tmp_path / "r", net) as rec:
        rec.record(0)
        learn(net)
        rec.record(1)
    with recorder(tmp_path / "r", net, resume=True) as rec:
        rec.record(2)
    assert not caplog.records


def test_a_run_that_says_nothing_of_its_model_is_compared_by_its_outputs(trained, monkeypatch):
    path, states, _ = trained
    original = opening.disk.read_attributes
    monkeypatch.setattr(
        opening.disk,
        "read_attributes",
        lambda path: {key: x for key, x in original(path).items() if key != "model"},
    )
    recorder(path, loaded(states[2]), resume=True).close()
    with pytest.raises(RunError, match="outputs are those of none"):
        recorder(path, model(seed=7), resume=True)


def test_overwritten_when_the_first_epoch_is_there_and_not_before(trained):
    path, _, net = trained
    uid = gt.open_run(path).uid
    rec = recorder(path, net, overwrite=True)
    assert gt.open_run(path).uid == uid and rec.epochs == ()
    with pytest.raises(LockedRunError):
        RunWriter(path)  # nobody else writes meanwhile
    rec.record(0)
    rec.wait()
    run = gt.open_run(path)
    assert run.uid != uid and run.epochs.tolist() == [0] and run.title == "r"
    with pytest.raises(LockedRunError):
        RunWriter(path)
    rec.record(1, lr=0.5)
    rec.close()
    run = gt.open_run(path)
    run.check()
    assert run.epochs.tolist() == [0, 1] and run.history.lr[1] == 0.5
    assert [p.name for p in path.parent.iterdir()] == ["r"]
    with RunWriter(path) as writer:
        assert writer.epochs == (0, 1)


@pytest.mark.parametrize("how", ["closed", "collected", "failed", "killed"])
def test_one_that_never_had_an_epoch_replaces_nothing(trained, monkeypatch, how):
    path, _, net = trained
    uid = gt.open_run(path).uid
    rec = recorder(path, net, overwrite=True)
    if how == "closed":
        rec.close()
    elif how == "failed":

        def full(*_):
            raise OSError(28, "full")

        with monkeypatch.context() as patch:
            patch.setattr(RunWriter, "put", full)
            with pytest.raises(
                RunError, match=rf"could not be written to {path}: the disk is full"
            ):
                rec.record(0)
                rec.wait()
        assert gt.open_run(path).uid == uid
        rec.close()
    elif how == "killed":  # what a process leaves that was killed is taken away by the next
        left = path.with_name(".r.new-0123456789ab")
        left.mkdir()
        (left / "zarr.json").write_text("{}")
        rec.close()
        recorder(path, net, overwrite=True).close()
    del rec
    run = gt.open_run(path)
    run.check()
    assert run.uid == uid and run.epochs.tolist() == [0, 1, 2]
    assert [p.name for p in path.parent.iterdir()] == ["r"]
    assert not (path / LOCK).exists()


def test_a_run_that_was_put_aside_by_one_that_was_killed_is_back(trained, caplog):
    path, states, _ = trained
    path.rename(path.with_name(".r.old-0123456789ab"))
    with recorder(path, loaded(states[2]), resume=True) as rec:
        assert rec.epochs == (0, 1, 2)
    assert "it is back" in caplog.text


def test_one_that_is_written_is_not_overwritten(trained):
    path, states, net = trained
    with (
        recorder(path, loaded(states[2]), resume=True),
        pytest.raises(LockedRunError, match="one writer at a time"),
    ):
        recorder(path, net, overwrite=True)
    assert [p.name for p in path.parent.iterdir()] == ["r"]


@pytest.mark.parametrize(
    "wish",
    [
        {"resume": True, "overwrite": True},
        {"resume": "yes"},
        {"overwrite": "yes"},
        {"resume": None},
    ],
)
def test_wishes_that_cannot_be_are_refused(tmp_path, wish):
    with pytest.raises(RunError, match="resume"):
        recorder(tmp_path / "r", model(), **wish)
    assert not list(tmp_path.iterdir())
