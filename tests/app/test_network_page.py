"""/network without a browser: what it announces, what its routes answer, and what they say of a wrong question."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path

import numpy as np
import pytest

import gt
from gt import ids
from tests.app.conftest import text
from tests.app.test_pages import props_by_id
from tests.networks import EPOCHS, write_passages

pytest.importorskip("torch")
LAYERS = ["input", "conv", "relu1", "pool", "flatten", "linear1", "relu2", "logits", "softmax"]


@pytest.fixture(scope="module")
def passages(tmp_path_factory) -> Path:
    return write_passages(tmp_path_factory.mktemp("passages"))


@pytest.fixture
def runs_folder(passages) -> Path:
    """In the place of the runs that other tests share."""
    return passages


def unpacked(answer):
    """The head of an answer and the bytes behind it."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    raw = answer.data
    if answer.headers.get("Content-Encoding") == "gzip":
        raw = gzip.decompress(raw)
    [length] = struct.unpack_from("<I", raw)
    assert (4 + length) % 4 == 0
    return json.loads(raw[4 : 4 + length]), raw[4 + length :]


def test_it_announces_the_network_and_which_epochs_can_be_shown(page, passages):
    for name, available in (("shapes", EPOCHS), ("kept", [0, 4])):
        parts = props_by_id(page("/network", f"?run={name}"))
        said = parts[ids.NETWORK_ANNOUNCEMENT_STORE]["data"]
        assert (said["run"], said["epochs"], said["available"]) == (name, EPOCHS, available)
        assert [one["name"] for one in said["layers"]] == LAYERS
        assert [one["name"] for one in said["layers"] if one["kernels"]] == [
            "conv",
            "linear1",
            "logits",
        ]
        run = gt.open_run(passages / name)
        labels = dict(zip(run.ids.tolist(), run.labels.tolist(), strict=True))
        assert {labels[one] for one in said["samples"]} == {0, 1, 2} and said["images"]
        assert parts[ids.NETWORK_PICTURE]["hidden"] is False and parts[ids.NETWORK_ALERT]["hidden"]
    assert "no output is off by more than" in said["origin"]


def test_plotly_is_not_fetched_ahead_for_a_page_without_a_graph(client):
    ahead = '<script defer fetchpriority="high"'
    assert ahead in client.get("/grand-tour").get_data(as_text=True)
    shown = client.get("/network?run=shapes").get_data(as_text=True)
    assert ahead not in shown and "/all.mjs" in shown


def test_a_run_of_outputs_alone_says_how_to_record_the_rest(page):
    shown = page("/network", "?run=outputs")
    parts = props_by_id(shown)
    assert parts[ids.NETWORK_ANNOUNCEMENT_STORE].get("data") is None
    assert parts[ids.NETWORK_PICTURE]["hidden"] is True
    assert parts[ids.NETWORK_NONE]["hidden"] is False
    assert 'layers="all"' in text(shown)


def test_what_is_damaged_is_said_in_place_of_the_picture(page, passages, tmp_path, client):
    meta = passages / "kept/checkpoints/zarr.json"
    whole = meta.read_text()
    try:
        meta.write_text(whole.replace('"layers"', '"players"'))
        parts = props_by_id(page("/network", "?run=kept"))
        assert "must describe checkpoints, it is damaged" in parts[ids.NETWORK_ALERT]["children"]
        answer = client.get("/activations/kept/4/0")
        assert answer.status_code == 422 and "gt weights" in answer.get_data(as_text=True)
    finally:
        meta.write_text(whole)


@pytest.mark.parametrize(("name", "near"), [("shapes", 1e-6), ("kept", 2e-3)])
def test_an_image_goes_through_every_layer(client, passages, name, near):
    run = gt.open_run(passages / "shapes")
    head, body = unpacked(
        client.get(f"/activations/{name}/4/50", headers={"Accept-Encoding": "gzip"})
    )
    assert (head["epoch"], head["id"], head["label"], head["split"]) == (4, 50, 50 % 3, "test")
    assert head["computed"] and head["off"] < near and head["note"] == ""
    values = np.split(np.frombuffer(body, "<f4"), np.cumsum(head["sizes"])[:-1])
    assert len(values) == len(LAYERS)
    for layer, found in zip(LAYERS, values, strict=True):
        wanted = run.activations(layer, 3)[50].ravel()
        np.testing.assert_allclose(found, wanted, atol=near * max(1, np.abs(wanted).max()))


def test_an_epoch_without_weights_gives_way_to_the_nearest(client):
    plain = client.get("/activations/kept/2/7", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers and plain.headers["Cache-Control"] == "no-store"
    assert unpacked(plain)[0]["epoch"] == 0
    head, body = unpacked(client.get("/kernels/kept/1/conv"))
    assert (head["epoch"], head["shape"], head["bias"]) == (0, [4, 1, 3, 3], 4)
    assert len(body) == 4 * (36 + 4)


def test_kernels_are_the_recorded_weights(client, passages):
    head, body = unpacked(client.get("/kernels/shapes/2/logits"))
    weights = gt.open_run(passages / "shapes").weights(2)
    wanted = np.concatenate([weights["linear2.weight"].ravel(), weights["linear2.bias"]])
    np.testing.assert_array_equal(np.frombuffer(body, "<f4"), wanted)
    assert head["shape"] == [3, 12]


def test_thumbnails_are_the_images_of_the_points_that_there_are(client, passages):
    run = gt.open_run(passages / "kept")
    head, body = unpacked(client.get("/thumbnails/kept/40,3,9999"))
    assert head == {
        "ids": [40, 3],
        "labels": [1, 0],
        "splits": ["test", "train"],
        "shape": [8, 8, 1],
    }
    np.testing.assert_array_equal(np.frombuffer(body, np.uint8), run.images[[40, 3]].ravel())


WRONG = [
    ("/activations/nix/4/0", 'no run "nix"; this server has kept, outputs, shapes'),
    ("/activations/shapes/3/0", "Shapes has no epoch 3; it has 4, 0 to 4"),
    ("/activations/shapes/four/0", "epoch must be a whole number, got “four”"),
    ("/activations/shapes/4/72", "Shapes has no point 72; its ids go from 0 to 71"),
    ("/activations/shapes/4/1e3", "point must be a whole number, got “1e3”"),
    ("/activations/shapes/4/٣", "point must be a whole number"),
    ("/activations/outputs/4/0", "holds no weights and no hidden layers"),
    ("/kernels/shapes/4/pool", "has no weights of a layer “pool”"),
    ("/kernels/shapes/9/conv", "Shapes has no epoch 9"),
    ("/kernels/outputs/4/conv", "holds no weights"),
    ("/thumbnails/shapes/1,x", "point must be a whole number, got “x”"),
    ("/thumbnails/nix/1", 'no run "nix"'),
]


def test_a_wrong_question_is_answered_with_a_sentence(client):
    for path, said in WRONG:
        answer = client.get(path)
        assert answer.status_code == 404 and answer.mimetype == "text/plain", path
        assert said in answer.get_data(as_text=True), path


def test_how_far_kept_weights_are_off_is_not_made_up():
    from types import SimpleNamespace

    from gt.ui.network.page import _origin

    def said(made):
        kept = SimpleNamespace(made=made)
        return _origin(
            SimpleNamespace(kind="checkpoints", epochs=[1, 2], checkpoints=kept), "epoch"
        )

    assert "off by more than 0.0006." in said({"off": 0.0006})
    for made in ({}, {"off": None}, {"off": "little"}):
        assert "off is not recorded" in said(made) and "more than" not in said(made)
