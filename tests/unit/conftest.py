"""Small data sets in the publishers' layout, made here: no test needs the real ones."""

import hashlib

import numpy as np
import pytest

from gt.record import published

TRAIN, TEST, CLASSES = 1040, 1010, 10


def idx(values):
    head = bytes([0, 0, 8, values.ndim]) + b"".join(n.to_bytes(4, "big") for n in values.shape)
    return head + values.tobytes()


def digits(rng, n, shape):
    """Images whose class is easily learnt: a bright band at a height of its own."""
    labels = (np.arange(n) % CLASSES).astype(np.uint8)
    images = rng.integers(0, 60, (n, *shape), dtype=np.uint8)
    for i, label in enumerate(labels):
        images[i, 2 * label + 2 : 2 * label + 5] = 250
    return images, labels


@pytest.fixture(scope="session")
def contents():
    """The content of each small file by its name in the table of checksums."""
    rng = np.random.default_rng(0)
    files = {}
    for name in ("mnist", "fashion-mnist"):
        for part, n in (("train", TRAIN), ("t10k", TEST)):
            images, labels = digits(rng, n, (28, 28))
            files[f"{name}/{part}-images-idx3-ubyte"] = idx(images)
            files[f"{name}/{part}-labels-idx1-ubyte"] = idx(labels)
    parts = [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]
    for part in parts:
        n = TEST if part == "test_batch" else TRAIN // 5
        images, labels = digits(rng, n, (32, 32, 3))
        rows = np.concatenate([labels[:, None], images.transpose(0, 3, 1, 2).reshape(n, -1)], 1)
        files[f"cifar-10-batches-bin/{part}.bin"] = rows.tobytes()
    return files


@pytest.fixture
def known(contents, monkeypatch):
    """Let the small files be the right ones."""
    for name, content in contents.items():
        monkeypatch.setitem(published.SHA256, name, hashlib.sha256(content).hexdigest())
    monkeypatch.delenv("GT_DATA_DIR", raising=False)
    return contents


@pytest.fixture
def data_dir(known, tmp_path):
    """A folder that holds them."""
    folder = tmp_path / "data"
    for name, content in known.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder
