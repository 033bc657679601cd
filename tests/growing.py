"""A run that grows epoch by epoch, as a training that is recorded does."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from gt.run.measure import measure
from gt.run.points import check_points
from gt.run.task import CLASSIFICATION, output_layers
from gt.run.write import RunWriter

CLASSES = ("ant", "bee", "cat")


class Growing:
    """A run of three classes that is being recorded by this process until it is closed.

    Args:
        path: Folder of the run, which is begun without an epoch.
        epochs: How many to write at once.
        n: Points; every third is of the test split.
    """

    def __init__(self, path: Path, epochs: int = 0, n: int = 60) -> None:
        self._rng = np.random.default_rng(0)
        self._labels = np.arange(n) % len(CLASSES)
        splits = (np.arange(n) // 3 % 3 == 2).astype(np.uint8)
        where = check_points(n, len(CLASSES), self._labels, classes=CLASSES, splits=splits)
        layers = output_layers(CLASSIFICATION, len(CLASSES))
        self.writer = RunWriter.create(path, where, layers)
        for _ in range(epochs):
            self.add()

    def add(self) -> int:
        """Record one more epoch; returns its number."""
        epoch = len(self.writer.epochs)
        out = self._rng.normal(size=(len(self._labels), len(CLASSES)))
        out[np.arange(len(out)), self._labels] += epoch / 2
        run = self.writer.run
        self.writer.put(run.layers[0], 0, out, epoch)
        self.writer.commit(epoch, measure(out, False, run.labels, run.splits))
        return epoch

    def close(self) -> None:
        """End the recording."""
        self.writer.close()


if __name__ == "__main__":  # python -m tests.growing FOLDER: one epoch for each line that is read
    growing = Growing(Path(sys.argv[1]), 2)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(growing.add(), flush=True)
