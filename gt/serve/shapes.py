"""Whether a value out of a browser is what an annotation says: the types of JSON, and of `gt.state`."""

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


def wrong(value: Any, wanted: Any, where: str = "") -> str:
    """What is wrong with a value.

    Args:
        value: As JSON gives it.
        wanted: A type, as an annotation names it. What JSON cannot hold, or is not known here, is not checked.
        where: What the value is called in the answer.

    Returns:
        A clause like ``data.epoch must be a whole number``; empty if it is what is wanted.
    """
    origin = get_origin(wanted)
    if wanted is None or wanted is type(None):
        return "" if value is None else f"{where} must be null"
    if origin in (Union, types.UnionType):
        found = [wrong(value, one, where) for one in get_args(wanted)]
        return "" if "" in found else found[0]
    if origin in (NotRequired, Required):
        return wrong(value, get_args(wanted)[0], where)
    if origin is Literal:
        return "" if value in get_args(wanted) else f"{where} must be one of {get_args(wanted)}"
    if is_typeddict(wanted):
        return _wrong_fields(value, wanted, where)
    if (origin or wanted) is list:
        return _wrong_items(value, get_args(wanted), where)
    if (origin or wanted) is dict:
        return _wrong_entries(value, get_args(wanted), where)
    return _wrong_scalar(value, wanted, where)


_SCALARS: dict[Any, tuple[str, Any]] = {
    str: ("a text", lambda value: isinstance(value, str)),
    bool: ("true or false", lambda value: isinstance(value, bool)),
    int: (
        "a whole number",
        lambda value: (
            isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
        ),
    ),
    float: (
        "a number",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    ),
}


def _wrong_scalar(value: Any, wanted: Any, where: str) -> str:
    if wanted not in _SCALARS:
        return ""
    called, fits = _SCALARS[wanted]
    return "" if fits(value) else f"{where} must be {called}"


def _wrong_fields(value: Any, wanted: Any, where: str) -> str:
    if not isinstance(value, dict):
        return f"{where} must be an object"
    hints = get_type_hints(
        wanted, include_extras=True
    )  # annotations are texts: only these say NotRequired
    missing = sorted(
        name
        for name, hint in hints.items()
        if name not in value and (get_origin(hint) is not NotRequired and wanted.__total__)
    )
    if missing:
        return f"{where}.{missing[0]} is missing"
    found = (wrong(value[name], hints[name], f"{where}.{name}") for name in hints if name in value)
    return next(filter(None, found), "")


def _wrong_items(value: Any, arguments: tuple[Any, ...], where: str) -> str:
    if not isinstance(value, list):
        return f"{where} must be a list"
    if not arguments:
        return ""
    found = (wrong(one, arguments[0], f"{where}[{i}]") for i, one in enumerate(value))
    return next(filter(None, found), "")


def _wrong_entries(value: Any, arguments: tuple[Any, ...], where: str) -> str:
    if not isinstance(value, dict):
        return f"{where} must be an object"
    if not arguments:
        return ""
    found = (wrong(one, arguments[1], f"{where}.{name:.40}") for name, one in value.items())
    return next(filter(None, found), "")
