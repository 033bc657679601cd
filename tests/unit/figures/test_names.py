"""Names are cut in the middle, by the rule that the browser has."""

import pytest

from gt.figures.names import middle
from tests.golden import make


@pytest.mark.parametrize(
    "case", make.names()["cases"], ids=lambda one: f"{one['most']}-{one['name'][:8]}"
)
def test_no_name_is_longer_than_it_may_be_and_both_ends_stay(case):
    cut = middle(case["name"], case["most"])
    assert cut == case["cut"]
    assert len(cut) <= case["most"]
    if cut == case["name"]:
        return
    head, tail = cut.split("…")
    assert case["name"].startswith(head) and case["name"].endswith(tail)
    assert head and tail
