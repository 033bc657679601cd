"""Values out of a browser against annotations."""

from typing import Any, Literal, NotRequired, TypedDict

import pytest

from gt.serve.shapes import fits, wrong
from gt.state import JobOrder, ViewQuestion


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
        ([1, "a"], tuple[int, str]),
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
        ([1], tuple[int, int], "x must be a list of 2"),
        ([1, "a"], tuple[int, int], "x[1] must be a whole number"),
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


def test_a_field_that_need_not_be_there_is_known_where_annotations_are_texts():
    asked = {"run": "mnist", "alignment": "a", "kind": "gap", "nonce": 1}
    assert wrong(asked, ViewQuestion, "x") == ""
    assert wrong({**asked, "naive": 1}, ViewQuestion, "x") == "x.naive must be true or false"
    del asked["kind"]
    assert wrong(asked, ViewQuestion, "x") == "x.kind is missing"


ORDER = {"work": "embed", "run": "mnist", "nonce": "n"}


@pytest.mark.parametrize(
    ("value", "wanted", "said"),
    [
        ("a" * 201, str, "x must be a text of at most 200 letters, a text of 201 letters came"),
        (1.0, int, "x must be a whole number, 1 came"),
        (10**400, int, "x must be a whole number, a whole number of many digits came"),
        (float("nan"), float, "x must be a number, nan came"),
        (float("inf"), float, "x must be a number, inf came"),
        ([], int | None, "x must be a whole number or null, a list came"),
        ({"a" * 201: 1.0}, dict[str, float], "a name in x must be a text of at most 200 letters"),
        (dict.fromkeys("abc", "d"), dict[str, float], "x.a must be a number, “d” came"),
        ({str(i): 1 for i in range(51)}, dict[str, int], "x must have at most 50 entries, 51 came"),
        ({**ORDER, "run": None}, JobOrder, "x.run must be a text of at most 200 letters, nothing"),
        ({"work": "embed"}, JobOrder, "x.nonce is missing"),
    ],
)
def test_what_will_be_carried_out_is_held_to_more_and_says_what_came(value, wanted, said):
    assert wrong(value, wanted, "x", exact=True).startswith(said)


def test_what_fits_is_exactly_what_is_wanted():
    assert fits(ORDER, JobOrder)
    assert not fits({**ORDER, "run": 1}, JobOrder) and not fits("mnist", JobOrder)
