"""What two runs have in common, which epochs stand beside each other, what is refused; and the frame of both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gt.errors import NotComparableError
from gt.measure.two_runs import pairing
from gt.measure.two_runs.by_layer import by_layer
from gt.measure.two_runs.clock import PERCENT
from gt.measure.two_runs.frame import LEADING, framed, leading
from gt.measure.two_runs.pairing import pair
from gt.run import open_run
from tests import two_runs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_runs.write_pairs(tmp_path_factory.mktemp("pairs"))


@pytest.fixture(scope="module")
def runs(folder):
    return lambda name: open_run(folder / name)


def refused(a, b):
    with pytest.raises(NotComparableError) as error:
        pair(a, b)
    return str(error.value)


def test_two_seeds_have_all_points_layers_and_the_epochs_of_both(runs):
    found = pair(runs("seed-1"), runs("seed-2"))
    assert found.n == two_runs.N and found.layers == ("hidden", "logits", "softmax")
    assert found.clock.numbers.tolist() == [0, 1, 2, 3] and found.clock.unit == "epoch"
    assert found.called == ("seed-1", "seed-2")  # for both have one title
    assert (
        "seed-1 ends at epoch 3; what seed-2 does behind it, up to 6, is compared with nothing."
        in found.said
    )


def test_runs_that_count_otherwise_are_compared_by_the_share_of_the_training(runs):
    found = pair(runs("seed-2"), runs("by-step"))
    assert found.clock.unit == PERCENT and found.clock.numbers.tolist() == [0, 50, 100]
    assert found.clock.at_a.tolist() == [0, 3, 5] and found.clock.at_b.tolist() == [0, 1, 2]
    [said] = found.said
    assert said.startswith("Shapes counts epochs and By steps steps, so the slider counts percent")
    back = pair(runs("by-step"), runs("seed-2")).clock
    assert back.at_b.tolist() == [0, 3, 5] and back.at_a.tolist() == [0, 1, 2]


def test_one_common_epoch_is_no_clock(tmp_path, runs):
    two_runs.make(tmp_path / "late", 7, epochs=(3, 8, 13), title="Late")
    clock = pair(runs("seed-1"), open_run(tmp_path / "late")).clock
    assert clock.unit == PERCENT and "fewer than 2 epochs in common" in clock.said[0]


def test_classes_in_another_order_are_the_same_classes(runs):
    found = pair(runs("seed-1"), runs("reversed"))
    assert found.columns_b.tolist() == [2, 1, 0] and not found.said
    frame = framed(found, "softmax")  # of one seed: the same network
    assert frame.named and frame.left is None and np.allclose(frame.a, frame.b)


def test_of_very_many_points_some_are_compared_and_that_is_said(runs, monkeypatch):
    monkeypatch.setattr(pairing, "MOST", 100)  # of 60 points in 4 epochs every third
    found = pair(runs("seed-1"), runs("seed-2"))
    assert found.n == 20 and found.said[0] == "Of 60 points 20 are compared, evenly chosen."
    assert (found.a.ids[found.rows_a] == found.b.ids[found.rows_b]).all()


def test_each_refusal_says_its_reason(runs):
    one = runs("seed-1")
    assert "compared with itself" in refused(one, one)
    assert "60 have the same ids, and other images" in refused(one, runs("strangers"))
    assert "no id of a point of one is in the other" in refused(one, runs("elsewhere"))
    assert "choose runs of the same classes" in refused(one, runs("others"))


def test_without_images_labels_say_whether_points_are_the_same(tmp_path, runs):
    labels = np.arange(two_runs.N) % 3
    noisy = labels.copy()
    noisy[:4] = (noisy[:4] + 1) % 3
    for name, of in (
        ("plain", labels),
        ("noisy", noisy),
        ("other", np.random.default_rng(0).permutation(labels)),
    ):
        two_runs.make(tmp_path / name, 8, images=None, labels=of, title=name)
    plain, noisy, other = (open_run(tmp_path / name) for name in ("plain", "noisy", "other"))
    found = pair(plain, noisy)
    assert found.n == two_runs.N and "by their ids and labels" in found.said[0]
    assert found.said[1] == "4 of them have another label in noisy; here they have that of plain."
    assert "what has one id is not one example" in refused(plain, other)


def test_points_whose_images_differ_are_left_out_and_told(tmp_path, runs):
    from gt.run import write_run

    one = runs("seed-1")
    images = one.images.copy()
    images[:7] = 0
    outputs = np.stack([one.activations("softmax", i) for i in range(len(one.epochs))])
    write_run(
        tmp_path / "part",
        outputs,
        one.labels,
        kind="probabilities",
        classes=one.classes,
        images=images,
        title="Part",
    )
    found = pair(one, open_run(tmp_path / "part"))
    assert found.n == two_runs.N - 7 and found.rows_a.min() == 7
    assert found.said[0] == "7 points with one id and two images are left out."
    assert found.layers == ("softmax",)


def test_points_in_another_order_find_each_other(tmp_path, runs):
    from gt.run import write_run

    one, order = runs("seed-1"), np.random.default_rng(1).permutation(two_runs.N)
    outputs = np.stack([one.activations("softmax", i)[order] for i in range(4)])
    write_run(
        tmp_path / "mixed", outputs, one.labels[order], kind="probabilities", classes=one.classes,
        images=one.images[order], ids=one.ids[order], title="Mixed",
    )  # fmt: skip
    frame = framed(pair(one, open_run(tmp_path / "mixed")), "softmax")
    assert np.allclose(frame.a, frame.b, atol=1e-6)


def test_runs_without_a_layer_of_one_name_are_refused(tmp_path, runs, monkeypatch):
    one, other = runs("seed-1"), runs("seed-2")
    monkeypatch.setattr(other, "layers", tuple(x for x in other.layers if x.name == "hidden"))
    monkeypatch.setattr(one, "layers", tuple(x for x in one.layers if x.name != "hidden"))
    assert "no layer of one name" in refused(one, other)


def test_a_hidden_layer_is_turned_by_one_turn_that_leaves_little(runs):
    found = pair(runs("seed-1"), runs("seed-2"))
    frame = framed(found, "hidden")
    assert frame.a.shape == frame.b.shape == (4, two_runs.N, 7) and frame.widths == (5, 7)
    assert not frame.named and frame.held == (1.0, 1.0)
    assert (frame.left < 0.01).all() and (frame.best <= frame.left + 1e-9).all()
    assert frame.scale == pytest.approx(1, abs=0.05)
    # unturned, as the network of another seed has it
    plain = found.b.activations("hidden", 0)
    assert not np.allclose(frame.b[0], plain - plain.mean(0), atol=0.5)
    # a turn moves no point nearer to another
    far = np.linalg.norm(plain[0] - plain[1])
    assert np.linalg.norm(frame.b[0, 0] - frame.b[0, 1]) == pytest.approx(far, rel=1e-4)


def test_a_wide_layer_is_shown_in_its_leading_coordinates(tmp_path):
    for seed, width in ((1, 90), (2, 120)):
        two_runs.make(tmp_path / f"wide-{width}", seed, width=width, title=f"Wide {width}")
    frame = framed(pair(open_run(tmp_path / "wide-90"), open_run(tmp_path / "wide-120")), "hidden")
    assert frame.a.shape[2] == LEADING and frame.axes[0] == "PC 1" and frame.widths == (90, 120)
    assert all(0.95 < one < 1 for one in frame.held)
    assert (frame.left < 0.05).all()


@pytest.mark.parametrize("shape", [(30, 6), (8, 40)])
def test_leading_directions_are_those_of_the_singular_value_decomposition(shape):
    x = np.random.default_rng(2).normal(size=shape) * np.arange(1, shape[1] + 1)
    middle, found = leading(x, 3)
    expected = np.linalg.svd(x - x.mean(0), full_matrices=False)[2][:3].T
    assert np.allclose(middle, x.mean(0)) and np.allclose(found.T @ found, np.eye(3))
    assert np.allclose(found @ found.T, expected @ expected.T)


def test_all_layers_are_measured_at_an_epoch(runs):
    rows, n = by_layer(pair(runs("seed-1"), runs("seed-2")), 3)
    assert [row.layer for row in rows] == ["hidden", "logits", "softmax"] and n == two_runs.N
    hidden = rows[0].alike
    assert hidden.cka > 0.98 and hidden.distance < 0.02 and hidden.cka_as_good == 0
    assert hidden.cka_chance < 0.5 and hidden.distance_chance > 0.3
