"""The command that makes something again: it is kept with what it made.

Of a place on this machine only the name is told: whom a run is passed on to need not know whose folders it was in.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection
from pathlib import Path
from typing import Any

import click


def typed_again(always: Collection[str] = (), never: Collection[str] = (), **settled: Any) -> str:
    """The command line that is being run, in the order of its options: what differs from the defaults.

    Args:
        always: Names of options that are told even if they have their defaults.
        never: Names of those that decide nothing; flags never do.
        settled: Values that were found only now.
    """
    context = click.get_current_context()
    words = context.command_path.split()
    for one in context.command.params:
        name = str(one.name)
        value = settled.get(name, context.params[name])
        if isinstance(one, click.Argument):
            words.append(_text(value))
            continue
        assert isinstance(one, click.Option)
        usual = (one.get_default(context), None, ())
        if one.is_flag or name in never or (name not in always and value in usual):
            continue
        for each in value if isinstance(value, tuple) else [value]:
            words += [one.opts[0], _text(each)]
    return shlex.join(words)


def _text(value: Any) -> str:
    if isinstance(value, Path):
        return value.name if value.is_absolute() else value.as_posix()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
