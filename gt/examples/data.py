"""Data for the examples that need no download: digits that come with the project, and what is drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gt.dashboard import SHIPPED
from gt.run import open_run


class Data(NamedTuple):
    """Points to learn from, and to watch.

    Attributes:
        x: ``(n, ...)`` what the network is given.
        y: ``(n, ...)`` what it should say.
        train: ``(n,)`` bool, which of them it learns from.
        images: ``(n, h, w)`` uint8, to be shown.
    """

    x: Tensor
    y: Tensor
    train: Tensor
    images: np.ndarray

    @property
    def splits(self) -> list[str]:
        """Of each point "train" or "test"."""
        return ["train" if one else "test" for one in self.train]


def digits(n: int, side: int = 28) -> Data:
    """Handwritten digits of MNIST, every other one to learn from; 2,000 come with the project.

    Args:
        n: So many of them.
        side: Pixels of a row, 28, 14 or 7.

    Returns:
        Pixels ``(n, 1, side, side)`` from 0 to 1, and the digits ``(n,)``.
    """
    run = open_run(SHIPPED / "mnist")
    assert run.images is not None
    half = np.flatnonzero(run.splits == 0), np.flatnonzero(run.splits == 1)
    rows = np.stack([one[: (n + 1) // 2] for one in half], 1).ravel()[:n]
    parts = run.images[rows, :, :, 0].reshape(len(rows), side, 28 // side, side, 28 // side)
    labels = torch.tensor(run.labels[rows]).long()
    return _pictures(parts.mean((2, 4)), labels, torch.arange(len(rows)) % 2 == 0)


def shapes(n: int, side: int = 16) -> tuple[Data, Tensor]:
    """Grey pictures of a disc, a cross and bars, each of which is there or not, somewhere.

    Args:
        n: So many pictures; the first two thirds are to learn from.
        side: Pixels of a row.

    Returns:
        Pixels ``(n, 1, side, side)`` and what is there, ``(n, 3)`` of 0 and 1; and of each pixel ``(n, side, side)``
        what is drawn in it, 0 for nothing.
    """
    rng = np.random.default_rng(0)
    there = rng.random((n, 3)) < 0.5
    here = rng.uniform(0.25, 0.75, (2, n, 3, 1, 1)) * side
    y, x = np.mgrid[:side, :side][:, None, None] - here
    of = side / 5
    drawn = np.stack(
        [
            np.hypot(x, y)[:, 0] < of,
            ((np.abs(x) < 1) ^ (np.abs(y) < 1))[:, 1] & (np.hypot(x, y)[:, 1] < 1.5 * of),
            ((np.abs(x) < of) & (np.abs(y) < of) & (y.round() % 2 == 0))[:, 2],
        ],
        1,
    )
    drawn &= there[:, :, None, None]
    what = (drawn * np.arange(1, 4)[:, None, None]).max(1)
    pixels = 255 * (0.8 * drawn.any(1) + rng.normal(0.1, 0.05, (n, side, side)))
    return _pictures(pixels, torch.tensor(there).float(), _two_thirds(n)), torch.tensor(what)


def discs(n: int, side: int = 16) -> Data:
    """A disc in a noisy picture, and where it is and how large.

    Args:
        n: So many pictures; the first two thirds are to learn from.
        side: Pixels of a row.

    Returns:
        Pixels ``(n, 1, side, side)``, and ``(n, 3)``: x, y and radius, all in widths of the picture.
    """
    rng = np.random.default_rng(0)
    x, y, radius = rng.uniform([[0.2], [0.2], [0.1]], [[0.8], [0.8], [0.3]], (3, n))
    row, column = (np.mgrid[:side, :side] + 0.5)[:, None] / side
    far = np.hypot(column - x[:, None, None], row - y[:, None, None])
    pixels = 255 * (0.8 * (far < radius[:, None, None]) + rng.normal(0.1, 0.05, far.shape))
    return _pictures(pixels, torch.tensor(np.stack([x, y, radius], 1)).float(), _two_thirds(n))


TOPICS = ("sea", "wood", "town", "sky")
WORDS = 24  # five of each topic, three that are of none, and 0 for padding
LENGTH = 12


def sentences(n: int) -> tuple[Tensor, Tensor, Tensor]:
    """Sentences of 6 to 12 words, of which more are of one topic than of each other.

    Args:
        n: So many sentences; the first two thirds are to learn from.

    Returns:
        Numbers of words ``(n, 12)``, 0 behind the end; topics ``(n,)``; which to learn from ``(n,)`` bool.
    """
    rng = np.random.default_rng(0)
    topics = rng.integers(0, len(TOPICS), n)
    own = 1 + 5 * topics[:, None] + rng.integers(0, 5, (n, LENGTH))
    any_word = rng.integers(1, WORDS, (n, LENGTH))
    words = np.where(rng.random((n, LENGTH)) < 0.4, own, any_word)
    words[np.arange(LENGTH) >= rng.integers(6, LENGTH + 1, (n, 1))] = 0
    return torch.tensor(words), torch.tensor(topics), _two_thirds(n)


def _pictures(pixels: np.ndarray, y: Tensor, train: Tensor) -> Data:
    """Pixels ``(n, h, w)`` from 0 to 255, and what the network is given: exactly these, from 0 to 1."""
    images = pixels.round().clip(0, 255).astype(np.uint8)
    return Data(torch.tensor(images[:, None] / np.float32(255)), y, train, images)


def _two_thirds(n: int) -> Tensor:
    return torch.arange(n) < 2 * n // 3
