"""Training and recording stop and go on: the same epochs come out, bit by bit."""

from dataclasses import replace

import numpy as np
import pytest

import gt
from gt.record.recipe import RECIPES
from gt.run import RunError

torch = pytest.importorskip("torch")
from gt.record import train  # noqa: E402  (needs torch)
from gt.record.datasets import load  # noqa: E402


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def recipe(name="mnist", epochs=2, **changes):
    return replace(RECIPES[name], epochs=epochs, lr=0.05, **changes)


def record(recipe, data, path, stop_after=None):
    steps = train.record_dataset(recipe, data, path, per_class=(5, 5))
    for i, _ in enumerate(steps):
        if i + 1 == stop_after:
            steps.close()
            break
    return gt.open_run(path)


def same(a, b):
    assert a.epochs.tolist() == b.epochs.tolist()
    for i in range(len(a.epochs)):
        np.testing.assert_array_equal(a.activations("logits", i), b.activations("logits", i))
    np.testing.assert_array_equal(a.history.class_loss, b.history.class_loss)


def test_what_a_run_holds(data_dir, tmp_path):
    data = load("mnist", data_dir)
    run = record(recipe(), data, tmp_path / "mnist")
    assert run.epochs.tolist() == [0, 1, 2] and run.n == 100
    assert np.bincount(run.labels[run.splits == 1]).tolist() == [5] * 10
    train_ids, test_ids = run.ids[run.splits == 0], run.ids[run.splits == 1] - 100_000
    np.testing.assert_array_equal(data.train.labels[train_ids], run.labels[run.splits == 0])
    np.testing.assert_array_equal(data.test.images[test_ids], run.images[run.splits == 1])
    assert run.made["command"].startswith("gt record mnist --epochs 2 --seed")
    assert run.made["training_seconds"] > 0 and "torch" in run.made["versions"]
    assert (run.history.lr == np.float32(0.05)).all()
    other = record(recipe(seed=9), data, tmp_path / "other")
    np.testing.assert_array_equal(run.ids, other.ids)


def test_history_is_over_the_whole_splits(data_dir, tmp_path):
    data = load("mnist", data_dir)
    run = record(recipe(epochs=1), data, tmp_path / "r")
    model = train.make_model("mnist")
    model.load_state_dict(torch.load(tmp_path / "r" / train.CHECKPOINT, weights_only=True)["model"])
    for s, split in enumerate((data.train, data.test)):
        with torch.no_grad():
            out = model(train._inputs(split, data, "cpu"))
        labels = torch.from_numpy(split.labels)
        loss = torch.nn.functional.cross_entropy(out, labels, reduction="none")
        assert run.history.loss[-1, s] == pytest.approx(loss.mean().item(), rel=1e-4)
        of_3 = loss[labels == 3].mean().item()
        assert run.history.class_loss[-1, s, 3] == pytest.approx(of_3, rel=1e-4)


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_a_stopped_run_goes_on_as_if_it_had_not_been(data_dir, tmp_path, name):
    data = load(name, data_dir)
    whole = record(recipe(name), data, tmp_path / "whole")
    for stop in (1, 2):
        record(recipe(name), data, tmp_path / str(stop), stop_after=stop)
        same(record(recipe(name), data, tmp_path / str(stop)), whole)


def test_stopped_between_checkpoint_and_record(data_dir, tmp_path, monkeypatch):
    data = load("mnist", data_dir)
    whole = record(recipe(), data, tmp_path / "whole")
    evaluate, calls = train._evaluate, []

    def fail_at_third(*args):
        calls.append(0)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return evaluate(*args)

    monkeypatch.setattr(train, "_evaluate", fail_at_third)
    with pytest.raises(KeyboardInterrupt):
        record(recipe(), data, tmp_path / "r")
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1]
    same(record(recipe(), data, tmp_path / "r"), whole)


def test_a_run_can_go_on_for_longer(data_dir, tmp_path):
    data = load("mnist", data_dir)
    record(recipe(epochs=1), data, tmp_path / "r")
    assert not list(train.record_dataset(recipe(epochs=1), data, tmp_path / "r", per_class=(5, 5)))
    longer = record(recipe(), data, tmp_path / "r")
    same(longer, record(recipe(), data, tmp_path / "whole"))
    assert "--epochs 2 " in longer.made["command"]


def test_another_recipe_and_a_lost_checkpoint_are_refused(data_dir, tmp_path):
    data = load("mnist", data_dir)
    record(recipe(epochs=1), data, tmp_path / "r")
    with pytest.raises(
        RunError, match=r"with seed \d+, asked for was seed 77; choose another --out"
    ):
        record(recipe(seed=77), data, tmp_path / "r")
    (tmp_path / "r" / train.CHECKPOINT).unlink()
    with pytest.raises(RunError, match=r"no checkpoint\.pt"):
        record(recipe(), data, tmp_path / "r")
