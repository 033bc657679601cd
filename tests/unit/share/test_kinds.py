"""Each page in a file: what it is told of a run, what it refuses, and that it is the app's own layout."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gt.errors import RunError
from gt.share import alone
from gt.share.document import document
from gt.share.held import addresses
from gt.share.pages import OF_ATTACKS, PAGES
from gt.share.told import Asked
from tests import two_runs
from tests.attacks import write_attack, write_small_alignment
from tests.in_file import layouts_in, said_in
from tests.small_run import make


@pytest.fixture(scope="module")
def digits(runs_folder: Path, tmp_path_factory: pytest.TempPathFactory):
    return alone.library_of(runs_folder / "mnist", tmp_path_factory.mktemp("cache"))


def text_of(library, *pages):
    return document(library, alone.book_of(library, pages))


def test_methods_that_are_asked_for_are_chosen_among(digits) -> None:
    library, run = digits
    told = alone.told(library, "umap", run, Asked(layers=("umap-8d", "umap")))
    assert list(told.shown) == ["umap-8d", "umap"] and told.title.startswith("MNIST, UMAP")
    text = text_of(library, told)
    assert re.search(r"<option selected value=\"umap-8d\">", layouts_in(text))
    assert "2 epochs" not in told.sentences[0] and "Trust which points" in told.sentences[0]
    with pytest.raises(RunError, match="no picture “nothing” for the page umap; it has umap"):
        alone.told(library, "umap", run, Asked(layers=("nothing",)))
    with pytest.raises(RunError, match="must have an imported embedding for the page"):
        alone.told(library, "embedding", run)
    with pytest.raises(RunError, match=r"t-SNE picture of train points .* it has none"):
        alone.told(library, "tsne", run, Asked(split="train"))


def test_compare_has_its_rows_its_lines_and_the_points_of_one_split(digits) -> None:
    library, run = digits
    told = alone.told(library, "compare", run)
    [said] = told.shown.values()
    assert list(said["comparison"]["outputs"]["splits"]) == ["test"]
    assert set(said["lines"]) >= {"rank_correlation", "false_motion"}
    assert told.left_out == ["Single transitions are left out: a server measures them."]
    few = alone.told(library, "compare", run, Asked(layers=("tsne",)))
    [said] = few.shown.values()
    assert [row["name"] for row in said["comparison"]["rows"]] == ["tsne", "grand-tour"]
    thin = alone.told(library, "compare", run, Asked(every=100, keep=[5]))
    [comparison] = [one["comparison"] for one in thin.shown.values()]
    columns = comparison["outputs"]["epochs"]
    assert 5 in columns and set(comparison["epochs"]) <= set(columns)
    [tsne] = [row for row in comparison["rows"] if row["name"] == "tsne"]
    assert set(tsne["announcement"]["epochs"]) <= set(columns)
    assert len(tsne["announcement"]["splits"]["test"]["slices"]) == len(
        tsne["announcement"]["epochs"]
    )
    for asked, problem in [
        (Asked(layers=("nothing",)), "no row “nothing” to compare"),
        (Asked(split="train"), "has test points to compare, and no train points"),
    ]:
        with pytest.raises(RunError, match=problem):
            alone.told(library, "compare", run, asked)


def test_training_brings_the_grand_tour_to_which_it_leads(digits) -> None:
    library, run = digits
    told = alone.told(library, "training", run)
    book = alone.book_of(library, [told])
    assert [page.page for page in book.pages] == ["training", "grand-tour"]
    text = document(library, book)
    said = said_in(text)
    hrefs = {one["href"].split("?")[0] for one in told.shown[run]["report"]["events"]}
    assert hrefs <= {"#grand-tour"} and len(said["pages"]) == 2
    body = text[: text.index("data-gt-block")] + layouts_in(text)
    assert not re.search(r'\shref="(?!#)', body) and "CSV" not in body
    both = alone.book_of(library, [told, alone.told(library, "grand-tour", run)])
    assert len(both.pages) == 2, "a page that is there is not brought again"


def test_of_several_pages_those_that_must_have_all_epochs_have_them(digits) -> None:
    library, run = digits
    tour, training = alone.several(library, ["grand-tour", "training"], run, Asked(every=100))
    whole = alone.told(library, "grand-tour", run).shown["softmax"]["epochs"]
    assert len(tour.shown["softmax"]["epochs"]) < len(whole) and len(tour.left_out) == 1
    assert not training.left_out
    with pytest.raises(RunError, match="layers must be of one page"):
        alone.several(library, ["grand-tour", "compare"], run, Asked(layers=("softmax",)))
    with pytest.raises(RunError, match="must have all epochs"):
        alone.several(library, ["training"], run, Asked(every=2))


def test_pages_of_one_file_share_their_tensors(digits) -> None:
    library, run = digits
    pages = [alone.told(library, page, run) for page in ("grand-tour", "compare")]
    alone_, both = ([one.shown for one in some] for some in (pages[:1], pages))
    assert len(addresses(both)) < sum(len(addresses(one.shown)) for one in pages)
    assert set(addresses(alone_)) <= set(addresses(both))


def test_the_network_has_some_points_and_epochs_and_says_how_many(tmp_path: Path) -> None:
    make(tmp_path / "run")
    library, run = alone.library_of(tmp_path / "run", tmp_path / "cache")
    with pytest.raises(RunError):
        alone.told(library, "layers", run)  # is not aligned
    told = alone.told(library, "network", run, Asked(every=3))
    [said] = told.shown.values()
    network = said["network"]
    assert network["epochs"] == network["available"] == [0, 30, 40]
    assert network["only"] == network["samples"] == said["images"]["ids"]
    asked = {address.split("/")[0] for address in told.answers}
    assert "activations" in asked and told.left_out[0].endswith("of 5 epochs are here.")
    ways = [one for one in told.answers if one.startswith("activations/")]
    assert len(ways) == 3 * len(network["only"])
    assert "on the server" not in network["origin"]


def test_an_attack_is_whole_and_no_other_page_shows_it(tmp_path: Path) -> None:
    run = write_attack(tmp_path / "attack", of=None)
    write_small_alignment(run, "test")
    library, name = alone.library_of(tmp_path / "attack", tmp_path / "cache")
    told = alone.told(library, "adversarial", name)
    assert list(told.shown) == [name] and told.shown[name]["attack"]["steps"]
    assert said_in(text_of(library, told))["runs"][0]["attack"] is True
    with pytest.raises(RunError, match="is an attack, which the page adversarial shows"):
        alone.told(library, "grand-tour", name)
    with pytest.raises(RunError, match="must be whole"):
        alone.told(library, "adversarial", name, Asked(every=2))


def test_a_training_is_no_attack(digits) -> None:
    library, run = digits
    for page in OF_ATTACKS:
        with pytest.raises(RunError, match="must be an attack for the page adversarial"):
            alone.told(library, page, run)


def test_two_runs_need_a_second_one(tmp_path: Path) -> None:
    two_runs.make(tmp_path / "one", 1)
    two_runs.make(tmp_path / "two", 2)
    library, run = alone.library_of(tmp_path / "one", tmp_path / "cache", [tmp_path / "two"])
    with pytest.raises(RunError, match="must have a second run; name its folder"):
        alone.told(library, "two-runs", run)
    told = alone.told(library, "two-runs", run, Asked(beside="two", split="test"))
    assert told.runs == ["one", "two"]
    [said] = told.shown.values()
    assert set(said["splits"]) == {"a", "b"} and said["two"]["b"]["name"] == "two"
    text = text_of(library, told)
    assert "Plane of most difference" not in layouts_in(text)
    assert said_in(text)["runs"][1]["name"] == "two"


def test_pages_are_called_as_in_the_app(tmp_path, monkeypatch) -> None:
    import app
    from gt.ui.shell import pages

    monkeypatch.setattr(app, "SHIPPED", tmp_path)
    app.create_app([tmp_path], tmp_path / "cache")
    import dash

    called = {page["path"].strip("/"): page["name"] for page in dash.page_registry.values()}
    assert {name: kind.name for name, kind in PAGES.items()} == {
        name: called[name] for name in PAGES
    }
    assert pages()
