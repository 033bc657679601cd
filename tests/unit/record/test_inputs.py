"""Models are fed as they are called: several arguments, keywords, data sets, tokens, half precision."""

from collections import namedtuple

import numpy as np
import pytest

import gt
from gt.run import RunError

torch = pytest.importorskip("torch")
nn = torch.nn
N, D, K = 30, 6, 3


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def record(path, model, inputs, labels=None, layers="all", **given):
    with gt.Recorder(model, path, inputs=inputs, labels=labels, layers=layers, **given) as rec:
        rec.record(0)
        rec.record(1)
    run = gt.open_run(path)
    run.check()
    return run


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.end = nn.Linear(D, 4), nn.Embedding(9, 4), nn.Linear(4, K)

    def forward(self, left, right, scale=1.0, nothing=None):
        assert nothing is None
        return self.end((self.a(left) + self.b(right)).relu() * scale)


Pair = namedtuple("Pair", "left right")


@pytest.mark.parametrize("kind", ["tuple", "dict", "named", "list", "batches"])
def test_two_inputs(tmp_path, kind):
    left, right = torch.randn(N, D), torch.arange(N) % 9
    given = {
        "tuple": (left, right),
        "named": Pair(left, right),
        "dict": {"right": right, "left": left, "scale": 2.0, "nothing": None},
        "list": [left, right.numpy()],
        "batches": (left, right),
    }[kind]
    model = Two()
    more = {"batch_size": 7} if kind == "batches" else {}
    run = record(tmp_path / "r", model, given, torch.arange(N) % K, **more)
    expected = model(left, right, 2.0 if kind == "dict" else 1.0).detach()
    np.testing.assert_allclose(run.activations("logits", 1), expected, atol=1e-5)
    a, b = [one.name for one in run.layers if one.kind == "Input"]
    if kind == "dict":
        a, b = b, a
        assert (a, b) == ("input: left", "input: right")
    else:
        assert (a, b) == ("input: 0", "input: 1")
    np.testing.assert_allclose(run.activations(a, 1), left, rtol=1e-3)
    assert (run.activations(b, 0) == right.numpy()).all()


def test_a_nest_of_inputs(tmp_path):
    class Nest(nn.Module):
        def __init__(self):
            super().__init__()
            self.end = nn.Linear(D, K)

        def forward(self, parts, masks):
            return self.end(parts[0] * masks["on"] + parts[1]["more"])

    x = torch.randn(N, D)
    on = torch.arange(N * D).reshape(N, D) % 2 == 0
    nest = {"parts": (x, {"more": x + 1}), "masks": {"on": on}}
    run = record(tmp_path / "r", Nest(), nest, torch.arange(N) % K)
    names = [one.name for one in run.layers if one.kind == "Input"]
    assert names == ["input: parts.0", "input: parts.1.more", "input: masks.on"]


def test_inputs_that_differ_are_another_recording(tmp_path):
    left, right, model = torch.randn(N, D), torch.arange(N) % 9, Two()
    labels = torch.arange(N) % K
    record(tmp_path / "r", model, {"left": left, "right": right}, labels, layers="outputs")
    for other in (
        {"left": left, "right": right.flip(0)},
        {"left": left, "right": right, "scale": 2.0},
        (left, right),
    ):
        with pytest.raises(RunError, match="other inputs"):
            gt.Recorder(model, tmp_path / "r", inputs=other, labels=labels, resume=True)


def test_a_model_that_is_called_otherwise(tmp_path):
    class Odd(nn.Linear):
        def encode(self, batch):
            return {"z": super().forward(batch["x"]), "n": 3}

        def forward(self, x):
            return super().forward(x)

    x, model = torch.randn(N, D), Odd(D, K)
    run = record(
        tmp_path / "r",
        model,
        {"x": x},
        task="none",
        forward=lambda model, batch: model.encode(batch),
        output="z",
        layers="outputs",
    )
    np.testing.assert_allclose(run.activations("outputs", 0), model(x).detach(), atol=1e-6)
    assert run.made["outputs"] == "values; the part 'z' of what the model gives"


def test_parts_of_outputs(tmp_path):
    class Gives(nn.Module):
        def __init__(self, make):
            super().__init__()
            self.fc, self.make = nn.Linear(D, K), make

        def forward(self, x):
            return self.make(self.fc(x))

    x, labels = torch.randn(N, D), torch.arange(N) % K
    Out = namedtuple("Out", "loss logits")
    for i, (make, output) in enumerate(
        (
            (lambda z: {"hidden": z + 1, "logits": z}, None),
            (lambda z: {"hidden": z + 1, "scores": z}, "scores"),
            (lambda z: Out(None, z), None),
            (lambda z: (z + 1, z), 1),
            (lambda z: (z, z + 1), None),
            (lambda z: ([z], "text"), None),
        )
    ):
        model = Gives(make)
        run = record(tmp_path / str(i), model, x, labels, output=output)
        np.testing.assert_allclose(run.activations("logits", 0), model.fc(x).detach(), atol=1e-6)
        if i != 4 or output is None:
            assert run.layer("logits").module == "fc"
    with pytest.raises(RunError, match="got 'scores'; there is hidden, logits"):
        record(
            tmp_path / "x", Gives(lambda z: {"hidden": z, "logits": z}), x, labels, output="scores"
        )
    with pytest.raises(RunError, match="must be a tensor, it is a int"):
        record(tmp_path / "x", Gives(lambda z: {"n": 3, "logits": z}), x, labels, output="n")


class Image:
    """A picture that is no tensor, as PIL's."""

    def __init__(self, pixels):
        self.pixels = pixels


class Pictures(torch.utils.data.Dataset):
    """Images and labels, through a transform, as torchvision's data sets have them."""

    def __init__(self, transform=None, shape=None):
        rng = np.random.default_rng(0)
        self.images = rng.integers(0, 255, (50, 4, 4), dtype=np.uint8)
        self.labels = np.arange(50) % K
        self.transform, self.shape = transform, shape

    def __len__(self):
        return 50

    def __getitem__(self, i):
        image = Image(self.images[i])
        return (self.transform(image) if self.transform else image), int(self.labels[i])


def to_tensor(image):
    return torch.from_numpy(image.pixels).float().div(255)[None] + 0 * torch.rand(())


@pytest.mark.parametrize("loaded", [False, True])
def test_points_of_a_data_set(tmp_path, loaded):
    data = Pictures(to_tensor)
    given = torch.utils.data.DataLoader(data, batch_size=4, shuffle=True) if loaded else data
    indices = [40, 3, 17, 8, 9, 10, 11, 12]
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, K))
    before = torch.get_rng_state()
    run = record(tmp_path / "r", model, given, indices=indices)
    assert torch.equal(torch.get_rng_state(), before)
    assert run.ids.tolist() == indices and run.labels.tolist() == [i % K for i in indices]
    x = torch.from_numpy(data.images[indices]).float() / 255
    np.testing.assert_allclose(run.activations("logits", 0), model(x).detach(), atol=1e-5)
    whole = record(tmp_path / "s", model, given, labels=np.ones(50, int), task="classification")
    assert whole.n == 50 and (whole.labels == 1).all()


def test_points_that_a_data_set_has_not(tmp_path):
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, K))
    for indices, says in (
        ([50], "0 to 49"),
        ([-1], "0 to 49"),
        ([1, 1], "different positions"),
        ([], "different positions"),
        ([0.5], "whole numbers"),
    ):
        with pytest.raises(RunError, match=says):
            record(tmp_path / "r", model, Pictures(to_tensor), indices=indices)
    with pytest.raises(RunError, match="give the data set a transform"):
        record(tmp_path / "r", model, Pictures(), indices=[1, 2])

    class Stream(torch.utils.data.IterableDataset):
        def __iter__(self):
            yield torch.zeros(16), 0

    with pytest.raises(RunError, match="can only be gone through"):
        record(tmp_path / "r", model, Stream())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_floats_follow_a_model_of_half_precision(tmp_path, dtype, caplog):
    model = nn.Sequential(nn.Linear(D, 8), nn.ReLU(), nn.Linear(8, K)).to(dtype)
    x = torch.randn(N, D)
    run = record(tmp_path / "r", model, x, torch.arange(N) % K)
    expected = model(x.to(dtype)).detach().float()
    np.testing.assert_allclose(run.activations("logits", 0), expected, atol=1e-6)
    assert "float16, the type of the model's parameters" in run.made["inputs"]
    np.testing.assert_allclose(run.activations("input", 0), x, rtol=1e-3)
    own = record(tmp_path / "s", model, x.to(dtype), torch.arange(N) % K)
    assert "inputs" not in own.made


@pytest.mark.parametrize(("given", "kept"), [(np.float64, np.float32), (np.float32, np.float64)])
def test_floats_follow_a_model_of_another_precision(tmp_path, given, kept):
    x, model = np.random.default_rng(0).normal(size=(N, D)).astype(given), nn.Linear(D, K)
    model = model.double() if kept is np.float64 else model
    run = record(tmp_path / "r", model, x, torch.arange(N) % K)
    assert (
        run.made["inputs"]
        == f"floats are cast to {kept.__name__}, the type of the model's parameters"
    )
    expected = model(torch.from_numpy(x.astype(kept))).detach()
    np.testing.assert_allclose(run.activations("logits", 0), expected, atol=1e-6)


def test_token_ids_stay_whole_numbers_in_half_precision(tmp_path):
    model = nn.Sequential(nn.Embedding(1000, 4), nn.Flatten(), nn.Linear(12, K)).bfloat16()
    ids = torch.randint(900, 1000, (N, 3))
    run = record(tmp_path / "r", model, ids, torch.arange(N) % K)
    assert (run.activations("input", 0) == ids.numpy()).all()
    assert "inputs" not in run.made


def small(transformers, kind):
    common = {"vocab_size": 50, "num_labels": K}
    if kind == "bert":
        config = transformers.BertConfig(
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            **common,
        )
        return transformers.BertForSequenceClassification(config), config
    config = transformers.GPT2Config(n_embd=16, n_layer=2, n_head=2, pad_token_id=0, **common)
    return transformers.GPT2ForSequenceClassification(config), config


@pytest.mark.parametrize("kind", ["bert", "gpt2"])
def test_a_hugging_face_classifier_and_its_batch(tmp_path, kind):
    transformers = pytest.importorskip("transformers")
    model, _ = small(transformers, kind)
    ids = torch.randint(1, 50, (N, 7))
    mask = torch.ones_like(ids)
    mask[::3, 5:] = 0
    batch = transformers.BatchEncoding({"input_ids": ids, "attention_mask": mask})
    run = record(tmp_path / "r", model, batch, torch.arange(N) % K, layers="outputs", batch_size=8)
    with torch.no_grad():
        expected = model.eval()(**batch).logits
    np.testing.assert_allclose(run.activations("logits", 1), expected, atol=1e-4)
    assert run.made["outputs"] == "logits; the part 'logits' of what the model gives"
    assert gt.record.Recorder  # the class itself is not changed by what it recorded


@pytest.mark.parametrize(
    ("axes", "take"),
    [
        (None, lambda z: z.reshape(len(z), -1)),
        ("flatten", lambda z: z.reshape(len(z), -1)),
        ("mean", lambda z: z.mean(1)),
        ("cls", lambda z: z[:, 0]),
        ("last", lambda z: z[:, -1]),
        ("token=3", lambda z: z[:, 3]),
    ],
)
def test_an_encoders_tokens_become_one_row(tmp_path, axes, take):
    transformers = pytest.importorskip("transformers")
    model = small(transformers, "bert")[0].bert
    batch = transformers.BatchEncoding({"input_ids": torch.randint(1, 50, (N, 7))})
    given = {"task": "none", "output": "last_hidden_state", "output_axes": axes}
    run = record(tmp_path / "r", model, batch, layers="outputs", **given)
    with torch.no_grad():
        expected = take(model.eval()(**batch).last_hidden_state)
    np.testing.assert_allclose(run.activations("outputs", 0), expected, atol=1e-4)
    assert "part 'last_hidden_state'" in run.made["outputs"]
    assert f"7 x 16 values of a point, {axes or 'flatten'}" in run.made["outputs"]


def test_a_token_that_is_not_there(tmp_path):
    model, x = nn.Linear(D, 2), torch.randn(N, 4, D)
    with pytest.raises(RunError, match=r"tokens \(n, t, d\) that there are"):
        record(tmp_path / "r", model, x, task="none", output_axes="token=4")
    images = nn.Conv2d(1, 2, 1)
    run = record(tmp_path / "s", images, torch.rand(N, 1, 3, 3), task="none", output_axes="mean")
    assert run.layer("outputs").shape == (2,)
