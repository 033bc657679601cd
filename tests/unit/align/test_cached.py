"""Triplets that were found once are not found again, and what is damaged is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import diskcache
import numpy as np
import pytest

from gt.align import Convolution, Dense, Diagonal, Operator, Pooling, Triplets, leading_triplets
from gt.align import cached as triplets
from gt.align.cached import KeptTriplets, content


@pytest.fixture(autouse=True)
def solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were asked for each time something was solved."""
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path))
    asked: list[int] = []

    def solve(operator: Operator, k: int) -> Triplets:
        asked.append(k)
        return leading_triplets(operator, k)

    monkeypatch.setattr(triplets, "leading_triplets", solve)
    return asked


OPERATOR = Dense(np.random.default_rng(0).standard_normal((9, 7)))


def test_what_was_found_once_is_remembered(solved: list[int]) -> None:
    with KeptTriplets() as kept:
        first = kept.solve(OPERATOR, 3)
    with KeptTriplets() as kept:
        again = kept.solve(Dense(OPERATOR.matrix.copy()), 3)
        kept.solve(OPERATOR, 4)
    assert solved == [3, 4]
    for name in ("left", "sigma", "right"):
        assert np.array_equal(getattr(first, name), getattr(again, name))


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nothing", "text"])
def test_what_is_damaged_is_found_anew(
    damage: bytes | str, solved: list[int], tmp_path: Path
) -> None:
    with KeptTriplets() as kept:
        kept.solve(OPERATOR, 3)
        with diskcache.Cache(str(tmp_path / "triplets"), disk=triplets.PlainDisk) as cache:
            cache[content(OPERATOR, 3)] = damage
        assert len(kept.solve(OPERATOR, 3).sigma) == 3
        kept.solve(OPERATOR, 3)
    assert solved == [3, 3]


def test_where_nothing_can_be_remembered_they_are_found_all_the_same(
    solved: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the place of a folder")
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "file"))
    with KeptTriplets() as kept:
        assert len(kept.solve(OPERATOR, 3).sigma) == 3
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path))

    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with KeptTriplets() as kept:
        monkeypatch.setattr(diskcache.Cache, "set", full)
        monkeypatch.setattr(diskcache.Cache, "get", full)
        assert len(kept.solve(OPERATOR, 3).sigma) == 3
    assert solved == [3, 3]


def test_everything_that_decides_them_is_in_their_name() -> None:
    weight = np.random.default_rng(1).standard_normal((2, 2, 3))
    bent = weight.copy()
    bent[0, 0, 0] += 1e-12
    names = {
        content(one, k)
        for one, k in [
            (OPERATOR, 3), (OPERATOR, 4), (Dense(OPERATOR.matrix.T), 3), (Dense(np.eye(2), 1), 1),
            (Dense(np.eye(2), 2), 1), (Diagonal(np.ones(2)), 1), (Diagonal(np.full(2, 2.0)), 1),
            (Convolution(weight, (2, 8)), 1), (Convolution(bent, (2, 8)), 1),
            (Convolution(weight, (2, 8), stride=2), 1), (Convolution(weight, (2, 8), padding=1), 1),
            (Convolution(weight, (2, 8), dilation=2), 1),
            (Convolution(weight, (4, 8), groups=2), 1),
            (Pooling.of((1, 8), (1, 4), kernel=2), 1), (Pooling.of((2, 8), (2, 4), kernel=2), 1),
        ]
    }  # fmt: skip
    assert len(names) == 15
