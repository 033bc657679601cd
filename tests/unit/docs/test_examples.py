"""The table of networks in the documentation has each example, once; they are listed, and say what they need."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import gt.docs
from tests.app.test_examples import CASES

torch = pytest.importorskip("torch")


def examples():
    from gt.examples.__main__ import examples

    return examples()


def rows():
    """The last cell of each row of the table, by example."""
    text = gt.docs.source("how-to/any-network.md")
    found = re.findall(r"^\| \[(\w+)\]\(\.\./\.\./examples/(\w+)\.py\).*\| ([^|]*) \|$", text, re.M)
    assert all(name == file for name, file, _ in found)
    assert len({name for name, _, _ in found}) == len(found)
    return {name: last for name, _, last in found}


def test_the_table_has_every_example():
    assert rows().keys() == examples().keys()
    assert set(rows().values()) <= {"yes", "no"}


def test_every_example_is_tried():
    assert {case.example for case in CASES.values()} == examples().keys()


def test_every_example_says_in_a_line_what_it_is():
    for name, line in examples().items():
        assert 20 < len(line) < 120, name


def test_the_examples_are_listed():
    command = [sys.executable, "-m", "gt.examples"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for name, line in examples().items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", said, re.M)


@pytest.mark.parametrize(
    ("missing", "name", "extra"),
    [("torch", "mnist", "record"), ("transformers", "bert", "hf")],
)
def test_an_example_says_what_is_to_be_installed(tmp_path, missing, name, extra):
    hide = f"import sys, runpy; sys.modules['{missing}'] = None; sys.argv = ['x', '--out', 'out']; "
    run = f"runpy.run_module('gt.examples.{name}', run_name='__main__', alter_sys=True)"
    done = subprocess.run(
        [sys.executable, "-c", hide + run], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "must be installed, it is not" in done.stderr
    assert f"pip install -c requirements.lock -e '.[{extra}]'" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "out").exists()
