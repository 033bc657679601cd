"""A page in a file: what is in it, what it may do, how the command says what cannot be."""

from __future__ import annotations

import gzip
import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from gt.cli import main
from gt.cli.export import PAGES as OFFERED
from gt.run import open_run
from gt.serve.library import Library
from gt.serve.policy import digest
from gt.share import alone, document
from gt.share.pages import PAGES
from gt.share.told import Asked
from tests.in_file import blocks_in, layouts_in, said_in, tensor_in


@pytest.fixture(scope="module")
def made(runs_folder: Path, tmp_path_factory: pytest.TempPathFactory):
    return alone.library_of(runs_folder / "mnist", tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def text(made) -> str:
    library, run = made
    return document.document(library, book(library, run, query="epoch=5"))


def book(library: Library, run: str, page: str = "grand-tour", query: str = "", **asked):
    """A file of one page."""
    told = alone.told(library, page, run, Asked(**asked))
    return alone.book_of(library, [told], query)


def first(told: dict) -> dict:
    """What the first page of a file is told first."""
    return next(iter(told["pages"][0]["shown"].values()))


def test_the_points_are_in_it_as_they_go_over_the_wire(text: str, runs_folder: Path) -> None:
    told = said_in(text)
    one = first(told)["splits"]["test"]["slices"][3]
    values = np.frombuffer(tensor_in(text, one["url"]), "<u2").reshape(60, 10)
    run = open_run(runs_folder / "mnist")
    expected = run.activations("softmax", 3)[run.splits == 1]
    np.testing.assert_allclose(values * one["scale"] + one["offset"], expected, atol=one["scale"])
    images = first(told)["splits"]["train"]["images"]
    assert told["held"]["at"][images["url"]]["block"] == 1, "they are unpacked when asked for"
    assert tensor_in(text, images["url"]) == run.images[run.splits == 0].tobytes()
    assert told["query"] == "epoch=5" and told["pages"][0]["mount"]["base"] == ""


def test_its_policy_allows_its_scripts_and_its_styles_alone(text: str) -> None:
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1])
    for script in re.findall(r'<script(?: type="module")?>(.*?)</script>', text, re.S):
        assert digest(script) in policy
    assert digest(re.search(r"<style>(.*?)</style>", text, re.S)[1]) in policy
    packed = blocks_in(text)
    for inside in ("script", "style"):
        assert digest(packed[inside].decode()) in policy
    assert len(re.findall("sha256-", policy)) == 5
    assert "default-src 'none'" in policy and "connect-src 'none'" in policy
    body = text[text.index("<body>") : text.index("data-gt-block")] + layouts_in(text)
    assert not re.search(r'\s(?:src|href|action)="(?!#)', body)


def test_what_a_run_calls_itself_is_never_markup(tmp_path: Path) -> None:
    from gt.run import write_run

    name = "</script><script>alert(1)</script>"
    write_run(
        tmp_path / "run",
        np.random.default_rng(0).normal(size=(2, 6, 3)),
        np.arange(6) % 3,
        kind="logits",
        classes=["<b>", "a&b", "c"],
        title=name,
    )
    library, run = alone.library_of(tmp_path / "run", tmp_path / "cache")
    text = document.document(library, book(library, run))
    seen = text + layouts_in(text)
    assert name not in seen and seen.count("<script") == 6 and "<b>" not in seen
    assert first(said_in(text))["title"] == name


def test_where_no_script_runs_it_says_what_was_measured(text: str, runs_folder: Path) -> None:
    run = open_run(runs_folder / "mnist")
    rows = run.splits == 1
    right = run.activations("softmax", len(run.epochs) - 1)[rows].argmax(1) == run.labels[rows]
    still = text[text.index("<noscript>") : text.index("</noscript>")]
    assert f"{100 * right.mean():.1f} % at epoch 40" in still
    assert still.count("<figure>") == 6 and "Test points, epoch 40" in still


def test_the_command_writes_a_file_or_a_folder(runs_folder, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("GT_CACHE", str(tmp_path / "cache"))
    run, out = str(runs_folder / "mnist"), tmp_path / "new" / "tour.html"
    assert main(["export", run, "--out", str(out), "--view", "?epoch=5"]) == 0
    assert said_in(out.read_text("utf-8"))["query"] == "epoch=5"
    assert "opens in a browser by itself" in capsys.readouterr().out
    assert main(["export", run, "--out", str(tmp_path / "site"), "--folder"]) == 0
    index = (tmp_path / "site" / "index.html").read_text("utf-8")
    told = said_in(index)
    assert told["held"] == {"beside": True, "at": {}} and "connect-src 'self'" in unescape(index)
    for one in first(told)["splits"]["train"]["slices"]:
        packed = (tmp_path / "site" / f"{one['url']}.packed").read_bytes()
        assert len(gzip.decompress(packed)) == 60 * 10 * 2


def test_what_cannot_be_written_is_said_in_one_line(runs_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GT_CACHE", str(tmp_path / "cache"))
    run = str(runs_folder / "mnist")
    (tmp_path / "file").write_text("kept")
    for words, expected in [
        ([run, "--out", str(tmp_path)], "must be a file, it is a folder"),
        ([run, "--folder", "--out", str(tmp_path / "file")], "must be a folder, it is a file"),
        (
            [run, "--layer", "relu9", "--out", str(tmp_path / "x")],
            "no layer “relu9” to show; it has logits, softmax",
        ),
        ([str(tmp_path / "none"), "--out", str(tmp_path / "x")], "none"),
    ]:
        assert main(["export", *words]) == 2
        error = capsys.readouterr().err
        assert expected in error and error.count("\n") == 1
    assert not (tmp_path / "x").exists() and (tmp_path / "file").read_text() == "kept"


def test_a_file_that_no_browser_opens_is_not_written(made, tmp_path, monkeypatch) -> None:
    library, run = made
    monkeypatch.setattr(document, "LARGEST", 1000)
    with pytest.raises(ValueError, match=r"take 0 MB; take fewer epochs"):
        alone.write_file(library, book(library, run), tmp_path / "x.html")
    assert not (tmp_path / "x.html").exists()


def test_the_command_offers_the_pages_that_there_are() -> None:
    assert set(OFFERED) == set(PAGES)
