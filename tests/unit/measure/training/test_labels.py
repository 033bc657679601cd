"""The examples in order, as a table, and as they are kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gt.errors import UnknownNameError
from gt.measure.training.cartography import cartography_of
from gt.measure.training.labels import (
    ORDERS,
    USUAL,
    VALUES,
    in_order,
    packed,
    part_of,
    table,
    unpacked,
)
from gt.run import open_run
from tests.jumping import write_jumping


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return open_run(write_jumping(tmp_path_factory.mktemp("labels") / "jumping"))


def test_what_is_kept_is_what_was_measured(run: Any) -> None:
    found, again = cartography_of(run), unpacked(packed(run))
    assert again.epochs.tolist() == list(range(1, 24)) and again.left_out == (0,)
    for name in (*VALUES, "rows", "taken"):
        assert getattr(again, name) == pytest.approx(getattr(found, name), rel=1e-6), name


def test_every_order_begins_with_what_it_says(run: Any) -> None:
    found = cartography_of(run)
    for name in ("alike", "margin", "confidence"):
        values = getattr(found, name)[in_order(found, name)]
        assert (np.diff(values) >= 0).all()
        assert in_order(found, name)[0] == 0  # an ant that always is taken for a cat
    assert (np.diff(found.variability[in_order(found, "variability")]) <= 0).all()
    order = in_order(found, "forgotten")
    assert (np.diff(found.forgotten[order]) <= 0).all()
    alike = found.forgotten[order][1:] == found.forgotten[order][:-1]
    assert (np.diff(found.right[order])[alike] >= 0).all()
    assert next(iter(ORDERS)) == USUAL
    with pytest.raises(UnknownNameError, match=r"must be one of .* got 'loss'"):
        in_order(found, "loss")


def test_equals_stay_in_the_order_of_the_run(run: Any) -> None:
    found = part_of(cartography_of(run), np.zeros(5, int))
    for name in ORDERS:
        assert in_order(found, name).tolist() == [0, 1, 2, 3, 4]


def test_the_table_says_all_of_each_example_and_of_which_epochs(run: Any) -> None:
    found = part_of(cartography_of(run), run.splits == 0)
    made = table(run, found, "margin")
    assert len(made) == (run.splits == 0).sum() and made["rank"].tolist() == list(
        range(1, len(made) + 1)
    )
    first = made.iloc[0]
    assert first[["id", "split", "label", "taken for"]].tolist() == [100, "train", "ant", "cat"]
    assert first["its mean probability"] > 0.9 and first["epochs right"] == 0
    assert first[["epochs", "first epoch", "last epoch"]].tolist() == [23, 1, 23]
    assert set(made["split"]) == {"train"} and made["margin"].is_monotonic_increasing
