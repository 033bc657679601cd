"""Whatever a Recorder takes opens, is whole, and can be shown; what it does not take it refuses in words.

``GT_EXAMPLES=2000 pytest tests/unit/record/test_everything_opens.py`` tries more than the few dozen
networks of every day.
"""

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import gt
from gt.cache.store import Store
from gt.run import RunError
from gt.serve import announcements
from gt.serve.library import Library

torch = pytest.importorskip("torch")
nn = torch.nn
EXAMPLES = int(os.environ.get("GT_EXAMPLES", "40"))
ROLES = ("input", "logits", "softmax", "model", "x:2", "softmax (hidden)", "a/b", "\ud800", "\0")

texts = st.text(st.characters(codec=None), min_size=1, max_size=8)
module_names = (st.sampled_from(ROLES) | texts).filter(lambda name: "." not in name)
shown = st.text("aä<&;: 層🧠", min_size=1, max_size=6).map(lambda text: f"{text}.")
numbers = st.floats(allow_nan=True, allow_infinity=True)
KINDS = ("Linear", "ReLU", "Softmax", "Identity", "Tanh", "Sigmoid", "Rows", "Nothing", "Codes")
ENDS = ("", "", "softmax", "log_softmax", "sigmoid", "relu")
TYPES = ("float32", "float64", "float16", "int64", "uint8", "bool", "complex64")


class Rows(nn.Module):
    def forward(self, x):
        return x.T


class Nothing(nn.Module):
    def forward(self, x):
        return {"x": x}


class Codes(nn.Module):
    def forward(self, x):
        return x.argmax(1) + 2**40


class Net(nn.Module):
    """Modules one behind the other, some called twice; those that give no rows are called aside."""

    def __init__(self, width, parts, k, end, scale, twice):
        super().__init__()
        self.end, self.scale, self.twice = end, scale, twice
        self.order = []
        for name, kind, wide in parts:
            if name in self._modules or hasattr(self, name):
                continue
            own = {"Linear": (width, wide), "Softmax": (1,)}.get(kind, ())
            module = globals().get(kind) or getattr(nn, kind)
            self.add_module(name, module(*own))
            self.order.append(name)
            width = wide if kind == "Linear" else width
        self.add_module("last!", nn.Linear(width, k))

    def forward(self, x):
        x = (x.abs() if x.is_complex() else x).float().nan_to_num().clamp(-9, 9)
        for name in self.order:
            made = self._modules[name](x)
            if self.twice and not isinstance(self._modules[name], nn.Linear):
                made = self._modules[name](x)
            x = (
                made
                if isinstance(made, torch.Tensor) and made.shape == (len(x), *x.shape[1:])
                else x
            )
            if isinstance(self._modules[name], nn.Linear):
                x = made
        x = self._modules["last!"](x.float()) * self.scale
        ends = {"softmax": x.softmax, "log_softmax": x.log_softmax}
        if self.end in ends:
            return ends[self.end](1)
        return getattr(x, self.end)() if self.end else x


@st.composite
def recordings(draw):
    n, d, k = draw(st.integers(1, 7)), draw(st.integers(1, 4)), draw(st.sampled_from([3, 2, 4, 1]))
    parts = draw(
        st.lists(st.tuples(module_names, st.sampled_from(KINDS), st.integers(1, 4)), max_size=4)
    )
    rng = np.random.default_rng(draw(st.integers(0, 9)))
    inputs = draw(st.sampled_from((1, 1e3, 1e6, 1e300))) * rng.normal(size=(n, d))
    with np.errstate(all="ignore"):
        inputs = inputs.clip(-1e15, 1e15).astype(draw(st.sampled_from(TYPES)))
    given = {
        "inputs": inputs,
        "labels": rng.integers(0, k, n),
        "classes": draw(st.none() | st.lists(shown | texts, min_size=k, max_size=k, unique=True)),
        "ids": draw(
            st.none() | st.lists(st.integers(-1, 2**53), min_size=n, max_size=n, unique=True)
        ),
        "splits": draw(st.none() | st.just(rng.integers(0, 2, n))),
        "layers": draw(st.sampled_from(["all", "outputs", *([parts[0][0]] for _ in parts[:1])])),
        "weights": draw(st.sampled_from([None, True, False])),
        "dtype": draw(st.sampled_from(["float16", "float32"])),
        "batch_size": draw(st.none() | st.integers(1, 8)),
        "title": draw(st.none() | texts),
        "made": draw(st.none() | st.dictionaries(texts, numbers | texts, max_size=2)),
    }
    net = (d, parts, k, draw(st.sampled_from(ENDS)), draw(st.sampled_from([0, 1, 1e4, 1e38])))
    epochs = draw(st.lists(st.integers(0, 2**53), min_size=1, max_size=3, unique=True))
    history = [
        (e, draw(st.none() | numbers), draw(st.none() | numbers | st.tuples(numbers, numbers)))
        for e in sorted(epochs)
    ]
    return net, draw(st.booleans()), given, history


@given(recordings())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_what_is_taken_opens_and_can_be_shown(recording):
    net, twice, arguments, history = recording
    torch.manual_seed(0)
    model = Net(*net, twice)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        taken = []
        try:
            with gt.Recorder(model, path, **arguments) as rec:
                for epoch, lr, loss in history:
                    try:
                        rec.record(epoch, lr=lr, loss=loss)
                        taken.append(epoch)
                    except RunError as error:
                        event(f"epoch refused: {str(error)[20:60]!a}")
                        assert len(str(error)) > 20
                left, layers = rec.left_out, rec.layers
        except RunError as error:
            event(f"refused: {str(error)[:40]!a}")
            assert len(str(error)) > 20
            assert not path.exists()
            return
        event(f"taken with {len(taken)} epochs")
        check(path, taken, layers, left, arguments["inputs"])


def check(path, epochs, layers, left, inputs):
    run = gt.open_run(path)
    assert run.epochs.tolist() == epochs
    run.check()
    assert [one.name for one in run.layers] == [one.name for one in layers]
    assert len({one.name for one in run.layers}) == len(run.layers)
    assert [one["name"] for one in run.made.get("left_out", [])] == [one.name for one in left]
    if not epochs:
        return
    if run.layers[0].kind == "Input" and inputs.dtype.kind in "iub":
        np.testing.assert_array_equal(run.activations("input", 0), inputs)
    probabilities = run.activations("softmax", len(epochs) - 1)
    np.testing.assert_allclose(probabilities.sum(1), 1, atol=4e-3)
    library = Library([path], Store(path.parent / "cache"))
    assert not library.problems
    for layer in run.layers:
        said = announcements.announce(library, "run", layer.name)
        assert said["epochs"] == epochs
        assert np.isfinite(said["radius"]) and said["radius"] > 0
        for split in said["splits"].values():
            assert len(split["slices"]) == len(epochs)
