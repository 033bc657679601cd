"""The checks that need node: the JavaScript's own tests, its types, its layout, and what ESLint finds.

``npm install --prefix tests/js`` brings the tools, pinned in tests/js/package.json. Where a tool is
missing they are skipped, with the reason; in CI (the variable CI is set) they fail instead, so that nobody believes
that they ran.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tests" / "js" / "node_modules" / ".bin"
SOURCES = ("assets/js", "assets/gt_bridge.js", "tests/js")


def find_tool(name, remedy="npm install --prefix tests/js"):
    """The path of a tool, ours first; skips, or fails in CI, when there is none."""
    path = shutil.which(name, path=f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}")
    if path is None and os.environ.get("CI"):
        pytest.fail(f"{name} is not there and CI is set: {remedy}")
    if path is None:
        pytest.skip(f"{name} is not there: {remedy}")
    return path


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def test_javascript_tests_pass():
    node = find_tool("node", "install Node.js 20 or newer")
    code, output = run(node, "tests/js/all.mjs")
    assert code == 0, output
    assert re.search(r"^# pass [5-9]\d\d$", output, re.M), output


@pytest.mark.parametrize("config", ["tsconfig.json", "tsconfig.tests.json"])
def test_javascript_types_hold(config):
    code, output = run(find_tool("tsc"), "-p", f"tests/js/{config}")
    assert code == 0, output


def test_type_check_sees_an_error(tmp_path):
    (tmp_path / "wrong.mjs").write_text("/** @type {number} */\nexport const x = 'text';\n")
    (tmp_path / "tsconfig.json").write_text(
        f'{{"extends": "{(ROOT / "tests/js/tsconfig.json").as_posix()}", "include": ["*.mjs"],'
        ' "compilerOptions": {"types": []}}'
    )
    code, output = run(find_tool("tsc"), "-p", str(tmp_path))
    assert code != 0 and "TS2322" in output


def test_javascript_is_laid_out_alike():
    code, output = run(find_tool("prettier"), "--check", *SOURCES)
    assert code == 0, output


def test_eslint_finds_nothing():
    code, output = run(find_tool("eslint"), "-c", "tests/js/eslint.config.mjs", *SOURCES)
    assert code == 0, output


def test_eslint_sees_a_mistake(tmp_path):
    (tmp_path / "eslint.config.mjs").write_text((ROOT / "tests/js/eslint.config.mjs").read_text())
    (tmp_path / "node_modules").symlink_to(TOOLS.parent)
    (tmp_path / "assets" / "js").mkdir(parents=True)
    lines = "\n".join(f"  console.log({i});" for i in range(120))
    (tmp_path / "assets/js/long.mjs").write_text(f"export function long() {{\n{lines}\n}}\n")
    eslint = find_tool("eslint")
    done = subprocess.run([eslint, "."], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode != 0
    assert "max-lines-per-function" in done.stdout and "no-console" in done.stdout


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
def test_a_missing_tool_is_a_skip_here_and_a_failure_in_ci(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no-such-tool is not there"):
        find_tool("no-such-tool", "install it")
