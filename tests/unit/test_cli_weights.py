"""``gt weights``: one line of what was brought, one line of what cannot be."""

from __future__ import annotations

import numpy as np
import pytest

import gt
from gt import cli
from gt.kept.weights import open_checkpoints
from tests.networks import write_network

pytest.importorskip("torch")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    write_network(folder / "layers", whole=True)
    write_network(folder / "outputs", layers="outputs", whole=True)
    gt.write_run(folder / "arrays", np.eye(3)[None], [0, 1, 2])
    return folder


def test_weights_go_into_a_smaller_run_of_the_same_training(runs, capsys, monkeypatch):
    monkeypatch.chdir(runs)
    assert cli.main(["manifest", "."]) == 0
    assert cli.main(["weights", "layers", "--into", "outputs", "--every", "2", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "outputs/checkpoints: 2 epochs, 0 to 2, 0.0 MB; probabilities are off by" in said
    assert "gt manifest ." in said and "gt serve --runs outputs" in said
    kept = open_checkpoints(gt.open_run("outputs"))
    assert kept.made["command"] == "gt weights layers --into outputs --every 2"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["outputs", "--into", "layers"], "outputs must hold weights, it does not"),
        (["layers", "--into", "arrays"], "arrays must hold images"),
        (["nix", "--into", "outputs"], "no folder nix"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(runs, capsys, monkeypatch, argv, said):
    monkeypatch.chdir(runs)
    assert cli.main(["weights", *argv, "--quiet"]) == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith("gt weights: ") and said in error and "\n" not in error
