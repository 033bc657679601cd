"""Tables whose entries are files: those that lie in the folder are there, in their places, and no others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gt.discover import Table, import_all

FILE = """
from {package} import TABLE, Entry
TABLE.register(Entry({name!r}, {place}))
"""


@dataclass(frozen=True)
class Entry:
    name: str
    place: int


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Table[Entry]]:
    """A table of two files, the later one of which comes first."""
    folder = tmp_path / "entries_of_a_test"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for name, place in (("a", 2), ("b", 1)):
        text = FILE.format(package="table_of_a_test", name=name, place=place)
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    made: Table[Entry] = Table("entries_of_a_test")
    module = type(sys)("table_of_a_test")
    vars(module).update(TABLE=made, Entry=Entry)
    monkeypatch.setitem(sys.modules, "table_of_a_test", module)
    import_all.cache_clear()
    yield made
    import_all.cache_clear()
    for name in [one for one in sys.modules if one.startswith("entries_of_a_test")]:
        del sys.modules[name]


def test_files_are_read_when_an_entry_is_asked_for_and_go_by_their_places(
    table: Table[Entry],
) -> None:
    assert "entries_of_a_test.a" not in sys.modules
    assert list(table) == ["b", "a"] and len(table) == 2 and table["a"].place == 2
    assert "c" not in table and table.get("c") is None
    with pytest.raises(KeyError):
        table["c"]


def test_the_last_one_of_a_name_holds(table: Table[Entry]) -> None:
    assert list(table) == ["b", "a"]
    table.register(Entry("a", 0))
    assert list(table) == ["a", "b"]


def test_a_folder_that_is_not_there_is_an_error_not_an_empty_table() -> None:
    with pytest.raises(ModuleNotFoundError):
        list(Table("gt.layers.no_such_folder"))
