"""``/training`` without a browser: what is found, said and linked, for runs of every kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest

from gt import ids
from gt.run import write_run
from gt.ui.training import page as training_page
from tests.app.conftest import ask, components, text
from tests.jumping import JUMPED, write_jumping

RUNS = ("mnist", "shapes", "held-out", "wide", "one-epoch", "one-class", "jumping")


@pytest.fixture
def show(client: Any) -> Any:
    """``show("mnist", "all")``: what the callback answers, by id."""
    client.get("/")
    found = client.get("/_dash-dependencies").get_json()
    [callback] = [c for c in found if f"{ids.TRAINING_STORE}.data" in c["output"]]

    def show(run: str, split: str = "all") -> dict[str, Any]:
        said = ask(client, callback, [run, split])["response"]
        return {name: next(iter(value.values())) for name, value in said.items()}

    return show


@pytest.fixture
def runs_folder(tmp_path: Path, runs_folder: Path) -> Path:
    """The tests' runs, and some that are hard."""
    folder = tmp_path / "more"
    folder.mkdir()
    for run in runs_folder.iterdir():
        (folder / run.name).symlink_to(run)
    write_jumping(folder / "jumping")
    one_epoch = np.eye(3, dtype=np.float32)[np.newaxis]
    write_run(folder / "one-epoch", one_epoch, [0, 1, 2], kind="probabilities", title="One epoch")
    rng = np.random.default_rng(0)
    alone = rng.normal(size=(9, 12, 1)).astype(np.float32)
    write_run(folder / "one-class", alone, np.zeros(12, int), kind="logits", title="One class")
    return folder


def href(item: dict[str, Any]) -> dict[str, list[str]]:
    [link] = [c for c in components(item) if c["type"] == "Link"]
    address = urlparse(link["props"]["href"])
    assert address.path == "/grand-tour"
    return parse_qs(address.query)


def test_every_run_is_shown_and_what_cannot_be_said_is_told(page: Any, show: Any) -> None:
    assert "What to look for" in text(page("/training", "?run=one-epoch"))
    told = {}
    for run in RUNS:
        for split in ("all", "train", "test"):
            said = show(run, split)
            store = said[ids.TRAINING_STORE]
            assert store["run"] == run
            for one in store["splits"].values():
                assert one["predicted"]["shape"] == [len(store["epochs"]), one["n"]]
            told[run, split] = text(said[ids.TRAINING_EVENTS])
    assert all(told.values())
    assert "takes 7 recorded epochs" in told["shapes", "all"]
    assert "this run has 1:" in told["one-epoch", "all"]
    assert "no such points" in told["wide", "test"]
    assert "No class moved farther" in told["one-class", "all"]


def test_the_class_that_jumps_heads_the_list_and_links_show_what_they_say(
    show: Any, library: Any
) -> None:
    run = library.run("jumping")
    for split, there in (("all", (0, 1)), ("train", (0,)), ("test", (1,))):
        said = show("jumping", split)
        event = said[ids.TRAINING_STORE]["events"][0]
        assert event["ids"] == run.ids[(run.labels == 1) & np.isin(run.splits, there)].tolist()
    said = show("jumping")
    [first, *_] = [c for c in components(said[ids.TRAINING_EVENTS]) if c["type"] == "Li"]
    assert text(first).strip().startswith(f"bee learnt at epoch {JUMPED} Moved 1.2")
    query = href(first)
    assert query["run"] == ["jumping"] and query["epoch"] == [str(JUMPED - 1)]
    assert query["play"] == ["epochs"]  # it is seen happening
    assert len(query["frame"][0]) == 32  # (3, 2) float32 in base64
    assert said[ids.TRAINING_STRIP]["data"][1]["x"][0] == JUMPED
    never = next(c for c in said[ids.TRAINING_EXAMPLES] if "Never learnt" in text(c))
    [row] = [c for c in components(never) if c["type"] == "Li"]
    assert text(row).strip().startswith("ant, taken for cat")
    assert {"select", "frame", "epoch"} <= set(href(row))


def test_what_was_found_is_kept_for_this_recording_and_damage_is_told(
    show: Any, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gt.run.read import Run

    run = library.run("jumping")
    first = training_page.found(library, run, "all")

    def damaged(run: Run, layer: str, epoch_index: int) -> None:
        raise ValueError(f"{run.name} is damaged: record it again")

    monkeypatch.setattr(Run, "activations", damaged)
    assert training_page.found(library, run, "all") == first
    said = show("shapes")
    assert "shapes is damaged" in said[ids.TRAINING_ALERT]
    assert said[ids.TRAINING_STORE] == {"failed": "shapes"}


def test_the_page_says_over_what_loss_and_accuracy_were_measured(page: Any, library: Any) -> None:
    run = library.run("jumping")
    assert training_page.measured(run).startswith("As the recording has them; all else")
    assert training_page.measured(run) in text(page("/training", "?run=jumping"))
    run.made = {"history": "over the whole splits"}
    said = "Measured over the whole splits; all else on this page is of the run's own points."
    assert training_page.measured(run) == said
    run.made = {"history": {"made": "up"}}
    assert training_page.measured(run).startswith("As the recording has them")


def test_single_examples_say_what_their_numbers_count(show: Any) -> None:
    said = show("jumping")[ids.TRAINING_EXAMPLES]
    never = next(text(card) for card in said if "Never learnt" in text(card))
    assert "ant, taken for cat: right in 0 epochs" in never


K, MOST_BYTES = 1000, 400_000


@pytest.fixture
def many(runs_folder: Path) -> np.ndarray:
    """A run of a thousand classes, each learnt in an epoch of its own kind; its labels."""
    rng = np.random.default_rng(0)
    labels = np.arange(2 * K) % K
    sure = np.eye(K, dtype=np.float32)[labels]
    learnt = rng.integers(1, 8, K)[labels]
    outputs = np.stack(
        [rng.normal(size=sure.shape) + 12 * sure * (learnt <= e)[:, None] for e in range(9)]
    )
    names = [f"class {c} of the thousand, with a name that is long" for c in range(K)]
    write_run(runs_folder / "thousand", outputs.astype(np.float32), labels, classes=names)
    return labels


def show_asked(client: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """What the callback for a class that was searched answers, by id."""
    found = client.get("/_dash-dependencies").get_json()
    [callback] = [
        c for c in found if any(one["id"] == ids.TRAINING_ASKED_STORE for one in c["inputs"])
    ]
    said = ask(client, callback, [asked], [asked["run"], "all"])["response"]
    return {name: next(iter(value.values())) for name, value in said.items()}


def test_what_a_thousand_classes_send_is_bounded(
    many: np.ndarray, page: Any, show: Any, client: Any
) -> None:
    said = show("thousand")
    store = said[ids.TRAINING_STORE]
    assert len(store["events"]) == 60 and not text(said[ids.TRAINING_EVENTS])
    listed = store["listed"]
    assert len(listed) == store["events_in_all"] > 600  # every one of them can be found
    for one, other in zip(store["events"], listed, strict=False):
        assert (one["epoch"], one["classes"]) == (other["epoch"], other["classes"])
    assert all(one["title"] and one["text"].startswith("Moved ") for one in listed)
    sizes = {name: len(json.dumps(value)) for name, value in said.items()}
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert max(len(one["href"]) for one in store["events"]) < 1200
    frame = parse_qs(urlparse(store["events"][0]["href"]).query)["frame"][0]
    assert frame.count(".") == 1  # the rows of a plane that are not zero
    shown = said[ids.TRAINING_STRIP]["data"][0]["meta"]["classes"]
    other = next(c for c in range(K) if c not in shown)
    asked = show_asked(client, {"run": "thousand", "label": other})
    strip, accuracy = asked[ids.TRAINING_STRIP], asked[ids.TRAINING_ACCURACY]
    assert strip["data"][0]["meta"]["classes"] == [other, *shown]
    assert (
        strip["data"][0]["customdata"][0][0][4]
        == f"class {other} of the thousand, with a name that is long"
    )
    own = [line for line in accuracy["data"] if line["meta"]["class"] == other]
    assert own, accuracy["data"][0]
    assert len(asked[ids.TRAINING_CLASSES]) == 25
    for path in ("/", "/grand-tour", "/compare", "/layers", "/network", "/adversarial", "/tsne"):
        assert text(page(path, "?run=thousand"))


def test_splits_that_a_run_has_are_offered(client: Any, page: Any) -> None:
    page("/training", "?run=one-class")
    found = client.get("/_dash-dependencies").get_json()
    [callback] = [c for c in found if f"{ids.TRAINING_SPLIT}.options" in c["output"]]

    def offered(run: str, split: str) -> tuple[list[str], str | None]:
        said = ask(client, callback, [run], [split])["response"][ids.TRAINING_SPLIT]
        return [one["value"] for one in said["options"]], said.get("value")

    assert offered("mnist", "test") == (["all", "train", "test"], None)  # stays as it is
    assert offered("held-out", "all") == (["all"], None)
    assert offered("one-class", "test") == (["all"], "all")
