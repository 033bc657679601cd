"""The callback for Lightning, in its real Trainer."""

from functools import cache

import numpy as np
import pytest

import gt

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore")  # of Lightning's own, about tiny trainings
nn = torch.nn
N, D, K = 24, 4, 3


@cache
def lightning():
    """Lightning, which takes seconds: for these tests, not for every process that collects them."""
    return pytest.importorskip("lightning.pytorch")


@cache
def network():
    """The class of the module that is trained."""

    class Net(lightning().LightningModule):
        def __init__(self, fails_in=None):
            super().__init__()
            self.net = nn.Sequential(nn.Linear(D, 8), nn.ReLU(), nn.Linear(8, K))
            self.fails_in = fails_in

        def forward(self, x):
            return self.net(x)

        def training_step(self, batch, _):
            if self.current_epoch == self.fails_in:
                raise ValueError("diverged")
            x, y = batch
            loss = nn.functional.cross_entropy(self(x), y)
            self.log("train_loss", loss, on_step=False, on_epoch=True)
            return loss

        def validation_step(self, batch, _):
            x, y = batch
            self.log("val_loss", nn.functional.cross_entropy(self(x), y))

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.25)

    return Net


def data():
    generator = torch.Generator().manual_seed(1)
    return torch.utils.data.TensorDataset(
        torch.randn(N, D, generator=generator), torch.arange(N) % K
    )


def fit(folder, callback, epochs=3, net=None, checkpoint=None, **more):
    torch.manual_seed(2)
    net = net or network()()
    trainer = lightning().Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        devices=1,
        logger=False,
        callbacks=[*([callback] if callback else [])],
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        default_root_dir=folder,
        **more,
    )
    loader = torch.utils.data.DataLoader(data(), batch_size=8)
    trainer.fit(net, loader, loader, ckpt_path=checkpoint)
    return trainer, net


def callback(path, **more):
    lightning()
    from gt.lightning import GrandTourCallback

    x, y = data().tensors
    return GrandTourCallback(path, inputs=x, labels=y, layers="all", **more)


def test_epochs_are_recorded_with_what_is_logged(tmp_path):
    splits = np.arange(N) % 2
    seen = callback(tmp_path / "r", loss=("train_loss", "val_loss"), splits=splits)
    _, net = fit(tmp_path, seen)
    _, plain = fit(tmp_path, None)
    assert seen.recorder is None
    for a, b in zip(net.parameters(), plain.parameters(), strict=True):
        assert torch.equal(a, b)
    run = gt.open_run(tmp_path / "r")
    run.check()
    assert run.epochs.tolist() == [0, 1, 2, 3]
    x, y = data().tensors
    np.testing.assert_allclose(run.activations("logits", 3), net(x).detach(), rtol=1e-5)
    last = nn.functional.cross_entropy(net(x), y).item()  # of the epoch's end, as val_loss
    assert run.history.loss[-1, 1] == pytest.approx(last, rel=1e-3)
    # before anything is logged it is the probe points' own: a sanity check tells of two batches
    logits, labels = torch.from_numpy(run.activations("logits", 0)), torch.arange(N) % K
    for split in (0, 1):
        own = nn.functional.cross_entropy(logits[splits == split], labels[splits == split])
        assert run.history.loss[0, split] == pytest.approx(own.item(), rel=1e-5)
    assert np.isfinite(run.history.loss).all() and run.history.lr.tolist() == [0.25] * 4
    assert [layer.name for layer in run.layers][:2] == ["input", "net.0"]


def test_what_was_logged_before_is_not_told_again(tmp_path):
    seen = callback(tmp_path / "r", loss=("train_loss", "val_loss"))
    fit(tmp_path, seen, epochs=4, check_val_every_n_epoch=2, num_sanity_val_steps=0)
    loss = gt.open_run(tmp_path / "r").history.loss
    # no point is of the test split: where nothing was validated there is nothing to tell
    assert np.isnan(loss[:, 1]).tolist() == [True, True, False, True, False]
    assert np.isfinite(loss[:, 0]).all()


def test_steps_and_a_part_of_the_module(tmp_path):
    steps = gt.record.log_spaced(9, 5)
    more = {"steps": steps, "part": "net"}
    fit(tmp_path, callback(tmp_path / "r", **more), accumulate_grad_batches=1)
    run = gt.open_run(tmp_path / "r")
    assert run.unit == "step" and run.epochs.tolist() == list(steps)
    assert [layer.name for layer in run.layers][:2] == ["input", "0"]
    fit(tmp_path, callback(tmp_path / "s", steps=2), accumulate_grad_batches=3)
    assert gt.open_run(tmp_path / "s").epochs.tolist() == [0, 2]


def test_a_checkpoint_goes_on_with_the_run(tmp_path):
    trainer, _ = fit(tmp_path, callback(tmp_path / "r"), epochs=2)
    trainer.save_checkpoint(tmp_path / "last.ckpt")
    fit(tmp_path, callback(tmp_path / "r"), epochs=4, checkpoint=tmp_path / "last.ckpt")
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1, 2, 3, 4]
    # again from there: what is recorded already stays as it is
    fit(tmp_path, callback(tmp_path / "r"), epochs=5, checkpoint=tmp_path / "last.ckpt")
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1, 2, 3, 4, 5]
    with pytest.raises(gt.RunError, match="overwrite=True replaces it"):
        fit(tmp_path, callback(tmp_path / "r"))
    fit(tmp_path, callback(tmp_path / "r", overwrite=True, every_n_epochs=2))
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 2]


def test_what_was_recorded_before_an_error_is_there(tmp_path):
    seen = callback(tmp_path / "r")
    with pytest.raises(ValueError, match="diverged"):
        fit(tmp_path, seen, net=network()(fails_in=2))
    assert seen.recorder is None
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1, 2]


def test_what_cannot_be_is_said(tmp_path):
    for wrong in ({"every_n_epochs": 0}, {"steps": True}, {"loss": ("a", "b", "c")}):
        with pytest.raises(gt.RunError, match="must be"):
            callback(tmp_path / "r", **wrong)
