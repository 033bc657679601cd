"""``data-gt-part`` and ``data-gt-action`` have the words of `gt.words`; what is written is read, and the reverse."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from gt import words
from tests.unit.test_rooms import ROOT

WORDS = {"part": set(get_args(words.Part)), "action": set(get_args(words.Action))}
FOR_TESTS = {"gauge", "picked", "some", "stops", "technical"}  # parts that tests alone look for
HELPER = {"part": r'\bpart\(\s*"([\w-]+)"', "action": r'\bbutton\(\s*"([\w-]+)"'}


def text(folder: str, ending: str) -> str:
    """All files of a folder, but for the list itself."""
    files = sorted((ROOT / folder).rglob(f"*.{ending}"))
    return "\n".join(file.read_text("utf-8") for file in files if file.name != "words.py")


MARKUP = text("gt", "py") + text("pages", "py")
MODULES = text("assets/js", "mjs")
STYLES = text("assets/css", "css")


def found(pattern: str, source: str) -> set[str]:
    return set(re.findall(pattern, source, re.M))


def spelt(kind: str) -> set[str]:
    """Words that stand where no other words may stand: in attributes, in selectors, in calls of their helper."""
    attribute = rf'data-gt-{kind}(?:"\s*:\s*|=)"([\w-]+)"'
    return found(attribute, MARKUP + MODULES + STYLES) | found(HELPER[kind], MARKUP)


def written(kind: str) -> set[str]:
    """Words that come onto the page: out of Python, of a module that makes elements, or of a key."""
    quoted = found(r'"([\w-]+)"', MARKUP)
    made = found(rf'"data-gt-{kind}": "([\w-]+)"', MODULES)
    keys = found(r': \["([\w-]+)"', MODULES) if kind == "action" else set()
    return quoted | made | keys | found(HELPER["action"], MODULES)


def read(kind: str) -> set[str]:
    """Words that modules or style sheets look for, or that are in a table of what is done."""
    selected = found(rf'data-gt-{kind}="([\w-]+)"\]', MODULES + STYLES)
    if kind == "part":
        details = found(r'^  "?([\w-]+)"?: async \(\) => \(await import', MODULES)
        return selected | details | found(r'\bpart\((?:[\w.[\]]+, )?"([\w-]+)"\)', MODULES)
    tables = re.split(r"\bActions\} \*/|^    actions: \{", MODULES, flags=re.M)[1:]
    done = "\n".join(one[: one.find("\n  }\n")] for one in tables)
    return (
        selected
        | found(r'(?:\baction|gtAction) === "([\w-]+)"', MODULES)
        | found(r"\bactions\.(\w+)", MODULES)
        | found(r'^ +(?:async )?"?([\w-]+)"?(?:\(\) \{|[:,] ?)', done)
    )


@pytest.mark.parametrize("kind", WORDS)
def test_words_that_are_spelt_are_in_the_list(kind: str) -> None:
    assert len(spelt(kind)) > 20
    assert spelt(kind) - WORDS[kind] == set()


@pytest.mark.parametrize("kind", WORDS)
def test_each_word_of_the_list_comes_onto_a_page(kind: str) -> None:
    assert WORDS[kind] - written(kind) == set()


def test_each_word_of_the_list_is_looked_for() -> None:
    assert WORDS["part"] - read("part") == FOR_TESTS
    assert WORDS["action"] - read("action") == set()


def test_parts_for_tests_are_looked_for_by_tests() -> None:
    tests = text("tests/app", "py") + text("tests/browser", "py")
    assert found(r'(?:data-gt-part(?:="|"\) == ")|\.part\(")([\w-]+)"', tests) >= FOR_TESTS


def test_each_word_is_in_the_list_once() -> None:
    assert len(get_args(words.Part)) == len(WORDS["part"])
    assert len(get_args(words.Action)) == len(WORDS["action"])
