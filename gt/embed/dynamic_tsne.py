"""Dynamic t-SNE: one picture for every epoch, and a price for what a point moves between two.

The cost is the sum of t-SNE's over the epochs, plus ``λ / 2n · Σ_i Σ_t ‖y_i(t) − y_i(t+1)‖²``; it is
minimised over all epochs at once by gradient descent with momentum, gains and early exaggeration as
van der Maaten's implementation has them. With λ = 0 every epoch is plain t-SNE. Gradients are exact
(all pairs), so the work grows with e n²; the affinities of all epochs are kept in memory.

Sources: Rauber, Falcão, Telea 2016, doi:10.2312/eurovisshort.20161164; van der Maaten and Hinton
2008, https://jmlr.org/papers/v9/vandermaaten08a.html; Belkina and others 2019,
doi:10.1038/s41467-019-13055-y.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

EXAGGERATION = 12.0  # of the affinities, in the first iterations
EXAGGERATED = 250  # of them
MOMENTUM = (0.5, 0.8)  # while exaggerated, and after
RATE = 200.0  # at most ...
RATE_A_POINT = 1 / 5  # ... and a point: where points are few, longer steps overshoot (Belkina 2019)
RATE_A_TETHER = 1 / 2  # ... and a point, per λ: a tether is a spring, and long steps would tear it
LEAST_GAIN = 0.01
START = 1e-4  # standard deviation of where points start
BISECTIONS = 64  # a float64 perplexity is exact long before
AT_ONCE = 2**20  # pairs worked on at a time: they stay in the processor's cache


def affinities(x: torch.Tensor, perplexity: float) -> torch.Tensor:
    """Symmetric affinities of t-SNE, each point with the same perplexity.

    Args:
        x: ``(n, p)`` floats.
        perplexity: 2 to the entropy, in bits, of every point's neighbours; below n.

    Returns:
        ``(n, n)`` of x's dtype; it sums to 1 and its diagonal is 0.
    """
    n = len(x)
    centred = x.double() - x.double().mean(0)
    square = torch.cdist(centred, centred).square_()
    off = ~torch.eye(n, dtype=torch.bool)
    d = square[off].view(n, n - 1)
    d -= d.min(1, keepdim=True).values  # the nearest at 0: no underflow, and the same softmax
    scale = d.mean(1, keepdim=True).clamp_min(1e-300)  # precision is sought per unit of it
    target = float(torch.tensor(perplexity, dtype=torch.float64).log())
    low = torch.full((n, 1), -60.0, dtype=torch.float64)  # log2 of the precision
    high = torch.full((n, 1), 60.0, dtype=torch.float64)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        z = d * (torch.exp2(middle) / scale)
        logs = torch.log_softmax(-z, 1)
        entropy = -(logs.exp() * logs.clamp_min(-1e4)).sum(1, keepdim=True)
        wide = entropy > target  # too many neighbours: more precision
        low = torch.where(wide, middle, low)
        high = torch.where(wide, high, middle)
    p = torch.zeros(n, n, dtype=torch.float64)
    p[off] = torch.softmax(-d * (torch.exp2((low + high) / 2) / scale), 1).flatten()
    return ((p + p.T) / (2 * n)).to(x.dtype)


def gradient(p: torch.Tensor, y: torch.Tensor, exaggeration: float = 1.0) -> torch.Tensor:
    """Gradient of t-SNE's cost, for several epochs at once.

    Args:
        p: ``(b, n, n)`` affinities.
        y: ``(b, n, d)`` pictures.
        exaggeration: Factor of the affinities.

    Returns:
        ``(b, n, d)``.
    """
    near = torch.zeros_like(p)
    for axis in range(y.shape[2]):
        difference = y[:, :, None, axis] - y[:, None, :, axis]
        near.addcmul_(difference, difference)
    near.add_(1).reciprocal_()
    near.diagonal(dim1=1, dim2=2).zero_()
    total = near.sum((1, 2), keepdim=True)
    pull = p * exaggeration
    pull.addcdiv_(near, total, value=-1).mul_(near)
    return 4 * (pull.sum(2, keepdim=True) * y - pull @ y)


def tether(y: torch.Tensor, strength: float) -> torch.Tensor:
    """Gradient of ``λ / 2n · Σ_i Σ_t ‖y_i(t) − y_i(t+1)‖²``.

    Args:
        y: ``(e, n, d)``.
        strength: λ.

    Returns:
        ``(e, n, d)``.
    """
    out = torch.zeros_like(y)
    step = (y[1:] - y[:-1]) * (strength / y.shape[1])
    out[1:] += step
    out[:-1] -= step
    return out


class DynamicTSNE:
    """The optimisation, one iteration at a time; ``state`` is all there is to go on with later.

    Args:
        p: ``(e, n, n)`` affinities, see `affinities`.
        strength: λ, what moving between two epochs costs.
        seed: Of where the points start, the same place in every epoch.
        dimensions: Of the pictures.
    """

    def __init__(
        self, p: torch.Tensor, strength: float, seed: int = 0, dimensions: int = 2
    ) -> None:
        self.p, self.strength, self.iteration = p, strength, 0
        e, n = p.shape[:2]
        self.rate = min(RATE, RATE_A_POINT * n, RATE_A_TETHER * n / max(strength, 1e-9))
        rng = torch.Generator().manual_seed(seed)
        start = torch.randn(n, dimensions, generator=rng, dtype=torch.float64) * START
        self.y = start.to(p.dtype).expand(e, -1, -1).contiguous()
        self.velocity = torch.zeros_like(self.y)
        self.gains = torch.ones_like(self.y)

    @property
    def state(self) -> dict[str, torch.Tensor]:
        """Everything that changes, by name."""
        now = {"y": self.y, "velocity": self.velocity, "gains": self.gains}
        return now | {"iteration": torch.tensor(self.iteration)}

    def resume(self, state: dict[str, torch.Tensor]) -> None:
        """Go on from a `state`."""
        self.y, self.velocity = state["y"].clone(), state["velocity"].clone()
        self.gains, self.iteration = state["gains"].clone(), int(state["iteration"])

    def step(self) -> None:
        """One iteration of gradient descent."""
        early = self.iteration < EXAGGERATED
        e, n = self.p.shape[:2]
        slope = tether(self.y, self.strength)
        batch = max(1, AT_ONCE // (n * n))
        for at in range(0, e, batch):
            part = slice(at, at + batch)
            slope[part] += gradient(self.p[part], self.y[part], EXAGGERATION if early else 1.0)
        same = (slope > 0) == (self.velocity > 0)
        self.gains = torch.where(same, self.gains * 0.8, self.gains + 0.2).clamp_min_(LEAST_GAIN)
        self.velocity.mul_(MOMENTUM[0] if early else MOMENTUM[1]).sub_(
            self.gains * slope * self.rate
        )
        self.y += self.velocity
        self.y -= self.y.mean(1, keepdim=True).mean(0, keepdim=True)  # one shift for all epochs
        self.iteration += 1

    def run(self, iterations: int) -> Iterator[int]:
        """Iterate until so many are done; yields the number after each."""
        while self.iteration < iterations:
            self.step()
            yield self.iteration
