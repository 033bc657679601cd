"""Recordings are aligned: tiny networks, recorded with all their layers, and what goes wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.align import K, Network, align
from gt.align.align_run import align_run, name_of, plan
from gt.align.bases import FOLLOWED
from gt.align.recorded import links_of, shown_of, states_of, values_of
from gt.kept.alignment import Alignment, find_alignments
from gt.run import NotFiniteError, Run, RunError, open_run
from tests.recordings import record, rotation, spread
from tests.small_run import without_checks

torch = pytest.importorskip("torch")
nn = torch.nn
N = 45


@pytest.fixture(autouse=True)
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    torch.manual_seed(1)


def aligned(run: Run, **options: Any) -> Alignment:
    return align_run(run, plan(run, **options))


def at_reference(run: Run, k: int) -> tuple[Network, list[np.ndarray]]:
    """The network of a run's last epoch, and the recorded values of its states."""
    rows, at = np.arange(run.n), len(run.epochs) - 1
    layers = states_of(run, rows, at)
    states = [values_of(run, layer, at, rows) for layer in layers]
    steps = [one.step for one in links_of(run, shown_of(run, rows, at), at, states.__getitem__)]
    return align(states.__getitem__, steps, k=k), states


def off_scaling(network: Network, states: list[np.ndarray], i: int) -> np.ndarray:
    """How far each coordinate of transition i is from factor and offset, at worst, ``(k,)``; of the state's size."""
    k, pair = network.k, network.transitions[i].pair
    a, b = (
        np.pad(z, ((0, 0), (0, k - z.shape[1])))
        for z in (network.coordinates(j, states[j]) for j in (i, i + 1))
    )
    off = b @ pair.right - (a @ pair.left) * pair.sigma
    off -= off.mean(0)  # the bias is an offset that is the same for all points
    return np.abs(off).max(0) / np.linalg.norm(b, axis=1).max()


def convolutional() -> Any:
    return nn.Sequential(
        nn.Conv2d(1, 3, 3, stride=2, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(12, 9), nn.Tanh(), nn.Linear(9, 3),
    )  # fmt: skip


def warmed(model: Any, inputs: np.ndarray) -> Any:
    """With running statistics that are no longer zeros and ones."""
    with torch.no_grad():
        model.train()(torch.from_numpy(inputs))
    return model.eval()


@pytest.fixture
def images() -> np.ndarray:
    return spread(N, (1, 8, 8))


@pytest.fixture
def run(tmp_path: Path, images: np.ndarray) -> Run:
    return record(tmp_path / "run", warmed(convolutional(), images), images)


# what the alignment is


def test_a_linear_layer_is_a_scaling_by_coordinates_and_an_offset(run: Run) -> None:
    network, states = at_reference(run, k=100)
    hows = [one.how for one in network.transitions]
    assert hows == [
        "singular", "diagonal", "value", "pooling", "singular", "value", "singular", "softmax",
    ]  # fmt: skip
    for i, how in enumerate(hows):
        if how in ("singular", "diagonal", "pooling"):
            assert off_scaling(network, states, i).max() < 1e-5
            assert network.transitions[i].exact == 100


def test_with_fewer_coordinates_than_values_those_are_that_are_said_to_be(run: Run) -> None:
    k = 6
    network, states = at_reference(run, k)
    for i, one in enumerate(network.transitions):
        if one.how in ("singular", "diagonal", "pooling"):
            scaled = off_scaling(network, states, i) < 1e-5
            assert scaled.sum() >= one.exact >= int(FOLLOWED * k)
    assert min(one.exact for one in network.transitions) < k  # some are not, and it is said


def test_batch_norm_is_a_diagonal_though_its_statistics_are_not_recorded(
    tmp_path: Path, images: np.ndarray
) -> None:
    model = warmed(convolutional(), images)
    run = record(tmp_path / "r", model, images, epochs=[0])
    assert not any("running" in name for name in run.weights(0))
    found = aligned(run, k=48).transitions[1]  # 3 channels of 4 x 4
    norm = model[1]
    factors = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach().numpy()
    assert (found.kind, found.how, found.exact) == ("BatchNorm2d", "diagonal", 48)
    assert np.allclose(found.sigma, np.sort(np.repeat(factors, 16))[::-1], rtol=1e-5)


@pytest.mark.parametrize("k", [3, 32])
def test_a_layer_that_only_turns_does_not_move_the_picture(tmp_path: Path, k: int) -> None:
    size = 24
    model = nn.Sequential(nn.Linear(size, size), nn.Linear(size, 3))
    with torch.no_grad():
        model[0].weight.copy_(torch.from_numpy(rotation(size)))
    run = record(tmp_path / "r", model, spread(N, (size,)), epochs=[0])
    moved = aligned(run, k=k).transitions[0].moved
    assert moved[0] < 1e-6 and moved[1] > 0.1


def test_a_layer_that_negates_moves_nothing_either(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 3))
    with torch.no_grad():
        model[0].weight.copy_(-torch.eye(2))
    run = record(tmp_path / "r", model, spread(N, (2,)), epochs=[0])
    aligned_by, naive = aligned(run).transitions[0].moved
    assert aligned_by < 1e-6 and naive > 0.5  # every point crosses the origin


def test_motion_is_told_as_it_is_drawn(run: Run) -> None:
    found = aligned(run)
    at = found.epochs.tolist().index(found.recipe.reference)
    for i, passage in enumerate(found.transitions):
        pair = [found.turned(j, at) for j in (i, i + 1)]
        own = [x @ found.turns[j].T for x, j in zip(pair, (i, i + 1), strict=True)]
        for (a, b), said in zip((pair, own), passage.moved, strict=True):
            assert np.linalg.norm(b - a, axis=1).mean() == pytest.approx(said, abs=1e-3)


def test_going_forth_and_back_returns_the_view(run: Run) -> None:
    network, _ = at_reference(run, k=32)
    view = np.eye(32)
    for one in network.transitions:
        view = one.pair.turn.T @ view
    for one in reversed(network.transitions):
        view = one.pair.turn @ view
    assert np.abs(view - np.eye(32)).max() < 1e-6
    for turn in aligned(run).turns:
        assert np.abs(turn.T @ turn - np.eye(32)).max() < 1e-10


def test_every_epoch_is_seen_in_the_bases_of_the_reference(run: Run) -> None:
    found = aligned(run, reference=0, k=32)
    assert found.recipe.reference == 0
    again = aligned(run)
    assert found.name == "test-epoch-0" and again.name == "test"
    assert not np.allclose(found.turns, again.turns)
    drift = np.linalg.norm(found.coordinates(1, 1) - found.coordinates(1, 0), axis=1)
    assert drift.max() > 0.01 * found.states[1].scale


# the coordinates that are the classes


class Clipped(nn.Module):
    """Ends in Linear, ReLU, softmax, as the article's networks do; wide enough for a mean that is not zero."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.fc2, self.relu = nn.Linear(5, 3), nn.Linear(3, 3), nn.ReLU()

    def forward(self, x: Any) -> Any:
        return self.relu(self.fc2(self.fc1(x)))


def test_states_that_only_values_lead_from_to_the_softmax_are_in_the_classes_axes(
    tmp_path: Path,
) -> None:
    run = record(tmp_path / "r", Clipped(), spread(N, (5,)))
    found = aligned(run)
    assert [(s.name, s.classes) for s in found.states] == [
        ("input", False), ("fc1", False), ("fc2", True), ("logits", True), ("softmax", True),
    ]  # fmt: skip
    for i in (2, 3, 4):
        assert np.array_equal(found.turns[i], np.eye(found.k))
        recorded = run.activations(found.states[i].name, 1)
        assert np.allclose(found.coordinates(i, 1), recorded, atol=found.states[i].step)
    assert found.states[4].scale == 1


# the other split


def test_the_other_splits_class_means_are_in_the_same_axes(
    tmp_path: Path, images: np.ndarray
) -> None:
    splits, labels = np.arange(N) % 2, np.arange(N) % 3
    labels[(splits == 0) & (labels == 2)] = 1  # no point of the third class to train with
    run = record(tmp_path / "r", convolutional(), images, splits=splits, labels=labels)
    found = aligned(run)
    assert (found.recipe.split, found.opposite_n) == ("test", int((splits == 0).sum()))
    assert found.opposite.shape == (9, 2, 3, K) and found.opposite.dtype == np.float32
    assert np.isnan(found.opposite[:, :, 2]).all()
    own = np.flatnonzero(splits == 1)
    for i, state in enumerate(found.states):
        values = run.activations(state.name, 1).reshape(N, -1).astype(float)
        theirs = values[(splits == 0) & (labels == 1)].mean(0)
        # bases are not kept: what the points' own values say of them is enough
        centred = values[own] - values[own].mean(0)
        basis = np.linalg.lstsq(
            centred, found.coordinates(i, 1) - found.coordinates(i, 1).mean(0), rcond=1e-4
        )[0]
        expected = (theirs - values[own].mean(0)) @ basis + found.coordinates(i, 1).mean(0)
        if state.width <= len(own) - 2:
            got = found.opposite[i, 1, 1, : state.rank]
            assert np.abs(got - expected).max() < 0.01 * state.scale, state.name
        assert not found.opposite[i, :, :2, state.rank :].any()


def test_no_more_points_of_the_other_split_than_of_this_one(tmp_path: Path) -> None:
    splits = (np.arange(N) >= 30).astype(int)
    run = record(tmp_path / "r", Clipped(), spread(N, (5,)), splits=splits)
    assert aligned(run, points=6).opposite_n == 6
    assert aligned(run, points=40).opposite_n == 30


def test_of_one_split_alone_there_are_no_other_means(tmp_path: Path) -> None:
    run = record(tmp_path / "r", Clipped(), spread(N, (5,)), splits=np.zeros(N, int))
    found = aligned(run)
    assert found.recipe.split == "train" and found.opposite_n == 0
    assert np.isnan(found.opposite).all()


# names


def test_a_name_says_what_differs_from_the_usual(run: Run) -> None:
    def called(**options: Any) -> str:
        return name_of(run, plan(run, **options))

    assert called() == called(reference=1, k=K, points=500) == "test"
    assert called(reference=0) == "test-epoch-0"
    assert called(k=64) == "test-k-64"
    assert called(k=5, points=9) == "test-k-5-points-9"
    assert called(every=2) == "test-every-2"  # of which the last is the usual reference
    assert called(every=2, reference=1) == "test-every-2-epoch-1"


def test_several_lie_side_by_side_and_one_that_is_there_is_not_made_again(run: Run) -> None:
    for options in ({}, {"k": 5}, {"reference": 0}):
        aligned(run, **options)
    found, problems = find_alignments(run.path / "alignments")
    assert not problems
    assert [one.name for one in found] == ["test", "test-epoch-0", "test-k-5"]
    told: list[int] = []
    align_run(run, plan(run), progress=lambda done, total, what: told.append(done))
    assert not told


def test_one_that_is_damaged_is_made_again(run: Run) -> None:
    made = aligned(run)
    (made.path / "zarr.json").write_text("{")
    assert aligned(run).turns == pytest.approx(made.turns)


# networks of every sort


class Twice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc, self.relu, self.head = nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 3)

    def forward(self, x: Any) -> Any:
        return self.head(self.relu(self.fc(self.relu(self.fc(x)))))


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc, self.head = nn.Linear(6, 6), nn.Linear(6, 3)

    def forward(self, x: Any) -> Any:
        return self.head(x + self.fc(x))


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(4)
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)
        self.head = nn.Linear(12, 3)

    def forward(self, x: Any) -> Any:
        y = self.norm(x)
        return self.head(self.attention(y, y, y)[0].flatten(1))


def dead() -> Any:
    model = nn.Sequential(nn.Linear(40, 36), nn.ReLU(), nn.Linear(36, 3))
    with torch.no_grad():
        model[0].bias.fill_(-100.0)
    return model


def constant() -> Any:
    model = nn.Sequential(nn.Linear(40, 36), nn.Linear(36, 3))
    with torch.no_grad():
        model[0].weight.zero_()
        model[0].bias.fill_(2.0)
    return model


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda: nn.Linear(4, 3), (4,)),
        (lambda: nn.Sequential(nn.Linear(4, 1), nn.Linear(1, 3)), (4,)),
        (lambda: nn.Sequential(nn.Linear(1, 4), nn.Sigmoid(), nn.Linear(4, 3)), (1,)),
        (Twice, (6,)),
        (Residual, (6,)),
        (Attention, (3, 4)),
        (dead, (40,)),
        (constant, (40,)),
        (convolutional, (1, 8, 8)),
        (lambda: nn.Sequential(nn.Linear(5, 3), nn.LogSoftmax(1)), (5,)),
        (lambda: nn.Sequential(nn.Linear(5, 3), nn.Softmax(1)), (5,)),
    ],
    ids=[
        "one layer", "width 1", "input of width 1", "a layer twice", "residual", "attention", "dead",
        "constant", "convolutional", "log-softmax", "softmax",
    ],
)  # fmt: skip
@pytest.mark.parametrize("n", [N, 1])
@pytest.mark.parametrize("k", [K, 4])
def test_every_network_has_states_that_are_finite_and_turns_that_are_orthogonal(
    tmp_path: Path, make: Callable[[], Any], shape: tuple[int, ...], n: int, k: int
) -> None:
    run = record(tmp_path / "r", make(), spread(n, shape))
    found = aligned(run, k=k)
    assert len(found.states) == len(found.turns) == len(found.transitions) + 1 >= 3
    for i, state in enumerate(found.states):
        assert state.rank <= min(state.width, k) and state.scale > 0
        for at in range(len(found.epochs)):
            assert np.isfinite(found.turned(i, at)).all()
        assert np.abs(found.turns[i].T @ found.turns[i] - np.eye(k)).max() < 1e-10
    assert np.isfinite(found.variance).all() and (found.variance <= 1).all()
    assert np.isfinite([one.moved for one in found.transitions]).all()


def test_layers_that_work_in_place_are_aligned_as_those_that_do_not(tmp_path: Path) -> None:
    made = []
    for inplace in (False, True):
        torch.manual_seed(4)
        model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(inplace=inplace), nn.Linear(8, 3))
        made.append(aligned(record(tmp_path / str(inplace), model, spread(N, (6,)))))
    apart, at_once = made
    assert at_once.transitions == apart.transitions
    for i in range(len(apart.states)):
        assert np.array_equal(apart.coordinates(i, 0), at_once.coordinates(i, 0))
    assert not np.array_equal(at_once.coordinates(1, 0), at_once.coordinates(2, 0))


def test_a_layer_used_twice_is_two_transitions_by_the_same_weights(tmp_path: Path) -> None:
    found = aligned(record(tmp_path / "r", Twice(), spread(N, (6,))))
    assert [s.name for s in found.states[1:5]] == ["fc", "relu", "fc:2", "relu:2"]
    first, second = found.transitions[0], found.transitions[2]
    assert first.how == second.how == "singular" and first.sigma == pytest.approx(second.sigma)


def test_a_sum_is_exact_and_attention_and_layer_norm_go_by_the_points(tmp_path: Path) -> None:
    branch = aligned(record(tmp_path / "a", Residual(), spread(N, (6,)))).transitions
    assert [one.how for one in branch] == ["singular", "addition", "singular", "softmax"]
    unseen = without_graph(record(tmp_path / "c", Residual(), spread(N, (6,))))
    branch = aligned(unseen).transitions
    assert [one.how for one in branch] == ["singular", "procrustes", "softmax"]
    attention = aligned(record(tmp_path / "b", Attention(), spread(N, (3, 4)))).transitions
    assert attention[0].how == "procrustes" and attention[0].kind == "LayerNorm"
    for one in (branch[1], attention[0]):
        assert one.residual is not None and 0 < one.residual < 1
        assert one.exact == 0 and not one.sigma


def without_graph(run: Run) -> Run:
    """As it was recorded before runs said what flows where, when functions were no layers."""
    meta = run.path / "zarr.json"
    said = json.loads(meta.read_text())
    del said["attributes"]["graph"]
    layers = said["attributes"]["layers"]
    said["attributes"]["layers"] = [one for one in layers if "/" not in one["name"]]
    meta.write_text(json.dumps(said))
    return open_run(run.path)


class Shortcut(nn.Module):
    """Ends in relu(bn(h) + skip): no two of its neighbouring states are the same, though a ReLU stands between them."""

    def __init__(self) -> None:
        super().__init__()
        self.skip, self.h, self.bn = nn.Linear(6, 3), nn.Linear(6, 3), nn.BatchNorm1d(3)
        self.relu = nn.ReLU()

    def forward(self, x: Any) -> Any:
        h = self.bn(self.h(x))
        return self.relu(h + self.skip(x))


class Functional(nn.Module):
    """Functions between its modules, which no state shows."""

    def __init__(self) -> None:
        super().__init__()
        self.fc, self.norm, self.drop = nn.Linear(6, 6), nn.BatchNorm1d(6), nn.Dropout()
        self.pool, self.head = nn.MaxPool1d(2), nn.Linear(3, 3)

    def forward(self, x: Any) -> Any:
        x = self.norm(torch.relu(self.fc(x)))
        x = self.drop(x + 0.05)
        x = self.pool(torch.tanh(x)[:, None])
        return self.head(2 + x.flatten(1) ** 2)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_behind_a_sum_a_relu_is_no_identity_and_its_state_not_in_the_classes_axes(
    tmp_path: Path, dtype: str
) -> None:
    run = record(tmp_path / "r", warmed(Shortcut(), spread(N, (6,))), spread(N, (6,)), dtype=dtype)
    found = aligned(without_graph(run))
    assert [one.name for one in found.states[1:]] == ["h", "bn", "skip", "logits", "softmax"]
    relu = found.transitions[3]
    assert (relu.kind, relu.how, relu.exact) == ("ReLU", "procrustes", 0)
    assert relu.residual is not None and relu.residual > 0.01
    # its values are those of another state, so their axes are not those of the state before
    assert [one.classes for one in found.states] == [False] * 4 + [True, True]


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_functions_between_modules_make_no_layer_exact(tmp_path: Path, dtype: str) -> None:
    model = warmed(Functional(), spread(N, (6,)))
    run = record(tmp_path / "r", model, spread(N, (6,)), dtype=dtype)
    found = aligned(without_graph(run))
    hows = {one.name: told for one, told in zip(found.states[1:], found.transitions, strict=True)}
    assert hows["fc"].how == "singular" and hows["softmax"].how == "softmax"
    for name in ("norm", "drop", "pool", "logits"):
        assert (hows[name].how, hows[name].exact) == ("procrustes", 0), name
        assert hows[name].residual is not None


class Hidden(nn.Module):
    """A layer of a kind that nobody knows, of a width at which all is kept."""

    def __init__(self, forward: Callable[[Any], Any]) -> None:
        super().__init__()
        self.of = forward

    def forward(self, x: Any) -> Any:
        return self.of(x)


def test_what_a_turn_does_not_explain_is_told(tmp_path: Path) -> None:
    turned = torch.from_numpy(rotation(4)).float()
    noise = torch.from_numpy(np.random.default_rng(9).standard_normal((400, 4))).float()
    for name, forward, low, high in (
        ("rotation", lambda x: 3 * x @ turned + 1, 0.0, 1e-9),
        ("noise", lambda x: noise[: len(x)], 0.9, 1.0),
    ):
        model = nn.Sequential(Hidden(forward), nn.Linear(4, 3))
        run = record(tmp_path / name, model, spread(400, (4,)), epochs=[0])
        found = aligned(run).transitions[0]
        assert found.how == "procrustes" and found.residual is not None
        assert low <= found.residual <= high


def test_a_layer_that_is_dead_at_the_reference_keeps_the_size_it_had(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
    run = record(tmp_path / "r", model, spread(N, (4,)), epochs=[0, 1])
    array = without_checks(run.path)[run.layer("1").array]
    array[1] = np.zeros(array.shape[1:])
    found = aligned(open_run(run.path))
    assert found.states[2].scale == pytest.approx(found.radii[2, 0]) and not found.radii[2, 1]
    assert np.isfinite(found.turned(2, 1)).all()


def test_one_epoch_alone_has_a_picture(tmp_path: Path) -> None:
    found = aligned(record(tmp_path / "r", Clipped(), spread(N, (5,)), epochs=[7]))
    assert found.epochs.tolist() == [7] and not found.constant(0)
    assert found.turned(0, 0).shape == (N, K)


def test_a_class_without_points_has_no_separation(tmp_path: Path) -> None:
    found = aligned(record(tmp_path / "r", Clipped(), spread(N, (5,)), labels=np.arange(N) % 2))
    assert np.isnan(found.separation[:, :, 2]).all()
    assert np.isfinite(found.separation[:, :, :2]).all()


# what cannot be


def test_values_that_are_not_finite_are_told_with_layer_and_epoch(run: Run) -> None:
    for epoch in (0, 1):  # beside the reference, and at it
        array = without_checks(run.path)[run.layer("5").array]
        kept = array[epoch]
        spoilt = kept.copy()
        spoilt[3, 1] = np.nan
        array[epoch] = spoilt
        with pytest.raises(NotFiniteError, match=f"layer '5', epoch {epoch}: must be finite"):
            aligned(open_run(run.path))
        array[epoch] = kept
    assert find_alignments(run.path / "alignments") == ([], [])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"split": "both"}, "split must be train or test"),
        ({"k": 0}, "k must be at least 1, got 0"),
        ({"points": 0}, "points must be at least 1, got 0"),
        ({"reference": 9}, "must be one of the epochs 0 to 1 that are recorded, got 9"),
    ],
)
def test_a_plan_that_cannot_be_says_why(run: Run, options: dict[str, Any], said: str) -> None:
    with pytest.raises(RunError, match=said):
        plan(run, **options)


def test_a_run_of_outputs_alone_cannot_be_aligned(tmp_path: Path) -> None:
    run = record(tmp_path / "r", Clipped(), spread(N, (5,)), layers=["softmax"][:0])
    named = [layer.name for layer in run.layers]
    assert named == ["logits", "softmax"]
    found = aligned(run)  # two states are a network already
    assert [s.classes for s in found.states] == [True, True]


def test_a_smaller_recording_of_the_same_training_can_own_it(tmp_path: Path) -> None:
    torch.manual_seed(2)
    run = record(tmp_path / "full", Clipped(), spread(N, (5,)))
    torch.manual_seed(2)
    owner = record(tmp_path / "small", Clipped(), spread(N, (5,)), layers="outputs")
    found = align_run(run, plan(run), owner=owner)
    assert found.path == owner.path / "alignments" / "test"
    assert found.owner == owner.uid and found.fits(owner) and not found.fits(run)
    torch.manual_seed(3)
    other = record(tmp_path / "other", Clipped(), spread(N, (5,)), layers="outputs")
    with pytest.raises(RunError, match="must be a recording of the same training"):
        align_run(run, plan(run), owner=other)
