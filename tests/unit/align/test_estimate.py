"""How long an alignment is said to take: by what it reads and computes, and by what else the machine does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gt.align.estimate import BEGIN, seconds
from gt.files import cores
from tests.graphs import residual_cnn

pytest.importorskip("torch")


def test_more_states_points_and_coordinates_take_longer_and_so_does_a_busy_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (residual_cnn(tmp_path / f"{n}", blocks=n) for n in (1, 2))
    alone = seconds(one, 90, 1, 8)
    assert alone > BEGIN
    assert alone < seconds(two, 90, 1, 8)
    assert alone < seconds(one, 90, 1, 32)
    assert seconds(one, 20, 1, 8) < alone
    assert seconds(one, 90, 2, 8) < alone
    monkeypatch.setattr(cores, "cores", lambda: 2)
    monkeypatch.setattr(os, "getloadavg", lambda: (7.0, 0.0, 0.0))
    assert seconds(one, 90, 1, 8) == pytest.approx(4 * alone)
