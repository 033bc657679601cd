"""The directions along which a wide layer's coordinates are kept exactly: what is before, behind, and of the points.

Three claims share them: the directions that the layer behind takes most of (leading left singular vectors of its
linear part), those that the layer itself makes most of (leading right singular vectors of its own), and the points'
principal directions. Singular vectors come from products with the module and its transpose alone (block Krylov with a
fixed start, Musco and Musco 2015, doi:10.48550/arXiv.1504.05477), on the model's device.

A few values, or a few points, of 50 to 150 times the size of all others (as transformers have them) would take all
principal directions. So, *for choosing directions alone*, a value that varies more than `LOUD` times as much as the
lively ones do counts as one of these, and a point farther off than `FAR` times the usual distance as one that is at
that. No stored coordinate is changed by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from gt.layers.kind import kind_of

SINGULAR = 1 / 6  # of all directions, for the layer behind, and as many for the layer itself
ROUNDS = 8  # blocks of vectors in which singular ones are sought
SPARE = 4  # vectors that a block has more than are wanted
LIVELY = 0.9  # of all values vary less than the lively ones
LOUD = 5.0  # times the deviation of those
FAR = 4.0  # times the usual distance of a point from the middle
NOTHING = 1e-6  # of the largest
NEW = 1e-3  # of a direction; what is shorter is rounding
STILL = 1e-9  # how much stillness weighs where the points decide nothing


@dataclass(frozen=True)
class Beside:
    """The modules before and behind the values of a layer, where their linear parts are known.

    Attributes:
        own: The module that makes them, and the shape of one point that it takes.
        behind: The module that takes them, and the shape in which it takes them.
    """

    own: tuple[nn.Module, tuple[int, ...]] | None = None
    behind: tuple[nn.Module, tuple[int, ...]] | None = None


def has_linear_part(module: nn.Module) -> bool:
    """Whether a module is linear but for an offset, by its kind: a convolution, a linear layer."""
    kind = kind_of(type(module).__name__)
    return kind.weighted and kind.linear is not None and kind.claim == "linear"


def settle(values: Sequence[torch.Tensor], count: int, beside: Sequence[Beside]) -> torch.Tensor:
    """Choose directions for one layer, or for several that are added up and so share them.

    Args:
        values: ``(m, d)`` float32 of each.
        count: How many, at most d.
        beside: Modules before and behind each.

    Returns:
        ``(d, count)`` float32, orthonormal, by falling variance of the points.
    """
    first = values[0]
    share = max(1, int(SINGULAR * count))
    basis = first.new_empty(first.shape[1], 0)
    for left in (True, False):
        places = [one.behind if left else one.own for one in beside]
        known = [place for place in places if place is not None]
        for place in known:
            claim = _of_module(place, max(1, share // len(known)), first, left=left)
            basis = _with(basis, claim)[:, :count]
    cloud = torch.cat([_of_unit_size(_calmed(x)) for x in values])
    basis = _with(basis, _principal(cloud - (cloud @ basis) @ basis.T, count - basis.shape[1]))
    if basis.shape[1] < count:  # few points: any directions, always the same
        rng = torch.Generator().manual_seed(0)
        more = torch.randn(len(basis), count - basis.shape[1], generator=rng).to(basis)
        basis = _with(basis, more)
    seen = (cloud @ basis).double()
    _, vectors = torch.linalg.eigh(seen.T @ seen)
    return orthonormal(basis @ vectors.flip(1).to(basis))


def turned(
    now: Sequence[torch.Tensor], before: Sequence[torch.Tensor] | None
) -> tuple[torch.Tensor, float | None]:
    """The turn of coordinates that brings them nearest to those before.

    Args:
        now: ``(m, r)`` of each layer that shares the directions.
        before: Likewise; None where there are none.

    Returns:
        ``(r, r)`` orthogonal, and the share of the squared size of those before that it leaves; the identity and None
        where there are none before.
    """
    if before is None:
        return torch.eye(now[0].shape[1]).to(now[0]), None
    a, b = (torch.cat([z.double() - z.double().mean(0) for z in one]) for one in (now, before))
    size = float((b**2).sum())
    unit = (size or 1.0) ** 0.5
    cross = (a / unit).T @ (b / unit) + STILL * torch.eye(a.shape[1]).to(a)
    left, _, right = torch.linalg.svd(cross)
    turn = left @ right
    moved = float(((a @ turn - b) ** 2).sum()) / size if size > 0 else 0.0
    return turn.to(now[0]), float(f"{moved:.3g}")


def orthonormal(vectors: torch.Tensor) -> torch.Tensor:
    """Columns ``(d, r)`` made orthonormal without turning them more than need be; they are nearly so."""
    for _ in range(2):  # Newton's iteration for the polar factor
        inner = vectors.T @ vectors
        vectors = vectors @ (1.5 * torch.eye(len(inner)).to(inner) - 0.5 * inner)
    return vectors


def _of_unit_size(cloud: torch.Tensor) -> torch.Tensor:
    return cloud / cloud.norm().clamp(min=1e-30)


def _of_module(
    place: tuple[nn.Module, tuple[int, ...]], count: int, x: torch.Tensor, *, left: bool
) -> torch.Tensor:
    """Leading singular vectors of a module's linear part on the side of the layer, ``(d, up to count)``."""
    none = x.new_empty(x.shape[1], 0)
    module, shape = place[0].forward, place[1]  # nobody's hooks are called
    weight = next(iter(place[0].parameters()))

    def forth(rows: torch.Tensor) -> torch.Tensor:
        put = module(rows.to(weight).view(len(rows), *shape))
        out: torch.Tensor = put - module(torch.zeros(1, *shape).to(weight))
        return out.flatten(1).float()

    def back(rows: torch.Tensor) -> torch.Tensor:
        with torch.enable_grad():
            start = torch.zeros(len(rows), *shape).to(weight).requires_grad_()
            out = module(start)
            (found,) = torch.autograd.grad(out, start, rows.to(weight).view(out.shape))
        return found.flatten(1).float()

    other = module(torch.zeros(1, *shape).to(weight)).numel()
    width = weight.new_zeros(shape).numel()
    if (width if left else other) != x.shape[1]:
        return none
    ahead, home = (forth, back) if left else (back, forth)
    rng = torch.Generator().manual_seed(0)
    block = torch.randn(x.shape[1], min(count + SPARE, width, other), generator=rng).to(x)
    basis = none
    for _ in range(ROUNDS):
        begun = basis.shape[1]
        basis = _with(basis, block / block.norm(dim=0).clamp(min=1e-30))
        if basis.shape[1] == begun:  # it has no further directions
            break
        block = home(ahead(basis[:, begun:].T)).T
        if not bool(block.isfinite().all()):  # nothing can be said of such weights
            return none
    image = ahead(basis.T).double()
    sizes, turn = torch.linalg.eigh(image @ image.T)
    real = sizes > NOTHING * sizes.max()
    return (basis @ turn[:, real].to(basis)).flip(1)[:, :count]


def _calmed(x: torch.Tensor) -> torch.Tensor:
    """Points about their middle, what is loud or far taken back; for choosing directions alone."""
    cloud = x - x.mean(0)
    deviation = cloud.square().mean(0).sqrt()
    varying = deviation[deviation > 0]
    if len(varying):
        lively = _quantile(varying, LIVELY)
        loud = deviation > LOUD * lively
        cloud = cloud * torch.where(loud, lively / deviation.clamp(min=1e-30), 1.0)
    away = cloud.norm(dim=1)
    usual = _quantile(away, 0.5)
    far = away > FAR * usual
    cloud = cloud * torch.where(far, usual / away.clamp(min=1e-30), 1.0)[:, None]
    return cloud


def _quantile(values: torch.Tensor, share: float) -> torch.Tensor:
    return values.sort().values[int(share * (len(values) - 1))]


def _principal(cloud: torch.Tensor, count: int) -> torch.Tensor:
    if count < 1 or not len(cloud):
        return cloud.new_empty(cloud.shape[1], 0)
    gram = (cloud @ cloud.T).double()
    variance, vectors = torch.linalg.eigh(gram)
    variance, vectors = variance.flip(0)[:count], vectors.flip(1)[:, :count]
    real = variance > NOTHING * variance[0].clamp(min=1e-24)
    found = cloud.T @ (vectors[:, real] / variance[real].sqrt()).to(cloud)
    return _spanning(found, NEW)


def _with(basis: torch.Tensor, more: torch.Tensor) -> torch.Tensor:
    """A basis with what directions of unit length add to it."""
    for _ in range(2):  # once more for what rounding left
        more = more - basis @ (basis.T @ more)
    return torch.cat([basis, _spanning(more, NEW)], 1) if more.shape[1] else basis


def _spanning(vectors: torch.Tensor, least: float) -> torch.Tensor:
    """Orthonormal columns that span the same, by falling length; what is shorter than ``least`` is nothing."""
    for _ in range(2):  # once more for what rounding left
        inner = (vectors.T @ vectors).double()
        sizes, turn = torch.linalg.eigh(inner)
        sizes, turn = sizes.flip(0).clamp(min=0).sqrt(), turn.flip(1)
        real = sizes > least
        vectors = vectors @ (turn[:, real] / sizes[real]).to(vectors)
    return vectors
