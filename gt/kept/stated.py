"""What an artifact says of itself in parts: frozen dataclasses that are stored as JSON and read back without trust."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

from gt.run import metadata
from gt.run.points import SPLITS

Check = Callable[
    [Any, str], Any
]  # given what was stored and its name; returns it, or raises ValueError


def split(value: Any, name: str) -> str:
    """Whose points: one of `gt.run.points.SPLITS`."""
    return metadata.one_of(value, name, SPLITS)


def counted(value: Any, name: str) -> int:
    """A whole number of 1 or more."""
    return metadata.whole(value, name, 1)


def optional(check: Check) -> Check:
    """A check that lets None pass."""
    return lambda value, name: None if value is None else check(value, name)


@dataclass(frozen=True)
class Stated:
    """One part. A class of it is a frozen dataclass that says how each of its fields is read back.

    Attributes:
        CALLED: Where it is stored: "recipe"; it is named in errors.
        OF: What follows a field's name in them: " of a state".
        CHECKS: By field.
    """

    CALLED: ClassVar[str]
    OF: ClassVar[str] = ""
    CHECKS: ClassVar[Mapping[str, Check]]

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, said: Any) -> Self:
        """Read back what `to_json` made.

        Raises:
            ValueError, KeyError, TypeError: If it is anything else.
        """
        given = dict(metadata.mapping(said, cls.CALLED))
        read = {name: check(given[name], f"{name}{cls.OF}") for name, check in cls.CHECKS.items()}
        return cls(**{**given, **read})


@dataclass(frozen=True)
class Recipe(Stated):
    """Everything that an artifact depends on; two of the same key are the same artifact."""

    CALLED = "recipe"

    @property
    def key(self) -> str:
        """32 hexadecimal digits that stand for all of it."""
        text = json.dumps(self.to_json(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
