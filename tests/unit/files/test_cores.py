"""How many cores there are, and how much longer a computation takes where others are at work."""

from __future__ import annotations

import os

import pytest

from gt.files import cores


@pytest.mark.parametrize(
    ("load", "there", "longer"), [(0.0, 2, 1.0), (1.0, 2, 1.0), (1.0, 1, 2.0), (7.0, 2, 4.0)]
)
def test_what_shares_the_cores_makes_a_computation_longer(
    load: float, there: int, longer: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 9.0, 9.0))
    monkeypatch.setattr(cores, "cores", lambda: there)
    assert cores.crowded() == longer


def test_where_no_load_is_told_a_computation_takes_its_own_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def untold() -> tuple[float, float, float]:
        raise OSError

    monkeypatch.setattr(os, "getloadavg", untold)
    assert cores.crowded() == 1.0
    monkeypatch.delattr(os, "getloadavg")
    assert cores.crowded() == 1.0
    assert cores.cores() >= 1
