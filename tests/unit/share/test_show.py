"""``gt.show``: what a notebook's cell is given, and what is refused."""

from __future__ import annotations

import sys
import tempfile

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import gt
from gt.errors import RunError
from gt.share import show as module
from tests.in_file import layouts_in, said_in, tensor_in

RNG = np.random.default_rng(3)
FRAME = pd.DataFrame(RNG.normal(5, [1, 10, 0.1], (12, 3)), columns=["length", "weight", "<b>"])


def said(view):
    return said_in(view.html)


def shown(view):
    """What its page is told."""
    [announced] = said(view)["pages"][0]["shown"].values()
    return announced


def body(view):
    """What is seen, apart from what its scripts read."""
    return view.html[view.html.index("<body>") : view.html.index("data-gt-block")] + layouts_in(
        view.html
    )


def points(view, epoch=0):
    """The points as the page has them, (n, p)."""
    [split] = shown(view)["splits"].values()
    one = split["slices"][epoch]
    return (
        np.frombuffer(tensor_in(view.html, one["url"]), "<u2").reshape(split["n"], -1)
        * one["scale"]
        + one["offset"]
    )


def test_a_frame_is_shown_about_its_middle_with_its_own_names():
    view = gt.show(FRAME, labels=list("aabbccaabbcc"), columns=FRAME, title="Parcels")
    told = shown(view)
    assert (told["title"], told["axes"], told["classes"]) == (
        "Parcels",
        list(FRAME.columns),
        ["a", "b", "c"],
    )
    np.testing.assert_allclose(points(view), FRAME - FRAME.mean(), atol=1e-2)
    assert {"column-0", "column-1"} <= {one["value"] for one in told["colorings"]}
    assert "network" not in body(view) and "<b>" not in body(view) and "data-gt-once" in body(view)


def test_columns_can_be_made_alike_and_times_follow_each_other():
    X = np.stack([FRAME.to_numpy(), 2 * FRAME.to_numpy()])
    view = gt.show(X, scale=True, epochs=[1, 10])
    middle, spread = X.mean(axis=(0, 1)), X.std(axis=(0, 1))
    for epoch in (0, 1):
        np.testing.assert_allclose(points(view, epoch), (X[epoch] - middle) / spread, atol=1e-3)
    assert shown(view)["epochs"] == [1, 10]
    assert "data-gt-once" not in body(view)


class Polars:
    """A frame that is none of pandas: named columns, each an array."""

    def __init__(self, columns):
        self.held, self.columns = columns, list(columns)

    def __getitem__(self, name):
        return self.held[name]


MIXED = FRAME.assign(
    species=["a", None, *"bbccaabbcc"],
    seen=pd.date_range("2020-01-01", periods=12, tz="Europe/Paris"),
    legs=pd.array([4, None] * 6, dtype="Int64"),
    size=pd.Categorical(["s", "m", "l"] * 4),
    fed=[True, False] * 6,
)


@pytest.mark.parametrize("labels", [None, "species"])
@pytest.mark.parametrize("kind", [pd.DataFrame, Polars])
def test_a_frame_is_looked_at_as_a_file_is(kind, labels):
    X = MIXED if kind is pd.DataFrame else Polars({name: MIXED[name] for name in MIXED})
    told = shown(gt.show(X, labels))
    assert told["axes"] == ["length", "weight", "<b>", "fed"]  # of legs half are missing
    assert told["classes"] == ["a", "b", "c", "no label"]
    columns = {one["name"]: one["kind"] for one in told["columns"]}
    assert columns == {"seen": "date", "legs": "number", "size": "category"}
    grouped = shown(gt.show(X, labels=np.arange(12) % 2, columns=MIXED["size"]))
    assert grouped["classes"] == ["0", "1"] and "species" in {
        one["name"] for one in grouped["columns"]
    }


def test_a_sparse_matrix_is_its_numbers_and_what_python_has_left_says_so():
    X = sparse.random(20, 5, 0.4, random_state=np.random.default_rng(0), format="csr")
    view = gt.show(X, title="Words")
    np.testing.assert_allclose(points(view), X.toarray() - X.toarray().mean(axis=0), atol=1e-3)
    assert "run the cell again" in repr(view) and repr(view).startswith("Words")


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    view = gt.show(FRAME)
    assert list(tmp_path.iterdir()) == []
    view.save(tmp_path / "points.html")
    assert (tmp_path / "points.html").read_text("utf-8") == view.html


def test_several_are_shown_and_each_is_selected_in_by_itself():
    one, other = gt.show(FRAME), gt.show(FRAME)
    one.selected = [3, 5]
    assert (one.selected, other.selected) == ([3, 5], [])
    assert len(FRAME.iloc[one.selected]) == 2
    assert {"html", "selected", "title", "height", "_esm"} <= set(one.get_state())
    one.close()
    other.close()


def test_without_anywidget_the_page_is_there_and_says_what_is_missing(monkeypatch):
    module._widget.cache_clear()
    monkeypatch.setitem(sys.modules, "anywidget", None)
    try:
        view = gt.show(FRAME, title='"><script>')
        text = view._repr_html_()
        assert text.count("<iframe") == 1 and "<script" not in text
        with pytest.raises(RuntimeError, match=r"pip install 'nn-grand-tour\[notebook\]'"):
            _ = view.selected
    finally:
        module._widget.cache_clear()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"X": ["a"]}, "X must be numbers"),
        ({"X": np.zeros(3)}, r"shape \(points, columns\)"),
        ({"X": np.zeros((0, 3))}, r"got \(0, 3\)"),
        ({"X": np.zeros((50_001, 1))}, "50,000 points and 200 columns at most"),
        ({"X": np.zeros((2, 201))}, "first principal components"),
        ({"X": [[np.nan, 1.0]]}, "must be finite"),
        ({"X": np.zeros((2, 3)), "labels": [1]}, r"labels must have shape \(2,\)"),
        ({"X": np.zeros((2, 3)), "epochs": [1, 2]}, "epochs must be 1"),
        ({"X": np.zeros((2, 3)), "names": ["a"]}, "names must be 3"),
        ({"X": np.zeros((2, 3)), "columns": [1, 2]}, "columns must be a frame"),
        ({"X": np.zeros((2, 3)), "columns": {"a": [1]}}, "a"),
        ({"X": np.zeros((2, 3, 2)), "epochs": [2, 1]}, "go up"),
        ({"X": np.zeros((2, 3, 2)), "epochs": [0.1, 0.5]}, "whole numbers, got 0.1"),
        ({"X": np.zeros((2, 3)), "names": ["a", "a", "b"]}, "names must differ"),
        ({"X": np.zeros((2, 3)), "height": 10}, "height must be 200 px"),
        ({"X": "flowers.csv"}, "open it with the command gt FILE"),
        ({"X": np.zeros((2, 3), complex)}, "real numbers"),
        ({"X": np.full((2, 3), 1e300)}, "“1” of row 0 is 1e"),
        ({"X": sparse.random(9, 201, 0.1)}, "200 columns at most, got 9 and 201"),
        ({"X": FRAME.assign(weight=[np.nan, *range(11)])}, "“weight” of row 0 is missing"),
        ({"X": FRAME, "labels": "kind"}, "X: the label must be one of its columns, “kind” is none"),
        ({"X": pd.DataFrame({"a": ["x", "y"]})}, "X: must have a column of numbers"),
        ({"X": FRAME.iloc[:0]}, "must have rows"),
    ],
)
def test_what_cannot_be_shown_is_said(given, expected):
    with pytest.raises(RunError, match=expected):
        gt.show(**given)
