"""About how long aligning a run takes: from the sizes of its layers alone, nothing is read but a description.

Four things take time: reading every layer in every epoch, bringing the points into the bases, the principal directions
of the points, and the singular vectors of layers whose windows overlap.

Measured as time of the processor, with one thread, on two cores that some thirty other processes wanted too, so that
caches were rarely one's own: small recordings of three examples, resnet18 (10 states, 2 epochs), bert (40, 3) and mnist
(12, 3), each of 200 points, take 1.3, 1.8 and 22 seconds and are said to take 1.4, 1.8 and 22. An idle machine may be
faster. What shares the cores makes it longer by the clock, see `gt.files.cores.crowded`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gt.align.paths import drawn
from gt.files.cores import crowded
from gt.run.layer import Layer
from gt.run.read import Run

SOON = 30.0  # seconds within which a run is aligned without being asked
BEGIN = 1.0  # s, to start the process
SLICE = 1.5e-3  # s, to find a layer in an epoch
STATE = 15e-3  # s, to write one
READ = 250e6  # values a second, unpacked and cast
TURNED = 2.5e9  # multiplications a second, of points with a basis
WITHIN = 8e9  # of points with each other
SOLVED = 0.45e9  # of a layer with vectors, one after the other
ROUNDS = 12  # products with a layer for each of its singular vectors


def seconds(run: Run, points: int, every: int, k: int) -> float:
    """About how many seconds `gt.align.align_run.align_run` takes on this machine as busy as it is.

    Args:
        run: A recording with hidden layers.
        points: As of `gt.align.align_run.plan`, as the next two.
        every: See there.
        k: See there.
    """
    shown = drawn(run.graph, run.layers)
    epochs = len(run.epochs[::every])
    count = sum(min(points, int((run.splits == split).sum())) for split in (0, 1))
    chosen = min(points, run.n)
    weights = {one.name: one.shape for one in run.weight_list}
    total = BEGIN
    for layer in shown.layers:
        width = int(np.prod(layer.stored_shape if layer.kept is not None else layer.shape))
        times = 1 if layer.constant else epochs
        total += STATE + times * SLICE + (times + 4) * run.n * width / READ
        total += times * count * width * min(k, width) / TURNED
        if width > k:
            total += 2 * chosen * min(chosen, width) * width / WITHIN
    for layer in shown.layers:
        total += ROUNDS * k * _multiplications(layer, weights) / SOLVED
    return total * crowded()


def _multiplications(layer: Layer, weights: Mapping[str, tuple[int, ...]]) -> float:
    """Of one product of a convolution or a linear layer with a vector, there and back; 0 for other layers."""
    weight = weights.get(f"{layer.module}.weight", ())
    if len(weight) < 2:
        return 0.0
    each = float(np.prod(weight[1:]))
    return 2 * each * float(np.prod(layer.shape)) if len(weight) > 2 else 2 * float(np.prod(weight))
