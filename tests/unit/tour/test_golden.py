"""The golden files are what the Python reference writes now."""

import json

import numpy as np
import pytest

from tests.golden import make


def assert_same(written, now, where):
    if isinstance(now, dict):
        assert written.keys() == now.keys(), where
        for key in now:
            assert_same(written[key], now[key], f"{where}.{key}")
    elif isinstance(now, list | tuple) and any(isinstance(item, dict | list) for item in now):
        assert len(written) == len(now), where
        for k, item in enumerate(now):
            assert_same(written[k], item, f"{where}[{k}]")
    elif isinstance(now, str):
        assert written == now, where
    else:
        np.testing.assert_allclose(written, now, rtol=0, atol=1e-9, err_msg=where)


@pytest.mark.parametrize("name", make.FILES)
def test_golden_file_is_what_the_reference_writes(name):
    written = json.loads((make.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert_same(written, json.loads(make.text(name)), name)


def test_no_golden_file_is_left_over():
    assert {path.stem for path in make.FOLDER.glob("*.json")} == set(make.FILES)


def test_comparison_sees_a_difference():
    with pytest.raises(AssertionError):
        assert_same({"a": [1.0, 2.0]}, {"a": [1.0, 2.00001]}, "made up")
