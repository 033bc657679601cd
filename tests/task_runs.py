"""Small runs of every task, by epochs or by steps, with columns and targets, as the format has them."""

import numpy as np

from gt.run import RunWriter
from gt.run.columns import check_columns, check_targets
from gt.run.layer import Layer
from gt.run.points import Points, check_points
from gt.run.task import MULTILABEL, NONE, REGRESSION, TASKS, one_class, output_layers
from gt.run.task_measures import measure_task

N = 24
AXES = {
    "classification": ("ant", "bee", "cow"),
    "binary": ("no", "yes"),
    "multilabel": ("big", "old", "red"),
    "regression": ("width", "height"),
    "none": tuple(f"z{i}" for i in range(5)),
}
GROUPS = {
    "multilabel": ("big", "big + old", "no label", "red"),
    "regression": ("points",),
    "none": ("points",),
}
assert set(AXES) == set(TASKS)


def points_of(task, rng, images=True):
    """Points of a task, half of them in each split."""
    groups = GROUPS.get(task, AXES[task])
    shown = rng.integers(0, 255, (N, 4, 4, 1), dtype=np.uint8) if images else None
    labels = np.arange(N) % len(groups)
    found = check_points(
        N, len(groups), labels, classes=groups, splits=np.arange(N) // 2 % 2, images=shown
    )
    k, targets = len(AXES[task]), None
    if task == MULTILABEL:
        sets = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 0, 1]])
        targets = check_targets(task, sets[labels], N, k, "test")
    elif task == REGRESSION:
        targets = check_targets(task, rng.normal(size=(N, k)), N, k, "test")
    columns = {"age": np.arange(N) / 2, "place": np.array(["here", "there"])[np.arange(N) % 2]}
    return Points(
        found.ids,
        found.labels,
        found.splits,
        found.classes,
        found.images,
        check_columns(columns, N, "test"),
        targets,
    )


def make(path, task, *, unit="epoch", hidden=True, images=True, epochs=(0, 1, 2, 5), seed=0):
    """A run of a task, whose outputs move a little every epoch."""
    rng = np.random.default_rng(seed)
    points, k = points_of(task, rng, images), len(AXES[task])
    layers = [Layer("input", "Input", (6,), constant=True), Layer("fc1", "Linear", (4,))]
    layers = [*(layers if hidden else []), *output_layers(task, k)]
    axes = None if one_class(task) else AXES[task]
    first = rng.normal(size=(N, k))
    with RunWriter.create(
        path, points, layers, task=task, axes=axes, unit=unit, sync=False
    ) as writer:
        for at, epoch in enumerate(epochs):
            outputs = (first + at * rng.normal(size=(N, k))).astype(np.float32)
            if task == "binary":
                outputs[:, 0] = 0
            for layer in writer.run.layers:
                if layer.array and not (layer.constant and at):
                    own = layer.name in writer.run.outputs
                    values = outputs if own else rng.normal(size=(N, *layer.shape))
                    writer.put(layer, 0, values.astype(np.float32), epoch)
            writer.commit(epoch, measure_task(task, outputs, points, where="test"))
    return path


ALL = TASKS
LABELLED = (MULTILABEL, REGRESSION)
FREE = (REGRESSION, NONE)
