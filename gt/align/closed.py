"""Singular triplets of operators whose matrix falls into blocks that do not touch: no iteration is needed.

A convolution whose windows do not overlap (a 1 x 1 kernel, a kernel no longer than its stride) does the same to each
window, and nothing else: its matrix is that of one window, once for each place. Its singular values are those of
that small matrix, each as often as there are places, and any orthonormal patterns over the places spread its singular
vectors; taken are cosines, slow ones first, so that the leading vector of each is the mean over the picture. Where
windows are cut by the border, places with the same cut go together. The same holds for a linear layer on each of
several tokens. Factors value by value are their own singular values.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gt.layers.operators import Convolution, Diagonal

DIGITS = 10  # of the largest value, to which values that are equal but for rounding agree

Found = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Cut:
    """Places whose windows are cut alike.

    Attributes:
        places: Along each axis, which outputs.
        taps: Along each axis, which places of the kernel lie inside.
    """

    places: tuple[np.ndarray, ...]
    taps: tuple[np.ndarray, ...]


def of_factors(operator: Diagonal, k: int) -> Found:
    """The k leading triplets of factors value by value; of equal ones the first value comes first."""
    factors = np.asarray(operator.factors, np.float64)
    order = np.argsort(-np.abs(factors), kind="stable")[:k]
    left = np.zeros((len(factors), len(order)))
    left[order, range(len(order))] = 1.0
    return left, np.abs(factors[order]), left * np.where(factors[order] < 0, -1.0, 1.0)


def of_each(left: np.ndarray, sigma: np.ndarray, right: np.ndarray, times: int, k: int) -> Found:
    """The k leading triplets of a matrix that acts on each of several vectors, from those of the matrix.

    Args:
        left: ``(d_in, r)``.
        sigma: ``(r,)``, falling.
        right: ``(d_out, r)``.
        times: How many vectors.
        k: How many; ``r * times`` at most.
    """
    patterns = _cosines(times)
    pairs = list(itertools.islice(itertools.product(range(len(sigma)), range(times)), k))
    which, wave = (np.array(one, int) for one in zip(*pairs, strict=True))

    def spread(vectors: np.ndarray) -> np.ndarray:
        out = patterns[:, None, wave] * vectors[None, :, which]
        return out.reshape(-1, len(pairs))

    return spread(left), sigma[which], spread(right)


def of_windows(operator: Convolution, k: int) -> Found | None:
    """The k leading triplets of a convolution whose windows do not overlap.

    Returns:
        None where they do, or where there are fewer than k that the kernel knows of.
    """
    cuts = _cuts(operator)
    if cuts is None:
        return None
    outs, ins = operator.outputs[0] // operator.groups, operator.weight.shape[1]
    weight = np.asarray(operator.weight, np.float64)
    kernels: list[tuple[Cut, int, np.ndarray, np.ndarray, np.ndarray]] = []
    for cut, group in itertools.product(cuts, range(operator.groups)):
        own = weight[group * outs : (group + 1) * outs]
        seen = own[np.ix_(np.arange(outs), np.arange(ins), *cut.taps)]
        u, s, vt = np.linalg.svd(seen.reshape(outs, -1).T, full_matrices=False)
        kernels.append((cut, group, u, s, vt))
    unit = max((float(s[0]) for *_, s, _ in kernels if len(s)), default=0.0) or 1.0
    counts = [tuple(len(one) for one in cut.places) for cut, *_ in kernels]
    choices = [
        (-round(float(value) / unit, DIGITS), sum(wave), wave, at, i)
        for at, (*_, s, _) in enumerate(kernels)
        for i, value in enumerate(s)
        for wave in itertools.islice(_waves(counts[at]), k)
    ]
    chosen = heapq.nsmallest(k, choices)
    if len(chosen) < min(k, *operator.shape):
        return None
    left, right = (np.empty((d, len(chosen))) for d in operator.shape)
    sigma = np.empty(len(chosen))
    for j, (_, _, wave, at, i) in enumerate(chosen):
        cut, group, u, s, vt = kernels[at]
        pattern = _pattern(cut, wave, operator.outputs[1:])
        out = np.zeros((operator.groups, outs, *operator.outputs[1:]))
        out[group] = np.multiply.outer(vt[i], pattern)
        window = np.zeros((operator.groups, ins, *operator.kernel))
        seen = u[:, i].reshape(ins, *(len(taps) for taps in cut.taps))
        window[group][np.ix_(np.arange(ins), *cut.taps)] = seen
        left[:, j], right[:, j] = _windows(operator, window, pattern), out.ravel()
        sigma[j] = s[i]
    order = np.argsort(-sigma, kind="stable")  # equal ones differ by rounding
    return left[:, order], sigma[order], right[:, order]


def _cuts(operator: Convolution) -> list[Cut] | None:
    """Places by how the border cuts their windows; None where windows overlap."""
    axes = []
    sizes = zip(
        operator.inputs[1:],
        operator.outputs[1:],
        operator.kernel,
        operator.stride,
        operator.dilation,
        operator.before,
        strict=True,
    )
    for size, out, kernel, stride, dilation, before in sizes:
        seen = np.arange(out)[:, None] * stride + np.arange(kernel) * dilation - before
        inside = (seen >= 0) & (seen < size)
        if len(np.unique(seen[inside])) < inside.sum():
            return None
        masks, which = np.unique(inside, axis=0, return_inverse=True)
        axes.append(
            [
                (np.flatnonzero(which == i), np.flatnonzero(mask))
                for i, mask in enumerate(masks)
                if mask.any()
            ]
        )
    return [
        Cut(tuple(places for places, _ in one), tuple(taps for _, taps in one))
        for one in itertools.product(*axes)
    ]


def _waves(counts: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Frequencies along each axis, slow ones first."""
    yield from sorted(itertools.product(*map(range, counts)), key=lambda wave: (sum(wave), wave))


def _pattern(cut: Cut, wave: tuple[int, ...], shape: tuple[int, ...]) -> np.ndarray:
    """A cosine over the places of a cut, zero elsewhere, of norm one."""
    pattern = np.ones(())
    for places, frequency, size in zip(cut.places, wave, shape, strict=True):
        along = np.zeros(size)
        along[places] = _cosines(len(places))[:, frequency]
        pattern = np.multiply.outer(pattern, along)
    return pattern


def _windows(operator: Convolution, window: np.ndarray, pattern: np.ndarray) -> np.ndarray:
    """One window, by its pattern at each place: ``(d_in,)``; `window` is ``(groups, in, *kernel)``."""
    alone = Convolution(
        window.reshape(1, -1, *operator.kernel),
        operator.inputs,
        stride=operator.stride,
        padding=operator.padding,
        dilation=operator.dilation,
    )
    return alone.adjoint(pattern.reshape(1, -1))[0]


def _cosines(count: int) -> np.ndarray:
    """Orthonormal cosines ``(count, count)``, a column each, the constant first (the DCT-II)."""
    places, waves = np.arange(count)[:, None] + 0.5, np.arange(count)
    size = np.where(waves == 0, 1.0, np.sqrt(2.0)) / np.sqrt(count)
    return np.cos(np.pi / count * places * waves) * size
