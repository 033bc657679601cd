"""“Labels to look at” without a browser: what is announced, kept and saved, of runs of every kind."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gt import ids
from gt.run import write_run
from gt.serve import tensors
from tests import task_runs
from tests.app.conftest import ask, text
from tests.jumping import POINTS, write_jumping


@pytest.fixture
def runs_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "some"
    folder.mkdir()
    write_jumping(folder / "jumping")
    for task in task_runs.ALL:
        task_runs.make(folder / task, task, unit="step" if task == "binary" else "epoch")
    rng = np.random.default_rng(0)
    many = rng.normal(size=(3, 400, 200)).astype(np.float32)
    names = [f"=class {c}" for c in range(200)]
    write_run(folder / "many", many, np.arange(400) % 200, kind="logits", classes=names)
    return folder


@pytest.fixture
def said(client: Any) -> Any:
    """``said(ids.TRAINING_LABELS_STORE, "jumping", "all")``: what a callback answers."""
    client.get("/")
    found = client.get("/_dash-dependencies").get_json()

    def said(store: str, *given: Any) -> Any:
        [callback] = [c for c in found if c["output"].split(".")[0] == store]
        inputs = len(callback["inputs"])
        answer = ask(client, callback, list(given[:inputs]), list(given[inputs:]))
        return answer.get("response", {}).get(store, {}).get("data")

    return said


def arrays(client: Any, told: dict[str, Any]) -> dict[str, np.ndarray]:
    """What the browser fetches."""
    out = {}
    for name, tensor in told["tensors"].items():
        answer = client.get(f"/{tensor['url']}")
        out[name] = np.frombuffer(answer.data, tensor["dtype"]).reshape(tensor["shape"])
    return out


@pytest.mark.parametrize("split", ["all", "train", "test"])
def test_every_example_comes_with_its_values_and_its_places(
    said: Any, client: Any, library: Any, split: str
) -> None:
    told = said(ids.TRAINING_LABELS_STORE, "jumping", split)
    run, got = library.run("jumping"), arrays(client, told)
    counts = {"train": POINTS // 2, "test": POINTS // 2}
    assert told["splits"] == (counts if split == "all" else {split: counts[split]})
    n = sum(told["splits"].values())
    points = {"all": "points", "train": "training points", "test": "test points"}[split]
    assert told["said"] == (
        f"Of {n} {points}, over 23 recorded epochs, 1 to 23; epoch 0, before the training, does not count."
    )
    assert told["epochs"] == list(range(1, 24)) and told["silence"] == ""
    assert got["values"].shape == (len(told["values"]), n)
    assert got["orders"].shape == (len(told["orders"]), n)
    for order in got["orders"]:
        assert sorted(order) == list(range(n))
    where = {name: np.flatnonzero(run.splits == s) for s, name in enumerate(("train", "test"))}
    rows = np.concatenate(
        [
            where[name][got["places"][i : i + 45]]
            for i, name in zip((0, 45), told["splits"], strict=False)
        ]
    )
    assert (run.ids[rows] == got["ids"]).all() and (run.labels[rows] == got["labels"]).all()
    given = np.stack([run.activations("softmax", e)[rows, run.labels[rows]] for e in range(1, 24)])
    values = dict(zip(told["values"], got["values"], strict=True))
    assert values["confidence"] == pytest.approx(given.mean(axis=0), abs=1e-6)
    assert values["variability"] == pytest.approx(given.std(axis=0), abs=1e-6)


def test_it_is_measured_once_for_a_recording(
    said: Any, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gt.run.read import Run

    first = said(ids.TRAINING_LABELS_STORE, "jumping", "all")
    monkeypatch.setattr(Run, "activations", lambda *_: pytest.fail("it was measured already"))
    assert said(ids.TRAINING_LABELS_STORE, "jumping", "all") == first
    assert said(ids.TRAINING_LABELS_STORE, "jumping", "test")["splits"] == {"test": POINTS // 2}


def test_runs_without_labels_say_why_and_others_say_their_unit(said: Any, page: Any) -> None:
    for task in ("multilabel", "regression", "none"):
        told = said(ids.TRAINING_LABELS_STORE, task, "all")
        of = "" if task == "none" else f" ({task})"
        assert f"in this run{of}: whether a label is believed is known of points" in told["silence"]
        assert told["tensors"] is None and told["said"] == ""
        assert said(ids.TRAINING_LABELS_DOWNLOAD, 1, task, "all", "margin") is None
    told = said(ids.TRAINING_LABELS_STORE, "binary", "test")
    assert told["said"].startswith("Of 12 test points, over 3 recorded steps, 1 to 5; step 0,")
    assert "the mean over the steps" in told["orders"]["confidence"]
    assert not any("epoch" in meaning for meaning in told["orders"].values())
    told = said(ids.TRAINING_LABELS_STORE, "many", "test")
    assert told["silence"] == "This run has no test points with a label."
    assert said(ids.TRAINING_LABELS_STORE, "nobody", "all") == {"failed": "nobody"}
    assert said(ids.TRAINING_LABELS_STORE, "jumping", "some") == {"failed": "jumping"}
    assert "Labels to look at" in text(page("/training", "?run=jumping"))


def test_the_list_is_saved_in_its_order_and_names_are_no_formulas(said: Any) -> None:
    got = said(ids.TRAINING_LABELS_DOWNLOAD, 1, "jumping", "train", "margin")
    assert got["filename"] == "jumping-labels.csv"
    table = pd.read_csv(io.StringIO(got["content"]))
    assert len(table) == POINTS // 2 and table["margin"].is_monotonic_increasing
    assert table.loc[0, ["id", "label", "taken for"]].tolist() == [100, "ant", "cat"]
    got = said(ids.TRAINING_LABELS_DOWNLOAD, 1, "many", "all", "confidence")
    table = pd.read_csv(io.StringIO(got["content"]))
    assert table["label"].str.startswith("'=class ").all() and len(table) == 400
    assert said(ids.TRAINING_LABELS_DOWNLOAD, 1, "many", "all", "loss") is None


def test_large_ids_are_told_apart(library: Any, tmp_path: Path, dash_app: Any) -> None:
    from gt.run import open_run
    from gt.ui.training import labels

    rng = np.random.default_rng(0)
    large = 2**40 + np.arange(6)
    write_run(
        tmp_path / "large", rng.normal(size=(3, 6, 2)), np.arange(6) % 2, kind="logits", ids=large
    )
    told = labels.announcement(library, open_run(tmp_path / "large"), "all")
    assert told["tensors"] is not None
    tensor = told["tensors"]["ids"]
    assert tensor["dtype"] == "float64"
    from gt.cache import wire

    packed = tensors.packed(library, tensor["url"].removeprefix("tensors/"))
    assert packed is not None
    assert (np.frombuffer(wire.unpack(packed), "<f8") == large).all()
