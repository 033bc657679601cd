"""Weights go from a recording into a smaller run of the same training: small, tried first, and shipped along."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import gt
from gt.kept.ship import folder_sha256, make_manifest, ship_run
from gt.kept.weights import FOLDER, LARGEST, open_checkpoints
from gt.layers.forward import forward
from gt.measure.network.bring_weights import bring_weights
from gt.run import RunError, ShapeError, TruncatedRunError
from gt.run.pixels import Scaling, fit_scaling
from tests.networks import EPOCHS, write_network

pytest.importorskip("torch")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two recordings of one training, with all layers and with the outputs."""
    folder = tmp_path_factory.mktemp("runs")
    write_network(folder / "layers", whole=True)
    write_network(folder / "outputs", layers="outputs", whole=True)
    return folder


@pytest.fixture
def runs(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "runs")
    return gt.open_run(folder / "layers"), gt.open_run(folder / "outputs")


def test_they_give_the_outputs_of_the_run_they_go_to(runs):
    layers, outputs = runs
    assert open_checkpoints(outputs) is None
    before = {p: p.read_bytes() for p in outputs.path.rglob("*") if p.is_file()}
    told = []
    kept = bring_weights(
        layers, outputs, command="gt weights", progress=lambda *said: told.append(said)
    )
    assert told[-1] == (4, 4, "epoch 4")
    assert all(p.read_bytes() == content for p, content in before.items())
    assert kept.epochs.tolist() == EPOCHS and kept.shape == (1, 8, 8)
    assert kept.of == {"run": "layers", "uid": layers.uid} and kept.owner == outputs.uid
    assert 0 < kept.made["off"] < 1e-3
    for i in range(len(EPOCHS)):
        exact, rounded = layers.weights(i), kept.weights(i)
        assert list(exact) == list(rounded)
        for name, value in exact.items():
            largest = max(np.abs(layers.weights(j)[name]).max() for j in range(len(EPOCHS)))
            assert np.abs(rounded[name] - value).max() <= 0.51 * largest / LARGEST
        x = kept.scaling.inputs(outputs.images, kept.shape)
        *_, out = forward(kept.layers, x, rounded)
        assert np.abs(out - outputs.activations("softmax", i)).max() <= 1.05 * kept.made["off"]


def test_some_epochs_will_do_and_a_later_choice_takes_their_place(runs):
    layers, outputs = runs
    bring_weights(layers, outputs)
    assert bring_weights(layers, outputs, every=3).epochs.tolist() == [0, 4]
    found = open_checkpoints(outputs)
    assert found.epochs.tolist() == [0, 4]
    assert [p.name for p in outputs.path.glob(".*")] == []


def test_a_shipped_run_takes_them_along_and_the_manifest_tells(runs, tmp_path):
    layers, outputs = runs
    kept = bring_weights(layers, outputs, command="gt weights layers --into outputs")
    copy = ship_run(outputs.path, tmp_path / "out")
    taken = open_checkpoints(copy)
    np.testing.assert_array_equal(taken.weights(2)["conv.weight"], kept.weights(2)["conv.weight"])
    assert folder_sha256(copy.path / FOLDER) == folder_sha256(outputs.path / FOLDER)
    told = make_manifest(tmp_path / "out")["outputs"]["checkpoints"]
    assert told == {"command": "gt weights layers --into outputs", "off": kept.made["off"]}


def test_those_of_another_training_are_refused_and_nothing_is_kept(runs):
    layers, outputs = runs
    other = gt.write_run(
        outputs.path.parent / "other",
        outputs.activations("logits", 0)[None, :, ::-1],
        outputs.labels,
        classes=outputs.classes,
        images=outputs.images,
    )
    for recording, owner, said in (
        (layers, other, "must give the outputs of other, a probability is off by"),
        (outputs, outputs, "outputs must hold weights"),
        (layers, gt.write_run(other.path.parent / "bare", np.zeros((1, 3, 3)), [0, 1, 2]), "must hold images"),
    ):  # fmt: skip
        with pytest.raises(RunError, match=said):
            bring_weights(recording, owner)
        assert not (owner.path / FOLDER).exists()


def test_those_of_another_run_are_not_used_and_damage_is_told(runs):
    layers, outputs = runs
    kept = bring_weights(layers, outputs)
    shutil.copytree(kept.path, layers.path / FOLDER)
    assert open_checkpoints(layers) is None
    meta = kept.path / "zarr.json"
    meta.write_text(
        meta.read_text().replace("conv.weight", "conv.wait").replace('"step"', '"stop"')
    )
    with pytest.raises(TruncatedRunError, match=r"is damaged"):
        open_checkpoints(outputs)


def test_a_damaged_parameter_is_told_when_it_is_read(runs):
    kept = bring_weights(*runs)
    for file in (kept.path / "parameters/000/c").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-3])
    with pytest.raises(TruncatedRunError, match=r"conv\.weight"):
        open_checkpoints(runs[1]).weights(0)


def test_how_images_become_inputs_is_found_from_what_was_recorded(runs):
    layers, outputs = runs
    scaling = fit_scaling(layers)
    assert scaling.mean == pytest.approx([0], abs=1e-6) and scaling.std == pytest.approx(
        [1], abs=1e-6
    )
    assert fit_scaling(outputs) is None
    images = np.arange(24, dtype=np.uint8).reshape(1, 2, 4, 3)
    x = Scaling((0.5, 0.25, 0), (0.5, 1, 2)).inputs(images, (3, 2, 4))
    np.testing.assert_allclose(
        x[0, :, 1, 2], (images[0, 1, 2] / 255 - [0.5, 0.25, 0]) / [0.5, 1, 2], rtol=1e-6
    )
    with pytest.raises(ShapeError, match=r"must have shape \(n, h, w, 1\)"):
        Scaling((0,), (1,)).inputs(images, (3, 2, 4))
    with pytest.raises(ShapeError, match="do not fit"):
        Scaling((0, 0, 0), (1, 1, 1)).inputs(images, (3, 4, 4))
    with pytest.raises(RunError, match="std above 0"):
        Scaling((0,), (0,))
