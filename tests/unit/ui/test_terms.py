"""Terms that pages explain: one sentence each, a link that leads somewhere, and no word that nobody has."""

import re
from pathlib import Path

import pytest

from gt.docs.sections import sections
from gt.ui.components.terms import TERMS, explained, term

ROOT = Path(__file__).parents[3]
DOCS = {(f"docs{one['path']}", one["anchor"]) for one in sections()}


@pytest.mark.parametrize("word", TERMS)
def test_a_term_has_one_sentence_and_a_link_that_leads_to_a_heading(word):
    one = TERMS[word]
    assert re.fullmatch(r"[^.]+(?:\.\d[^.]*)*\.", one["sentence"]), "one sentence, with its end"
    assert len(one["sentence"]) < 250 and one["title"] and one["more"]
    path, _, anchor = one["link"].partition("#")
    assert (path, anchor) in DOCS


def test_modules_mark_only_terms_that_there_are():
    marked = {
        word
        for file in (ROOT / "assets" / "js").rglob("*.mjs")
        for word in re.findall(
            r'(?:(?:termMark|marked)\((?:\w+, )?|\bword: |"data-gt-term": )"([\w-]+)"',
            file.read_text("utf-8"),
        )
    }
    assert marked and marked <= set(TERMS)


def test_a_term_in_a_text_can_be_reached():
    button = term("trails", "Trails").to_plotly_json()
    assert button["type"] == "Button" and button["props"]["data-gt-term"] == "trails"
    assert explained("fit") == {"data-gt-term": "fit"}
