"""Arguments and options: what they take, and help that says the default by itself."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click

argument = click.argument


def option(
    *names: str, default: Any = None, usual: str = "{}", help: str, **more: Any
) -> Callable[[Any], Any]:
    """An option.

    Args:
        names: As of `click.option`.
        default: What the function gets when it is not given.
        usual: How the help says the default, behind what the option is; for None what stands for it.
        help: What it is.
        more: As of `click.option`.
    """
    if default is not None:
        more["default"] = default
    said = "" if default is None and usual == "{}" else f" ({usual.format(default)})"
    return click.option(*names, help=help + said, **more)


def defaults(function: Callable[..., Any]) -> dict[str, Any]:
    """What a function takes for granted: a command that only hands on need not say it again."""
    return {
        name: one.default
        for name, one in inspect.signature(function).parameters.items()
        if one.default is not one.empty
    }


class Several(click.Option):
    """An option that takes several values as a shell gives them, ``--runs a b``, and may be repeated."""

    def __init__(self, *names: Any, **more: Any) -> None:
        super().__init__(*names, **{**more, "multiple": True})


class Alone(click.Option):
    """An option that may stand without a value; click's own kind takes none that begins with a dash.

    Args:
        alone: What it gives then.
    """

    NOTHING = "\0"  # which no shell can hand over

    def __init__(self, *names: Any, alone: Any, **more: Any) -> None:
        super().__init__(*names, **more)
        self.alone = alone

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """The value, or what stands for none."""
        return self.alone if value == self.NOTHING else super().type_cast_value(ctx, value)


def spelt_out(words: Sequence[str], options: Iterable[click.Parameter]) -> list[str]:
    """A command line in which every option has its one value: ``--runs a b`` is ``--runs a --runs b``.

    Args:
        words: As they came.
        options: Of the command; those that are `Several` or `Alone` are spelt out.
    """
    several = {name for one in options if isinstance(one, Several) for name in one.opts}
    alone = {name for one in options if isinstance(one, Alone) for name in one.opts}
    out: list[str] = []
    taking = ""
    for place, word in enumerate(words):
        if word == "--":
            return out + list(words[place:])
        if word.startswith("-") and len(word) > 1:
            taking = word if word in several else ""
            if word in alone and (place + 1 == len(words) or words[place + 1].startswith("-")):
                word = f"{word}={Alone.NOTHING}"
        elif taking and out[-1] != taking:
            out.append(taking)
        out.append(word)
    return out


class Positive(click.ParamType):
    """A whole number from 1."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Refuse all others."""
        try:
            number = int(value)
        except ValueError:
            self.fail(f"must be a whole number, got {value!r}", param, ctx)
        if number < 1:
            self.fail(f"must be 1 or more, got {value}", param, ctx)
        return number


class Rate(click.ParamType):
    """A number above 0."""

    name = "rate"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Refuse all others."""
        try:
            number = float(value)
        except ValueError:
            self.fail(f"must be a number, got {value!r}", param, ctx)
        if not 0 < number < math.inf:
            self.fail(f"must be above 0, got {value}", param, ctx)
        return number


class Place(click.ParamType):
    """A folder or file of this machine.

    It stays a text until the command is run, which refuses addresses as they were typed: `places`.
    """

    name = "path"


def places(ctx: click.Context) -> dict[str, Path | tuple[Path, ...]]:
    """The places among what a command was given.

    Raises:
        RunError: For what is none, see `gt.files.place.local`.
    """
    from gt.files.place import local

    out: dict[str, Path | tuple[Path, ...]] = {}
    for one in ctx.command.params:
        value = ctx.params.get(str(one.name))
        if not isinstance(one.type, Place) or value is None:
            continue
        many = isinstance(value, tuple)
        found = tuple(local(text, one.opts[0]) for text in (value if many else (value,)))
        out[str(one.name)] = found if many else found[0]
    return out


FOLDER = Place()
POSITIVE = Positive()
RATE = Rate()
quiet = click.option("--quiet", is_flag=True, help="no progress bar")
