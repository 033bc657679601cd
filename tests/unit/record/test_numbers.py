"""Whole numbers stay whole, and an epoch is one."""

from fractions import Fraction

import numpy as np
import pytest

import gt
from gt.record.numbers import stored_type_of_inputs
from gt.run import EpochError, NotFiniteError, RunError, ShapeError

torch = pytest.importorskip("torch")
nn = torch.nn
N, K = 12, 3


class Takes(nn.Module):
    """Any inputs whatever, of which it makes small numbers."""

    def __init__(self, width):
        super().__init__()
        self.head = nn.Linear(width, K)

    def forward(self, x):
        x = x.abs() if x.is_complex() else x
        return self.head((x.double() / 1e9).tanh().float())


def record(path, inputs, **given):
    given = {"layers": "all", **given}
    with gt.Recorder(
        Takes(inputs.shape[1]), path, inputs=inputs, labels=np.arange(N) % K, **given
    ) as rec:
        rec.record(0)
        rec.record(1)
    return rec, gt.open_run(path)


INTEGERS = {
    "int64": 2**53,
    "int32": 2**31 - 1,
    "int16": 2**15 - 1,
    "int8": 127,
    "uint8": 255,
    "uint16": 2**16 - 1,
    "uint32": 2**32 - 1,
}


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_are_stored_and_read_as_they_are(tmp_path, dtype):
    largest = INTEGERS[dtype]
    values = np.array([largest - i for i in range(2 * N)], dtype).reshape(N, 2)
    _, run = record(tmp_path / "r", values)
    assert run._arrays[run.layer("input").array].dtype == dtype
    read = run.activations("input", 1)
    assert [[int(v) for v in row] for row in read] == values.tolist()
    assert [int(v) for v in run.point("input", 0, 3)] == values[3].tolist()
    run.check()


def test_token_ids_are_not_rounded(tmp_path):
    tokens = torch.randint(49_900, 50_000, (N, 4))
    model = nn.Sequential(nn.EmbeddingBag(50_000, 5), nn.Linear(5, K))
    with gt.Recorder(
        model, tmp_path / "r", inputs=tokens, labels=np.arange(N) % K, layers="all"
    ) as rec:
        rec.record(0)
    read = gt.open_run(tmp_path / "r").activations("input", 0)
    np.testing.assert_array_equal(read, tokens)


def test_truths_are_zeros_and_ones(tmp_path):
    values = torch.arange(2 * N).reshape(N, 2) % 3 == 0
    _, run = record(tmp_path / "r", values)
    np.testing.assert_array_equal(run.activations("input", 0), values)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (np.linspace(-1, 1, N), "float16"),
        (np.arange(N, dtype=np.float32) + 49_990, "float32"),  # token ids as floats
        (np.arange(N) + 2.0**30, "float64"),
        (np.linspace(1.7e9, 1.8e9, N) + 0.25, "float32"),  # moments
        (np.full(N, 1e300), "float64"),
    ],
)
def test_floats_are_stored_in_a_type_that_holds_them(tmp_path, values, dtype):
    values = np.stack([values, values[::-1]], 1)
    _, run = record(tmp_path / "r", values)
    assert run._arrays[run.layer("input").array].dtype == dtype
    read = run.activations("input", 0)
    np.testing.assert_allclose(read, values, rtol=1e-3, atol=1e-3)
    whole = values == np.floor(values)
    np.testing.assert_array_equal(read[whole], values[whole])


def test_bfloat16_with_whole_numbers():
    values = torch.tensor([[2.0**17], [0.5]]).bfloat16()
    assert stored_type_of_inputs(values, "float16") == "float32"
    assert stored_type_of_inputs(values / 1e6, "float16") == "float16"


def test_what_no_reader_has_is_refused(tmp_path):
    values = np.full((N, 2), 2**53 + 1)
    with pytest.raises(ShapeError, match=r"within 2\^53 of 0.*got 9007199254740993; number them"):
        record(tmp_path / "r", values)
    record(tmp_path / "s", values, layers="outputs")  # nothing of them is stored
    for value in (np.nan, np.inf):
        with pytest.raises(NotFiniteError, match="Recorder: inputs must be finite to be recorded"):
            record(tmp_path / "r", np.full((N, 2), value))
    assert not (tmp_path / "r").exists()


def test_complex_inputs_are_left_out(tmp_path):
    rec, run = record(tmp_path / "r", torch.randn(N, 2, dtype=torch.complex64))
    assert rec.left_out[0] == ("input", "Input", "they are complex numbers")
    names = ["/abs", "/div", "/tanh", "logits", "softmax"]
    assert [one.name for one in run.layers] == names


class Codes(nn.Module):
    """A hidden layer of whole numbers."""

    def __init__(self):
        super().__init__()
        self.codes, self.table, self.head = Nearest(), nn.Embedding(70_000, 4), nn.Linear(4, K)

    def forward(self, x):
        return self.head(self.table(self.codes(x).long())[:, 0])


class Nearest(nn.Module):
    whole = True

    def forward(self, x):
        codes = 49_990 + x.argmax(1, keepdim=True)
        return codes if self.whole else codes + 0.25


def test_hidden_integers_stay_integers(tmp_path):
    x, model = torch.randn(N, 8), Codes()
    with gt.Recorder(model, tmp_path / "r", inputs=x, labels=np.arange(N) % K, layers="all") as rec:
        rec.record(0)
        model.codes.whole = False
        with pytest.raises(ShapeError, match="epoch 1, layer 'codes' must give int64"):
            rec.record(1)
    run = gt.open_run(tmp_path / "r")
    np.testing.assert_array_equal(run.activations("codes", 0), 49_990 + x.argmax(1)[:, None])


GOOD = [3, 3.0, np.int8(3), np.uint64(3), np.float32(3), torch.tensor(3), 2**53 - 1]
BAD = [True, np.True_, 0.5, "3", None, float("nan"), float("inf"), 3j, [1, 2], torch.ones(2)]


@pytest.mark.parametrize("epoch", GOOD)
def test_an_epoch_is_a_whole_number(tmp_path, epoch):
    with gt.Recorder(
        nn.Linear(2, K), tmp_path / "r", inputs=torch.randn(N, 2), labels=np.arange(N) % K
    ) as rec:
        rec.record(epoch)
        assert rec.epochs == (int(epoch),) and type(rec.epochs[0]) is int
        with pytest.raises(EpochError, match="recorded already"):
            rec.record(int(epoch))
    run = gt.open_run(tmp_path / "r")
    assert run.epochs.tolist() == [int(epoch)]
    run.check()


@pytest.mark.parametrize("epoch", [*BAD, -1, 2**53, Fraction(1, 2)])
def test_anything_else_is_no_epoch(tmp_path, epoch):
    with gt.Recorder(
        nn.Linear(2, K), tmp_path / "r", inputs=torch.randn(N, 2), labels=np.arange(N) % K
    ) as rec:
        with pytest.raises(EpochError):
            rec.record(epoch)
        assert rec.epochs == ()
    assert gt.open_run(tmp_path / "r").epochs.tolist() == []


@pytest.mark.parametrize("lr", [float("inf"), 1e300, -float("inf")])
def test_an_infinite_rate_is_missing_and_said(tmp_path, caplog, lr):
    with gt.Recorder(
        nn.Linear(2, K), tmp_path / "r", inputs=torch.randn(N, 2), labels=np.arange(N) % K
    ) as rec:
        rec.record(0, lr=0.5)
        rec.record(1, lr=lr, loss=(lr, 1.0))
        with pytest.raises(RunError, match="lr must be one number"):
            rec.record(2, lr=[0.1, 0.2])
        rec.record(2, lr=torch.tensor(0.25))
    run = gt.open_run(tmp_path / "r")
    np.testing.assert_array_equal(run.history.lr, np.float32([0.5, np.nan, 0.25]))
    np.testing.assert_array_equal(run.history.loss[1], np.float32([np.nan, 1]))
    assert "record: epoch 1, lr: 1 of 1 values are infinite" in caplog.text


class Grows(nn.Module):
    """Finite logits whose differences are beyond float32 once they have grown."""

    size = 1.0

    def forward(self, x):
        return torch.stack([x[:, 0], -x[:, 0], -x[:, 0]], 1).sign() * self.size


def test_a_training_that_diverges_stays_readable(tmp_path, caplog):
    model = Grows()
    with gt.Recorder(
        model, tmp_path / "r", inputs=torch.ones(N, 2), labels=np.arange(N) % K
    ) as rec:
        rec.record(0)
        model.size = 3e38
        rec.record(1)
    run = gt.open_run(tmp_path / "r")
    run.check()
    assert np.isfinite(run.history.loss[0, 0]) and np.isnan(run.history.class_loss[1, 0]).any()
    assert np.isfinite(run.history.accuracy[1, 0])
    assert "record: epoch 1: loss" in caplog.text
