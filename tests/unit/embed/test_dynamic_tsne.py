"""Dynamic t-SNE against finite differences, against scikit-learn, and against itself epoch by epoch."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from gt.embed.dynamic_tsne import DynamicTSNE, affinities, gradient, tether  # noqa: E402


def groups(rng, n=45, p=6, k=3, spread=0.3):
    """Points ``(n, p)`` in k groups."""
    return rng.normal(0, 1, (k, p))[np.arange(n) % k] + rng.normal(0, spread, (n, p))


def of_epochs(e=3, n=45, perplexity=8.0, dtype=torch.float64):
    """Affinities ``(e, n, n)`` of groups that drift apart."""
    rng = np.random.default_rng(1)
    start, drift = groups(rng, n), groups(rng, n, spread=0.05)
    data = [start + t * drift for t in np.linspace(0, 1, e)]
    return torch.stack([affinities(torch.from_numpy(x), perplexity).to(dtype) for x in data])


def total_cost(p, y, strength):
    """The whole cost, in nats: of each epoch the Kullback-Leibler divergence, written out, and the price of moving."""
    cost = strength / (2 * y.shape[1]) * float((y[1:] - y[:-1]).square().sum())
    for own, at in zip(p, y, strict=True):
        near = 1 / (1 + torch.cdist(at, at) ** 2)
        near.fill_diagonal_(0)
        q = (near / near.sum()).clamp_min(torch.finfo(own.dtype).tiny)
        cost += float((torch.xlogy(own, own) - own * q.log()).sum())
    return cost


def differences(cost, y, h=1e-6):
    """The gradient of a cost by central differences."""
    out = torch.zeros_like(y)
    for at in np.ndindex(*y.shape):
        up, down = y.clone(), y.clone()
        up[at] += h
        down[at] -= h
        out[at] = (cost(up) - cost(down)) / (2 * h)
    return out


def close(a, b, tolerance=1e-6):
    assert float((a - b).abs().max()) <= tolerance * max(1.0, float(b.abs().max()))


@pytest.fixture
def picture():
    p = of_epochs(e=3, n=9, perplexity=2.0)
    y = torch.randn(3, 9, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    return p, y


def test_the_gradient_of_t_sne_is_exact(picture):
    p, y = picture
    close(gradient(p, y), differences(lambda at: total_cost(p, at, 0.0), y))


def test_the_gradient_of_the_tether_is_exact(picture):
    _, y = picture

    def price(at):
        return 0.7 / (2 * at.shape[1]) * float((at[1:] - at[:-1]).square().sum())

    close(tether(y, 0.7), differences(price, y))


def test_the_gradient_of_both_together_is_exact(picture):
    p, y = picture
    close(gradient(p, y) + tether(y, 5.0), differences(lambda at: total_cost(p, at, 5.0), y))


def test_exaggeration_multiplies_the_attraction_alone(picture):
    p, y = picture
    once, twice, thrice = (gradient(p, y, x) for x in (1.0, 2.0, 3.0))
    close(thrice - twice, twice - once, 1e-12)
    assert float((twice - once).abs().max()) > 1e-3


@pytest.mark.parametrize("perplexity", [2.0, 8.0, 14.0])
def test_affinities_have_the_perplexity_asked_for(perplexity):
    x = torch.from_numpy(groups(np.random.default_rng(0)))
    p = affinities(x, perplexity)
    assert p.shape == (45, 45) and p.dtype == torch.float64
    assert float(p.sum()) == pytest.approx(1)
    assert torch.equal(p, p.T) and not p.diagonal().any()
    # what is symmetric is the mean of both directions; the directions are checked on a regular ring,
    # on which every point sees the same and the two are equal
    angles = torch.arange(45, dtype=torch.float64) * (2 * np.pi / 45)
    ring = affinities(torch.stack([angles.cos(), angles.sin()], 1), perplexity) * 45
    entropy = -torch.xlogy(ring, ring).sum(1)
    close(entropy.exp(), torch.full((45,), perplexity, dtype=torch.float64), 1e-6)


def test_affinities_do_not_mind_duplicates_or_scale():
    x = groups(np.random.default_rng(0))
    x[10:20] = x[10]
    for scale in (1e-12, 1.0, 1e9):
        p = affinities(torch.from_numpy(x * scale), 5.0)
        assert torch.isfinite(p).all() and float(p.sum()) == pytest.approx(1)
    same = affinities(torch.zeros(12, 3, dtype=torch.float64), 3.0)
    close(same, (1 - torch.eye(12, dtype=torch.float64)) / (12 * 11), 1e-9)


def test_without_a_price_every_epoch_is_as_if_alone():
    p = of_epochs()
    together = DynamicTSNE(p, 0.0, seed=5)
    singles = [DynamicTSNE(p[i : i + 1], 0.0, seed=5) for i in range(len(p))]

    def same(tolerance):
        for y, alone in zip(together.y, singles, strict=True):
            close(y - y.mean(0), alone.y[0] - alone.y[0].mean(0), tolerance)

    list(together.run(20))
    for alone in singles:
        list(alone.run(20))
    same(1e-9)
    # t-SNE is chaotic, so that rounding shows in the end; every step is the same nevertheless
    list(together.run(300))
    for i, alone in enumerate(singles):
        state = together.state
        now = {name: state[name][i : i + 1] for name in ("y", "velocity", "gains")}
        alone.resume(now | {"iteration": state["iteration"]})
        alone.step()
    together.step()
    same(1e-12)


@pytest.fixture(scope="module")
def by_others():
    """Points, and t-SNE of them by scikit-learn from several beginnings: which minimum one ends in is chance."""
    from sklearn.manifold import TSNE

    x = groups(np.random.default_rng(2), n=90, k=5)
    return x, [
        TSNE(perplexity=10, method="exact", init="random", random_state=seed).fit(x)
        for seed in range(3)
    ]


def test_the_cost_of_a_picture_is_that_of_scikit_learn(by_others):
    x, theirs = by_others
    p = affinities(torch.from_numpy(x), 10.0)[None]
    for one in theirs:
        picture = torch.from_numpy(one.embedding_.astype(np.float64))[None]
        assert total_cost(p, picture, 0.0) == pytest.approx(one.kl_divergence_, rel=1e-3)


def test_without_a_price_it_ends_about_as_deep_as_scikit_learn(by_others):
    """From above alone, and with the best of several on either side: a deeper minimum is no fault."""
    x, theirs = by_others
    p = affinities(torch.from_numpy(x), 10.0)[None]
    costs = []
    for seed in range(4):
        work = DynamicTSNE(p, 0.0, seed)
        begun = total_cost(p, work.y, 0.0)
        list(work.run(1000))
        costs.append(total_cost(p, work.y, 0.0))
        assert costs[-1] < begun / 4
    assert min(costs) <= 1.15 * min(one.kl_divergence_ for one in theirs)


def test_the_dearer_moving_is_the_less_is_moved():
    p = of_epochs(e=4)
    moved = []
    for strength in (0.0, 0.01, 0.1, 1.0):
        work = DynamicTSNE(p, strength, seed=0)
        list(work.run(400))
        size = (work.y - work.y.mean(1, keepdim=True)).square().mean().sqrt()
        moved.append(float((work.y[1:] - work.y[:-1]).square().mean().sqrt() / size))
    assert moved == sorted(moved, reverse=True)
    assert moved[-1] < moved[0] / 2


def test_going_on_from_a_state_gives_the_very_same():
    p = of_epochs(dtype=torch.float32)
    whole = DynamicTSNE(p, 0.1, seed=1)
    list(whole.run(320))
    first = DynamicTSNE(p, 0.1, seed=1)
    list(first.run(270))
    kept = {name: value.clone() for name, value in first.state.items()}
    second = DynamicTSNE(p, 0.1, seed=99)
    second.resume(kept)
    assert list(second.run(320)) == list(range(271, 321))
    assert torch.equal(second.y, whole.y)


@pytest.mark.parametrize("strength", [10.0, 1000.0])
def test_a_very_dear_move_does_not_tear_the_picture(strength):
    p = of_epochs(e=4, n=20, perplexity=4.0)
    work = DynamicTSNE(p, strength, seed=0)
    list(work.run(300))
    assert torch.isfinite(work.y).all()
    spread = (work.y - work.y.mean(1, keepdim=True)).square().mean().sqrt()
    assert float((work.y[1:] - work.y[:-1]).square().mean().sqrt() / spread) < 0.1
