"""What an order must look like before anything else is done with it: its fields, and what each of them holds.

An order goes to the browser and comes back, so whoever asks may have made it up: a list where a name should be, a
number of a million digits, a field that is not there. What an order *means* (whether there is such a run, layer or
method) is checked where it is carried out.
"""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from gt.state import AlignOrder, AttackOrder, Order

ORDERS: Mapping[str, type] = {"embed": Order, "align": AlignOrder, "attack": AttackOrder}
LONGEST = 200  # letters of a name
MOST = 50  # entries of a list of parameters
LARGEST = 2.0**53  # beyond, JSON has no whole numbers
WORDS = {str: "a text", int: "a whole number", float: "a number", type(None): "null"}


class OrderError(ValueError):
    """An order is malformed; says where, in a sentence."""


def checked(order: Any) -> dict[str, Any]:
    """An order with the fields of its kind and no others.

    Args:
        order: A `gt.state.Order`, `AlignOrder` or `AttackOrder`, or anything else that JSON can say; ``work``
            is "embed" where it is not said.

    Raises:
        OrderError: If it is anything else.
    """
    if not isinstance(order, Mapping):
        raise OrderError(f"An order must be an object, {came(order)} came; ask by the form.")
    work = order.get("work", "embed")
    if not isinstance(work, str) or work not in ORDERS:
        known = " or ".join(ORDERS)
        raise OrderError(f"work must be {known}, {came(work)} came; ask by the form.")
    fields = get_type_hints(ORDERS[work])
    for name, kind in fields.items():
        if name not in order:
            raise OrderError(f"An order must have {name}, it is missing; ask by the form.")
        if not _fits(order[name], kind):
            said = f"{name} must be {_said(kind)}, {came(order[name])} came"
            raise OrderError(f"{said}; ask by the form.")
    return {name: order[name] for name in fields}


def came(value: Any) -> str:
    """What came instead, short, whatever it is."""
    if isinstance(value, str):
        return f"“{value}”" if len(value) <= 40 else f"a text of {len(value):,} letters"
    if isinstance(value, bool) or value is None:
        return {None: "nothing", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else "a whole number of many digits"
    if isinstance(value, float):
        return f"{value:g}"
    return "a list" if isinstance(value, (list, tuple)) else "an object"


def typed(value: Any) -> str:
    """What was typed into a field, as a message says it."""
    if value in (None, ""):
        return "nothing"
    return came(str(value) if isinstance(value, (int, float)) else value)


def named(value: Any) -> str:
    """What a form says where a name belongs, as a text in any case, and a short one: for looking it up."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    return str(value) if value is None else f"({came(value)})"


def fits(value: Any, kind: type) -> bool:
    """Whether something that came back from a browser has the fields of one of `gt.state`'s kinds."""
    return isinstance(value, Mapping) and all(
        name in value and _fits(value[name], one) for name, one in get_type_hints(kind).items()
    )


def _fits(value: Any, kind: Any) -> bool:
    if get_origin(kind) in (Union, types.UnionType):
        return any(_fits(value, one) for one in get_args(kind))
    if get_origin(kind) is Literal:
        return isinstance(value, str) and value in get_args(kind)
    if get_origin(kind) is dict:
        return (
            isinstance(value, Mapping)
            and len(value) <= MOST
            and all(_fits(k, str) and _fits(v, get_args(kind)[1]) for k, v in value.items())
        )
    if kind is str:
        return isinstance(value, str) and len(value) <= LONGEST
    if kind in (int, float):
        number = isinstance(value, int if kind is int else (int, float))
        return (
            number
            and not isinstance(value, bool)
            and abs(value) <= LARGEST
            and math.isfinite(value)
        )
    return value is None


def _said(kind: Any) -> str:
    if get_origin(kind) in (Union, types.UnionType):
        return " or ".join(_said(one) for one in get_args(kind))
    if get_origin(kind) is Literal:
        return " or ".join(map(str, get_args(kind)))
    if get_origin(kind) is dict:
        return "numbers by their names"
    text = WORDS[kind]
    return f"{text} of at most {LONGEST} letters" if kind is str else text
