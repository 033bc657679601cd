"""Whatever is in a folder of runs: the server starts, the others are shown, and what is damaged is named."""

from __future__ import annotations

import copy
import json
import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gt
from gt.embed.imported import key_of
from gt.figures.letters import letters
from gt.kept.attack import KEY
from gt.kept.describe import describe
from gt.kept.embedding import Embedding
from gt.run import open_run, write_run
from gt.serve import announcements
from gt.ui.compare import measures
from gt.ui.compare.rows import announcement
from tests.app.conftest import ask, fresh_dash
from tests.app.pages import Pages
from tests.attacks import write_attack, write_small_alignment

AT_ONCE = 8  # victims a server
# servers, each asked for every page of every run: GT_FUZZ_STORES=100 for a long look
EXAMPLES = int(os.environ.get("GT_FUZZ_STORES", "2"))
DEEP = "[" * 100_000 + "]" * 100_000


def write_all(folder: Path) -> None:
    """A run with an embedding and an alignment, and an attack with an alignment."""
    from tests.embeddings import _write

    rng = np.random.default_rng(0)
    labels = np.arange(40) % 4
    steps = np.linspace(0, 1, 8)[:, None, None]
    outputs = rng.normal(size=(1, 40, 4)) + 5 * steps * np.eye(4)[labels]
    write_run(folder / "run", outputs, labels, kind="logits", splits=np.ones(40, int))
    run = open_run(folder / "run")
    parameters = {"perplexity": 10, "iterations": 500, "every": 1}
    _write(run, "tsne", "tsne", parameters, {"openTSNE": "1.0.4"})
    gt.write_embedding(run, rng.normal(size=(8, 40, 3)), name="Mine", by="hand", made={"k": 1})
    write_small_alignment(run)
    write_small_alignment(write_attack(folder / "attack"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    write_all(folder)
    return folder


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, whole: Path) -> Any:
    """``served(break_it)``: the pages of a server whose runs were copied and then broken."""
    import app

    def served(break_it: Any) -> Any:
        runs = tmp_path / "runs"
        shutil.copytree(whole, runs)
        break_it(runs)
        monkeypatch.setattr(app, "SHIPPED", runs)
        return Pages(app.create_app([], tmp_path / "cache" / "tensors"))

    return served


def change(file: Path, **values: Any) -> None:
    stored = json.loads(file.read_text())
    stored["attributes"] |= values
    file.write_text(json.dumps(stored))


def recipe(file: Path, **values: Any) -> None:
    stored = json.loads(file.read_text())
    stored["attributes"]["recipe"] |= values
    file.write_text(json.dumps(stored))


def said_of(file: Path, **values: Any) -> None:
    stored = json.loads(file.read_text())
    stored["attributes"]["imported"] |= values
    file.write_text(json.dumps(stored))


MINE = key_of("Mine", "test")
EMBEDDING, ALIGNMENT = "run/embeddings/tsne", "run/alignments/test"
BROKEN = {
    "a method of two lines": (EMBEDDING, lambda at: recipe(at / "zarr.json", method="a\nb")),
    "a method that no page can show": (
        EMBEDDING,
        lambda at: recipe(at / "zarr.json", method="\ud800"),
    ),
    "an imported one that says nothing of it": (
        EMBEDDING,
        lambda at: recipe(at / "zarr.json", method="imported"),
    ),
    "one that was not imported and says so": (
        EMBEDDING,
        lambda at: change(at / "zarr.json", imported={"title": "x"}),
    ),
    "what its maker says is no text": (
        f"run/embeddings/{MINE}",
        lambda at: said_of(at / "zarr.json", by=["x"]),
    ),
    "a name of two lines": (
        f"run/embeddings/{MINE}",
        lambda at: said_of(at / "zarr.json", title="a\nb"),
    ),
    "a parameter that is no number": (
        EMBEDDING,
        lambda at: recipe(at / "zarr.json", parameters={"perplexity": {}}),
    ),
    "epochs out of range": (EMBEDDING, lambda at: change(at / "zarr.json", epochs=[2**70] * 8)),
    "epochs of an alignment out of range": (
        ALIGNMENT,
        lambda at: change(at / "zarr.json", epochs=[-1, *range(7)]),
    ),
    "deep JSON": (EMBEDDING, lambda at: (at / "zarr.json").write_text(DEEP)),
    "deep JSON of an alignment": (ALIGNMENT, lambda at: (at / "zarr.json").write_text(DEEP)),
    "a time that is none": (EMBEDDING, lambda at: change(at / "zarr.json", made={"seconds": []})),
    "a missing file": (EMBEDDING, lambda at: files_of(at / "positions")[0].unlink()),
    "an array of other length": (
        EMBEDDING,
        lambda at: (shutil.rmtree(at / "ids"), shutil.copytree(at / "positions", at / "ids")),
    ),
    "chunks of nothing": (
        EMBEDDING,
        lambda at: chunks(at / "ids" / "zarr.json", [0]),
    ),
    "a scale of 0": (ALIGNMENT, lambda at: scale(at / "zarr.json", 0.0)),
    "a file in place of a folder": (
        "run/embeddings",
        lambda at: (shutil.rmtree(at), at.write_text("x")),
    ),
    "made.attack of null": ("attack", lambda at: change(at / "zarr.json", made={KEY: None})),
    "made.attack of text": ("attack", lambda at: change(at / "zarr.json", made={KEY: "x"})),
    "an attack without its changes": ("attack", lambda at: shutil.rmtree(at / "attack" / "change")),
    "an attack of no class": (
        "attack",
        lambda at: change(at / "zarr.json", classes=["c", "d", "e"]),
    ),
}
SHOWN_ALL_THE_SAME = {
    "made.attack of null",  # is a training then, or refused as a run
    "a file in place of a folder",
}


def files_of(folder: Path) -> list[Path]:
    return [file for file in sorted((folder / "c").rglob("*")) if file.is_file()]


def chunks(file: Path, shape: list[int]) -> None:
    stored = json.loads(file.read_text())
    stored["chunk_grid"]["configuration"]["chunk_shape"] = shape
    file.write_text(json.dumps(stored))


def scale(file: Path, value: float) -> None:
    stored = json.loads(file.read_text())
    stored["attributes"]["states"][0]["scale"] = value
    file.write_text(json.dumps(stored))


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_damaged_is_named_and_takes_nothing_with_it(served, name, caplog, tmp_path):
    where, break_it = BROKEN[name]
    pages = served(lambda runs: break_it(runs / where))
    found = pages.all("run")
    assert "This page cannot be shown" not in str(found)
    assert "run" in pages.library.runs and "run 40 points" in found["/"]
    if name in SHOWN_ALL_THE_SAME:
        return
    assert "Not shown" in found["/"]
    assert where.split("/")[-1] in found["/"].partition("Not shown")[2]
    assert str(tmp_path) not in found["/"]
    assert str(tmp_path / "runs" / where) in caplog.text


HOSTILE = [
    "phate",
    "<script>alert(1)</script>",
    "%{x} $y$ &amp; </title>",
    "__proto__",
    "../../etc/passwd",
    "tsne ",
    "x" * 5000,
    "‮txen 😀 é",
    "a|b, c.d",
]


@pytest.mark.parametrize("method", HOSTILE)
def test_an_embedding_of_any_method_is_borne_by_every_page_under_its_own_name(served, method):
    def break_it(runs: Path) -> None:
        other = runs / "run/embeddings/later"
        shutil.copytree(runs / EMBEDDING, other)
        change(other / "zarr.json", name="later")
        recipe(other / "zarr.json", method=method, parameters={"k": 7, "every": 1}, seed=None)

    pages = served(break_it)
    found = pages.all("run")
    assert "This page cannot be shown" not in str(found)
    assert "Not shown" not in found["/"]
    title = f"{method if len(method) <= 56 else method[:55] + '…'}, a method unknown here"
    shown = pages("/embedding", "?run=run&method=later")
    assert " ".join(title.split()) in shown and "The method is not known here" in shown
    assert "k 7" in shown and "Seed unknown" in shown
    ask_all(pages)
    said, problem = announcement(pages.library, "run")
    assert [row["name"] for row in said["rows"]] == ["tsne", MINE, "later", "grand-tour"]
    assert not problem
    drawn = measures.lines(pages.library, "run", "trustworthiness")["data"]
    assert [one["line"]["dash"] for one in drawn] == ["solid", "dash", "dash"]
    assert letters(title) in drawn[2]["name"]
    assert list(measures.csv(pages.library, "run")["method"].unique()) == [
        "tsne",
        "imported",
        method,
    ]
    run = pages.library.run("run")
    assert "later  " in describe(run)
    assert title.replace("|", r"\|") in report_of(run)


def report_of(run: Any) -> str:
    from gt.cli.measures import report_titles
    from gt.measure.embeddings.tables import report

    found = Embedding.of_run(run)
    return report([(run, found)], report_titles(found))


def test_where_all_is_well_nothing_is_listed(served):
    pages = served(lambda runs: None)
    assert "Not shown" not in pages("/")


def vanish(runs: Path) -> None:
    shutil.rmtree(runs / "run")


def truncate(runs: Path) -> None:
    for file in (runs / "run").rglob("*"):
        if file.is_file() and "c" in file.parts:
            file.write_bytes(b"")


def replaced(runs: Path) -> None:
    shutil.rmtree(runs / "run")
    rng = np.random.default_rng(1)
    write_run(runs / "run", rng.normal(size=(2, 9, 3)), [0, 1, 2] * 3, kind="logits")


def garbled(runs: Path) -> None:
    (runs / "run" / "zarr.json").write_text(DEEP)


@pytest.mark.parametrize("break_it", [vanish, truncate, replaced, garbled])
@pytest.mark.parametrize("before", [False, True], ids=["never opened", "opened before"])
def test_a_run_that_is_lost_while_the_server_runs_is_told_of(served, break_it, before):
    pages = served(lambda runs: None)
    if before:
        pages.all("run")
    break_it(Path(pages.library.runs["run"].path).parent)
    pages.library.look(anew=True)  # it was looked at just before, and is not again for a moment
    found = pages.all("run")
    assert "This page cannot be shown" not in str(found)
    told = {
        vanish: "There is no run to show",
        garbled: "else is there. run ",
        replaced: "run 9 points",
        truncate: "is damaged",  # its metadata are whole: found when it is read
    }
    assert told[break_it] in (
        found["/grand-tour"] if break_it in (vanish, truncate) else found["/"]
    )
    ask_all(pages)


GIVEN = {
    "-run": "run",
    "family-store": "tsne",
    "method": "tsne",
    "alignment": "test",
    "split": "all",
}


def ask_all(pages: Pages) -> None:
    """Every callback that a choice of the run triggers answers."""

    def given(part: dict[str, Any]) -> Any:
        return next((v for end, v in GIVEN.items() if str(part["id"]).endswith(end)), None)

    asked = 0
    for callback in pages.callbacks:
        inputs = callback["inputs"]
        if callback.get("clientside_function") or callback.get("background"):
            continue
        if any(str(one["id"]).endswith("-run") for one in inputs) and "lab" not in str(inputs):
            ask(pages.client, callback, [*map(given, inputs)], [*map(given, callback["state"])])
            asked += 1
    assert asked > 5


@pytest.mark.parametrize("lost", ["attack", "run"])
def test_an_attack_that_is_lost_or_whose_run_is_lost_is_told_of(served, lost):
    pages = served(lambda runs: None)
    assert "attack" in pages("/adversarial", "?run=attack").lower()
    shutil.rmtree(Path(pages.library.runs["run"].path).parent / lost)
    for query in ("", "?run=attack"):
        assert "This page cannot be shown" not in pages("/adversarial", query)


# -- fuzz -------------------------------------------------------------------------------------------------------------

VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [None, True, False, 0, -1, 1, 10**12, 2**31, 2**53, 2**63, 2**64, -(2**63), 10**400, 0.5]
    ),
    st.sampled_from([1e30, 1e308, math.nan, math.inf, -math.inf, -0.0]),
    st.sampled_from(["", "x", "\0", "../../x", "/etc", "softmax", "logits", "<b>", "é" * 300]),
    st.sampled_from([[], {}, [[]], [0], [None], {"x": None}, ["softmax"], [-1], [10**9]]),
    st.just(json.loads("[" * 400 + "]" * 400)),
)
DELETE, RAW, UNLINK = "delete", "raw", "unlink"
DAMAGE = st.tuples(
    st.integers(0, 10**6),  # which file
    st.integers(0, 10**6),  # which entry
    st.sampled_from(["value"] * 8 + [DELETE, RAW, UNLINK]),
    VALUES,
)


def entries(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something is in JSON."""
    if path:
        yield path
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, child in children:
        yield from entries(child, (*path, key))


def damage(folder: Path, file: int, entry: int, how: str, value: Any) -> str:
    """Damage metadata below a folder; says what was done."""
    files = sorted(folder.rglob("zarr.json"))
    chosen = files[file % len(files)]
    name = chosen.relative_to(folder).as_posix()
    if how == UNLINK:
        chosen.unlink()
        return f"{name} removed"
    if how == RAW:
        raw = [b"", b"{", b"\xff\xfe", b"null", b"[]", b"1" * 5000, DEEP.encode()][entry % 7]
        chosen.write_bytes(raw)
        return f"{name} = {raw[:20]!r}"
    stored = json.loads(chosen.read_text())
    places = list(entries(stored))
    *outer, last = places[entry % len(places)]
    within = stored
    for key in outer:
        within = within[key]
    if how == DELETE:
        del within[last]
    else:
        within[last] = copy.deepcopy(value)
    chosen.write_text(json.dumps(stored))
    return f"{name}: {[*outer, last]} {how} {str(value)[:40]}"


def test_the_fuzz_finds_what_is_not_guarded(whole, tmp_path, monkeypatch):
    """The fuzz can fail: it does where a damaged embedding is let through."""
    from gt.kept import embedding
    from gt.run import metadata

    monkeypatch.setattr(metadata, "one_of", lambda value, name, known: value)
    shutil.copytree(whole, tmp_path / "runs")
    recipe(tmp_path / "runs" / EMBEDDING / "zarr.json", split=None)
    assert embedding.find_embeddings(tmp_path / "runs" / "run" / "embeddings")[1] == []


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(DAMAGE, min_size=AT_ONCE, max_size=AT_ONCE))
def test_no_metadata_of_a_store_takes_the_server_down(whole, tmp_path_factory, done):
    import app

    folder = tmp_path_factory.mktemp("fuzz")
    told = {}
    shutil.copytree(whole / "run", folder / "healthy")
    for i, one in enumerate(done):
        victim = folder / f"victim-{i:02d}"
        shutil.copytree(whole / ("attack" if i % 3 == 2 else "run"), victim)
        told[victim.name] = damage(victim, *one)
    with fresh_dash():
        pages = Pages(app.create_app([folder], folder.parent / f"{folder.name}-cache" / "tensors"))
        assert "healthy" in pages.library.runs, told
        assert announcements.try_announce(pages.library, "healthy", "softmax")[0] is not None, told
        for name in pages.library.runs:
            for path, said in pages.all(name).items():
                assert "This page cannot be shown" not in said, (path, name, told.get(name), said)
        for name in pages.library.attack_titles:
            said = pages("/adversarial", f"?run={name}")
            assert "This page cannot be shown" not in said, (name, told.get(name), said)
        unlisted = set(told) - set(pages.library.runs) - set(pages.library.attack_titles)
        overview = pages("/").partition("Not shown")[2]
        assert all(name in overview for name in unlisted), (unlisted, told)
        pages.library.store.close()
    shutil.rmtree(folder)
    print(f"{len(done)} damaged stores, {len(unlisted)} of them not listed as runs")
