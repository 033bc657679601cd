"""What embeddings can be told: requests are checked here, before anything is computed.

``check`` knows the number of points, and every refusal says what came and what would do.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping
from typing import Any

from gt.embed.method import METHODS, EmbedError, Method, Parameter
from gt.run.saying import in_unit
from gt.run.task import EPOCH

MAX_SEED = 2**31 - 1


def method_named(name: str) -> Method:
    """Look a method up.

    Args:
        name: As in `METHODS`.

    Returns:
        The method.

    Raises:
        EmbedError: If there is none; it lists those there are.
    """
    if name not in METHODS:
        raise EmbedError(f'no method "{name}"; there are {", ".join(METHODS)}', by="embed")
    return METHODS[name]


def missing(names: Iterable[str]) -> str:
    """Say which library the methods of these names need that is not installed.

    Args:
        names: As in `METHODS`.

    Returns:
        A sentence with the command that installs it; empty if nothing is missing.
    """
    for method in map(method_named, names):
        if importlib.util.find_spec(method.module or method.library) is None:
            return (
                f"{method.title} needs {method.library}, which is not installed. In a checkout of the"
                f' project: pip install -c requirements.lock -e ".[{method.extra}]"'
            )
    return ""


def check(
    name: str, given: Mapping[str, Any], n: int, epochs: int, unit: str = EPOCH
) -> dict[str, float | int]:
    """Complete and check the parameters of a method, before anything starts.

    Args:
        name: Of the method.
        given: Parameters by name; those missing or None have their defaults.
        n: How many points are to be embedded.
        epochs: How many epochs there are.
        unit: What they are called.

    Returns:
        Every parameter of the method; whole numbers as int.

    Raises:
        EmbedError: If there is no such method or parameter, or a value will not do.
    """
    method = method_named(name)
    known = {p.name: p for p in method.parameters}
    unknown = sorted(k for k, v in given.items() if k not in known and v is not None)
    if unknown:
        raise EmbedError(
            f"{method.title} has no parameter {unknown[0]!r}; it has {', '.join(known)}", by="embed"
        )
    out = {
        p.name: _value(p, p.default if given.get(p.name) is None else given[p.name], unit)
        for p in method.parameters
    }
    for p in method.parameters:
        if why := p.unfit(out[p.name], n):
            raise EmbedError(why)
    if n < 4:
        raise EmbedError(f"at least 4 points are needed, {n} came", by="embed")
    if n < method.least:
        raise EmbedError(f"{method.title} needs at least {method.least} points, {n} came.")
    if out["every"] > max(1, epochs - 1):
        raise EmbedError(
            f"Every k-th recorded {unit}: with {epochs} {unit}s k must be at most {max(1, epochs - 1)},"
            f" {out['every']} came."
        )
    return out


def check_seed(seed: Any) -> int:
    """Bring a seed into shape.

    Raises:
        EmbedError: If it is no whole number from 0 to 2^31 - 1.
    """
    value = _number(seed)
    if not 0 <= value <= MAX_SEED or value != int(value):
        raise EmbedError(f"Seed must be a whole number from 0 to {MAX_SEED}; {_came(seed)}.")
    return int(value)


def check_points(points: Any, of: int) -> int:
    """Bring the number of points to be drawn into shape.

    Raises:
        EmbedError: If it is no whole number from 4 to ``of``, all there are.
    """
    value = _number(points)
    if not 4 <= value <= of or value != int(value):
        raise EmbedError(
            f"Points must be a whole number from 4 to {of}, all there are; {_came(points)}."
        )
    return int(value)


def _value(parameter: Parameter, given: Any, unit: str) -> float | int:
    p = parameter
    span = f"{p.low:g} or more" if p.high is None else f"from {p.low:g} to {p.high:g}"
    kind = "a whole number" if p.whole else "a number"
    value = _number(given)
    fits = p.low <= value < float("inf") and (p.high is None or value <= p.high)
    if not fits or (p.whole and value != int(value)):
        raise EmbedError(f"{in_unit(p.title, unit)} must be {kind}, {span}; {_came(given)}.")
    return int(value) if p.whole else value


def _number(given: Any) -> float:
    """What a field says, NaN if that is no number."""
    try:
        return float("nan") if isinstance(given, bool) else float(given)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def _came(given: Any) -> str:
    if given is None or (isinstance(given, str) and not given.strip()):
        return "nothing came"
    if isinstance(given, str):
        return f"“{given}” came"
    return f"{given:g} came" if isinstance(given, float) else f"{given} came"
