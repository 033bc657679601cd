"""Arrays on the wire: the error is under half a step, names say the content, damage is seen."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gt.cache import wire

finite = st.floats(-1e6, 1e6, width=32)
shapes = arrays.array_shapes(min_dims=1, max_dims=3, max_side=12)


@given(arrays.arrays(np.float32, shapes, elements=finite))
def test_the_error_of_a_value_is_at_most_half_a_step(x):
    made = wire.quantise(x)
    assert made.values.dtype == np.dtype("<u2") and made.values.shape == x.shape
    assert made.values.flags.c_contiguous
    error = np.abs(made.values * made.scale + made.offset - x.astype(float)).max()
    rounding = 4 * np.finfo(float).eps * np.abs(x).max()
    assert error <= made.scale / 2 + rounding


@given(arrays.arrays(np.float32, shapes, elements=finite))
def test_smallest_and_largest_values_are_kept_and_order_stays(x):
    made = wire.quantise(x)
    assert made.values.min() == 0
    assert made.values.max() == (wire.STEPS if x.max() > x.min() else 0)
    order = np.argsort(x.ravel(), kind="stable")
    assert (np.diff(made.values.ravel()[order].astype(int)) >= 0).all()


def test_a_softmax_is_within_a_quarter_of_a_pixel_on_a_plot_of_2000_pixels():
    rng = np.random.default_rng(0)
    x = rng.dirichlet(np.full(10, 0.1), 500)
    made = wire.quantise(x)
    assert np.abs(made.values * made.scale + made.offset - x).max() * 2000 / 2 < 0.25


@pytest.mark.parametrize("x", [np.zeros((3, 2)), np.full(4, -7.5), np.empty((0, 3)), np.array(2)])
def test_a_constant_and_an_empty_array_come_back_as_they_were(x):
    made = wire.quantise(x)
    np.testing.assert_array_equal(made.values * made.scale + made.offset, x)
    assert made.scale > 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(bad):
    with pytest.raises(ValueError, match="quantise: values must be finite, came"):
        wire.quantise(np.array([0.0, bad, 1.0]))


def test_a_digest_names_the_content():
    assert wire.digest(b"a") == wire.digest(b"a") != wire.digest(b"b")
    assert wire.is_digest(wire.digest(b"a"))


@pytest.mark.parametrize(
    "name",
    ["", "a" * 31, "a" * 33, "A" * 32, "g" * 32, "../" + "a" * 29, "\u0660" * 32, "a" * 31 + "\n"],
)
def test_anything_else_is_no_digest(name):
    assert not wire.is_digest(name)


@given(st.binary(max_size=2000))
def test_packed_bytes_come_back_and_pack_the_same_every_time(raw):
    assert wire.unpack(wire.pack(raw)) == raw
    assert wire.pack(raw) == wire.pack(raw)


@pytest.mark.parametrize("damage", [b"", b"no gzip", wire.pack(b"abc" * 99)[:-9]])
def test_damaged_bytes_are_an_error(damage):
    if damage:
        with pytest.raises((OSError, EOFError, zlib.error)):
            wire.unpack(damage)
    else:
        assert wire.unpack(damage) == b""  # nothing packed is nothing; its digest is not asked for
