"""What a file holds is what was announced: epochs as what changes, images once, bytes as letters."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from gt.cache.store import Store
from gt.serve import tensors
from gt.serve.library import Library
from gt.share import held, packed
from tests.in_file import bytes_of

RNG = np.random.default_rng(5)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library([], Store(tmp_path))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 1000])
def test_bytes_come_back_from_letters_that_mean_nothing_in_html_or_json(size: int) -> None:
    data = RNG.bytes(size)
    letters = packed.text_of(data)
    assert gzip.decompress(bytes_of(letters)) == data
    assert len(set(packed.LETTERS)) == 85 and not set(packed.LETTERS) & set("<>&\"'`\\ ")


def test_epochs_are_held_as_what_changes_between_any_two_values() -> None:
    epochs = RNG.integers(0, 65536, (4, 50), dtype=np.uint16)
    epochs[:, :3] = [[0, 0, 65535], [65535, 0, 0], [0, 0, 65535], [32768, 0, 32767]]
    low, high = np.frombuffer(held.series_of(epochs), np.uint8).reshape(2, 50, 4).astype(np.int64)
    folded = low + 256 * high
    change = np.where(folded % 2, -(folded + 1) // 2, folded // 2)
    np.testing.assert_array_equal(change.cumsum(axis=1).T % 65536, epochs)


def test_images_that_another_tensor_has_are_there_once(library: Library) -> None:
    images = RNG.integers(0, 256, (6, 4, 4, 1), dtype=np.uint8)
    some, others = images[[4, 1]], RNG.integers(0, 256, (2, 4, 4, 1), dtype=np.uint8)
    said = [{"images": tensors.offer(library, one)} for one in (images, some, others)]
    where, [block] = held.packed(library, said)
    whole, part, new = (where["at"][one["images"]["url"]] for one in said)
    assert len(block) == images.nbytes + 2 * 4 + others.nbytes
    assert block[whole["start"] :][: whole["bytes"]] == images.tobytes() and "each" not in whole
    places = np.frombuffer(block[part["start"] :][: part["bytes"]], "<u4")
    assert b"".join(block[at:][: part["each"]] for at in places) == some.tobytes()
    assert block[new["start"] :][: new["bytes"]] == others.tobytes()
