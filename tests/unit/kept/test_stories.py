"""Stories beside a run: checked when they are read, written whole, and nothing of two writers is lost."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from gt.errors import RunError, UnknownNameError
from gt.kept import story as stories_of_one
from gt.kept.describe import describe
from gt.kept.ship import make_manifest, ship_run
from gt.kept.stories import (
    FOLDER,
    delete_story,
    first_story,
    read_stories,
    read_story,
    slug,
    write_story,
)
from gt.kept.story import Note, Story, StoryError, View, story_from
from gt.run import open_run
from tests.small_run import make

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
WEBP = b"RIFF\0\0\0\0WEBP" + b"\0" * 20
VIEW = View(
    "grand-tour",
    "run=old&layer=softmax&epoch=3&play=0",
    "Three",
    "Here they part.",
    note=Note("this one", {"point": 7}),
    picture=WEBP,
    alt="10 points.",
)


@pytest.fixture
def run(tmp_path):
    make(tmp_path / "runs" / "one")
    return open_run(tmp_path / "runs" / "one")


def story(run, title="What it learns", views=(VIEW,)):
    return Story(run.uid, title, tuple(views))


def test_a_story_comes_back_as_it_was_written(run):
    notes = [
        None,
        *(
            Note("x", at)
            for at in ({"class": "cat"}, {"group": "Mine"}, {"place": (0.25, 1.0)}, {"point": 0})
        ),
    ]
    views = [replace(VIEW, note=note, picture=PNG, text="two\nlines", alt="") for note in notes]
    kept = write_story(run, story(run, views=views))
    assert kept.name == "what-it-learns"
    assert read_story(run, kept.name) == kept
    assert read_stories(run) == ([kept], [])
    assert first_story(run) == kept
    assert [path.name for path in (run.path / FOLDER).iterdir()] == ["what-it-learns.json"]
    assert "what-it-learns  What it learns, 5 views" in describe(run)


def test_names_are_plain(run):
    assert [slug(one) for one in ("A — b!", "日本", "x" * 99, "../up")] == [
        "a-b",
        "story",
        "x" * 50,
        "up",
    ]
    for name in ("../../etc/passwd", "a/b", "A", "", ".x", "-a"):
        with pytest.raises(UnknownNameError):
            read_story(run, name)
        with pytest.raises(UnknownNameError):
            write_story(run, story(run), name)


def test_a_second_writer_is_given_a_name_of_its_own_and_nothing_is_lost(run):
    first = write_story(run, story(run))
    mine = write_story(run, story(run, "Mine"), first.name, first.revision)
    assert mine.name == first.name and mine.revision != first.revision
    theirs = write_story(
        run, story(run, "Theirs"), first.name, first.revision
    )  # has seen the first
    assert theirs.name == "what-it-learns-2"
    assert read_story(run, first.name).story.title == "Mine"
    with pytest.raises(RunError, match="changed meanwhile"):
        delete_story(run, first.name, first.revision)
    delete_story(run, first.name, mine.revision)
    with pytest.raises(UnknownNameError):
        delete_story(run, first.name, mine.revision)
    again = write_story(run, story(run, "Again"), first.name, mine.revision)  # it was taken away
    assert {one.name for one in read_stories(run)[0]} == {again.name, theirs.name}


def test_many_writers_at_once_lose_nothing(run):
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda i: write_story(run, story(run, f"T{i % 2}")), range(12)))
    assert len({one.name for one in made}) == 12
    assert len(read_stories(run)[0]) == 12


def test_what_is_wrong_is_said_by_its_place_and_the_others_stay(run):
    whole = write_story(run, story(run))
    folder = run.path / FOLDER
    (folder / "bad.json").write_text("{")
    (folder / "foreign.json").write_text(json.dumps(Story("other", "x").to_json()))
    (folder / "nan.json").write_text('{"version": NaN}')
    (folder / "not a name.json").write_text("{}")
    found, problems = read_stories(run)
    assert found == [whole] and len(problems) == 3
    assert "bad.json: must be JSON" in problems[0]
    assert f"must be of the run {run.uid}" in problems[1]
    assert first_story(run) == whole


def said(**changes):
    return {"version": 1, "uid": "u", "title": "t", "views": [], **changes}


def view(**changes):
    return said(views=[{"page": "umap", "query": "run=a", "title": "t", **changes}])


def data(content, kind="webp"):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ([], "story must be an object"),
        (said(more=1), "'more', which nobody reads"),
        (said(version=2), "a newer gt wrote it"),
        (said(version=True), "version must be"),
        (said(title="a\nb"), "title must be one line"),
        (said(title="\u2028"), "title must be one line"),
        (said(title=" "), "blank"),
        (said(title="x" * 121), "title must have at most 120"),
        (said(title="\ud800"), "title must be text"),
        (said(views={}), "views must be of list"),
        (said(views=[{}] * 65), "at most 64"),
        (view(page="../x"), r"views\[0\].page must be one of"),
        (view(page=["x"]), r"views\[0\].page must be one of"),
        (view(query='"><script>'), r"views\[0\].query must be"),
        (view(query="a" * 40_001), r"views\[0\].query must have at most"),
        (view(query=5), r"views\[0\].query must be"),
        (view(text="a\x1b[0m"), "control characters"),
        (view(text="a" * 1001), r"views\[0\].text must have at most 1,000"),
        (view(alt=[]), r"views\[0\].alt must be text"),
        (view(other=1), "'other', which nobody reads"),
        (view(note={"text": "a", "at": {}}), "one of point, class, group and place"),
        (view(note={"text": "a", "at": {"point": 1, "class": "b"}}), "one of point"),
        (view(note={"text": "a", "at": {"point": -1}}), "note.at.point"),
        (view(note={"text": "a", "at": {"where": 1}}), "one of point"),
        (view(note={"text": "a", "at": {"place": [0.5, 1.5]}}), "two numbers"),
        (view(note={"text": "", "at": {"point": 1}}), "note.text must be text"),
        (view(picture="https://example.org/x.png"), "as a data: address"),
        (view(picture="data:image/svg+xml;base64,PHN2Zz4="), "as a data: address"),
        (view(picture=data(PNG)), "must be a WEBP"),
        (view(picture="data:image/png;base64,AAAAA"), "picture must be"),
        (view(picture=data(WEBP + b"\0" * 60_000)), "at most 60,000 bytes"),
    ],
)
def test_a_story_from_elsewhere_is_checked(given, place):
    with pytest.raises(StoryError, match=place):
        story_from(given)


def test_the_browser_is_told_of_the_same_stories():
    """The twin of these checks, assets/js/story/checked.mjs, reads this file too."""
    golden = json.loads((Path(__file__).parents[2] / "js/stories.json").read_text("utf-8"))
    for right in golden["right"]:
        assert story_from(right)
    for wrong in golden["wrong"]:
        with pytest.raises(StoryError):
            story_from(wrong)


def test_the_other_run_and_too_many_are_refused(run, monkeypatch):
    with pytest.raises(StoryError, match="uid must be"):
        write_story(run, Story("other", "t"))
    with pytest.raises(StoryError, match=r"views\[0\].title"):
        write_story(run, story(run, views=[replace(VIEW, title="")]))
    assert not (run.path / FOLDER).exists()
    monkeypatch.setattr("gt.kept.stories.MOST", 1)
    write_story(run, story(run))
    with pytest.raises(RunError, match="at most 1 stories"):
        write_story(run, story(run))


def test_a_copy_that_is_shipped_takes_its_stories_along(run, tmp_path):
    kept = write_story(run, story(run))
    (run.path / FOLDER / "notes.txt").write_text("mine")
    copy = ship_run(run.path, tmp_path / "copies")
    assert read_stories(copy) == ([kept], [])
    assert [path.name for path in (copy.path / FOLDER).iterdir()] == [f"{kept.name}.json"]
    assert make_manifest(tmp_path / "copies")["one"]["stories"] == [kept.name]


def test_pages_are_those_of_the_app():
    from gt.serve.run_list import PAGES

    assert set(stories_of_one.PAGES) == set(PAGES)
