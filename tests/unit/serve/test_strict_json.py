"""JSON that no browser of ours sends is refused while it is read."""

import flask
import pytest

from gt.serve.strict_json import DEEPEST, StrictJson

JSON = StrictJson(flask.Flask("json"))


def test_what_a_browser_sends_is_read():
    text = '{"a": [1, 2.5, -3e2, null, true, "\\u00e9 \\ud83d\\ude00", {"b": 9007199254740993}]}'
    assert JSON.loads(text)["a"][-1] == {"b": 2**53 + 1}
    assert JSON.loads("[" * DEEPEST + "]" * DEEPEST) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "NaN",
        "[Infinity]",
        '{"a": -Infinity}',
        "1e999",
        "[-1e400]",
        "9" * 5000,
        str(2**63),
        '"\\ud800"',
        '{"\\udfff": 1}',
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"a":' * 900 + "1" + "}" * 900,
        b"\xff",
    ],
)
def test_what_would_fail_later_is_refused_at_once(text):
    with pytest.raises(ValueError):
        JSON.loads(text)
