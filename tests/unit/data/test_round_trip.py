"""Everything that a writer accepts a reader opens, announces and reads back; what it refuses leaves nothing.

``GT_EXAMPLES=2000 pytest tests/unit/data/test_round_trip.py`` tries more than the few of a usual run.
"""

import json
import os
import shutil
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import gt
from gt.data import Layer, RunError, RunWriter, measure
from gt.data.library import Library
from gt.data.points import check_points
from gt.data.store import Store

EXAMPLES = int(os.environ.get("GT_EXAMPLES", "40"))
TRIED: Counter[str] = Counter()
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # what fails is small, and making it smaller takes minutes
    suppress_health_check=list(HealthCheck),
)

odd_text = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["", " ", "logits", "softmax", "input", "a/b", "../x", "a:2", "<b>", "=1+1", "\0"]
    ),
    st.sampled_from(["\ud800", "\ufeff", "a\nb", "\u2028", "é", "e\u0301", "👩‍👩‍👧", "x" * 300]),
)
numbers = st.one_of(
    st.floats(width=32, allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1.0, 3.4e38, -3.4e38, 1e-45, 1e39, float("inf"), float("nan")]),
)
history = st.one_of(numbers, st.sampled_from([float("nan"), float("inf"), 1e39, 98.0, -1.0]))
wholes = st.one_of(
    st.integers(-2, 10),
    st.sampled_from([2**31 - 1, 2**31, 2**32, 2**53 - 1, 2**53, 2**63 - 1, -(2**40)]),
)


@st.composite
def calls(draw):
    """Arguments of ``write_run``, most of them plausible."""
    e, n, k = draw(st.integers(1, 3)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    dtype = draw(st.sampled_from(["f2", "f4", "f8", ">f4", "i1", "i8", "u8"]))
    values = draw(st.lists(numbers, min_size=1, max_size=6))
    with np.errstate(all="ignore"):
        out = np.resize(np.array(values), (e, n, k)).astype("f8")
        out = np.nan_to_num(out).astype(dtype) if dtype[-2] in "iu" else out.astype(dtype)
    call = {
        "outputs": out,
        "labels": draw(st.lists(st.integers(0, k - 1), min_size=n, max_size=n)),
        "kind": draw(st.sampled_from(["logits", "auto", "auto", "probabilities"])),
    }
    if draw(st.booleans()):
        call["classes"] = draw(st.lists(odd_text, min_size=k, max_size=k))
        if draw(st.booleans()) and not any("\ud800" in one for one in call["classes"]):
            call["classes"] = np.array([one.encode() for one in call["classes"]])
    if draw(st.booleans()):
        call["epochs"] = sorted(draw(st.lists(wholes, min_size=e, max_size=e, unique=True)))
    if draw(st.booleans()):
        call["ids"] = draw(st.lists(wholes, min_size=n, max_size=n))
    if draw(st.booleans()):
        call["splits"] = draw(
            st.lists(st.sampled_from([0, 1]), min_size=n, max_size=n)
            | st.lists(st.sampled_from(["train", "test", b"test"]), min_size=n, max_size=n)
        )
    if draw(st.booleans()):
        shape = draw(st.sampled_from([(2, 3), (2, 3, 1), (2, 3, 3), (0, 3), (2, 3, 4)]))
        call["images"] = np.zeros((n, *shape), "u1")
    for name in ("loss", "accuracy", "class_loss", "class_accuracy", "lr"):
        if draw(st.integers(0, 3)) == 0:
            tail = {"lr": ()}.get(name, draw(st.sampled_from([(), (2,)])))
            tail = (*tail, k) if name.startswith("class") else tail
            some = draw(st.lists(history, min_size=1, max_size=4))
            call[name] = np.resize(np.array(some), (e, *tail))
    if draw(st.booleans()):
        call["title"] = draw(odd_text)
    if draw(st.booleans()):
        leaf = odd_text | numbers | st.none() | st.integers()
        call["made"] = draw(
            st.dictionaries(odd_text, leaf | st.lists(leaf, max_size=3), max_size=3)
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
        told = json.dumps(library.announce(run.name, layer.name), allow_nan=False)
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
    """Layers, weights, epochs and values for a writer."""
    k = draw(st.integers(1, 3))
    names = draw(st.lists(odd_text, min_size=1, max_size=3))
    shapes = st.lists(st.sampled_from([0, 1, 2, 3]), max_size=3).map(tuple)
    layers = [
        Layer(
            name,
            draw(odd_text) or "Linear",
            draw(shapes),
            module=draw(st.none() | odd_text),
            config=draw(st.dictionaries(odd_text, st.integers() | numbers | odd_text, max_size=2)),
            constant=draw(st.booleans()),
        )
        for name in names
    ]
    layers += [
        Layer("logits", "Linear", (k,)),
        Layer("softmax", "Softmax", (k,), softmax_of="logits"),
    ]
    return {
        "layers": layers,
        "weights": {
            name: draw(shapes) for name in draw(st.lists(odd_text, max_size=2, unique=True))
        },
        "dtypes": {
            name: draw(st.sampled_from(["float16", "float32", "int32", "bool", "complex64"]))
            for name in names
        },
        "rows": draw(st.sampled_from([None, 1, 2, 100])),
        "k": k,
        "n": draw(st.integers(1, 4)),
        "epochs": draw(st.lists(wholes, min_size=1, max_size=3)),
        "value": draw(numbers),
        "history": draw(history),
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
