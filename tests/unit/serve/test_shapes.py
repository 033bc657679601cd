"""Values out of a browser against annotations."""

from typing import Any, Literal, NotRequired, TypedDict

import pytest

from gt.serve.shapes import wrong


class Inner(TypedDict):
    n: int


class Outer(TypedDict):
    name: str
    inner: Inner | None
    ids: list[int]
    more: NotRequired[dict[str, float]]


WHOLE = {"name": "a", "inner": {"n": 1}, "ids": [1, 2.0], "more": {"x": 0.5}, "unknown": object()}


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("a", str),
        (1, int),
        (1.0, int),  # JavaScript has one kind of number
        (1, float),
        (True, bool),
        (None, None),
        (None, int | None),
        ("tsne", Literal["tsne", "umap"]),
        (WHOLE, Outer),
        ({**WHOLE, "inner": None}, Outer),
        ([[1], []], list[list[int]]),
        ([1, "a"], list),
        ({"a": 1}, dict),
        (object(), Any),
    ],
)
def test_what_fits_is_not_wrong(value, wanted):
    assert wrong(value, wanted, "x") == ""


@pytest.mark.parametrize(
    ("value", "wanted", "said"),
    [
        (1, str, "x must be a text"),
        (True, int, "x must be a whole number"),
        (True, float, "x must be a number"),
        (1.5, int, "x must be a whole number"),
        ("1", int, "x must be a whole number"),
        (1, bool, "x must be true or false"),
        (0, None, "x must be null"),
        ([], str | None, "x must be a text"),
        ("pca", Literal["tsne", "umap"], "x must be one of ('tsne', 'umap')"),
        ([], Literal["tsne", "umap"], "x must be one of ('tsne', 'umap')"),
        ("abc", list[str], "x must be a list"),
        ([1, "a"], list[int], "x[1] must be a whole number"),
        ([], dict, "x must be an object"),
        ({"a": "b"}, dict[str, int], "x.a must be a whole number"),
        ([], Outer, "x must be an object"),
        ({"name": "a"}, Outer, "x.ids is missing"),
        ({**WHOLE, "inner": {"n": "1"}}, Outer, "x.inner.n must be a whole number"),
        ({**WHOLE, "more": {"x": None}}, Outer, "x.more.x must be a number"),
    ],
)
def test_what_does_not_fit_is_said_where(value, wanted, said):
    assert wrong(value, wanted, "x") == said
