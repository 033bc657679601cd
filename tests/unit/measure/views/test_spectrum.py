"""Shares of variance: those of PCA by others, and of classes told apart perfectly."""

from __future__ import annotations

import numpy as np
import pytest

from gt.measure.views.spectrum import components_for, variance_shares


def test_shares_are_those_of_scikit_learn():
    from sklearn.decomposition import PCA

    x = np.random.default_rng(3).normal(size=(50, 6)) * [5, 4, 3, 2, 1, 0.1]
    np.testing.assert_allclose(variance_shares(x), PCA().fit(x).explained_variance_ratio_)


@pytest.mark.parametrize("k", [2, 3, 10])
def test_k_equal_classes_at_their_corners_need_all_k_minus_1_components_alike(k):
    shares = variance_shares(np.repeat(np.eye(k), 7, axis=0))
    np.testing.assert_allclose(shares, [1 / (k - 1)] * (k - 1) + [0], atol=1e-12)
    assert components_for(shares, 1.0) == k - 1
    assert components_for(shares, 1 / (k - 1)) == 1


def test_points_that_do_not_differ_have_no_variance_to_share():
    assert not variance_shares(np.ones((5, 3))).any()
    assert components_for(np.zeros(3), 0.9) == 0
