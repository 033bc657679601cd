"""A small run whose chunks all fit into each other's places, for tests of damage."""

import numpy as np
import zarr

from gt.run import Layer, RunWriter, measure
from gt.run.points import check_points

N, K, E = 8, 3, 5
LAYERS = [
    Layer("input", "Input", (K,), constant=True),
    Layer("a", "Linear", (K,)),
    Layer("b", "Linear", (K,)),
    Layer("logits", "Linear", (K,)),
    Layer("softmax", "Softmax", (K,), softmax_of="logits"),
]


def make(path, seed=0):
    """A run whose layers all have one shape, in two chunks of points: any chunk fits anywhere."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 255, (N, 2, 2, 1), dtype=np.uint8)
    points = check_points(N, K, rng.integers(0, K, N), ids=rng.permutation(N), images=images)
    weights = {"a.weight": (K, K), "b.weight": (K, K)}
    with RunWriter.create(path, points, LAYERS, weights=weights, rows=4, sync=False) as writer:
        for epoch in range(0, 10 * E, 10):
            for layer in writer.run.layers:
                if layer.array and not (layer.constant and epoch):
                    values = rng.normal(size=(N, K)).astype(np.float32)
                    for start in (0, 4):
                        writer.put(layer, start, values[start : start + 4], epoch)
            for name in weights:
                writer.put_weight(name, rng.normal(size=(K, K)).astype(np.float32), epoch)
            outputs = rng.normal(size=(N, K))
            writer.commit(epoch, measure.measure(outputs, False, points.labels, points.splits))
    return path


def without_checks(path):
    """Open a run to be changed by hand, as one of the first version, which noticed no other chunks."""
    group = zarr.open_group(path, mode="r+")
    group.attrs["checks"] = False
    return group
