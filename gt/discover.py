"""Tables whose entries are files: every module of a folder is imported, and says for itself what it adds.

Layer kinds, methods of embedding, attacks and formats of files are such tables, so that one more of any of
them is one more file, and nothing that lists them.
"""

from __future__ import annotations

import functools
import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Generic, Protocol, TypeVar


@functools.cache
def import_all(package: str) -> None:
    """Import every module that lies directly in a package, in the order of their names; once.

    Args:
        package: Its full name: "gt.layers.kinds".
    """
    for found in pkgutil.iter_modules(import_module(package).__path__):
        import_module(f"{package}.{found.name}")


class Entry(Protocol):
    """What lies in a table.

    Attributes:
        name: By which it is found.
        place: Among all entries, wherever they are listed.
    """

    @property
    def name(self) -> str:
        """By which it is found."""
        ...

    @property
    def place(self) -> int:
        """Among all entries."""
        ...


E = TypeVar("E", bound=Entry)


class Table(Mapping[str, E], Generic[E]):
    """Entries by name, in their places; the files of a package are read when an entry is first asked for.

    Args:
        package: Whose modules register the entries.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._entries: dict[str, E] = {}

    def register(self, one: E) -> None:
        """Add an entry; the last one of a name holds."""
        both = {**self._entries, one.name: one}
        self._entries = dict(sorted(both.items(), key=lambda item: item[1].place))

    def _all(self) -> Mapping[str, E]:
        import_all(self._package)
        return self._entries

    def __getitem__(self, name: str) -> E:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
