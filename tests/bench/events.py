"""How often events are found where nothing happened: false alarms a training.

    python -m tests.bench.events [--times 200]

Three ways to have nothing: labels shuffled (no class does anything of its own), each point's motions
shuffled in time (no epoch is special), and trainings that are drawn: a power law of drift, noise that each class
shares, and noise of every point. Of the shipped trainings all points are asked about, the training points, and the test
points, as on the page; the drawn ones also by number of transitions.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

import gt
from gt.measure.training.course import Course, course_of
from gt.measure.training.events import Event, sudden_changes
from gt.measure.training.report import WHOSE

SHIPPED = Path(__file__).parents[2] / "precomputed"
RUNS = ("mnist", "fashion-mnist", "cifar10")


def labels_shuffled(course: Course, rng: np.random.Generator) -> Course:
    """The same points under each other's labels; what they said goes along, so that it stays as right."""
    order = rng.permutation(len(course.labels))
    labels = course.labels[order]
    k = len(course.classes)
    said = np.where(course.right, labels, (labels + 1) % k).astype(np.uint16)
    return replace(course, labels=labels, predicted=said)


def times_shuffled(course: Course, rng: np.random.Generator) -> Course:
    """Each point's motions in an order of its own."""
    return replace(course, moved=rng.permuted(course.moved, axis=0))


def drawn(
    rng: np.random.Generator, transitions: int = 99, k: int = 10, per_class: int = 200
) -> Course:
    """A training in which nothing happens: motions that die down at each class's own rate, and noise."""
    n, e = k * per_class, transitions + 1
    labels = np.arange(n) % k
    time = np.arange(1, e)[:, None]
    drift = np.exp(rng.uniform(-6, -1, k)) * time ** -rng.uniform(0, 1, k)
    restless = np.exp(rng.normal(0, rng.uniform(0.1, 0.6, k), (transitions, k)))
    moved = (drift * restless)[:, labels] * rng.gamma(1.0, 1.0, (transitions, n))
    predicted = np.tile(labels, (e, 1)).astype(np.uint16)
    names = tuple(map(str, range(k)))
    splits = np.zeros(n, np.uint8)
    return Course(
        np.arange(e), np.arange(n), labels, splits, names, moved.astype(np.float32), predicted
    )


def _said(name: str, found: list[list[Event]]) -> str:
    of_classes = np.array([sum(one.kind != "all" for one in events) for events in found])
    of_all = np.array([sum(one.kind == "all" for one in events) for events in found])
    return f"{name:<42}{of_classes.mean():>10.3f}{(of_classes > 0).mean():>10.1%}{of_all.mean():>10.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="shuffles of each (%(default)s)")
    times = parser.parse_args().times
    rng = np.random.default_rng(0)
    print(f"{'':<42}{'of a class':>10}{'any':>10}{'of all':>10}   a training")
    for name in RUNS:
        whole = course_of(gt.open_run(SHIPPED / name))
        for points, splits in WHOSE.items():
            course = whole.of(np.isin(whole.splits, splits))
            print(_said(f"{name}, {points}, as it is", [sudden_changes(course)]))
            for what, shuffle in (("labels", labels_shuffled), ("times", times_shuffled)):
                found = [sudden_changes(shuffle(course, rng)) for _ in range(times)]
                print(_said(f"{name}, {points}, {what} shuffled", found), flush=True)
    for transitions in (6, 10, 20, 50, 99, 300):
        found = [sudden_changes(drawn(rng, transitions)) for _ in range(times)]
        print(_said(f"drift and noise, {transitions} transitions", found), flush=True)
    found = [sudden_changes(drawn(rng, per_class=100)) for _ in range(times)]
    print(_said("drift and noise, 99, half the points", found))


if __name__ == "__main__":
    main()
