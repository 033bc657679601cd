"""Attacks take the steps that their formulas say, stay in the ball and among valid pixels, and disturb nothing."""

import numpy as np
import pytest

from gt.attack import method as ways
from gt.attack.method import Method, Usual, register
from gt.attack.methods import fgsm
from gt.kept.attack import AttackRecipe, AttackSettings
from gt.run import LabelRangeError, NotFiniteError, RunError, ShapeError

torch = pytest.importorskip("torch")
nn = torch.nn
attack = pytest.importorskip("gt.attack.steps").attack
one_thread = pytest.importorskip("tests.attackable").one_thread

N, SHAPE, K = 7, (2, 3, 3), 4
MEAN, STD = np.array([0.3, 0.6], np.float32), np.array([0.25, 0.5], np.float32)
LOW = torch.tensor((0 - MEAN) / STD)[:, None, None]
HIGH = torch.tensor((1 - MEAN) / STD)[:, None, None]
SCALE = (1 / STD)[None, :, None, None]


@pytest.fixture
def model():
    torch.manual_seed(1)
    return nn.Sequential(nn.Flatten(), nn.Linear(18, 9), nn.ReLU(), nn.Linear(9, K))


@pytest.fixture
def x():
    """Pixels of which some are black or white, as a network takes them."""
    pixels = np.random.default_rng(0).uniform(-0.2, 1.2, (N, *SHAPE)).clip(0, 1)
    return torch.tensor(((pixels - MEAN[:, None, None]) / STD[:, None, None]).astype(np.float32))


SOURCES = torch.tensor([0, 1, 2, 3, 0, 1, 2])
TARGETS = torch.tensor([1, 2, 3, 0, 3, 0, 1])
METHODS = ("fgsm", "pgd-linf", "pgd-l2")


def run(model, x, method, targets=TARGETS, *, epsilon=0.2, step=0.03, steps=12, seed=0, **more):
    settings = AttackSettings(method, epsilon, step, steps)
    more = {"low": LOW, "high": HIGH, "rng": np.random.default_rng(seed), **more}
    return list(attack(model, x, SOURCES, targets, settings, **more))


def gradient(model, x, classes):
    """Of the cross-entropy by the inputs, for the network above, written out; float64."""
    w1, b1, w2, b2 = (p.detach().numpy().astype(np.float64) for p in model.parameters())
    flat = x.numpy().astype(np.float64).reshape(len(x), -1)
    hidden = flat @ w1.T + b1
    out = np.maximum(hidden, 0) @ w2.T + b2
    shares = np.exp(out - out.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    shares[np.arange(len(x)), classes.numpy()] -= 1
    return ((shares @ w2 * (hidden > 0)) @ w1).reshape(x.shape)


def expected(model, clean, at, method, classes, sign, epsilon, step):
    """The next place by the formulas of the papers, in pixels; float64."""
    mean, std = MEAN[:, None, None], STD[:, None, None]
    p, p0 = (v.numpy().astype(np.float64) * std + mean for v in (at, clean))
    slope = sign * gradient(model, at, classes) / std
    if method != "pgd-l2":
        moved = np.clip(p + step * np.sign(slope), p0 - epsilon, p0 + epsilon)
    else:
        rows = slope.reshape(len(p), -1)
        slope = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).reshape(p.shape)
        away = (p + step * slope - p0).reshape(len(p), -1)
        away *= np.minimum(1, epsilon / np.linalg.norm(away, axis=1, keepdims=True))
        moved = p0 + away.reshape(p.shape)
    return (np.clip(moved, 0, 1) - mean) / std


@pytest.mark.parametrize("targets", [TARGETS, None], ids=["targeted", "untargeted"])
@pytest.mark.parametrize("method", METHODS)
def test_every_step_is_that_of_the_formulas(model, x, method, targets):
    epsilon = 0.6 if method == "pgd-l2" else 0.2
    step = 0.2 if method == "pgd-l2" else 0.03
    steps = run(model, x, method, targets, epsilon=epsilon, step=step)
    assert len(steps) == 13 and torch.equal(steps[0], x)
    classes, sign = (SOURCES, 1) if targets is None else (targets, -1)
    begin = 0 if method == "fgsm" else 1  # the random start is part of the first step
    for at, there in zip(steps[begin:], steps[begin + 1 :], strict=False):
        wanted = expected(model, x, at, method, classes, sign, epsilon, step)
        np.testing.assert_allclose(there.numpy(), wanted, atol=2e-6)
        assert not torch.equal(at, there) or method != "pgd-l2"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("epsilon", [0.004, 0.1, 0.7])
def test_points_stay_in_the_ball_and_pixels_valid(model, x, method, epsilon):
    for there in run(model, x, method, epsilon=epsilon, step=0.3, steps=8):
        assert (there >= LOW).all() and (there <= HIGH).all()
        away = (there.numpy().astype(np.float64) - x.numpy()) / SCALE
        far = np.abs(away).max() if method != "pgd-l2" else np.sqrt((away**2).sum((1, 2, 3))).max()
        assert far <= epsilon + 2e-7  # pixels are single precision: 6e-8 each near 1
    assert far > 0.99 * epsilon or method == "pgd-l2"


@pytest.mark.parametrize("method", METHODS)
def test_with_epsilon_0_nothing_moves(model, x, method):
    for there in run(model, x, method, epsilon=0):
        assert torch.equal(there, x)


@pytest.mark.parametrize("method", METHODS)
def test_a_target_becomes_likelier_and_a_source_less_likely(model, x, method):
    def mean_of(there, classes):
        return model(there).softmax(1)[torch.arange(N), classes].mean().item()

    epsilon = 1.5 if method == "pgd-l2" else 0.3
    last = run(model, x, method, epsilon=epsilon, step=0.1)[-1]
    assert mean_of(last, TARGETS) > mean_of(x, TARGETS) + 0.08
    last = run(model, x, method, None, epsilon=epsilon, step=0.1)[-1]
    assert mean_of(last, SOURCES) < mean_of(x, SOURCES) - 0.08


@pytest.mark.parametrize("method", ["pgd-linf", "pgd-l2"])
def test_random_starts_fill_the_ball_and_follow_the_seed(model, method):
    gray = torch.zeros(400, *SHAPE).add_((torch.tensor((0.5 - MEAN) / STD))[:, None, None])
    classes = torch.zeros(400, dtype=torch.long)
    settings = AttackSettings(method, 0.25, 1e-9, 1)

    def start(seed):
        rng = np.random.default_rng(seed)
        return list(attack(model, gray, classes, None, settings, low=LOW, high=HIGH, rng=rng))[1]

    assert torch.equal(start(3), start(3)) and not torch.equal(start(3), start(4))
    away = (start(3) - gray).numpy().reshape(400, -1) / np.repeat(SCALE.ravel(), 9)
    size = np.abs(away) if method == "pgd-linf" else np.linalg.norm(away, axis=1) ** 18 / 0.25**17
    assert abs(size.mean() - 0.125) < 0.02 and size.max() > 0.22  # even over the ball
    assert np.abs(away.mean(0)).max() < 0.05


def test_batches_make_no_difference(model, x):
    for method in METHODS:
        whole, parts = run(model, x, method), run(model, x, method, batch_size=3)
        torch.testing.assert_close(whole[-1], parts[-1], atol=1e-5, rtol=0)


def test_a_clipped_target_behind_a_last_relu_is_raised(x):
    """Without a gradient straight through the ReLU nothing could raise it: all outputs would go to zero."""
    torch.manual_seed(0)
    for inplace in (False, True):
        model = nn.Sequential(nn.Flatten(), nn.Linear(18, K), nn.ReLU(inplace))
        with torch.no_grad():
            model[1].bias[:] = torch.tensor([3.0, -2.0, 0.0, 0.0])
        classes = torch.zeros(N, dtype=torch.long)
        assert (model(x)[:, 1] == 0).all()
        settings = AttackSettings("fgsm", 1.0, 0.05, 40)
        *_, last = attack(model, x, classes, classes + 1, settings, low=LOW, high=HIGH)
        assert (model(last)[:, 1] > 1).all()
        assert not model[2]._forward_pre_hooks


@pytest.mark.parametrize("softmax", [nn.Softmax(1), nn.LogSoftmax(1)])
def test_a_softmax_that_is_sure_does_not_hide_the_gradient(x, softmax):
    torch.manual_seed(3)
    model = nn.Sequential(nn.Flatten(), nn.Linear(18, K))
    model[1].weight.data *= 1000
    ended = nn.Sequential(model, softmax)
    assert (nn.Sequential(model, nn.Softmax(1))(x).max(1).values == 1).any()
    for a, b in zip(run(ended, x, "fgsm"), run(model, x, "fgsm"), strict=True):
        assert torch.equal(a, b)


def test_probabilities_have_the_gradient_of_their_logits(model, x):
    whole = nn.Sequential(model, nn.Softmax(1))
    for method in METHODS:
        torch.testing.assert_close(
            run(whole, x, method)[-1], run(model, x, method)[-1], atol=1e-4, rtol=0
        )


def test_the_model_is_left_as_it_was_after_each_step(x):
    model = nn.Sequential(
        nn.ReLU(inplace=True), nn.BatchNorm2d(2), nn.Flatten(), nn.Dropout(0.5), nn.Linear(18, K)
    )
    model.train()
    model[1].eval()
    model[4].weight.requires_grad_(False)
    model[4].bias.grad = torch.ones(K)
    state = {key: value.clone() for key, value in model.state_dict().items()}
    modes = [m.training for m in model.modules()]
    random = torch.get_rng_state()
    settings = AttackSettings("pgd-linf", 0.1, 0.05, 2)
    for there in attack(model, x, SOURCES, None, settings, low=LOW, high=HIGH):
        assert not there.requires_grad
        assert [m.training for m in model.modules()] == modes
        assert [p.requires_grad for p in model.parameters()] == [True, True, False, True]
    assert torch.equal(random, torch.get_rng_state())
    assert (model[4].bias.grad == 1).all() and model[1].weight.grad is None
    for key, value in model.state_dict().items():
        assert torch.equal(value, state[key]), key


def test_progress_comes_after_each_batch_and_cancelling_ends_within_a_step(model, x):
    told = []
    run(model, x, "fgsm", steps=2, batch_size=3, progress=lambda *said: told.append(said))
    assert [done for done, *_ in told] == [0, 0, 1, 1, 1, 2]
    assert told[0] == (0, 2, "step 1: 3 of 7 points") and told[-1] == (
        2,
        2,
        "step 2: 7 of 7 points",
    )
    told = []
    steps = run(
        model, x, "fgsm", steps=50, batch_size=3,
        progress=lambda *said: told.append(said), cancelled=lambda: len(told) >= 7,
    )  # fmt: skip
    assert len(steps) == 3 and len(told) == 7  # step 3 was begun, and is not given


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"method": "cw"}, "method must be one of fgsm, pgd-linf, pgd-l2, got 'cw'"),
        ({"epsilon": -0.1}, "epsilon must be 0 or more and at most 1 .* got -0.1"),
        ({"epsilon": 8}, "epsilon must be .* got 8"),
        ({"epsilon": float("nan")}, "epsilon must be .* got nan"),
        ({"step": 0}, "step must be above 0 .* got 0"),
        ({"step": "0.1"}, "step must be .* got '0.1'"),
        ({"steps": 0}, "steps must be a whole number of 1 or more, got 0"),
        ({"steps": 2.5}, "steps must be .* got 2.5"),
        ({"steps": 5000}, "steps must be at most 1000, got 5000"),
        ({"count": 0}, "count must be .* got 0"),
        ({"clean": -1}, "clean must be .* got -1"),
        ({"target": "8"}, "target must be another class than source, both are '8'"),
    ],
)
def test_what_cannot_be_is_refused_by_name(change, text):
    good = {"method": "fgsm", "epsilon": 0.3, "step": 0.01, "steps": 50}
    good |= {"source": "8", "target": "0", "count": 89, "clean": 411}
    assert AttackRecipe.from_json({**AttackRecipe(**good).to_json(), "version": 1}) == AttackRecipe(
        **good
    )
    with pytest.raises(RunError, match=text):
        AttackRecipe(**{**good, **change})


def test_classes_are_checked():
    recipe = AttackRecipe("pgd-l2", 3.0, 0.1, 5, "ant", "bee", 1, 0)
    recipe.check(["ant", "bee"])
    with pytest.raises(RunError, match="target must be one of the classes ant, cat, got 'bee'"):
        recipe.check(["ant", "cat"])


def test_arguments_that_do_not_fit_are_refused(model, x):
    with pytest.raises(RunError, match=r"outside by 0\.5"):
        run(model, x + 0.5 * torch.tensor(SCALE), "fgsm")
    with pytest.raises(RunError, match="high must be above low"):
        run(model, x, "fgsm", low=HIGH, high=HIGH)
    with pytest.raises(ShapeError, match="broadcast"):
        run(model, x, "fgsm", low=torch.zeros(5), high=torch.ones(5))
    with pytest.raises(ShapeError, match=r"classes must have shape \(7,\)"):
        run(model, x, "fgsm", TARGETS[:3])
    with pytest.raises(LabelRangeError, match=r"0\.\.3"):
        run(model, x, "fgsm", TARGETS + 4)
    with pytest.raises(ShapeError, match="floating point"):
        run(model, x.long(), "fgsm")
    with torch.no_grad():
        model[1].weight[0, 0] = float("nan")
    with pytest.raises(NotFiniteError, match="step 1"):
        run(model, x, "fgsm")


def test_a_method_is_one_registration(monkeypatch):
    """It is checked, moves within its bounds, and starts where it says, like those that are here."""
    monkeypatch.setattr(ways.METHODS, "_entries", dict(ways.METHODS))
    usual = Usual(0.1, 0.05, 3)
    register(
        Method(
            "drift", "Drift", "drift", place=5, norm="L∞", text="how far", photographs=usual, strokes=usual,
            move=lambda room, epsilon, step, at, uphill: at + step * room.scale,
            bounded=fgsm.bounded,
        )
    )  # fmt: skip
    assert next(iter(ways.METHODS)) == "drift"
    x = torch.full((2, 3), 0.5)
    settings = AttackSettings("drift", 0.1, 0.04, 4)
    model = torch.nn.Linear(3, 2)
    steps = list(
        attack(model, x, torch.zeros(2, dtype=torch.long), None, settings, low=0.0, high=1.0)
    )
    torch.testing.assert_close(
        torch.stack([one[0, 0] for one in steps]), torch.tensor([0.5, 0.54, 0.58, 0.6, 0.6])
    )
    with pytest.raises(RunError, match="epsilon must be 0 or more and at most 1"):
        AttackSettings("drift", 2.0, 0.04, 4)
