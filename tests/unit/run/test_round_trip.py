"""Everything that a writer accepts a reader opens, announces and reads back; what it refuses leaves nothing.

``GT_EXAMPLES=2000 pytest tests/unit/run/test_round_trip.py`` tries more than the few of a usual run.
"""

import json
import os
import shutil
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gt
from gt.cache.store import Store
from gt.run import Layer, RunError, RunWriter, measure
from gt.run.points import check_points
from gt.serve import announcements
from gt.serve.library import Library
from tests.thoroughly import thoroughly

EXAMPLES = int(os.environ.get("GT_EXAMPLES", "40"))
TRIED: Counter[str] = Counter()
many = thoroughly(EXAMPLES)

plain_text = st.sampled_from(
    ["cat", "dog", "é", "<b>", "=1+1", "a/b", "../x", "a:2", "👩‍👩‍👧", "x" * 300]
)
odd_text = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["", " ", "logits", "softmax", "input", "\0", "\ud800", "\ufeff", "a\nb", "\u2028"]
    ),
)
plain_numbers = st.floats(-(2.0**126), 2.0**126, width=32) | st.sampled_from(
    [0.0, -0.0, 1.0, 0.5, 1e-45]
)
odd_numbers = st.sampled_from([3.4e38, -3.4e38, 7e4, 1e39, float("inf"), float("nan")])
odd_history = st.sampled_from([float("nan"), float("inf"), 1e39, 98.0, -1.0])
odd_wholes = st.integers(-2, 10) | st.sampled_from(
    [2**31 - 1, 2**31, 2**32, 2**53 - 1, 2**53, 2**63 - 1, -(2**40)]
)
leaves = plain_text | plain_numbers | st.none() | st.integers()
FIELDS = ("outputs", "classes", "epochs", "ids", "splits", "images", "loss", "accuracy")
MORE = ("class_loss", "class_accuracy", "lr", "title", "made")


@st.composite
def calls(draw):
    """Arguments of ``write_run``: plausible but for two of them at most."""
    e, n, k = draw(st.integers(1, 3)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    odd = draw(st.sets(st.sampled_from([*FIELDS, *MORE]), max_size=2))
    there = draw(st.sets(st.sampled_from([*FIELDS, *MORE]))) | odd

    def some(field, plain, strange, size, unique=False):
        one = plain | strange if field in odd else plain
        return draw(st.lists(one, min_size=size, max_size=size, unique=unique))

    dtype = draw(st.sampled_from(["f2", "f4", "f8", ">f4", "i1", "i8", "u8"]))
    with np.errstate(all="ignore"):
        out = np.resize(some("outputs", plain_numbers, odd_numbers, e * k), (e, n, k)).astype("f8")
        out = (
            np.clip(out, -120, 120)
            if dtype in ("f2", "i1", "i8", "u8") and "outputs" not in odd
            else out
        )
        out = np.nan_to_num(out).astype(dtype) if dtype[-2] in "iu" else out.astype(dtype)
    call = {
        "outputs": out,
        "labels": draw(st.lists(st.integers(0, k - 1), min_size=n, max_size=n)),
        "kind": draw(st.sampled_from(["logits", "logits", "auto", "probabilities"])),
    }
    if "classes" in there:
        call["classes"] = some(
            "classes", st.integers(0, 99).map(str) | plain_text, odd_text, k, True
        )
        if draw(st.booleans()) and not any(
            "\ud800" in one or "\0" in one for one in call["classes"]
        ):
            call["classes"] = np.array([one.encode() for one in call["classes"]])
    if "epochs" in there:
        call["epochs"] = sorted(some("epochs", st.integers(0, 2**53 - 1), odd_wholes, e, True))
    if "ids" in there:
        call["ids"] = some("ids", st.integers(0, 2**53 - 1), odd_wholes, n, True)
    if "splits" in there:
        one = draw(
            st.sampled_from([st.integers(0, 1), st.sampled_from(["train", "test", b"test"])])
        )
        call["splits"] = some("splits", one, st.sampled_from([2, "valid"]), n)
    if "images" in there:
        shape = [(2, 3), (2, 3, 1), (2, 3, 3), *([(0, 3), (2, 3, 4)] if "images" in odd else [])]
        call["images"] = np.zeros((n, *draw(st.sampled_from(shape))), "u1")
    for name in ("loss", "accuracy", "class_loss", "class_accuracy", "lr"):
        if name in there:
            tail = () if name == "lr" else draw(st.sampled_from([(), (2,)]))
            tail = (*tail, k) if name.startswith("class") else tail
            values = some(name, st.floats(0, 1, width=32), odd_history, 3)
            call[name] = np.resize(np.array(values), (e, *tail))
    if "title" in there:
        call["title"] = draw(odd_text if "title" in odd else plain_text)
    if "made" in there:
        leaf = leaves | odd_text | odd_numbers if "made" in odd else leaves
        call["made"] = draw(
            st.dictionaries(plain_text, leaf | st.lists(leaf, max_size=3), max_size=3)
        )
    return call


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("round-trip")
    store = Store(folder / "cache")
    yield folder, store
    store.close()
    print(f"\n{sum(TRIED.values())} tried: {dict(TRIED)}")


def opens(folder, store):
    """Read all of the only run in a folder, as the server does."""
    runs, problems = gt.find_runs([folder])
    assert not problems
    (run,) = runs
    run.check()
    library = Library([folder], store)
    for layer in run.layers:
        told = json.dumps(announcements.announce(library, run.name, layer.name), allow_nan=False)
        told.encode()
    return run


@many
@given(call=calls())
def test_outputs_that_are_accepted_open(place, call):
    folder, store = place
    runs = folder / "runs"
    shutil.rmtree(runs, ignore_errors=True)
    try:
        gt.write_run(runs / "mine", **call)
    except RunError:
        TRIED["refused"] += 1
        assert not runs.exists() or list(runs.iterdir()) == []
        return
    TRIED["written"] += 1
    run = opens(runs, store)
    name = run.layers[0].name
    for i in range(len(run.epochs)):
        np.testing.assert_array_equal(run.activations(name, i), call["outputs"][i].astype("f4"))
    for name in ("labels", "ids", "epochs"):
        if name in call:
            assert getattr(run, name).tolist() == list(call[name])
    if "classes" in call:
        names = [x.decode() if isinstance(x, bytes) else x for x in call["classes"]]
        assert list(run.classes) == names
    for name in ("loss", "accuracy", "class_loss", "class_accuracy", "lr"):
        assert not np.isinf(getattr(run.history, name)).any()
    for shares in (run.history.accuracy, run.history.class_accuracy):
        assert not ((shares < 0) | (shares > 1.001)).any()


@st.composite
def recordings(draw):
    """Layers, weights, epochs and values for a writer: plausible but for two of them at most."""
    fields = ("name", "kind", "shape", "module", "config", "weights", "dtype", "epochs", "value")
    odd = draw(st.sets(st.sampled_from([*fields, "history"]), max_size=2))

    def one(field, plain, strange):
        return draw(plain | strange if field in odd else plain)

    shape = st.lists(st.integers(1, 3), max_size=3).map(tuple)
    no_shape = st.sampled_from([(0,), (2, 0), (-1,), (2**40, 2**40), (1,) * 20])
    k = draw(st.integers(1, 3))
    layers = [
        Layer(
            one("name", st.sampled_from([f"fc{i}", f"a/b:{i}"]), odd_text),
            one("kind", st.just("Linear"), odd_text),
            one("shape", shape, no_shape),
            module=one("module", st.none() | plain_text, odd_text),
            config=one(
                "config", st.just({"stride": 2}), st.dictionaries(odd_text, odd_numbers, max_size=2)
            ),
            constant=draw(st.booleans()),
        )
        for i in range(draw(st.integers(0, 3)))
    ]
    dtypes = st.sampled_from(["float16", "float32", "float64", "int32", "uint8"])
    layers += [
        Layer("logits", "Linear", (k,)),
        Layer("softmax", "Softmax", (k,), softmax_of="logits"),
    ]
    return {
        "layers": layers,
        "weights": {
            one("weights", plain_text, odd_text): one("weights", shape, no_shape)
            for _ in range(draw(st.integers(0, 2)))
        },
        "dtypes": {
            layer.name: one("dtype", dtypes, st.sampled_from(["bool", "complex64", "U3"]))
            for layer in layers[:-2]
        },
        "rows": draw(st.sampled_from([None, 1, 2, 100])),
        "k": k,
        "n": draw(st.integers(1, 4)),
        "epochs": sorted(
            one("epochs", st.integers(0, 2**53 - 1), odd_wholes)
            for _ in range(draw(st.integers(1, 3)))
        ),
        "value": one("value", st.integers(0, 100), plain_numbers | odd_numbers),
        "history": one("history", plain_numbers, odd_history),
    }


@many
@given(given=recordings())
def test_recordings_that_are_accepted_open(place, given):
    folder, store = place
    path = folder / "recordings" / "mine"
    shutil.rmtree(path.parent, ignore_errors=True)
    n, k = given["n"], given["k"]
    points = check_points(n, k, np.arange(n) % k)
    made = {name: given[name] for name in ("weights", "dtypes", "rows")}
    try:
        writer = RunWriter.create(path, points, given["layers"], **made, sync=False)
    except RunError:
        TRIED["not begun"] += 1
        assert list(path.parent.iterdir()) == [] if path.parent.exists() else True
        return
    done = []
    with writer:
        for epoch in given["epochs"]:
            try:
                record(writer, epoch, given)
                done.append(epoch)
                TRIED["recorded"] += 1
            except RunError:
                TRIED["epoch refused"] += 1
                writer.forget()
    if done:
        run = opens(path.parent, store)
        assert run.epochs.tolist() == done
    else:
        assert len(gt.open_run(path).epochs) == 0


def record(writer, epoch, given):
    writer.check_next(epoch)
    n, k = given["n"], given["k"]
    for layer in writer.run.layers:
        if layer.array and not (layer.constant and writer.epochs):
            with np.errstate(all="ignore"):
                writer.put(layer, 0, np.full((n, *layer.shape), given["value"], "f8"), epoch)
    for weight in writer.run.weight_list:
        writer.put_weight(weight.name, np.full(weight.shape, given["value"], "f8"), epoch)
    some = given["history"]
    found = measure.measure(np.zeros((n, k)), False, np.arange(n) % k, np.zeros(n, "u1"))
    by_class = np.full((2, k), some)
    writer.commit(
        epoch, measure.Measures(np.full(2, some), found.accuracy, by_class, by_class, some)
    )
