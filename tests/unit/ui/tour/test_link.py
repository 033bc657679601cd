"""Links and colours written in Python are those that the browser writes: tests/js/view_link_golden.test.mjs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.figures.palette import class_colors
from gt.ui.tour.link import pair_columns, write_link

GOLDEN = json.loads((Path(__file__).parents[3] / "js/link.json").read_text())


@pytest.mark.parametrize("view", GOLDEN["links"], ids=lambda view: view["run"])
def test_a_link_is_the_one_that_the_browser_writes(view: dict[str, Any]) -> None:
    chosen = view["ids"] if isinstance(view["ids"], list) else range(view["ids"])
    columns = None if view["columns"] is None else np.reshape(view["columns"], (-1, 2))
    written = write_link(
        view["run"],
        view["epoch"],
        columns=columns,
        ids=chosen,
        layer=view["layer"],
        hidden=view["hidden"],
    )
    assert written == view["query"]


@pytest.mark.parametrize("one", GOLDEN["spread"])
def test_handles_are_spread_as_in_the_browser(one: dict[str, Any]) -> None:
    columns = pair_columns(one["p"], *one["classes"])
    np.testing.assert_allclose(columns.ravel(), one["columns"], atol=1e-12)
    np.testing.assert_allclose(columns.T @ columns, np.eye(2), atol=1e-12)


@pytest.mark.parametrize("one", GOLDEN["palette"])
def test_classes_have_the_colours_of_the_browser(one: dict[str, Any]) -> None:
    assert class_colors(one["k"]) == one["colors"]
