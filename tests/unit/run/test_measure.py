"""What outputs are is told by their values, and a history holds what can be stored."""

import logging

import numpy as np
import pytest

from gt.run import ShapeError
from gt.run.measure import kind_of_outputs, log_softmax, measure, no_logits, pair, softmax, storable

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(0, 3, (200, 10)).astype(np.float32)


@pytest.mark.parametrize(
    ("outputs", "kind"),
    [
        (LOGITS, "logits"),
        (softmax(LOGITS), "probabilities"),
        (softmax(LOGITS).astype(np.float16), "probabilities"),
        (log_softmax(LOGITS), "log-probabilities"),
        (log_softmax(LOGITS).astype(np.float16), "log-probabilities"),
        (log_softmax(LOGITS).reshape(4, 50, 10), "log-probabilities"),
        (1 / (1 + np.exp(-LOGITS)), "shares"),
        (np.maximum(LOGITS, 0), "logits"),  # a last ReLU
        (np.zeros((5, 3)), "logits"),  # a last layer that starts at zero
        (np.full((5, 4), -np.log(4)), "log-probabilities"),
        (np.ones((5, 1)), "logits"),
        (np.full((5, 3), np.nan), "logits"),
        (np.array([[0.0, -np.inf]]), "logits"),
        (np.zeros((0, 3)), "logits"),
    ],
)
def test_the_kind_of_outputs(outputs, kind):
    assert kind_of_outputs(outputs) == kind


def bfloat16(values):
    """Rounded to 8 significant bits, the nearest."""
    mantissa, exponent = np.frexp(values)
    return np.ldexp(np.rint(mantissa * 256) / 256, exponent)


@pytest.mark.parametrize("k", [2, 10, 1000])
def test_the_kind_of_coarse_numbers(k):
    wide = RNG.normal(0, 2, (100, k))
    assert kind_of_outputs(bfloat16(softmax(wide))) == "probabilities"
    assert kind_of_outputs(bfloat16(log_softmax(wide))) == "log-probabilities"


def test_what_is_infinite_is_missing_and_said(caplog):
    with caplog.at_level(logging.WARNING):
        found = storable([1.0, np.inf, -np.inf, 1e300, np.nan], "record: epoch 7, lr")
    np.testing.assert_array_equal(found, np.float32([1, np.nan, np.nan, np.nan, np.nan]))
    assert "record: epoch 7, lr: 3 of 5 values are infinite, or beyond float32" in caplog.text
    caplog.clear()
    assert storable([1, np.nan], "lr")[0] == 1 and not caplog.text
    np.testing.assert_array_equal(pair((np.inf, 2), "loss", "record"), np.float32([np.nan, 2]))


def test_a_loss_beyond_float32_is_missing(caplog):
    outputs = np.float32([[3e38, -3e38], [3e38, -3e38]])
    found = measure(outputs, False, np.array([1, 0]), np.zeros(2, np.uint8), "record: epoch 3")
    assert found.loss[0] == np.float32(3e38) and np.isnan(found.class_loss[0, 1])
    assert found.class_loss[0, 0] == 0 and found.accuracy[0] == 0.5
    assert "record: epoch 3: loss" in caplog.text


@pytest.mark.parametrize("name", ["accuracy", "class_accuracy"])
def test_per_cents_are_no_accuracies(name):
    tail = (2,) if name.startswith("class") else ()
    values = np.full((2, *tail), 0.5)
    np.testing.assert_array_equal(pair(values, name, "record", tail), values)
    pair(np.full((2, *tail), np.nan), name, "record", tail)
    values.flat[-1] = 93.5
    with pytest.raises(ShapeError, match=f"record: {name} must lie in 0..1, got 93.5; divide"):
        pair(values, name, "record", tail)


SHARES = np.random.default_rng(3).dirichlet(np.ones(4), 20)


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (100 * SHARES, "shares of 100"),
        (np.round(255 * SHARES), "shares of 25"),
        (np.log10(SHARES), "base 10"),
        (np.log2(SHARES), "base 2"),
        (-np.log(SHARES), "negative logarithms"),
    ],
)
def test_shares_on_another_scale_are_no_logits(outputs, said):
    assert said in no_logits(outputs)


def test_nothing_speaks_against_logits():
    rng = np.random.default_rng(4)
    for logits in (
        rng.normal(0, 3, (20, 4)),
        np.maximum(rng.normal(0, 3, (20, 4)), 0),
        np.zeros((20, 4)),
        np.tile([1.0, 2.0, 3.0, 4.0], (20, 1)),  # a network that says the same of all
        100 * SHARES[:4],  # too few to say
    ):
        assert no_logits(logits) == ""
