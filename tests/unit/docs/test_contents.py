"""The pages hang together: each is listed, each link leads somewhere, on GitHub and in the app."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest

import gt.docs
from gt.docs.contents import FIRST, ROOT, Entry, address, entry_at
from gt.docs.markdown import headings, parse

PROJECT = Path(__file__).parents[3]
FILES = [FIRST, *(one.file for group in gt.docs.contents() for one in group.entries)]
OUTSIDE = ("https://", "http://")


def links(text: str) -> list[str]:
    found = []
    for token in parse(text):
        for child in token.children or []:
            if child.type in ("link_open", "image"):
                found.append(str(child.attrs.get("href") or child.attrs.get("src")))
    return found


def anchors(text: str) -> set[str]:
    return {one.anchor for one in headings(parse(text))}


def test_every_file_is_listed_once() -> None:
    there = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.md"))
    assert sorted(FILES) == there


@pytest.mark.parametrize("file", FILES)
def test_a_page_has_one_title_and_links_that_lead_somewhere(file: str) -> None:
    text = gt.docs.source(file)
    assert [one.level for one in headings(parse(text))].count(1) == 1
    for link in links(text):
        if link.startswith(OUTSIDE):
            continue
        target, _, anchor = link.partition("#")
        there = (ROOT / file).parent / target if target else ROOT / file
        assert there.exists(), f"{file}: {link}"
        if anchor:
            assert anchor in anchors(there.read_text("utf-8")), f"{file}: {link}"


@pytest.mark.parametrize("file", FILES)
def test_pictures_are_among_the_served_files(file: str) -> None:
    for link in links(gt.docs.source(file)):
        if link.endswith(".png"):
            there = posixpath.normpath(posixpath.join("gt/docs", posixpath.dirname(file), link))
            assert there.startswith("assets/") and (PROJECT / there).is_file()


def test_the_projects_readme_is_short_and_leads_into_the_documentation() -> None:
    text = (PROJECT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= 150
    for link in links(text):
        assert link.startswith(OUTSIDE) or (PROJECT / link).exists(), link
    assert "gt/docs/tutorial.md" in links(text) and "gt/docs/README.md" in links(text)


def test_addresses_lead_to_pages() -> None:
    assert entry_at("").file == FIRST  # type: ignore[union-attr]
    assert entry_at("/how-to/embed") == Entry("how-to/embed.md", "Compute embeddings")
    assert entry_at("/how-to/embed/").file == "how-to/embed.md"  # type: ignore[union-attr]
    for nowhere in ("/gone", "/../../etc/passwd", "x", "/README", "/how-to", "/<script>"):
        assert entry_at(nowhere) is None


def test_links_between_pages_are_addresses_of_the_app() -> None:
    assert address("how-to/embed.md", "../tutorial.md") == ("/tutorial", "")
    assert address("how-to/embed.md", "deploy.md#settings") == ("/how-to/deploy", "settings")
    assert address("how-to/embed.md", "#x") == ("/how-to/embed", "x")
    assert address("tutorial.md", "README.md") == ("", "")
    assert address("explanation/alignment.md", "../../align/bases.py") is None


def test_anchors_are_those_of_github() -> None:
    text = "# `gt.tour` and *more*!\n\n## A b\n\n## A b\n\n## What's new, 2_3?\n"
    assert [one.anchor for one in headings(parse(text))] == [
        "gttour-and-more",
        "a-b",
        "a-b-1",
        "whats-new-2_3",
    ]


def test_sections_have_all_words_and_no_mark_up() -> None:
    every = gt.docs.sections()
    assert len(every) > 100
    assert not [one for one in every if "<!--" in one["text"] or "](" in one["heading"]]
    [found] = [one for one in every if one["path"] == "/tutorial" and one["anchor"] == "mend-it"]
    assert found["page"] == "Tutorial" and "without-last-relu" in found["text"]
    assert all(re.fullmatch(r"[\w-]*", one["anchor"]) for one in every)
