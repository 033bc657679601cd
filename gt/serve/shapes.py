"""Whether a value out of a browser is what an annotation says: the types of JSON, and of `gt.state`.

What a page holds is taken loosely, as JavaScript writes it. What will be carried out (``exact``) is held to more: whole
numbers are whole, numbers are finite and no larger than JSON can say, names and lists of them are short; and the answer
says what came instead.
"""

from __future__ import annotations

import types
from typing import (
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from gt.serve.said import LONGEST_NAME, came

MOST = 50  # entries of what is carried out
LARGEST = 2.0**53  # beyond, JSON has no whole numbers


def wrong(value: Any, wanted: Any, where: str = "", *, exact: bool = False) -> str:
    """What is wrong with a value.

    Args:
        value: As JSON gives it.
        wanted: A type, as an annotation names it. What JSON cannot hold, or is not known here, is not checked.
        where: What the value is called in the answer.
        exact: Whether it will be carried out, see above.

    Returns:
        A clause like ``data.epoch must be a whole number``; empty if it is what is wanted.
    """
    return _Check(exact).wrong(value, wanted, where)


def fits(value: Any, wanted: Any) -> bool:
    """Whether something that came back from a browser is exactly one of `gt.state`'s kinds."""
    return not wrong(value, wanted, exact=True)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and (isinstance(value, int) or value.is_integer())


_LOOSE: dict[Any, tuple[str, Any]] = {
    str: ("a text", lambda value: isinstance(value, str)),
    bool: ("true or false", lambda value: isinstance(value, bool)),
    int: ("a whole number", _is_whole),
    float: ("a number", _is_number),
}
_EXACT: dict[Any, tuple[str, Any]] = {
    **_LOOSE,
    str: (
        f"a text of at most {LONGEST_NAME} letters",
        lambda value: isinstance(value, str) and len(value) <= LONGEST_NAME,
    ),
    int: (
        "a whole number",
        lambda value: isinstance(value, int) and _is_number(value) and abs(value) <= LARGEST,
    ),
    float: ("a number", lambda value: _is_number(value) and abs(value) <= LARGEST),  # no NaN is
}


class _Check:
    def __init__(self, exact: bool) -> None:
        self.exact = exact
        self._scalars = _EXACT if exact else _LOOSE

    def wrong(self, value: Any, wanted: Any, where: str) -> str:
        origin = get_origin(wanted)
        if wanted is None or wanted is type(None):
            return "" if value is None else self._must(where, "null", value)
        if origin in (Union, types.UnionType):
            found = [self.wrong(value, one, where) for one in get_args(wanted)]
            return "" if "" in found else self._any_of(found, wanted, value, where)
        if origin in (NotRequired, Required):
            return self.wrong(value, get_args(wanted)[0], where)
        if origin is Literal:
            ok = value in get_args(wanted)
            return "" if ok else self._must(where, f"one of {get_args(wanted)}", value)
        if is_typeddict(wanted):
            return self._fields(value, wanted, where)
        if origin is tuple:
            return self._each(value, get_args(wanted), where)
        if (origin or wanted) is list:
            return self._items(value, get_args(wanted), where)
        if (origin or wanted) is dict:
            return self._entries(value, get_args(wanted), where)
        if wanted not in self._scalars:
            return ""
        called, ok = self._scalars[wanted]
        return "" if ok(value) else self._must(where, called, value)

    def _must(self, where: str, what: str, value: Any) -> str:
        return f"{where} must be {what}" + (f", {came(value)} came" if self.exact else "")

    def _any_of(self, found: list[str], wanted: Any, value: Any, where: str) -> str:
        if not self.exact:
            return found[0]
        known = (self._scalars.get(one, ("null",))[0] for one in get_args(wanted))
        return self._must(where, " or ".join(known), value)

    def _fields(self, value: Any, wanted: Any, where: str) -> str:
        if not isinstance(value, dict):
            return self._must(where, "an object", value)
        hints = get_type_hints(
            wanted, include_extras=True
        )  # __required_keys__ reads no annotation that is a text
        optional = {name for name, one in hints.items() if get_origin(one) is NotRequired}
        missing = sorted(hints.keys() - optional - wanted.__optional_keys__ - value.keys())
        prefix = f"{where}." if where else ""
        if missing:
            return f"{prefix}{missing[0]} is missing"
        found = (
            self.wrong(value[name], hints[name], f"{prefix}{name}")
            for name in hints
            if name in value
        )
        return next(filter(None, found), "")

    def _items(self, value: Any, arguments: tuple[Any, ...], where: str) -> str:
        if not isinstance(value, list):
            return self._must(where, "a list", value)
        if self.exact and len(value) > MOST:
            return f"{where} must have at most {MOST} entries, {len(value):,} came"
        if not arguments:
            return ""
        found = (self.wrong(one, arguments[0], f"{where}[{i}]") for i, one in enumerate(value))
        return next(filter(None, found), "")

    def _each(self, value: Any, arguments: tuple[Any, ...], where: str) -> str:
        if not isinstance(value, list) or len(value) != len(arguments):
            return self._must(where, f"a list of {len(arguments)}", value)
        found = (
            self.wrong(one, wanted, f"{where}[{i}]")
            for i, (one, wanted) in enumerate(zip(value, arguments, strict=True))
        )
        return next(filter(None, found), "")

    def _entries(self, value: Any, arguments: tuple[Any, ...], where: str) -> str:
        if not isinstance(value, dict):
            return self._must(where, "an object", value)
        if self.exact and len(value) > MOST:
            return f"{where} must have at most {MOST} entries, {len(value):,} came"
        if not arguments:
            return ""
        for name, one in value.items():
            said = self.wrong(name, str, f"a name in {where}") if self.exact else ""
            if said := said or self.wrong(one, arguments[1], f"{where}.{name:.40}"):
                return said
        return ""
