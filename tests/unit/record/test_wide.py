"""What is kept of wide layers: exact coordinates, distances that are the values', and directions worth having."""

import numpy as np
import pytest
import torch
from torch import nn

import gt.record
from gt.record import Recorder
from gt.record.directions import Beside, settle, turned
from gt.record.wide import Wide, choose
from gt.run import RunError, open_run, wide
from gt.run.wide import kept_of

NONE = Beside()


def cloud(n=60, d=900, seed=0):
    """Points whose variance falls from direction to direction, as that of activations does."""
    rng = torch.Generator().manual_seed(seed)
    sizes = 1 / torch.arange(1, 41).float()
    spread = torch.randn(n, 40, generator=rng) * sizes
    return spread @ torch.randn(40, d, generator=rng) + torch.randn(n, d, generator=rng) * 0.01 + 1


def keeper(x, *, places=True, exact=16, sketch=128, beside=NONE):
    """A keeper of one layer, settled by all points."""
    kept = kept_of(x.shape[1], len(x), places=places, exact=exact, sketch=sketch)
    keeps = Wide({"layer": kept})
    keeps.settle({"layer": x}, {"layer": beside}, 0)
    return keeps


def seen(keeps, x, batch):
    for start in range(0, len(x), batch):
        keeps.see("layer", x[start : start + batch])
    ((_, rows),) = keeps.finish()
    return rows


def distances(values):
    return torch.cdist(values.double(), values.double())


class Wave(nn.Module):
    """Convolutions, an addition and a wide layer that is made of nothing but a function."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = x + self.conv2(x)
        return self.fc(x.mean((2, 3)))


DATA = {"inputs": torch.randn(40, 1, 12, 12, generator=torch.Generator().manual_seed(1))}
DATA["labels"] = np.arange(40) % 3
NARROW = {"layers": "all", "max_width": 500}


def model(seed=0):
    torch.manual_seed(seed)
    return Wave()


def recorded(path, epochs=3, **options):
    net = model()
    with Recorder(net, path, **DATA, **NARROW, **options) as rec:
        for epoch in range(epochs):
            rec.record(epoch)
            with torch.no_grad():
                for one in net.parameters():
                    one.add_(
                        0.05
                        * torch.randn(one.shape, generator=torch.Generator().manual_seed(epoch))
                    )
    return open_run(path)


def test_coordinates_are_projections_onto_orthonormal_directions():
    x = cloud()
    rows = seen(keeps := keeper(x), x, 60)
    directions = keeps.directions("layer")
    torch.testing.assert_close(directions.T @ directions, torch.eye(16), atol=1e-5, rtol=0)
    torch.testing.assert_close(rows[:, :16], x @ directions, atol=1e-4, rtol=1e-4)


def test_places_have_the_distances_of_the_values():
    x = cloud()
    rows = seen(keeper(x), x, 60)
    apart = ~torch.eye(60, dtype=torch.bool)
    off = distances(rows[:, 16:76]) / distances(x) - 1
    assert float(off[apart].abs().max()) < 1e-4


def test_a_sketch_is_the_same_sums_as_a_reader_makes():
    x = cloud(d=901)  # the last bucket has fewer
    rows = seen(keeper(x), x, 60)
    np.testing.assert_allclose(rows[:, 76:], wide.sketched(x.numpy(), 128), atol=1e-3)


def test_how_points_come_together_does_not_matter():
    x = cloud()
    keeps = keeper(x)
    whole = seen(keeps, x, 60)
    for batch in (1, 7, 32):
        torch.testing.assert_close(seen(keeps, x, batch), whole, atol=2e-4, rtol=1e-4)


def test_without_places_each_batch_is_handed_out_at_once():
    x = cloud()
    keeps = keeper(x, places=False)
    rows = keeps.see("layer", x[:7])
    assert rows.shape == (7, 16 + 128)
    assert list(keeps.finish()) == []


def test_half_precision_and_bfloat16_are_kept_too():
    for dtype in (torch.float16, torch.bfloat16):
        x = cloud().to(dtype)
        rows = seen(keeper(x), x, 60)
        apart = ~torch.eye(60, dtype=torch.bool)
        off = distances(rows[:, 16:76]) / distances(x.float()) - 1
        assert float(off[apart].abs().max()) < 1e-3


@pytest.mark.parametrize(
    "module, shape", [(nn.Conv2d(2, 3, 3, padding=1), (2, 9, 9)), (nn.Linear(160, 40), (160,))]
)
def test_singular_directions_of_both_sides_are_among_them(module, shape):
    with torch.no_grad():
        unit = torch.eye(int(np.prod(shape))).view(-1, *shape)
        matrix = (module(unit) - module(torch.zeros(1, *shape))).flatten(1)
        left, sigma, right = torch.linalg.svd(matrix, full_matrices=False)
        rng = torch.Generator().manual_seed(0)
        for vectors, beside in (
            (left, Beside(behind=(module, shape))),
            (right.T, Beside(own=(module, shape))),
        ):
            x = torch.randn(50, len(vectors), generator=rng)
            basis = settle([x], 24, [beside])
            along = matrix if len(matrix) == len(basis) and vectors is left else matrix.T
            reached = torch.linalg.svdvals(basis.T @ along)
            assert float((reached[:4] / sigma[:4]).min()) > 0.99


def test_a_module_is_asked_without_its_hooks_and_gets_no_gradients():
    module, called = nn.Linear(160, 40), []
    module.register_forward_hook(lambda *_: called.append(1))
    keeper(cloud(d=160), beside=Beside(behind=(module, (160,))))
    assert not called
    assert module.weight.grad is None


def test_loud_values_and_far_points_do_not_take_over():
    quiet, loud = cloud(), cloud()
    rng = torch.Generator().manual_seed(3)
    loud[:, :5] += 100 * torch.randn(60, 5, generator=rng)  # values of transformers' first tokens
    loud[:2] *= 100
    calm, found = settle([quiet], 16, [NONE]), settle([loud], 16, [NONE])
    rest = quiet - quiet.mean(0)
    seen_then = float((rest @ found).square().sum() / rest.square().sum())
    seen_now = float((rest @ calm).square().sum() / rest.square().sum())
    assert seen_then > 0.8 * seen_now
    rows = seen(keeper(loud), loud, 60)  # the values are not touched
    assert float(rows[:, :16].abs().max()) > 50


def test_directions_that_are_settled_anew_are_turned_so_that_still_points_stand_still():
    x = cloud()
    keeps = keeper(x)
    before = seen(keeps, x, 60)[:, :16]
    keeps.settle({"layer": x}, {"layer": NONE}, 1)
    after = seen(keeps, x, 60)[:, :16]
    torch.testing.assert_close(after, before, atol=1e-3, rtol=1e-3)
    said = keeps.said()["layer"]
    assert said["settled"] == [0, 1]
    assert said["moved"][0] is None
    assert said["moved"][1] < 1e-6


def test_a_turn_says_what_it_leaves():
    rng = torch.Generator().manual_seed(4)
    z = torch.randn(50, 6, generator=rng)
    rotation = torch.linalg.qr(torch.randn(6, 6, generator=rng))[0]
    turn, moved = turned([z @ rotation], [z])
    torch.testing.assert_close(turn, rotation.T, atol=1e-5, rtol=0)
    assert moved < 1e-9
    assert turned([torch.randn(50, 6, generator=rng)], [z])[1] > 0.5


def test_directions_are_settled_at_steps_one_two_four_eight():
    keeps = keeper(cloud())
    assert [count for count in range(20) if keeps.due(count)] == [0, 1, 3, 7, 15]


def test_few_points_of_no_variance_still_have_directions():
    x = torch.ones(3, 700)
    basis = settle([x], 16, [NONE])
    torch.testing.assert_close(basis.T @ basis, torch.eye(16), atol=1e-5, rtol=0)


def test_points_by_which_directions_are_settled_are_spread_over_all():
    assert choose(3).tolist() == [0, 1, 2]
    assert len(choose(7001)) == 500
    assert choose(7001)[-1] > 6900


def test_a_recorder_keeps_wide_layers_narrow(tmp_path):
    run = recorded(tmp_path / "run")
    whole = recorded(tmp_path / "whole", whole=["*"])
    kept = {one.name: one.kept for one in run.layers if one.kept}
    assert set(kept) == {"conv1", "/relu", "conv2", "/add"}
    assert kept["conv1"] == {"of": 1152, "exact": 96, "places": 40, "sketch": 512}
    assert not any(one.kept for one in whole.layers)
    apart = ~np.eye(40, dtype=bool)
    for name in kept:
        for epoch in range(3):
            values = torch.from_numpy(whole.activations(name, epoch)).flatten(1)
            places = torch.from_numpy(wide.distance_values(run, name, epoch))
            off = (distances(places) / distances(values) - 1).numpy()[apart]
            assert np.abs(off).max() < 0.01, (name, epoch)
            sketch = wide.sketched(values.numpy(), 512)
            np.testing.assert_allclose(wide.sketch(run, name, epoch), sketch, atol=0.02)
    run.check()


def test_terms_and_sum_share_directions_and_so_add_up(tmp_path):
    run = recorded(tmp_path / "run")
    for epoch in range(3):
        terms = [wide.coordinates(run, name, epoch) for name in ("/relu", "conv2")]
        total = wide.coordinates(run, "/add", epoch)
        np.testing.assert_allclose(sum(terms), total, atol=0.01 * np.abs(total).max())


def test_the_size_of_batches_does_not_matter(tmp_path):
    one, other = (recorded(tmp_path / str(size), batch_size=size) for size in (40, 7))
    for layer in one.layers:
        for epoch in range(3):
            a, b = one.stored(layer.name, epoch), other.stored(layer.name, epoch)
            np.testing.assert_allclose(
                a, b, atol=4e-3 * max(1.0, np.abs(a).max()), err_msg=layer.name
            )


def test_training_is_not_touched(tmp_path):
    net, alone = model(), model()
    step, alone_step = (torch.optim.SGD(one.parameters(), 0.1) for one in (net, alone))
    state = torch.get_rng_state()
    with Recorder(net, tmp_path / "run", **DATA, **NARROW) as rec:
        for epoch in range(3):
            rec.record(epoch)
            for one, optimizer in ((net, step), (alone, alone_step)):
                optimizer.zero_grad()
                nn.functional.cross_entropy(
                    one(DATA["inputs"]), torch.from_numpy(DATA["labels"])
                ).backward()
                optimizer.step()
    assert torch.equal(torch.get_rng_state(), state)
    for a, b in zip(net.parameters(), alone.parameters(), strict=True):
        assert torch.equal(a, b)
    assert torch.get_float32_matmul_precision() == "highest"


def test_a_run_goes_on_with_what_it_knew(tmp_path):
    net = model()
    with Recorder(net, tmp_path / "run", **DATA, **NARROW) as rec:
        for epoch in range(3):
            rec.record(epoch)
    with Recorder(net, tmp_path / "run", **DATA, **NARROW, resume=True) as rec:
        rec.record(3)
    run = open_run(tmp_path / "run")
    said = run.made["wide"]["conv1"]
    assert said["settled"] == [0, 1, 3]
    assert said["moved"][-1] < 1e-3  # the network stood still: nothing moves but by float16
    before, after = (wide.coordinates(run, "conv1", at) for at in (2, 3))
    np.testing.assert_allclose(after, before, atol=0.02 * np.abs(before).max())


def test_a_run_with_other_widths_is_not_gone_on_with(tmp_path):
    recorded(tmp_path / "run", epochs=1)
    with pytest.raises(RunError, match="other layers"):
        Recorder(model(), tmp_path / "run", **DATA, layers="all", max_width=2000, resume=True)


def test_an_epoch_that_failed_is_recorded_again(tmp_path):
    net = model()
    with Recorder(net, tmp_path / "run", **DATA, **NARROW) as rec:
        rec.record(0)
        good = {name: value.clone() for name, value in net.state_dict().items()}
        with torch.no_grad():
            net.conv1.weight.fill_(float("nan"))
        with pytest.raises(RunError, match="finite"):
            rec.record(1)
        net.load_state_dict(good)
        rec.record(1)
        rec.record(2)
    run = open_run(tmp_path / "run")
    assert run.epochs.tolist() == [0, 1, 2]
    run.check()


def test_a_plan_says_what_is_kept_and_what_it_weighs(tmp_path):
    table = gt.record.plan(model(), DATA["inputs"], **NARROW)
    rows = {row.name: row for row in table}
    assert "96 exact coordinates and all distances, of 1,152 values" in rows["conv1"].why
    assert rows["conv1"].bytes == 40 * (96 + 40 + 512) * 2
    whole = gt.record.plan(model(), DATA["inputs"], **NARROW, whole="conv*")
    assert {row.name: row.bytes for row in whole}["conv1"] == 40 * 1152 * 2


def test_by_default_layers_of_up_to_4096_values_are_whole():
    table = gt.record.plan(model(), DATA["inputs"], layers="all")
    assert not any("exact coordinates" in row.why for row in table)


def test_a_layer_of_which_as_much_would_be_kept_is_kept_whole():
    table = gt.record.plan(
        model(), DATA["inputs"].repeat(20, 1, 1, 1)[:600], layers="all", max_width=500
    )
    assert "exact coordinates and a sketch" in {row.name: row.why for row in table}["conv1"]
    narrow = gt.record.plan(model(), DATA["inputs"][..., :8, :8], layers="all", max_width=500)
    assert not any("exact coordinates" in row.why for row in narrow)


@pytest.mark.parametrize(
    "options, said",
    [
        ({"max_width": 0}, "max_width must be a whole number"),
        ({"max_width": True}, "max_width must be a whole number"),
        ({"whole": 3}, "whole must be names"),
        ({"whole": ["nothing*"]}, "whole must name recorded layers"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(options, said):
    with pytest.raises(RunError, match=said):
        gt.record.plan(model(), DATA["inputs"], layers="all", **options)
