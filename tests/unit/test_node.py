"""The checks that need node: the JavaScript's own tests, and its types.

Where the tool is missing they are skipped, with the reason; in CI (the variable CI is set) they
fail instead, so that nobody believes that they ran.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def find_tool(name, remedy, named=None):
    """The path of a tool; skips, or fails in CI, when there is none."""
    path = named or shutil.which(name)
    if path is None and os.environ.get("CI"):
        pytest.fail(f"{name} is not on PATH and CI is set: {remedy}")
    if path is None:
        pytest.skip(f"{name} is not on PATH: {remedy}")
    return path


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def test_javascript_tests_pass():
    node = find_tool("node", "install Node.js 20 or newer")
    files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/js/*.test.mjs"))
    assert files
    code, output = run(node, "--test", *files)
    assert code == 0, output


@pytest.mark.parametrize("config", ["tsconfig.json", "tsconfig.tests.json"])
def test_javascript_types_hold(config):
    tsc = find_tool(
        "tsc", "npm install -g typescript, or name it in GT_TSC", os.environ.get("GT_TSC")
    )
    code, output = run(tsc, "-p", f"tests/js/{config}")
    assert code == 0, output


def test_type_check_sees_an_error(tmp_path):
    tsc = find_tool(
        "tsc", "npm install -g typescript, or name it in GT_TSC", os.environ.get("GT_TSC")
    )
    (tmp_path / "wrong.mjs").write_text("/** @type {number} */\nexport const x = 'text';\n")
    (tmp_path / "tsconfig.json").write_text(
        f'{{"extends": "{(ROOT / "tests/js/tsconfig.json").as_posix()}", "include": ["*.mjs"]}}'
    )
    code, output = run(tsc, "-p", str(tmp_path))
    assert code != 0 and "TS2322" in output


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
def test_a_missing_tool_is_a_skip_here_and_a_failure_in_ci(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no-such-tool is not on PATH"):
        find_tool("no-such-tool", "install it")
