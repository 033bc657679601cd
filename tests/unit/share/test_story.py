"""A story in a file: the pages of its views, what they need, and what is seen where no script runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gt.cli import main
from gt.errors import RunError
from gt.kept.stories import write_story
from gt.kept.story import Story, View
from gt.run import open_run
from gt.serve.selections import keep
from gt.share import alone
from gt.share import story as stories
from gt.share.document import document
from gt.share.kinds import pictured
from gt.ui.tour.link import pack
from tests.in_file import blocks_in, layouts_in, said_in
from tests.small_run import make

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture(scope="module")
def digits(runs_folder: Path, tmp_path_factory: pytest.TempPathFactory):
    return alone.library_of(runs_folder / "mnist", tmp_path_factory.mktemp("cache"))


def story(library, run, *views) -> Story:
    return Story(library.run(run).uid, "How <b>digits</b> are learnt", views)


def test_of_pages_that_are_large_in_every_epoch_a_story_has_what_its_views_show(digits) -> None:
    library, run = digits
    told = story(
        library,
        run,
        View("grand-tour", "run=old&epoch=12", "One"),
        View("compare", "run=old&epochs=5.10&rows=umap.grand-tour", "Two"),
    )
    tour, compare = stories.book_of(library, run, "digits", told).pages
    [shown], [said] = tour.shown.values(), compare.shown.values()
    comparison = said["comparison"]
    assert shown["epochs"] == library.run(run).epochs.tolist()
    assert [row["name"] for row in comparison["rows"]] == ["umap", "grand-tour"]
    assert {5, 10} <= set(comparison["outputs"]["epochs"])
    every = stories.book_of(library, run, "digits", told, every=1).pages[1].shown[run]
    assert every["comparison"]["outputs"]["epochs"] == shown["epochs"]


def test_a_file_has_the_pages_of_its_views_with_what_they_show(digits) -> None:
    library, run = digits
    told = story(
        library,
        run,
        View("umap", "run=old&method=umap-8d&epoch=5", "One"),
        View("umap", "run=old&method=umap&epoch=7.5", "Two"),
        View("grand-tour", "run=old&epoch=12", "Three", "In the middle."),
    )
    book = stories.book_of(library, run, "digits", told, every=100)
    umap, tour = book.pages
    assert (umap.page, list(umap.shown)) == ("umap", ["umap-8d", "umap"])
    assert umap.shown["umap"]["epochs"] == [0, 5, 10, 40], "those about 7.5 too"
    assert list(tour.shown) == ["softmax"] and 12 in tour.shown["softmax"]["epochs"]
    assert book.query.startswith(f"run={run}&method=umap-8d&epoch=5&story=digits&at=1")
    assert (book.story["run"], book.story["name"]) == (run, "digits")
    text = document(library, book)
    still = text[text.index("<noscript>") : text.index("</noscript>")]
    assert "<h2>3. Three</h2><p>In the middle.</p>" in still and "<b>" not in text
    assert still.count("<figure>") == 3 + 6, "the pictures of each page, once"


def test_a_page_that_cannot_be_in_a_file_is_there_as_pictures(digits) -> None:
    library, run = digits
    views = [
        View("layers", "run=old", "Layers", "One by one.", picture=PNG, alt="A picture."),
        View("layers", "run=old&state=2", "Further", "No picture."),
    ]
    book = stories.book_of(library, run, "digits", story(library, run, *views))
    [page] = book.pages
    assert page.entry == pictured.ENTRY and set(page.shown) == {"1", "2"}
    text = document(library, book)
    assert "Layers is here as a picture. The layers of MNIST must be aligned" in layouts_in(text)
    still = text[text.index("<noscript>") : text.index("</noscript>")]
    assert 'alt="A picture."' in still and "as pictures" in still
    assert all("picture" not in view for view in book.story["story"]["views"])


def test_selections_that_the_server_keeps_come_along(digits) -> None:
    library, run = digits
    names = [keep(library.store, pack(ids)) for ids in ([3, 5], [7], [9, 11])]
    query = f"run=old&epoch=5&kept={names[0]}&only=%40%40{names[1]}&group=1.%40{names[2]}.mine"
    book = stories.book_of(library, run, "a", story(library, run, View("grand-tour", query, "One")))
    assert set(book.answers) == {f"selections/{name}" for name in names}
    one = alone.book_of(library, [alone.told(library, "grand-tour", run)], f"kept={names[0]}")
    assert list(one.answers) == [f"selections/{names[0]}"]
    assert f"selections/{names[0]}" in said_in(document(library, one))["held"]["at"]


def test_the_command_takes_a_name_or_a_file(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    make(tmp_path / "run")
    run = open_run(tmp_path / "run")
    one = Story(run.uid, "One", (View("grand-tour", "run=old&epoch=20", "A view"),))
    write_story(run, one, "one")
    (tmp_path / "other.json").write_text(json.dumps(replace(one, title="Other").to_json()), "utf-8")
    for asked, title in [("one", "One"), (str(tmp_path / "other.json"), "Other")]:
        out = tmp_path / f"{title}.html"
        assert main(["export", str(run.path), "--story", asked, "--out", str(out)]) == 0
        text = out.read_text("utf-8")
        assert f"<title>{title}</title>" in text and b"startStories" in blocks_in(text)["script"]
        said = said_in(text)
        assert said["story"]["story"]["title"] == title
    assert (
        main(
            ["export", str(run.path), "--story", "one", "--folder", "--out", str(tmp_path / "site")]
        )
        == 0
    )
    capsys.readouterr()
    (tmp_path / "bad.json").write_text("{", "utf-8")
    strange = replace(one, uid="0" * 32)
    (tmp_path / "strange.json").write_text(json.dumps(strange.to_json()), "utf-8")
    for asked, problem in [
        ("none", "has no story “none”"),
        (str(tmp_path / "none.json"), "cannot be read"),
        (str(tmp_path / "bad.json"), "must be a story as JSON"),
        (str(tmp_path / "strange.json"), "must be a story of"),
    ]:
        assert main(["export", str(run.path), "--story", asked, "--out", str(tmp_path / "x")]) == 2
        assert problem in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_story_without_a_view_is_none(digits) -> None:
    library, run = digits
    with pytest.raises(RunError, match="must have a view, it has none"):
        stories.book_of(library, run, "a", story(library, run))
