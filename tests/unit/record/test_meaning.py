"""Outputs that are no scores of classes are refused, and those that are get the right probabilities."""

import warnings

import numpy as np
import pytest

import gt
from gt.run import RunError, ShapeError

torch = pytest.importorskip("torch")
nn = torch.nn
F = torch.nn.functional
N, D, K = 60, 8, 5


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


class Ends(nn.Module):
    """Two linear layers and something that is no module."""

    def __init__(self, end, k=K):
        super().__init__()
        self.fc1, self.fc2, self.end = nn.Linear(D, 6), nn.Linear(6, k), end

    def forward(self, x):
        return self.end(self.fc2(self.fc1(x).relu()))


class Functional(nn.Module):
    """Its last layer is no module either."""

    def __init__(self, end):
        super().__init__()
        self.weight, self.end = nn.Parameter(torch.randn(D, K)), end

    def forward(self, x):
        return self.end(x @ self.weight)


def record(path, model, inputs=None, labels=None, layers="all", **given):
    inputs = torch.randn(N, D) if inputs is None else inputs
    labels = torch.arange(len(inputs)) % K if labels is None else labels
    with gt.Recorder(model, path, inputs=inputs, labels=labels, layers=layers, **given) as rec:
        rec.record(0)
        rec.record(1)
    return gt.open_run(path), inputs


SIGMOIDS = {
    "module": nn.Sequential(nn.Linear(D, K), nn.Sigmoid()),
    "function": Ends(torch.sigmoid),
    "method": Ends(lambda z: z.sigmoid()),
    "in place": Ends(lambda z: z.sigmoid_()),
    "functional": Ends(F.sigmoid),
    "special": Ends(torch.special.expit),
    "by hand": Ends(lambda z: 1 / (1 + (-z).exp())),
    "tanh": Ends(lambda z: (1 + (z / 2).tanh()) / 2),
    "clamped": Ends(lambda z: (3 * z).sigmoid().clamp(1e-7)),
    "hard": nn.Sequential(nn.Linear(D, K), nn.Hardsigmoid()),
    "logarithms": nn.Sequential(nn.Linear(D, K), nn.LogSigmoid()),
    "of no module": Functional(torch.sigmoid),
    "half": nn.Sequential(nn.Linear(D, K), nn.Sigmoid()).bfloat16(),
}


@pytest.mark.parametrize("name", SIGMOIDS)
@pytest.mark.parametrize("classes", [None, list("abcde")])
def test_a_sigmoid_for_each_class_is_refused(tmp_path, name, classes):
    model = SIGMOIDS[name]
    inputs = torch.randn(N, D).to(next(model.parameters()).dtype)
    with pytest.raises(RunError, match=r"exclude each other, they come out of .*sigmoid.*point's:"):
        record(tmp_path / "r", model, inputs, classes=classes)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("end", [lambda z: 100 * z.softmax(1), lambda z: -z.log_softmax(1)])
def test_shares_on_another_scale_are_refused(tmp_path, end):
    with pytest.raises(RunError, match="must be logits or probabilities, they look like"):
        record(tmp_path / "r", Functional(end))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("layers", ["all", "outputs"])
def test_scripted_and_traced_models_are_refused_with_what_to_do(tmp_path, layers):
    plain = nn.Sequential(nn.Linear(D, 6), nn.ReLU(), nn.Linear(6, K))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that it will give both up
        made = [torch.jit.script(plain), torch.jit.trace(plain, torch.randn(2, D))]
    for model in made:
        with pytest.raises(
            RunError, match="the model must be a plain module, it is scripted or traced"
        ):
            record(tmp_path / "r", model, layers=layers)


def test_a_sigmoid_that_starts_at_one_half_is_refused(tmp_path):
    """0.5 and 0.5 are probabilities too, by their values."""
    model = nn.Sequential(nn.Linear(D, 2), nn.Sigmoid())
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    with pytest.raises(RunError, match="they come out of torch's sigmoid"):
        record(tmp_path / "r", model, labels=torch.arange(N) % 2)


@pytest.mark.parametrize("end", [nn.Sigmoid(), nn.Identity()])
def test_one_column_is_refused_with_what_to_do(tmp_path, end):
    model = nn.Sequential(nn.Linear(D, 1), end)
    with pytest.raises(
        RunError, match=r"both classes, torch.cat\(\[torch.zeros_like\(z\), z\], 1\)"
    ):
        record(tmp_path / "r", model, labels=torch.arange(N) % 2)


HONEST = {
    "a last ReLU": nn.Sequential(nn.Linear(D, K), nn.ReLU()),
    "small and positive": Ends(lambda z: 0.4 + 0.01 * z),
    "a mean of ReLUs": Ends(lambda z: z.relu().add(0.01)),
    "tanh": nn.Sequential(nn.Linear(D, K), nn.Tanh()),
    "zeros": Ends(lambda z: 0 * z),
    "a half": Ends(lambda z: 0 * z + 0.5),
    "a gate inside": Ends(lambda z: z * z.sigmoid()),
    "softplus": nn.Sequential(nn.Linear(D, K), nn.Softplus()),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_logits_are_recorded(tmp_path, name):
    run, x = record(tmp_path / "r", HONEST[name])
    with torch.no_grad():
        expected = HONEST[name](x)
    np.testing.assert_allclose(run.activations("logits", 1), expected, atol=1e-5)


def test_two_sigmoids_that_sum_to_one_are_probabilities(tmp_path):
    model = Ends(lambda z: torch.sigmoid(torch.cat([z, -z], 1)), k=1)
    run, x = record(tmp_path / "r", model, labels=torch.arange(N) % 2)
    assert [one.name for one in run.layers][-1] == "softmax"
    np.testing.assert_allclose(run.activations("softmax", 0), model(x).detach(), atol=1e-5)


@pytest.mark.parametrize(
    "end",
    [
        lambda z: F.log_softmax(z, 1),
        lambda z: z.log_softmax(-1),
        lambda z: z - z.logsumexp(1, True),
    ],
)
def test_log_probabilities_are_no_layer_of_their_own(tmp_path, end):
    model = Ends(end)
    run, x = record(tmp_path / "r", model)
    assert [one.name for one in run.layers] == ["input", "fc1", "/relu", "logits", "softmax"]
    assert run.layer("logits").module == "fc2" and run.layer("logits").kind == "Linear"
    logits = model.fc2(model.fc1(x).relu()).detach()
    np.testing.assert_allclose(run.activations("logits", 1), logits, atol=1e-5)
    np.testing.assert_allclose(run.activations("softmax", 1), model(x).exp().detach(), atol=1e-5)
    assert run.made["outputs"] == "log-probabilities, recognised by their values"
    assert run.history.loss[0, 0] == pytest.approx(
        F.nll_loss(model(x), torch.arange(N) % K).item(), rel=1e-5
    )


def test_log_probabilities_of_no_module(tmp_path):
    model = Functional(lambda z: z.log_softmax(1))
    run, x = record(tmp_path / "r", model, layers="outputs")
    assert [one.name for one in run.layers] == ["logits", "softmax"]
    np.testing.assert_allclose(run.activations("softmax", 0), model(x).exp().detach(), atol=1e-5)


def test_a_softmax_that_something_follows(tmp_path):
    """What hands its input on unchanged, as dropout does in evaluation, hides no softmax."""
    for i, last in enumerate((nn.Softmax(1), nn.LogSoftmax(1))):
        model = nn.Sequential(nn.Linear(D, K), last, nn.Identity())
        run, x = record(tmp_path / str(i), model, layers="outputs")
        np.testing.assert_allclose(run.activations("logits", 0), model[0](x).detach(), atol=1e-5)


def autoencoder():
    return nn.Sequential(nn.Linear(20, 4), nn.ReLU(), nn.Linear(4, 20))


def test_an_autoencoder_is_refused(tmp_path):
    x = torch.randn(N, 20)
    with pytest.raises(RunError, match=r"as wide as the inputs \(20\) .* name 5 of 20 columns"):
        record(tmp_path / "r", autoencoder(), x)
    images = nn.Sequential(nn.Flatten(), nn.Linear(16, 16))
    with pytest.raises(RunError, match="as with an autoencoder"):
        record(tmp_path / "r", images, torch.rand(N, 1, 4, 4))
    copies = nn.Linear(20, 20)
    nn.init.eye_(copies.weight)
    with pytest.raises(RunError, match=r"they are the inputs but for \d+ % of their variance"):
        record(tmp_path / "r", copies, x, labels=torch.arange(N) % 20)
    assert not list(tmp_path.iterdir())


def test_a_regression_is_refused(tmp_path):
    with pytest.raises(RunError, match="60 labels name 2 of 10 columns, as with a regression"):
        record(tmp_path / "r", nn.Linear(D, 10), labels=torch.arange(N) % 2)


def test_the_users_word_on_classes_counts(tmp_path):
    names = [f"thing {i}" for i in range(20)]
    run, _ = record(tmp_path / "r", autoencoder(), torch.randn(N, 20), classes=names)
    assert run.classes == tuple(names)


@pytest.mark.parametrize(
    ("d", "k", "n"),
    [(2, 2, 40), (3, 3, 9), (20, 10, 40), (8, 1000, 60), (10, 3, 3)],
)
def test_few_classes_and_few_points_are_no_reason(tmp_path, d, k, n):
    labels = torch.arange(n) % min(k, 10)
    run, _ = record(tmp_path / "r", nn.Linear(d, k), torch.randn(n, d), labels=labels)
    assert len(run.classes) == k


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        (None, "labels must be given, one class for each of the 60 inputs; other tasks"),
        (np.linspace(0, 1, N), r"whole numbers, the classes, got 0.0169.*\(what is estimated\?\)"),
        (np.zeros((N, K)), r"must have shape \(60,\).*several numbers for each point"),
    ],
)
def test_labels_that_are_no_classes(tmp_path, labels, text):
    with pytest.raises(RunError, match=text):
        gt.Recorder(nn.Linear(D, K), tmp_path / "r", inputs=torch.randn(N, D), labels=labels)


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        ({"ids": [1]}, "one tensor or array"),
        (np.array(["a"]), "one tensor or array"),
        (torch.tensor(3.0), "at least one input"),
        (torch.eye(4).to_sparse(), "dense"),
    ],
)
def test_inputs_that_are_no_tensor(tmp_path, inputs, text):
    with pytest.raises(ShapeError, match=text):
        gt.Recorder(nn.Linear(D, K), tmp_path / "r", inputs=inputs, labels=[0])


class Turns(nn.Module):
    """What it gives changes its kind."""

    def __init__(self):
        super().__init__()
        self.fc, self.end = nn.Linear(D, K), None

    def forward(self, x):
        return self.end(self.fc(x))


ENDS = {
    "logits": lambda z: z + 0,
    "probabilities": lambda z: z.softmax(1),
    "log-probabilities": lambda z: z.log_softmax(1),
}


@pytest.mark.parametrize("first", ENDS)
@pytest.mark.parametrize("then", ENDS)
def test_outputs_that_become_of_another_kind_are_named(tmp_path, first, then):
    model = Turns()
    model.end = ENDS[first]
    data = {"inputs": torch.randn(N, D), "labels": torch.arange(N) % K}
    with gt.Recorder(model, tmp_path / "r", **data) as rec:
        rec.record(0)
        model.end = ENDS[then]
        if first == then:
            rec.record(3)
            return
        with pytest.raises(RunError, match=f"epoch 3, outputs must be {first}, .* they are {then}"):
            rec.record(3)
        model.end = ENDS[first]
        rec.record(3)
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 3]
