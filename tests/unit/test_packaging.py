"""What a fresh machine installs: every requirement pinned, every pin usable anywhere."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = ROOT / "requirements.lock"


def pins(text):
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line]


def locked():
    found = {}
    for line in pins(LOCK.read_text("utf-8")):
        name, version = line.split("==")
        found[canonicalize_name(name)] = version
    return found


def wanted():
    extras = PROJECT["optional-dependencies"].values()
    return [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]


def test_every_line_of_the_lock_is_an_exact_pin_that_names_no_host():
    for line in pins(LOCK.read_text("utf-8")):
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._!]+", line), line


def test_no_pin_is_for_one_build_only():
    assert not [name for name, version in locked().items() if "+" in version]


def test_no_package_is_pinned_twice():
    names = [canonicalize_name(line.split("==")[0]) for line in pins(LOCK.read_text("utf-8"))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("text", wanted())
def test_every_requirement_is_pinned_to_a_version_that_it_allows(text):
    requirement = Requirement(text)
    version = locked().get(canonicalize_name(requirement.name))
    assert version is not None, f"{requirement.name} is missing in {LOCK.name}"
    assert requirement.specifier.contains(version, prereleases=True), version


def test_the_base_install_has_what_app_and_package_import():
    """Nothing outside the extras may be reached without a line in pyproject.toml."""
    base = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    files = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "gt").rglob("*.py")]
    third_party = set()
    for file in files:
        if {"record", "attack", "examples"} & {*file.relative_to(ROOT).parts} or file.name in (
            "dynamic_tsne.py",
            "hf.py",
            "lightning.py",
            "workers.py",
        ):
            continue  # whoever imports these has looked for torch, or gunicorn, first
        for line in file.read_text("utf-8").splitlines():
            if match := re.match(r"(?:import|from) ([a-zA-Z_]\w*)", line):
                third_party.add(match[1])
    own = {"gt", "app", "pages", "__future__"}
    outside = third_party - own - set(sys.stdlib_module_names)
    called = {"markdown_it": "markdown-it-py"}  # on the index
    named = {canonicalize_name(called.get(name, name)) for name in outside}
    # both come with dash, which names them and cannot do without them
    assert named - {"flask", "werkzeug"} <= base, sorted(named - base)
