"""Tiny networks, recorded with all their layers: what alignments are tested on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gt.run import Run, open_run

CLASSES = ("ant", "bee", "cat")


def spread(n: int, shape: Sequence[int], seed: int = 0) -> np.ndarray:
    """Points ``(n, *shape)`` float32, wider along some values than along others, off the origin."""
    rng = np.random.default_rng(seed)
    sizes = np.geomspace(2.0, 0.5, int(np.prod(shape)))
    points = rng.standard_normal((n, len(sizes))) * sizes + 0.5
    return points.reshape(n, *shape).astype(np.float32)


def record(
    path: Path,
    model: Any,
    inputs: np.ndarray,
    *,
    labels: np.ndarray | None = None,
    splits: np.ndarray | None = None,
    epochs: Sequence[int] = (0, 1),
    dtype: str = "float32",
    layers: Any = "all",
) -> Run:
    """Record a network, whose weights move a little, at random, from each epoch to the next."""
    import torch

    import gt

    generator = torch.Generator().manual_seed(5)
    recorder = gt.Recorder(
        model,
        path,
        inputs=inputs,
        labels=np.arange(len(inputs)) % len(CLASSES) if labels is None else labels,
        classes=CLASSES,
        splits=np.ones(len(inputs), int) if splits is None else splits,
        layers=layers,
        dtype=dtype,
    )
    for i, epoch in enumerate(epochs):
        if i:
            with torch.no_grad():
                for value in model.parameters():
                    value += (
                        0.1
                        * value.std(unbiased=False)
                        * torch.randn(value.shape, generator=generator)
                    )
        recorder.record(epoch)
    recorder.close()
    return open_run(path)


def rotation(size: int, seed: int = 0) -> np.ndarray:
    """An orthogonal matrix of determinant 1 that is no near-identity, ``(size, size)`` float64."""
    q = np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))[0]
    q[:, 0] *= np.sign(np.linalg.det(q))
    return q
