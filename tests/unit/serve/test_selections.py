"""Selections that are too large for an address are kept, by what they hold."""

import pytest

from gt.cache.store import Store
from gt.serve import selections
from gt.ui.tour.link import pack


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "cache" / "tensors")
    yield store
    store.close()


def test_a_selection_is_found_by_its_digest_by_another_worker_too(store, tmp_path):
    packed = pack(range(0, 60_000, 3))
    name = selections.keep(store, packed)
    assert selections.NAME.fullmatch(name) and selections.keep(store, packed) == name
    again = Store(store.folder)
    assert selections.find(again, name) == packed
    again.close()
    assert selections.find(store, name[::-1]) is None
    for path in ("../tensors/cache.db", "", name + "0", name.upper()):
        assert selections.find(store, path) is None


@pytest.mark.parametrize(
    ("packed", "said"),
    [
        (b"", "0 came"),
        (b"\x01" * (selections.LARGEST_BYTES + 1), "4,000,001 came"),
        (b"\x05\x80", "breaks off"),
        (b"\xff" * 8 + b"\x01", "larger one came"),
    ],
)
def test_what_is_no_selection_is_refused_and_leaves_nothing(store, packed, said):
    with pytest.raises(selections.SelectionError, match=said):
        selections.keep(store, packed)
    folder = store.folder.parent / selections.FOLDER
    assert not folder.exists() or not list(folder.iterdir())


def test_the_largest_id_there_is_can_be_kept(store):
    packed = pack([0, 2**53])
    assert selections.find(store, selections.keep(store, packed)) == packed


def test_a_damaged_one_is_as_if_it_had_not_been_kept(store, caplog):
    name = selections.keep(store, pack([1, 2, 3]))
    (store.folder.parent / selections.FOLDER / name).write_bytes(b"\x01\x01")
    assert selections.find(store, name) is None
    assert "damaged" in caplog.text


def test_those_that_nobody_asked_for_go_first(store, monkeypatch):
    import os

    first, second = (selections.keep(store, pack([one])) for one in (1, 2))
    folder = store.folder.parent / selections.FOLDER
    for age, name in enumerate((second, first)):
        os.utime(folder / name, (1e9 - age, 1e9 - age))
    assert selections.find(store, first)  # asked for: now the younger one
    monkeypatch.setattr(selections, "ROOM_BYTES", 1)
    third = selections.keep(store, pack([3]))
    assert {one.name for one in folder.iterdir()} == {first, third}
