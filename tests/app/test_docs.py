"""The documentation in the app, without a browser: every page, its links, its search, and what is not mark-up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

import gt.docs
from gt.docs.contents import FIRST
from gt.ui.docs import elements
from tests.app.conftest import components, text

ENTRIES = [one for group in gt.docs.contents() for one in group.entries]


@pytest.fixture
def article(monkeypatch: pytest.MonkeyPatch, dash_app: Any) -> Any:
    """``article("# Text")``: its blocks as a browser gets them, were it the page of embeddings."""

    def made(said: str) -> list[Any]:
        monkeypatch.setattr(elements, "source", lambda file: said)
        elements.article.cache_clear()
        with dash_app.server.test_request_context("/"):
            blocks, _ = elements.article("how-to/embed.md")
        elements.article.cache_clear()
        return json.loads(json.dumps(blocks, cls=PlotlyJSONEncoder))

    return made


def of(blocks: Any, kind: str) -> list[dict[str, Any]]:
    return [one["props"] for one in components(blocks) if one["type"] == kind]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.file)
def test_every_page_is_there_with_its_headings(page: Any, entry: Any) -> None:
    layout = page(f"/docs{entry.path}")
    anchors = {c["props"]["id"] for c in components(layout) if c["type"] in ("H2", "H3", "H4")}
    marks = gt.docs.headings(gt.docs.parse(gt.docs.source(entry.file)))
    assert {one.anchor for one in marks if one.level > 1} == anchors
    here = [
        c["props"]["href"]
        for c in components(layout)
        if "gt-docs-here" in str(c["props"].get("className"))
    ]
    assert here == [f"/docs{entry.path}"]


def test_the_first_page_lists_all_others(page: Any) -> None:
    hrefs = {c["props"]["href"] for c in components(page("/docs")) if c["type"] == "Link"}
    assert {f"/docs{one.path}" for one in ENTRIES} <= hrefs


@pytest.mark.parametrize(
    "path", ["/docs/gone", "/docs/../app", "/docs/how-to", "/docsx", "/docs/README"]
)
def test_an_address_of_no_page_says_so_and_has_the_contents(page: Any, path: str) -> None:
    layout = page(path)
    assert "There is no such page" in text(layout)
    assert "Tutorial" in text(layout)


def test_the_title_names_the_page(client: Any) -> None:
    said = client.get("/docs/how-to/embed").get_data(as_text=True)
    assert "Compute embeddings · Grand Tour" in said
    assert 'as="script" href="/_dash-component-suites/plotly' not in said, "it has no graph"


def test_the_search_has_every_section_and_comes_once(client: Any) -> None:
    answer = client.get("/docs/search.json")
    sections = answer.get_json()
    assert {one["path"] for one in sections} == {one.path for one in ENTRIES}
    again = client.get("/docs/search.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_markup_in_a_text_stays_text(article: Any) -> None:
    blocks = article(
        "# T\n\n<script>x</script>\n\nA <b>bold</b> `<i>` <!-- mark -->\n\n<!-- not run: y -->\n\n"
        "[x](javascript:alert(1)) [y](data:text/html,z)\n"
    )
    said = text(blocks)
    assert "<script>x</script>" in said and "<b>" in said and "<i>" in said
    assert "mark" not in said and "not run" not in said
    kinds = {one["type"] for one in components(blocks)}
    assert not kinds & {"Script", "Iframe", "Markdown", "DangerouslySetInnerHTML"}
    assert not [one for one in of(blocks, "A") if one["href"].startswith(("javascript", "data"))]
    assert not of(blocks, "Link")


def test_links_lead_within_the_app_or_say_that_they_lead_out(article: Any) -> None:
    blocks = article(
        "# T\n\n[a](../tutorial.md#mend-it) [b](#x) [c](https://doi.org/1) [d](../../align/bases.py)\n\n## X\n"
    )
    assert [one["href"] for one in of(blocks, "Link")] == ["/docs/tutorial#mend-it"]
    own, away, anchor = of(blocks, "A")
    assert own["href"] == anchor["href"] == "#x"
    assert away["target"] == "_blank" and "noopener" in away["rel"]
    assert "d" in text(blocks)


def test_tables_lists_code_and_pictures(article: Any) -> None:
    blocks = article(
        "# T\n\n| a | b |\n|---|--:|\n| `x` | 1 |\n\n3. c\n4. d\n\n```bash\ngt <x> && y\n```\n\n"
        "![A picture](../../../assets/layers.png)\n"
    )
    [table] = of(blocks, "Table")
    assert len(of([table["children"]], "Th")) == len(of([table["children"]], "Td")) == 2
    assert of(blocks, "Ol")[0]["start"] == "3"
    assert "gt <x> && y" in [one["children"] for one in of(blocks, "Code")]
    [picture] = of(blocks, "Img")
    assert picture["src"].startswith("/assets/layers.png") and picture["alt"] == "A picture"


def test_every_page_is_reached_by_the_one_before_and_the_one_after(page: Any) -> None:
    seen, path = [], ENTRIES[0].path
    while path:
        seen.append(path)
        following = [
            c["props"]["href"].removeprefix("/docs")
            for c in components(page(f"/docs{path}"))
            if c["props"].get("className") == "gt-docs-next"
        ]
        path = following[0] if following else ""
    assert seen == [one.path for one in ENTRIES]
    assert FIRST not in seen
