"""``/embedding`` and what else shows embeddings that were imported, without a browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plotly.io.json import to_json_plotly

import gt
from gt import cli, ids
from gt.cache import wire
from gt.embed.imported import key_of
from gt.figures.palette import DASHES, ELSEWHERE, other_line
from gt.run import open_run
from gt.serve import announcements, tensors
from gt.ui.compare import measures
from gt.ui.compare.rows import announcement
from tests.app.conftest import components, text

BY = "<img src=x> & co, knn=5"
TWO, FIVE = "UMAP, <b>tuned</b>", "Five | axes"


def places(run: gt.Run, d: int) -> np.ndarray:
    """Somewhere else for every point and epoch, most along the last axis but one."""
    found = np.random.default_rng(d).normal(size=(len(run.epochs), run.n, d))
    return found * np.r_[np.ones(d - 2), 9, 3]


@pytest.fixture
def runs_folder(runs_folder: Path, tmp_path: Path) -> Path:
    """The small runs; MNIST has two more embeddings, of two and of five dimensions."""
    folder = tmp_path / "runs"
    shutil.copytree(runs_folder, folder)
    run = open_run(folder / "mnist")
    gt.write_embedding(run, places(run, 2), name=TWO, by=BY, made={"seed": "3 <i>or</i> 4"})
    gt.write_embedding(run, places(run, 5), name=FIVE)
    return folder


@pytest.fixture
def props(page: Callable[..., Any]) -> Callable[[str], dict[str, Any]]:
    def props(query: str) -> dict[str, Any]:
        found = components(page("/embedding", query))
        return {
            c["props"]["id"]: c["props"] for c in found if isinstance(c["props"].get("id"), str)
        }

    return props


def test_the_page_offers_what_was_imported_and_shows_what_is_asked_for(props):
    found = props(f"?run=mnist&embedding={key_of(TWO, 'test')}")
    assert [one["label"] for one in found[ids.EMBED_METHOD]["options"]] == [
        f"{FIVE} (imported)",
        f"{FIVE} (imported, training points)",
        f"{TWO} (imported)",
        f"{TWO} (imported, training points)",
    ]
    assert found[ids.EMBED_METHOD]["value"] == key_of(TWO, "test")
    said = found[ids.EMBED_ANNOUNCEMENT_STORE]["data"]
    assert (said["p"], said["axes"], said["embedding"]["principal"]) == (2, None, None)
    assert said["embedding"]["imported"] == {
        "title": TWO,
        "by": BY,
        "told": {"seed": "3 <i>or</i> 4"},
    }


def test_of_how_it_was_made_only_its_maker_is_quoted(props):
    told = text(props(f"?run=mnist&embedding={key_of(TWO, 'test')}")[ids.EMBED_ABOUT]["children"])
    told = " ".join(told.split())
    assert f"As its maker says: {BY}" in told and "seed 3 <i>or</i> 4" in told
    silent = text(
        props(f"?run=mnist&embedding={key_of(FIVE, 'test')}")[ids.EMBED_ABOUT]["children"]
    )
    assert "It was not said how it was made." in silent and "maker" not in silent
    assert "turns all 5 dimensions" in silent and "Measured on softmax" in silent
    for made_up in ("Seed", "Made by", "Took", "unknown"):
        assert made_up not in told + silent


def test_more_than_two_dimensions_are_toured_and_have_principal_axes(props, library):
    said = props(f"?run=mnist&embedding={key_of(FIVE, 'test')}")[ids.EMBED_ANNOUNCEMENT_STORE][
        "data"
    ]
    assert said["axes"] == ["d1", "d2", "d3", "d4", "d5"]
    columns = np.array(said["embedding"]["principal"])
    np.testing.assert_allclose(columns.T @ columns, np.eye(2), atol=1e-12)
    assert np.abs(columns).argmax(0).tolist() == [3, 4] and columns.max(0).min() > 0.9


def test_a_run_without_any_says_how_one_is_brought(props):
    found = props("?run=shapes")
    said = text(found[ids.EMBED_ABOUT]["children"])
    assert "has no imported embedding yet" in said and "gt import-embedding" in said
    assert (
        found[ids.EMBED_PICTURE]["hidden"] and found[ids.EMBED_ANNOUNCEMENT_STORE]["data"] is None
    )


def test_an_embedding_that_is_not_there_is_named(page):
    said = text(page("/embedding", "?run=mnist&embedding=imported-nothing"))
    assert "MNIST has no imported embedding “imported-nothing”." in said


def test_pages_of_methods_do_not_offer_them(page):
    for path in ("/tsne", "/umap"):
        assert "imported" not in text(page(path, "?run=mnist"))


def test_compare_has_a_row_each_and_says_what_is_seen_of_more_than_two_dimensions(library):
    said, problem = announcement(library, "mnist")
    rows = {row["title"]: row for row in said["rows"]}
    assert not problem and list(rows)[-3:] == [
        f"{FIVE} (imported)",
        f"{TWO} (imported)",
        "Grand Tour",
    ]
    assert rows[f"{TWO} (imported)"]["shown"] and rows[f"{FIVE} (imported)"]["shown"]
    assert rows[f"{TWO} (imported)"]["note"] == "60 of 60 points"
    assert rows[f"{FIVE} (imported)"]["note"] == (
        "60 of 60 points; at first the 2 leading principal axes of 5, over all epochs"
    )


def test_their_lines_are_told_apart_and_measured_in_all_dimensions(library, server):
    drawn = {
        one["name"]: one["line"] for one in measures.lines(library, "mnist", "false_motion")["data"]
    }
    mine = {name: line for name, line in drawn.items() if "(imported)" in name}
    assert len(mine) == 2 and len({line["color"] for line in mine.values()}) == 2
    assert {line["dash"] for line in mine.values()} == {"dash"}
    assert not {line["color"] for line in mine.values()} & {
        line["color"] for name, line in drawn.items() if name not in mine
    }
    said = text(json.loads(to_json_plotly(measures.table(library, "mnist"))))
    assert (
        f"Measured in all their dimensions, and not as drawn: UMAP in 8-D, toured; {FIVE} (imported)."
        in said
    )


def test_nine_lines_of_other_makers_are_all_different():
    looks = [other_line(i) for i in range(9)]
    assert len(set(looks)) == 9 == len(ELSEWHERE) * len(DASHES) and other_line(9) == looks[0]


def test_what_replaces_one_is_announced_anew(library):
    name = key_of(TWO, "test")
    run = library.run("mnist")
    before = announcements.announce_embedding(library, "mnist", name)
    gt.write_embedding(run, -2 * places(run, 2), name=TWO, replace=True)
    after = announcements.announce_embedding(library, "mnist", name)
    assert after["embedding"]["imported"] == {"title": TWO, "by": None, "told": {}}
    assert after["radius"] == pytest.approx(2 * before["radius"], rel=1e-6)
    digest = after["splits"]["test"]["slices"][0]["url"].split("/")[-1]
    assert wire.unpack(tensors.packed(library, digest))


def test_the_same_from_the_shell(library, tmp_path, capsys):
    run = library.run("held-out")
    np.save(tmp_path / "mine.npy", places(run, 3))
    asked = [
        "import-embedding",
        str(run.path),
        str(tmp_path / "mine.npy"),
        "--name",
        "Mine",
        "--quiet",
    ]
    assert cli.main([*asked, "--by", BY, "--made", "k=1=2", "--made", "s=0"]) == 0
    said = capsys.readouterr().out
    assert "test points" in said and "3 dimensions" in said and "Look at it:" in said
    [one] = library.embeddings("held-out")
    assert (one.imported.title, one.imported.by, one.imported.told) == (
        "Mine",
        BY,
        {"k": "1=2", "s": "0"},
    )
    assert cli.main(asked) == 2
    assert "gt import-embedding: name must be one that" in capsys.readouterr().err
    assert cli.main([*asked, "--replace", "--epoch", "99"]) == 2
    assert "must be as many as" in capsys.readouterr().err
    for wrong, words in (
        (["--epochs", "1;2"], "--epochs must be numbers"),
        (["--epoch", "1", "--epochs", "1"], "only one of --epoch and --epochs"),
        (["--made", "k"], "--made must be KEY=VALUE"),
    ):
        assert cli.main([*asked, "--replace", *wrong]) == 2
        assert words in capsys.readouterr().err
    assert cli.main(["info", str(run.path)]) == 0
    assert "“Mine”, imported" in capsys.readouterr().out
