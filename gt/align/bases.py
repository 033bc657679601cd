"""Which k directions of each state are kept, so that every layer between two states can be seen.

A state may have thousands of values; k directions of it are shown, the same ones for the layer before and the
layer behind, because a picture of which both sides are part cannot jump at the state. Three claims share
the k directions of a state that is wider than k:

- **What the next layer takes from it** (`FOLLOWED` of k): the leading left singular directions of the
  next layer's linear part, restricted to the directions kept behind it. In these the transition is a plain
  scaling, exactly: what is shown behind the layer comes from nothing that is not shown before it.
  A layer that only turns its points takes them all alike, and is followed in all k.
- **What the layer before stretches most** (`LED` of k): its leading right singular directions. Averages and
  factors have none worth the name, they treat all alike.
- **The points**: the rest are the principal directions of what the first two leave over.

A state of k values or fewer is kept whole, in its own neurons. Layers that go value by value (ReLU, dropout,
softmax) have one basis for both their sides. Measured on the three recorded networks after 98 epochs,
at k = 32: with the first claim alone the chain is exact in every coordinate but keeps
9-39 % of the convolutional states' variance; with the points alone it keeps 36-96 % and no layer but the last
linear one is a scaling; with the shares below it keeps nine tenths of that in the middle, three quarters at
worst, and half of the coordinates are scaled exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gt.align.triplets import Triplets
from gt.layers.operators import Diagonal, Operator, Placed, Pooling

K = 32  # directions kept: in a picture of 2,000 pixels more would be seen by nobody
FOLLOWED = 1 / 2  # of k; with ten classes it holds all that the last linear layer takes
LED = 1 / 8  # of k
NOTHING = 1e-9  # a direction with less than this share of the largest variance is noise
FEW = 4  # states of a group whose points are all looked at
ALIKE = 1e-5  # factors that differ by less, relative, are one; rounded weights make 1e-6

Points = Callable[[int], np.ndarray]


def is_identity(operator: Operator | None) -> bool:
    """Whether a layer goes value by value, so that both its sides have the same directions.

    Args:
        operator: The layer's linear part; None where none is known.

    Returns:
        True if it is so.
    """
    return isinstance(operator, Diagonal) and bool((operator.factors == 1).all())


def choose_bases(
    points: Points,
    widths: Sequence[int],
    operators: Sequence[Operator | None],
    triplets: Sequence[Triplets | None],
    k: int = K,
) -> list[np.ndarray]:
    """Choose the directions of each state, from the last state back to the first.

    Args:
        points: Gives the values ``(n, d)`` of a state, less their mean; asked for once a state.
        widths: d of each state.
        operators: The linear part between each two neighbours, None where there is none.
        triplets: Leading singular triplets of each of them, None where there are none.
        k: How many directions at most.

    Returns:
        For each state ``(d, r)`` float64, orthonormal columns, ``r <= min(k, d)``: in the neurons' order
        where d is at most k, else by falling variance of the points. Fewer than k where the points
        and the layers know of no more.

    Raises:
        ValueError: If ``k`` is below 1.
    """
    joints = [
        Joint(i, i + 1, operator, found, is_identity(operator))
        for i, (operator, found) in enumerate(zip(operators, triplets, strict=True))
    ]
    return choose_graph_bases(points, widths, joints, k)


@dataclass(frozen=True)
class Joint:
    """Two states of which the one flows into the other, for the choice of their bases.

    Attributes:
        before: Number of the one.
        behind: Of the other; it is larger.
        operator: The linear part between them, None where there is none.
        triplets: Its leading singular triplets, None where there are none.
        shared: Whether both have one basis: a layer that goes value by value, a sum and its terms.
    """

    before: int
    behind: int
    operator: Operator | None
    triplets: Triplets | None
    shared: bool


def choose_graph_bases(
    points: Points, widths: Sequence[int], joints: Sequence[Joint], k: int = K
) -> list[np.ndarray]:
    """Choose the directions of each state of a network with branches, those behind first.

    States that share a basis are one group. What several layers take from a group, or lead into it, shares the place
    that each claim has. A layer whose other side is chosen later (a branch leads from a residual stream back into it)
    claims its own leading singular directions.

    Args:
        points: As for `choose_bases`.
        widths: As for `choose_bases`.
        joints: What flows into what.
        k: As for `choose_bases`.

    Returns:
        As `choose_bases`.

    Raises:
        ValueError: If ``k`` is below 1.
    """
    if k < 1:
        raise ValueError(f"choose_bases: k must be at least 1, got {k}")
    bases: list[np.ndarray] = [np.empty((d, 0)) for d in widths]
    for group in _groups(len(widths), joints):
        width = widths[group[0]]
        if width <= k:
            basis = np.eye(width)
        else:
            inside = set(group)
            known = [one for one in joints if not one.shared and one.operator]
            out = [one for one in known if one.before in inside]
            into = [one for one in known if one.behind in inside]
            placed = [one for one in out if isinstance(one.operator, Placed)]
            among = len(out) - len(placed) + bool(placed)
            claims = [
                *(_placed(one, bases[one.behind], k, among) for one in placed),
                *(_taken(one, bases[one.behind], k, among) for one in out if one not in placed),
                *(_led(one.operator, one.triplets, k, len(into)) for one in into),
            ]
            basis = _in_blocks(_cloud(points, group), claims, _blocks(into, width), k)
        for i in group:
            bases[i] = basis
    return bases


def _groups(count: int, joints: Sequence[Joint]) -> list[list[int]]:
    """States that share a basis, rising; groups by their last state, falling."""
    first = list(range(count))
    for one in joints:
        if one.shared:
            low, high = sorted((first[one.before], first[one.behind]))
            first = [low if group == high else group for group in first]
    found: dict[int, list[int]] = {}
    for state, group in enumerate(first):
        found.setdefault(group, []).append(state)
    return sorted(found.values(), key=lambda group: -group[-1])


def _cloud(points: Points, group: Sequence[int]) -> np.ndarray:
    """The points of a group's states, each state of unit size; of a large group every so many."""
    parts = [_of_unit_size(points(i)) for i in group] if len(group) <= FEW else []
    if not parts:
        parts = [
            _of_unit_size(points(i))[j % len(group) :: -(-len(group) // FEW)]
            for j, i in enumerate(group)
        ]
    return np.vstack(parts)


def _taken(joint: Joint, behind: np.ndarray, k: int, among: int) -> np.ndarray | None:
    """The directions of a state that a layer takes, of which ``among`` share the place."""
    if behind.shape[1] or joint.triplets is None:
        return _followed(joint.operator, behind, k, among)
    return joint.triplets.left[:, joint.triplets.sigma > 0][:, : max(1, int(LED * k))]


def _placed(joint: Joint, behind: np.ndarray, k: int, among: int) -> np.ndarray | None:
    """The directions of a state that are kept of it in a concatenation."""
    if joint.operator is None or not behind.shape[1]:
        return None
    came = joint.operator.adjoint(np.ascontiguousarray(behind.T)).T
    left, sigma, _ = np.linalg.svd(came, full_matrices=False)
    return left[:, sigma > NOTHING][:, : k if among == 1 else max(1, int(FOLLOWED * k))]


def _blocks(into: Sequence[Joint], width: int) -> list[np.ndarray]:
    """Where in a concatenation its inputs stand, the last block what is no recorded one's; one block for all else."""
    found = [one for one in into if isinstance(one.operator, Placed)]
    blocks = [
        one.operator.at
        for one in found
        if isinstance(one.operator, Placed) and one.behind == found[0].behind
    ]
    rest = np.setdiff1d(np.arange(width), np.concatenate(blocks) if blocks else [])
    return [*blocks, rest] if len(rest) else blocks


def _in_blocks(
    cloud: np.ndarray, claims: Sequence[np.ndarray | None], blocks: Sequence[np.ndarray], k: int
) -> np.ndarray:
    """All claims in one basis whose directions are each of one block: so what is concatenated keeps its own."""
    if len(blocks) == 1:
        return _shared_out(cloud, claims, k)
    parts: list[np.ndarray] = []
    left = k
    for i, at in enumerate(sorted(blocks, key=len)):
        own = min(len(at), left // (len(blocks) - i))
        left -= own
        inside = [
            None if one is None else _most(one[at], own * one.shape[1] // k) for one in claims
        ]
        found = _shared_out(cloud[:, at], inside, own)
        part = np.zeros((cloud.shape[1], found.shape[1]))
        part[at] = found
        parts.append(part)
    basis = np.hstack(parts)
    return basis[:, np.argsort(-((cloud @ basis) ** 2).sum(0), kind="stable")]


def _most(directions: np.ndarray, count: int) -> np.ndarray:
    """The directions ``(d, up to count)`` in which others have most."""
    left, sigma, _ = np.linalg.svd(directions, full_matrices=False)
    return left[:, sigma > NOTHING][:, :count]


def _followed(
    operator: Operator | None, behind: np.ndarray, k: int, among: int = 1
) -> np.ndarray | None:
    """The directions from which those behind a layer mostly come, ``(d, up to FOLLOWED k / among)``."""
    if operator is None or not behind.shape[1]:
        return None
    before = operator.adjoint(np.ascontiguousarray(behind.T)).T
    left, sigma, _ = np.linalg.svd(before, full_matrices=False)
    widens = operator.shape[0] <= operator.shape[1]
    turns = widens and sigma[-1] > (1 - ALIKE) * sigma[0] > 0
    share = k if turns and among == 1 else max(1, int(FOLLOWED * k) // among)
    return left[:, sigma > NOTHING * max(sigma[0], 1e-300)][:, :share]


def _led(
    operator: Operator | None, triplets: Triplets | None, k: int, among: int = 1
) -> np.ndarray | None:
    if triplets is None or isinstance(operator, (Pooling, Diagonal)):
        return None
    return triplets.right[:, triplets.sigma > 0][:, : int(LED * k) // among]


def _shared_out(cloud: np.ndarray, claims: Sequence[np.ndarray | None], k: int) -> np.ndarray:
    """All claims in one basis, turned to the principal axes of the points."""
    basis = np.empty((cloud.shape[1], 0))
    for claim in claims:
        if claim is not None:
            basis = _with(basis, claim)[:, :k]
    left_over = cloud - (cloud @ basis) @ basis.T
    basis = _with(basis, principal_directions(left_over, k - basis.shape[1]))
    if not basis.shape[1]:
        return basis
    _, turned = np.linalg.eigh((cloud @ basis).T @ (cloud @ basis))
    basis = basis @ turned[:, ::-1]
    signs = np.where(basis[np.abs(basis).argmax(0), np.arange(basis.shape[1])] < 0, -1.0, 1.0)
    return basis * signs


def principal_directions(cloud: np.ndarray, count: int) -> np.ndarray:
    """The leading principal directions of points about the origin.

    Args:
        cloud: ``(n, d)``.
        count: How many at most; directions without variance are none.

    Returns:
        ``(d, r)`` float64, orthonormal, by falling variance.
    """
    if count < 1 or not cloud.size:
        return np.empty((cloud.shape[1], 0))
    wide = cloud.shape[0] <= cloud.shape[1]
    variance, vectors = np.linalg.eigh(cloud @ cloud.T if wide else cloud.T @ cloud)
    variance, vectors = variance[::-1][:count], vectors[:, ::-1][:, :count]
    real = variance > NOTHING * max(float(variance[0]), 1e-24)
    directions = cloud.T @ vectors[:, real] if wide else vectors[:, real]
    return np.linalg.qr(directions)[0]


def _with(basis: np.ndarray, more: np.ndarray) -> np.ndarray:
    """A basis with what directions add to it."""
    for _ in range(2):  # once more for what rounding left
        more = more - basis @ (basis.T @ more)
    left, sigma, _ = np.linalg.svd(more, full_matrices=False)
    return np.hstack([basis, left[:, sigma > 1e-6]])


def _of_unit_size(cloud: np.ndarray) -> np.ndarray:
    size = float(np.linalg.norm(cloud))
    return cloud / size if size > 0 else cloud
