"""Every token or pixel a point: which are, where they are, and that each has what the network gives for it."""

import numpy as np
import pytest

import gt
from gt.align.align_run import align_run
from gt.align.align_run import plan as plan_of
from gt.run import RunError

torch = pytest.importorskip("torch")
spreading = pytest.importorskip("gt.record.spreading")
nn = torch.nn
F = torch.nn.functional
N, T, K = 11, 7, 3


class Tagger(nn.Module):
    """A class for each token."""

    def __init__(self, out=K, first=True):
        super().__init__()
        self.embed = nn.Embedding(13, 8)
        one = nn.TransformerEncoderLayer(8, 2, 16, batch_first=first)
        self.encoder = nn.TransformerEncoder(one, 1, enable_nested_tensor=False)
        self.pool, self.head = nn.Linear(8, 8), nn.Linear(8, out)

    def forward(self, x):
        h = self.encoder(self.embed(x))
        return self.head(F.relu(h) + self.pool(h[:, :1]))


class Segmenter(nn.Module):
    """A class for each pixel, by way of a lower resolution."""

    def __init__(self, out=4):
        super().__init__()
        self.fine, self.down = nn.Conv2d(3, 5, 3, padding=1), nn.Conv2d(5, 6, 3, 2, 1)
        self.norm, self.head = nn.BatchNorm2d(6), nn.Conv2d(6, out, 1)

    def forward(self, x):
        h = F.relu(self.norm(self.down(F.relu(self.fine(x)))))
        return self.head(F.interpolate(h, scale_factor=2.0))


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def record(path, model, x, labels=None, layers="all", epochs=(0, 1), **given):
    with gt.Recorder(model, path, inputs=x, labels=labels, layers=layers, **given) as rec:
        for epoch in epochs:
            rec.record(epoch)
    run = gt.open_run(path)
    run.check()
    return run


def seen(model, x, *names):
    """What modules give for all examples, and the model, in evaluation."""
    found = {}
    modules = dict(model.named_modules())
    hooks = [
        modules[name].register_forward_hook(lambda m, a, out, name=name: found.update({name: out}))
        for name in names
    ]
    model.eval()
    with torch.no_grad():
        out = model(x)
    model.train()
    for hook in hooks:
        hook.remove()
    return out, found


def where(run):
    return [column.values.astype(int) for column in run.columns]


def test_every_token_that_is_not_ignored_is_a_point(tmp_path):
    x, model = torch.randint(0, 13, (N, T)), Tagger()
    labels = torch.randint(0, K, (N, T))
    labels[:, 5:] = -100
    labels[[0, 3]] = -100  # whole examples, which are batches of their own
    labels[4, 0] = 9
    run = record(
        tmp_path / "r",
        model,
        x,
        labels,
        each="tokens",
        ignore_index=9,
        batch_size=1,
        dtype="float32",
    )
    assert [column.name for column in run.columns] == ["example", "position"]
    example, position = where(run)
    wanted = [(i, j) for i in range(N) for j in range(5) if i not in (0, 3) and (i, j) != (4, 0)]
    assert list(zip(example, position, strict=True)) == wanted
    assert run.ids.tolist() == [i * T + j for i, j in wanted]
    assert run.labels.tolist() == [int(labels[i, j]) for i, j in wanted]
    out, hidden = seen(model, x, "embed", "encoder.layers.0.linear1", "head")
    np.testing.assert_allclose(run.activations("logits", 1), out[example, position], atol=1e-5)
    for name in ("embed", "encoder.layers.0.linear1"):
        np.testing.assert_allclose(
            run.activations(name, 1), hidden[name][example, position], atol=1e-5
        )
    np.testing.assert_array_equal(run.activations("input", 1)[:, 0], x[example, position])
    loss = F.cross_entropy(out[example, position], torch.tensor(run.labels))
    np.testing.assert_allclose(run.history.loss[1, 0], loss, rtol=1e-5)
    assert "pool" not in [layer.name for layer in run.layers]
    (left,) = [one for one in run.made["left_out"] if one["name"] == "pool"]
    assert "no axis of the 7 tokens" in left["reason"]
    assert run.made["each"] == (
        f"each token is a point: {run.n} of 11 examples with 7 tokens; {N * T - run.n} are left out as padding or"
        " ignored"
    )
    assert {node.name: node.layer for node in run.graph.nodes}["head"] == "logits"


def test_so_many_are_taken_evenly_whatever_the_batch(tmp_path):
    x, labels, model = torch.randint(0, 13, (N, T)), torch.randint(0, K, (N, T)), Tagger()
    runs = [
        record(tmp_path / str(size), model, x, labels, each="tokens", positions=3, batch_size=size)
        for size in (1, 4, N)
    ]
    for run in runs:
        assert run.n == 3 * N and set(where(run)[1].tolist()) == {1, 3, 5}
        for layer in run.layers:
            if layer.array:
                np.testing.assert_allclose(
                    run.activations(layer.name, 1), runs[0].activations(layer.name, 1), atol=2e-3
                )
    table = gt.record.plan(model, x, layers="all", each="tokens", positions=3)
    rows = {row.recorded: row for row in table if row.recorded}
    assert table.points == 3 * N
    for layer in runs[0].layers:
        assert rows[layer.name].shape == layer.shape
    assert rows["embed"].bytes == 2 * 3 * N * 8 and "each token of (7, 8)" in rows["embed"].why


def test_every_voxel_of_a_volume_is_a_point(tmp_path):
    class Volumes(nn.Module):
        """A class for each voxel, by way of a lower resolution."""

        def __init__(self):
            super().__init__()
            self.fine, self.down = nn.Conv3d(2, 5, 3, padding=1), nn.Conv3d(5, 6, 3, 2, 1)
            self.head, self.pooled = nn.Conv3d(6, K, 1), nn.Linear(6, 6)

        def forward(self, x):
            h = F.relu(self.down(F.relu(self.fine(x))))
            h = h + self.pooled(h.mean((2, 3, 4)))[..., None, None, None]
            return self.head(F.interpolate(h, scale_factor=2.0))

    size = (4, 6, 8)
    x, labels, model = torch.randn(5, 2, *size), torch.randint(0, K, (5, *size)), Volumes()
    labels[:, 0, 0, 0] = -100
    more = {"each": "voxels", "positions": 32}
    run = record(tmp_path / "r", model, x, labels, dtype="float32", batch_size=2, **more)
    assert [one.name for one in run.columns] == ["example", "depth", "row", "column"]
    example, depth, row, column = where(run)
    assert run.n == 5 * 32
    assert (
        run.ids.tolist()
        == (example * 192 + np.ravel_multi_index((depth, row, column), size)).tolist()
    )
    assert run.labels.tolist() == labels[example, depth, row, column].tolist()
    out, hidden = seen(model, x, "fine", "down")
    np.testing.assert_allclose(
        run.activations("logits", 1), out[example, :, depth, row, column], atol=1e-5
    )
    np.testing.assert_allclose(
        run.activations("input", 1), x[example, :, depth, row, column], atol=1e-6
    )
    for name, factor in (("fine", 1), ("down", 2)):
        at = hidden[name][example, :, depth // factor, row // factor, column // factor]
        np.testing.assert_allclose(run.activations(name, 1), at, atol=1e-5)
    eighths = {(d // 2, r // 3, c // 4) for d, r, c in zip(depth, row, column, strict=True)}
    assert len(eighths) == 8  # spread over the volume
    (left,) = [one for one in run.made["left_out"] if one["name"] == "pooled"]
    assert "no places like the 4 × 6 × 8" in left["reason"]
    assert run.made["each"].startswith("each voxel is a point: 160 of 5 examples with 4 × 6 × 8")
    rows = {row.recorded: row for row in gt.record.plan(model, x, layers="all", **more)}
    assert "each voxel of (5, 4, 6, 8)" in rows["fine"].why
    one = record(tmp_path / "s", model, x, labels[:, None], layers="outputs", **more)
    np.testing.assert_array_equal(one.labels, run.labels)  # with an axis for the only channel


@pytest.mark.parametrize("how", ["each", "tokens", "each pixel"])
def test_one_layer_alone_has_no_other_points_than_the_rest(tmp_path, how):
    x = torch.randint(0, 13, (N, T))
    given = {"layers": ["embed"], "axes": {"embed": how}}
    says = (
        rf"axes of 'embed' must keep the examples as the points, got '{how}': all layers of a run have the same points;"
        r' record with each="tokens", "pixels" or "voxels" in place of axes'
    )
    with pytest.raises(RunError, match=says):
        gt.record.plan(Tagger(), x, **given)
    with pytest.raises(RunError, match=says):
        gt.Recorder(Tagger(), tmp_path / "r", inputs=x, task="none", **given)
    assert not (tmp_path / "r").exists()
    with pytest.raises(RunError, match=r'output_axes must be .* say each="tokens"'):
        gt.Recorder(Tagger(), tmp_path / "r", inputs=x, task="none", output_axes=how)


def test_pixels_have_the_place_that_they_lie_in_whatever_the_resolution(tmp_path):
    x, labels, model = torch.randn(5, 3, 8, 12), torch.randint(0, 4, (5, 8, 12)), Segmenter()
    images = (torch.rand(5, 8, 12, 3) * 255).to(torch.uint8)
    run = record(
        tmp_path / "r", model, x, labels, each="pixels", positions=24, batch_size=2, images=images,
        splits=["train"] * 3 + ["test"] * 2, columns={"level": np.arange(5.0)}, dtype="float32",
    )  # fmt: skip
    assert [one.name for one in run.columns] == ["example", "row", "column", "level"]
    example, row, column, level = where(run)
    assert run.n == 5 * 24 and (level == example).all()
    assert (run.splits == (example > 2)).all()
    np.testing.assert_array_equal(run.images, images.numpy()[example])
    assert run.labels.tolist() == labels[example, row, column].tolist()
    out, hidden = seen(model, x, "fine", "down", "norm")
    np.testing.assert_allclose(
        run.activations("logits", 1), out[example, :, row, column], atol=1e-5
    )
    np.testing.assert_allclose(run.activations("input", 1), x[example, :, row, column], atol=1e-6)
    for name, factor in (("fine", 1), ("down", 2), ("norm", 2)):
        at = hidden[name][example, :, row // factor, column // factor]
        np.testing.assert_allclose(run.activations(name, 1), at, atol=1e-5)
    quarters = {(r // 4, c // 4) for r, c in zip(row, column, strict=True)}
    assert len(quarters) == 6  # spread over the picture
    found = dict(zip(names(run)[1:], steps_of(run), strict=True))
    assert found["norm"].how == "diagonal" and found["/relu"].how == "value"
    assert found["down"].how == "procrustes" and found["down"].kind == "Conv2d (of some values)"
    assert found["softmax"].how == "softmax"


def names(run):
    return [layer.name for layer in run.layers]


def steps_of(run):
    """Its transitions, after its alignment was kept and opened again."""
    return align_run(run, plan_of(run)).transitions


def test_the_head_of_a_tagger_is_exact(tmp_path):
    x, labels, model = torch.randint(0, 13, (N, T)), torch.randint(0, K, (N, T)), Tagger()
    run = record(tmp_path / "r", model, x, labels, each="tokens")
    found = {(step.kind, step.how) for step in steps_of(run)}
    assert {("Linear", "singular"), ("ReLU", "value"), ("Softmax", "softmax")} <= found
    assert not {one for one in found if one[1] == "identity"}


def test_one_logit_for_each_pixel(tmp_path):
    x, labels, model = torch.randn(5, 3, 8, 8), torch.randint(0, 2, (5, 1, 8, 8)), Segmenter(1)
    run = record(tmp_path / "r", model, x, labels, each="pixels", task="binary", positions=None)
    assert run.n == 5 * 64 and run.task == "binary"
    example, row, column = where(run)
    out, _ = seen(model, x)
    np.testing.assert_allclose(
        run.activations("logits", 0)[:, 1], out[example, 0, row, column], atol=1e-5
    )
    assert run.labels.tolist() == labels[example, 0, row, column].tolist()


def test_targets_of_pixels_and_of_tokens(tmp_path):
    x, model = torch.randn(4, 3, 8, 8), Segmenter(2)
    targets = torch.randn(4, 2, 8, 8)
    targets[0, 0, :4] = float("nan")
    run = record(
        tmp_path / "r", model, x, targets, each="pixels", task="regression", positions=None
    )
    example, row, column = where(run)
    assert run.n == 4 * 64 - 32
    np.testing.assert_array_equal(run.targets, targets[example, :, row, column])
    x, labels, model = torch.randint(0, 13, (N, T)), torch.randint(0, 2, (N, T, K)), Tagger()
    run = record(tmp_path / "m", model, x, labels, each="tokens", task="multilabel")
    example, position = where(run)
    np.testing.assert_array_equal(run.targets, labels[example, position])
    out, _ = seen(model, x)
    np.testing.assert_allclose(run.activations("logits", 0), out[example, position], atol=1e-5)


def test_an_encoder_without_labels_leaves_out_what_is_padding(tmp_path):
    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.out = nn.Embedding(13, 8), nn.Linear(8, 5)

        def forward(self, input_ids, attention_mask):
            return self.out(self.embed(input_ids) * attention_mask[..., None])

    mask = (torch.arange(T) < torch.arange(N)[:, None] % T + 1).long()
    x, model = {"input_ids": torch.randint(0, 13, (N, T)), "attention_mask": mask}, Encoder()
    words = [[f"w{int(one)}" for one in row] for row in x["input_ids"]]
    run = record(tmp_path / "r", model, x, task="none", each="tokens", columns={"word": words})
    assert run.n == int(mask.sum()) and run.axes == tuple("01234")
    example, position = where(run)[:2]
    np.testing.assert_allclose(
        run.activations("outputs", 0), seen_of(model, x)[example, position], atol=1e-5
    )
    word = run.columns[2]
    assert [word.names[i] for i in word.values] == [
        words[i][j] for i, j in zip(example, position, strict=True)
    ]
    inputs = [node for node in run.graph.nodes if node.kind == "Input"]
    assert [node.layer for node in inputs] == ["input: input_ids", "input: attention_mask"]


def seen_of(model, x):
    with torch.no_grad():
        return model(**x).numpy()


def test_a_language_model_and_the_words_that_come_next(tmp_path):
    transformers = pytest.importorskip("transformers")
    config = transformers.GPT2Config(vocab_size=19, n_positions=16, n_embd=8, n_layer=1, n_head=2)
    model = transformers.GPT2LMHeadModel(config)
    ids = torch.randint(0, 19, (N, T))
    nexts = torch.cat([ids[:, 1:], torch.full((N, 1), -100)], 1)
    run = record(
        tmp_path / "r", model, {"input_ids": ids}, nexts, each="tokens", task="classification",
        layers=["transformer.h.0"], epochs=(0,),
    )  # fmt: skip
    assert run.n == N * (T - 1) and len(run.classes) == 19
    example, position = where(run)
    model.eval()
    with torch.no_grad():
        out = model(ids).logits
    np.testing.assert_allclose(run.activations("logits", 0), out[example, position], atol=1e-4)
    assert run.layer("transformer.h.0").shape == (8,)


def test_outputs_with_classes_before_tokens(tmp_path):
    class Conv(nn.Sequential):
        pass

    model = Conv(nn.Conv1d(2, 5, 3, padding=1), nn.ReLU(), nn.Conv1d(5, K, 1))
    x, labels = torch.randn(N, 2, T), torch.randint(0, K, (N, T))
    run = record(tmp_path / "r", model, x, labels, each="tokens", task="classification")
    example, position = where(run)
    out, hidden = seen(model, x, "0")
    np.testing.assert_allclose(run.activations("logits", 0), out[example, :, position], atol=1e-5)
    np.testing.assert_allclose(
        run.activations("0", 0), hidden["0"][example, :, position], atol=2e-3
    )


class Ends(nn.Module):
    def __init__(self, model, end):
        super().__init__()
        self.model, self.end = model, end

    def forward(self, x):
        return self.end(self.model(x))


@pytest.mark.parametrize(
    "end",
    [nn.Softmax(-1), nn.LogSoftmax(-1), lambda z: F.softmax(z, 2), lambda z: z.log_softmax(2)],
)
def test_logits_before_a_softmax_of_each_token(tmp_path, end):
    tagger = Tagger()
    model = nn.Sequential(tagger, end) if isinstance(end, nn.Module) else Ends(tagger, end)
    x, labels = torch.randint(0, 13, (N, T)), torch.randint(0, K, (N, T))
    run = record(tmp_path / "r", model, x, labels, each="tokens", layers="outputs", batch_size=4)
    example, position = where(run)
    out, _ = seen(tagger, x)
    np.testing.assert_allclose(run.activations("logits", 0), out[example, position], atol=1e-5)


def test_logits_before_a_softmax_of_each_pixel(tmp_path):
    segmenter, x = Segmenter(), torch.randn(N, 3, 8, 6)
    labels = torch.randint(0, 4, (N, 8, 6))
    model = Ends(segmenter, lambda z: F.softmax(z, dim=1))
    run = record(tmp_path / "r", model, x, labels, each="pixels", layers="outputs")
    example, row, column = where(run)
    out, _ = seen(segmenter, x)
    np.testing.assert_allclose(
        run.activations("logits", 0), out[example, :, row, column], atol=1e-5
    )


def test_a_run_of_tokens_is_gone_on_with(tmp_path):
    x, labels, model = torch.randint(0, 13, (N, T)), torch.randint(0, K, (N, T)), Tagger()
    given = {"inputs": x, "labels": labels, "each": "tokens"}
    with gt.Recorder(model, tmp_path / "r", positions=3, **given) as rec:
        rec.record(0)
    with gt.Recorder(model, tmp_path / "r", positions=3, resume=True, **given) as rec:
        rec.record(1)
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1]
    with pytest.raises(RunError, match=r"other (labels|ids)"):
        gt.Recorder(model, tmp_path / "r", positions=4, resume=True, **given)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"each": "words"}, 'each must be one of "tokens", "pixels", "voxels"'),
        ({"each": "tokens", "positions": 0}, "positions must be a whole number above 0"),
        ({"each": "tokens", "axes": {"embed": "mean"}}, "axes and output_axes must be left out"),
        ({"each": "pixels"}, r"labels must have shape \(11, 7, 3\), one for each pixel"),
        ({"each": "tokens", "ids": np.arange(N) + 2**51}, "stays below 2\\^53"),
        ({"each": "tokens", "labels": torch.zeros(N)}, r"labels must have shape \(11, 7\)"),
        ({"each": "tokens", "labels": torch.full((N, T), -100)}, "all are ignored"),
        ({"each": "tokens", "labels": torch.full((N, T), 8)}, "labels must be in 0..2"),
        ({"each": "tokens", "columns": {"position": np.arange(N)}}, "columns must not be called"),
        ({"each": "tokens", "splits": np.zeros(4)}, "splits must have shape"),
        ({"each": "tokens", "layers": ["pool"]}, "'pool' must have a value for each of the points"),
    ],
)
def test_what_cannot_be_is_told(tmp_path, given, says):
    given = {"labels": torch.randint(0, K, (N, T)), **given}
    with pytest.raises(RunError, match=says):
        gt.Recorder(Tagger(), tmp_path / "r", inputs=torch.randint(0, 13, (N, T)), **given)
    assert not (tmp_path / "r").exists()


def test_images_that_would_be_too_large_for_each_point_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(spreading, "IMAGE_BYTES", 1000)
    x, labels, model = torch.randn(5, 3, 8, 8), torch.randint(0, 4, (5, 8, 8)), Segmenter()
    images = np.zeros((5, 8, 8), np.uint8)
    run = record(tmp_path / "r", model, x, labels, each="pixels", images=images, layers="outputs")
    assert run.images is None and "images of the examples" in run.made["each"]


@pytest.mark.parametrize("first", [True, False])
def test_sequences_whose_points_are_axis_1(tmp_path, first):
    class Last(nn.Module):
        def __init__(self):
            super().__init__()
            self.cells, self.head = nn.LSTM(5, 6), nn.Linear(6, K)

        def forward(self, x):
            return self.head(self.cells(x)[0][-1])

    x, model = torch.randn(T, N, 5), Last()
    given = {"labels": torch.arange(N) % K} if first else {"task": "none"}
    run = record(tmp_path / "r", model, x, batch_size=4, **given)
    assert run.n == N and run.layer("input").shape == (T, 5)
    assert run.made["batch_axis"] == "inputs go in as sequences (t, n, ...)"
    out, hidden = seen(model, x, "cells")
    np.testing.assert_allclose(run.activations("logits" if first else "outputs", 1), out, atol=1e-5)
    np.testing.assert_allclose(
        run.activations("cells", 1), hidden["cells"][0].movedim(1, 0), atol=2e-3
    )
    np.testing.assert_allclose(run.activations("input", 1), x.movedim(1, 0), atol=1e-3)
    names = [node.name for node in run.graph.nodes]
    assert names[:4] == ["input", "cells", "/getitem", "head"]


def test_tokens_of_sequences_whose_points_are_axis_1(tmp_path):
    x, labels, model = torch.randint(0, 13, (T, N)), torch.randint(0, K, (N, T)), Axis1()
    run = record(tmp_path / "r", model, x, labels, each="tokens", batch_size=4)
    example, position = where(run)
    out, _ = seen(model, x)
    assert out.shape == (T, N, K)
    np.testing.assert_allclose(run.activations("logits", 1), out[position, example], atol=1e-5)
    np.testing.assert_array_equal(run.activations("input", 1)[:, 0], x[position, example])


class Axis1(Tagger):
    def __init__(self):
        super().__init__(first=False)

    def forward(self, x):
        return self.head(F.relu(self.encoder(self.embed(x))))


def test_an_axis_that_cannot_be_is_told(tmp_path):
    x, labels = torch.randn(T, N, 5), torch.arange(N) % K
    for axis, given, says in (
        (2, labels, "batch_axis must be 0, 1 or None"),
        (1, labels[1:], r"of the 10 points with labels, got \(7, 11, 5\)"),
        (0, labels, r"labels must have shape \(7,\)"),
    ):
        with pytest.raises(RunError, match=says):
            gt.Recorder(nn.LSTM(5, 3), tmp_path / "r", inputs=x, labels=given, batch_axis=axis)


def test_a_convolution_counts_its_channels_first_and_a_layer_that_is_only_called_like_one_does_not():
    """As many channels as tokens: the tokens are what a convolution's last axis counts, and others' first."""
    spread = spreading.Spread(spreading.Each("tokens"), N, (T,))
    assert spread.how_of((T, T), "Conv1d") == ("each token of axis 1", "")
    assert spread.how_of((T, T), "Conv1D") == ("each token", "")  # a linear layer, in GPT-2
