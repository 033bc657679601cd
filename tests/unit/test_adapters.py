"""Importing gt needs none of the libraries that it has callbacks for; where one is missing, that is said."""

import subprocess
import sys

import pytest

pytest.importorskip("torch")


@pytest.mark.parametrize(
    ("name", "missing", "extra"),
    [
        ("lightning", ("lightning", "pytorch_lightning"), "lightning"),
        ("hf", ("transformers",), "hf"),
    ],
)
def test_a_library_that_is_missing_is_named(name, missing, extra):
    code = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({missing!r}))\n"
        "import gt\n"
        "try:\n"
        f"    gt.{name}\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True
    )
    assert f"must be installed, it is not; pip install 'nn-grand-tour[{extra}]'" in done.stdout


def test_gt_imports_none_of_them():
    code = "import gt, sys; print([m for m in ('lightning', 'transformers', 'torch') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.strip() == "[]"
