"""Small runs that the tests of the server and of the browser share; nothing real is downloaded.

``runs_folder`` has four: ``mnist`` (ten digits, grey images, the epochs of its named views),
``shapes`` (three classes, colour images, softmax only), ``held-out`` (test points only, no images)
and ``wide`` (twelve classes, train points only). The first two have embeddings, see
`tests.embeddings`, and named views, see `tests.named`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests import again, longest
from tests.embeddings import write_small_embeddings
from tests.named import write_views

MNIST_EPOCHS = [0, 1, 5, 10, 12, 25, 30, 40]


def pytest_configure(config: pytest.Config) -> None:
    again.register(config)


@pytest.fixture(scope="session", autouse=True)
def quiet() -> Iterator[None]:
    """What is aligned without being asked must not depend on how busy the tests keep the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0), raising=False)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = longest.first(items)


def learning(rng: np.random.Generator, labels: np.ndarray, k: int, epochs: int) -> np.ndarray:
    """Logits ``(epochs, n, k)`` of a network that gets better, and stays wrong on some points."""
    n = len(labels)
    taught = np.where(rng.random(n) < 0.12, (labels + 1) % k, labels)
    start = rng.normal(0, 0.4, (n, k))
    drift = rng.normal(0, 1.0, (n, k)) + 6.0 * np.eye(k)[taught]
    return start + np.linspace(0, 1, epochs)[:, None, None] * drift


def softmax(logits: np.ndarray) -> np.ndarray:
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def write_small_runs(folder: Path) -> Path:
    """Write the four runs into a folder and return it."""
    from gt.run import write_run

    rng = np.random.default_rng(7)
    half = 60
    labels = np.tile(np.arange(10), 2 * half // 10)
    write_run(
        folder / "mnist",
        learning(rng, labels, 10, len(MNIST_EPOCHS)).astype(np.float32),
        labels,
        kind="logits",
        classes=[str(digit) for digit in range(10)],
        splits=np.repeat([0, 1], half),
        ids=np.r_[np.arange(half), 100_000 + np.arange(half)],
        images=rng.integers(0, 256, (2 * half, 8, 8, 1), dtype=np.uint8),
        epochs=MNIST_EPOCHS,
        title="MNIST",
    )
    labels = np.arange(48) % 3
    write_run(
        folder / "shapes",
        softmax(learning(rng, labels, 3, 5)).astype(np.float32),
        labels,
        kind="probabilities",
        classes=["circle", "square", "triangle"],
        splits=np.arange(48) // 3 % 2,
        images=rng.integers(0, 256, (48, 6, 6, 3), dtype=np.uint8),
        title="Shapes",
    )
    labels = np.arange(40) % 4
    write_run(
        folder / "held-out",
        learning(rng, labels, 4, 6).astype(np.float32),
        labels,
        kind="logits",
        classes=["north", "east", "south", "west"],
        splits=np.ones(40, int),
        title="Held out",
    )
    labels = np.arange(48) % 12
    write_run(
        folder / "wide",
        learning(rng, labels, 12, 4).astype(np.float32),
        labels,
        kind="logits",
        classes=[f"class {c}" for c in range(12)],
        title="Wide",
    )
    return folder


@pytest.fixture(scope="session")
def runs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_small_runs(tmp_path_factory.mktemp("runs"))
    write_small_embeddings(folder)
    write_views(folder)
    return folder


@pytest.fixture(scope="module")
def recorded_insects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two recordings of one training: ``layers`` and ``outputs``; see `tests.insects`."""
    pytest.importorskip("torch")
    from tests.insects import write_recordings

    return write_recordings(tmp_path_factory.mktemp("recordings"))
