"""How commands are asked for, refused and ended, the same for all: what is ours on top of click.

Text is shown as it is written. An option that takes several values takes them as a shell gives them
(``--runs runs/*``). What cannot be used is one line and exit status 2; ``GT_TRACEBACK`` shows where it came from.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from gt.cli.options import places, spelt_out
from gt.errors import RunError

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class AsWritten(click.Command):
    """Help that keeps its line breaks."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line, in lower case like all that ``gt`` says."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="usage: ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        formatter.write(f"\n{(self.help or '').strip()}\n")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples."""
        if self.epilog:
            formatter.write(f"\n{self.epilog.strip()}\n")


class Command(AsWritten):
    """One command. Its function gets every argument and option by name and returns an exit status, or None for 0."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Understand options with several values, and with none."""
        return super().parse_args(ctx, spelt_out(args, self.params))

    def invoke(self, ctx: click.Context) -> int:
        """Run it; what cannot be used is said in one line."""
        try:
            ctx.params.update(places(ctx))
            return int(super().invoke(ctx) or 0)
        except BrokenPipeError:
            raise
        except (ValueError, OSError) as error:
            if os.environ.get("GT_TRACEBACK") or not _is_refusal(error):
                raise
            text = str(error).removeprefix(f"{ctx.info_name}: ")
            print(f"{ctx.command_path}: {text}", file=sys.stderr)
            return 2


def _is_refusal(error: Exception) -> bool:
    """Whether an error tells a user what to do, rather than us what is wrong."""
    if isinstance(error, (RunError, OSError)):
        return True
    from gt.embed.method import EmbedError

    return isinstance(error, EmbedError)


class Commands(AsWritten, click.Group):
    """All commands; each is imported when it is asked for.

    Args:
        name: What is typed.
        lines: By a command's name, the function that it is, in a file of that name, and one line of help.
        opens: The command that is meant where the first word is a path.
        more: Of `click.Group`.
    """

    def __init__(
        self, name: str, lines: Mapping[str, tuple[str, str]], *, opens: str, **more: Any
    ) -> None:
        super().__init__(
            name,
            invoke_without_command=True,
            callback=_say_what_there_is,
            context_settings=SETTINGS,
            **more,
        )
        self.lines, self.opens = lines, opens

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named first, or the one that opens what is named first."""
        if args and args[0] not in self.lines and _is_path(args[0]):
            return self.opens, self.get_command(ctx, self.opens), args
        if args and args[0] not in self.lines:
            like = difflib.get_close_matches(args[0], self.lines, n=1)
            meant = f"; did you mean {like[0]}?" if like else ""
            ctx.fail(f"no command and no file {args[0]!r}{meant}")
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in order."""
        return list(self.lines)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """One of them."""
        if name not in self.lines:
            return None
        function, _ = self.lines[name]
        return getattr(import_module(f"{__package__}.{function}"), function)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their lines, for which nothing is imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.lines.items()])


def _is_path(word: str) -> bool:
    """Whether a word is something that is there, or is written as paths and addresses are and commands are not."""
    return not word.startswith("-") and ("." in word or "/" in word or os.path.lexists(word))


@click.pass_context
def _say_what_there_is(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit status.

    Args:
        command: What is run.
        arguments: Those of this process when None.

    Raises:
        SystemExit: With 0 after help, with 2 for a command line that cannot be understood.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with command.make_context(command.name, words) as ctx:
            return int(command.invoke(ctx) or 0)
    except click.exceptions.Exit as done:
        raise SystemExit(done.exit_code) from None
    except click.UsageError as error:
        at = error.ctx
        name = at.command_path if at else command.name
        print(
            f"{at.get_usage() if at else ''}\n{name}: error: {error.format_message()}",
            file=sys.stderr,
        )
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read along has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def command(name: str, help: str, epilog: str = "") -> Callable[[Any], Command]:
    """Make a command of a function, under its `argument`s and `option`s."""
    return click.command(name, cls=Command, help=help, epilog=epilog, context_settings=SETTINGS)
