"""Layers in which there is little to see, or too much: every method places their points, or says at once why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.cache.store import Store
from gt.embed import METHODS, EmbedError, embed, plan
from gt.embed.methods.grand_tour import starting_view
from gt.run import Run, open_run, write_run
from gt.serve import announcements
from gt.serve.library import Library

N, E = 24, 4
QUICK = {"perplexity": 5, "iterations": 20, "n_neighbors": 5}
rng = np.random.default_rng(3)
USUAL = rng.normal(size=(E, N, 4))


def at_epoch(i: int, values: np.ndarray | float) -> np.ndarray:
    """The usual outputs, with others in one epoch."""
    out = USUAL.copy()
    out[i] = values
    return out


ONE_FAR = USUAL.copy()
ONE_FAR[2, 0] = 1e30
CASES: dict[str, np.ndarray] = {
    "the first epoch in one place": at_epoch(0, 0.0),
    "an epoch in one place": at_epoch(2, 1.5),
    "all epochs in one place": np.ones((E, N, 4)),
    "two epochs that are the same": USUAL[[0, 1, 1, 2]],
    "every point three times": np.repeat(USUAL[:, : N // 3], 3, axis=1),
    "all but one in one place": at_epoch(1, np.eye(N, 4)),
    "a width of 1": USUAL[:, :, :1],
    "a width of 1, in one place": np.zeros((E, N, 1)),
    "constant columns": USUAL * [1, 0, 0, 0],
    "logits of 1e30": USUAL * 1e30,
    "logits of 1e-30": USUAL * 1e-30,
    "one point at 1e30": ONE_FAR,
}


def write(path: Path, outputs: np.ndarray) -> Run:
    labels = np.arange(outputs.shape[1]) % outputs.shape[2]
    write_run(path, outputs, labels, kind="logits", splits=np.ones(len(labels), int))
    return open_run(path)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, np.ndarray], Run]:
    """``kept(name, outputs)``: a run that is written once for all methods, whose pictures lie in it side by side."""
    folder = tmp_path_factory.mktemp("degenerate")
    runs: dict[str, Run] = {}

    def of(name: str, outputs: np.ndarray) -> Run:
        if name not in runs:
            runs[name] = write(folder / name / "run", outputs)
        return runs[name]

    return of


def given(method: str, **more: float) -> dict[str, float]:
    return {k: v for k, v in {**QUICK, **more}.items() if k in METHODS[method].defaults}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.filterwarnings("ignore")  # which the libraries give of such data
def test_points_of_any_layer_are_placed_measured_and_shown(tmp_path, kept, case, method):
    for library in ("openTSNE", "umap", "torch"):
        pytest.importorskip(library)
    run = kept(case, CASES[case])
    made = embed(run, plan(run, method, given(method), layer="logits"))
    assert np.isfinite(made.positions()).all() and made.positions().shape[:2] == (E, N)
    for name, values in made.measures.items():
        known = values[~np.isnan(values)]
        assert ((known >= -1.0001) & (known <= 1.0001)).all(), name
    store = Store(tmp_path / "cache" / "tensors")
    said = announcements.announce_embedding(Library([run.path], store), "run", made.name)
    json.dumps(said, allow_nan=False)  # a browser knows no NaN
    assert len(said["splits"]["test"]["slices"]) == E
    store.close()


@pytest.mark.parametrize("method", ["tsne", "tsne-warm", "umap", "umap-warm", "umap-8d"])
@pytest.mark.filterwarnings("ignore")
def test_an_epoch_in_one_place_is_one_place_and_the_next_is_spread_again(kept, method):
    for library in ("openTSNE", "umap"):
        pytest.importorskip(library)
    run = kept("an epoch in one place", CASES["an epoch in one place"])
    y = embed(run, plan(run, method, given(method), layer="logits")).positions()
    assert not np.ptp(y[2], axis=0).any()
    assert all(np.ptp(y[i], axis=0).all() for i in (0, 1, 3))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("n", [4, 5, 9, 10, 11])
def test_few_points_are_placed_or_refused_before_anything_starts(kept, monkeypatch, method, n):
    for library in ("openTSNE", "umap", "torch"):
        pytest.importorskip(library)
    run = kept(f"{n} points", USUAL[:, :n])
    for few in ({}, {"perplexity": 1, "n_neighbors": 2, "iterations": 20}):  # defaults, the least
        asked = {name: few[name] for name in METHODS[method].defaults if name in few}
        with monkeypatch.context() as patched:
            patched.setattr(Run, "activations", lambda *_: pytest.fail("something starts"))
            try:
                job = plan(run, method, asked, layer="logits")
            except EmbedError as error:
                assert str(n) in str(error)
                continue
        made = embed(run, job)
        assert np.isfinite(made.positions()).all() and len(made.ids) == n


def test_values_that_no_picture_can_hold_are_refused_at_once_naming_the_epoch(tmp_path):
    outputs = USUAL.copy()
    outputs[1, 0] = 3.3e38 * np.sign(starting_view(4)[:, 0])
    run = write(tmp_path / "run", outputs)
    with pytest.raises(
        EmbedError, match=r"not finite at epoch 1, where the values of logits reach 3\.3e\+38"
    ):
        embed(run, plan(run, "grand-tour", layer="logits"))


def test_what_is_not_finite_ends_the_work_at_that_epoch(tmp_path, monkeypatch):
    from gt.embed import neighbors

    asked: list[Any] = []

    def tsne(x: np.ndarray, **_: Any) -> np.ndarray:
        asked.append(x)
        return np.full((len(x), 2), np.nan if len(asked) == 2 else 0.0)

    monkeypatch.setattr(neighbors, "tsne", tsne)
    run = write(tmp_path / "run", USUAL)
    with pytest.raises(EmbedError, match="t-SNE gave positions that are not finite at epoch 1"):
        embed(run, plan(run, "tsne", given("tsne"), layer="logits"))
    assert len(asked) == 2
