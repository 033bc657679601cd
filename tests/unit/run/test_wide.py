"""Wide layers in the format: what is said of them, what is read, and a sketch that will be the same tomorrow."""

import json
from dataclasses import replace

import numpy as np
import pytest

from gt.run import Layer, Points, RunWriter, WideLayerError, open_run, wide
from gt.run.measure import measure

POINTS = Points(
    np.arange(6), np.array([0, 1, 2, 0, 1, 2]), np.zeros(6, np.uint8), ("a", "b", "c"), None
)
GOLDEN_ORDER = [2, 4, 6, 8, 5, 10, 1, 11, 7, 0, 9, 3]
GOLDEN_SIGNS = [1.0, 1.0, 1.0, 1.0, -1.0, 1.0, -1.0, -1.0, -1.0, 1.0, -1.0, -1.0]
KEPT = {"of": 5000, "exact": 3, "places": 6, "sketch": 8}
LAYERS = [
    Layer("conv", "Conv2d", (50, 100), kept=KEPT),
    Layer("logits", "Linear", (3,)),
    Layer("softmax", "Softmax", (3,), softmax_of="logits"),
]


def distances(values):
    return np.linalg.norm(values[:100] - values[100:], axis=1)


@pytest.fixture
def run(tmp_path):
    rng = np.random.default_rng(0)
    said = {
        "conv": {"settled": [0], "moved": [None], "sketch": [0.02, 0.0641], "places": [1e-5, 2e-4]}
    }
    with RunWriter.create(tmp_path / "run", POINTS, LAYERS) as writer:
        for epoch in range(2):
            conv, logits, _ = writer.run.layers
            writer.put(conv, 0, rng.standard_normal((6, 17)).astype("f4"), epoch)
            outputs = rng.standard_normal((6, 3)).astype("f4")
            writer.put(logits, 0, outputs, epoch)
            writer.commit(
                epoch, measure(outputs, False, POINTS.labels, POINTS.splits, ""), {"wide": said}
            )
    return open_run(tmp_path / "run")


def test_the_hash_of_the_sketch_is_the_formats_and_never_changes():
    order, signs = wide.order_and_signs(12)
    assert order.tolist() == GOLDEN_ORDER
    assert signs.tolist() == GOLDEN_SIGNS


@pytest.mark.parametrize("width", [512, 700, 5760])
def test_a_sketch_keeps_distances_as_well_as_its_buckets_allow(width):
    x = np.random.default_rng(1).standard_normal((200, width))
    off = np.abs(distances(wide.sketched(x, 512)) / distances(x) - 1)
    assert np.median(off) < 0.03
    assert np.percentile(off, 95) < 0.09
    if width == 512:  # a bucket for each value
        assert off.max() < 1e-12


def test_a_sketch_is_linear_so_that_motion_between_steps_has_one_too():
    a, b = np.random.default_rng(2).standard_normal((2, 5, 900))
    np.testing.assert_allclose(
        wide.sketched(a - b, 64), wide.sketched(a, 64) - wide.sketched(b, 64), atol=1e-12
    )


def test_what_is_kept_is_read_in_its_parts(run):
    stored = run.stored("conv", 1)
    assert stored.shape == (6, 17)
    np.testing.assert_array_equal(wide.coordinates(run, "conv", 1), stored[:, :3])
    np.testing.assert_array_equal(wide.distance_values(run, "conv", 1), stored[:, 3:9])
    np.testing.assert_array_equal(wide.sketch(run, "conv", 1), stored[:, 9:])
    np.testing.assert_array_equal(wide.distance_values(run, "conv", 1, between=True), stored[:, 9:])
    np.testing.assert_array_equal(wide.drawn_values(run, "conv", 0), run.stored("conv", 0)[:, :3])
    np.testing.assert_array_equal(
        wide.distance_values(run, "logits", 0), run.activations("logits", 0)
    )
    run.check()


@pytest.mark.parametrize(
    "ask", [lambda r: r.activations("conv", 0), lambda r: r.point("conv", 0, 2)]
)
def test_whoever_asks_for_all_values_is_told_how_to_have_them(run, ask):
    with pytest.raises(WideLayerError, match=r"kept as 3 exact coordinates.*whole=\['conv'\]"):
        ask(run)


def test_the_sentence_says_how_far_off_distances_are(run):
    conv = run.layer("conv")
    assert wide.sentence(run, run.layer("logits")) == ""
    assert wide.sentence(run, conv) == (
        "kept as 3 exact coordinates and all distances within ±0.02 %"
    )
    other = replace(conv, kept={**KEPT, "places": 0})
    assert wide.sentence(run, other) == (
        "kept as 3 exact coordinates and a sketch, distances within ±6.4 %"
    )


def test_a_layer_with_what_is_kept_of_it_is_stored_and_read_back():
    layer = LAYERS[0]
    assert layer.stored_shape == (17,)
    assert Layer.from_json(json.loads(json.dumps(layer.to_json()))) == layer
    assert "kept" not in LAYERS[1].to_json()


@pytest.mark.parametrize(
    "kept",
    [
        7,
        {"of": 5000},
        {**KEPT, "of": 4999},
        {**KEPT, "exact": 0},
        {**KEPT, "sketch": True},
        {**KEPT, "places": -1},
    ],
)
def test_what_cannot_be_kept_of_a_layer_is_refused(kept):
    with pytest.raises(TypeError, match="'kept' of a layer"):
        Layer.from_json({**LAYERS[0].to_json(), "kept": kept})


def test_places_are_kept_of_few_points_alone():
    assert wide.kept_of(9000, 2000)["places"] == 2000
    assert wide.kept_of(9000, 2001)["places"] == 0
    assert wide.kept_of(9000, 10, places=False)["places"] == 0
