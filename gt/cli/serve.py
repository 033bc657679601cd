"""``gt serve``, and ``python app.py``: one command, but that the second opens no browser unless it is told to."""

from __future__ import annotations

import contextlib
import functools
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gt import dashboard
from gt.cli.command import Command, command
from gt.cli.options import FOLDER, Alone, Several, option
from gt.serve import hosts, rules

if TYPE_CHECKING:
    from dash import Dash

    from gt.serve.library import Library

SERVE = """\
Start the dashboard and print its address. The runs that ship with the project are always there.
"""
HOST, PORT = "127.0.0.1", 8050
SEEN = "in a terminal of a machine with a screen, unless it is for others or --debug"


# long: nearly all of it is what the options say of themselves
def serving(
    name: str, create_app: Callable[[], Callable[..., Dash]], browser: bool | None
) -> Command:
    """Make the command that serves the dashboard.

    Args:
        name: What is typed.
        create_app: Gives the function of that name in ``app.py``; called only once the options are known to be good.
        browser: Whether a browser is opened when the options do not say; None: where one would see it.
    """

    @command(name, help=SERVE)
    @option(
        "--runs",
        cls=Several,
        type=FOLDER,
        metavar="DIR...",
        help="folders of your own: a run itself, or a folder of runs",
    )
    @option(
        "--host", default=HOST, help="address to listen on; this one is heard by this machine only"
    )
    @option("--port", type=int, default=PORT, help="port to listen on")
    @option(
        "--jobs",
        type=int,
        metavar="N",
        usual="GT_JOBS, or one fewer than cores",
        help="computations that run at once, the rest wait for their turn; where REDIS_URL is set,"
        " --concurrency of Celery's workers says it instead",
    )
    @option("--debug", is_flag=True, help="reload on changes, Dash's dev tools")
    @option(
        "--allow-host",
        multiple=True,
        metavar="NAME",
        usual="GT_ALLOW_HOST",
        help="answer requests for this name or address too; may be given several times. Without it: localhost,"
        " 127.0.0.1, ::1 and --host. With --host 0.0.0.0 or :: every address in numbers and the machine's own name;"
        " any other name, such as that of a proxy in front, must be allowed",
    )
    @option(
        "--token",
        cls=Alone,
        alone=rules.MADE,
        metavar="[TOKEN]",
        usual="GT_TOKEN, which other users cannot see in a list of processes, as long as no browser is opened",
        help=f"answer only who knows this token of {rules.SHORTEST_TOKEN} characters or more; without a value one is"
        " made, and is in the printed address",
    )
    @option(
        "--allow-frame",
        multiple=True,
        metavar="ORIGIN",
        usual="GT_ALLOW_FRAME",
        help="let pages of this origin, like https://example.org, show the dashboard inside; may be given several"
        " times",
    )
    @option(
        "--read-only",
        is_flag=True,
        usual="GT_READ_ONLY=1",
        help="write nothing for readers: no run is renamed, deleted or brought, nothing is computed and no attack made;"
        " what is there is shown",
    )
    @click.option(
        "--browser/--no-browser",
        default=browser,
        help=f"open the address in a browser ({SEEN if browser is None else 'no'})",
    )
    def serve(**options: Any) -> int:
        return start(create_app, **options)

    return serve


serve = serving("serve", lambda: dashboard.load().create_app, browser=None)


def start(
    create_app: Callable[[], Callable[..., Dash]],
    runs: Sequence[Path],
    host: str = HOST,
    port: int = PORT,
    jobs: int | None = None,
    debug: bool = False,
    browser: bool | None = None,
    page: str = "",
    ahead: Callable[[Library], object] | None = None,
    **who: Any,
) -> int:
    """Serve the dashboard until interrupted.

    Args:
        create_app: As of `serving`.
        runs: Folders of runs.
        host: To listen on.
        port: To listen on.
        jobs: Computations at once, as of ``create_app`` in ``app.py``.
        debug: Whether to reload on changes.
        browser: As of `serving`.
        page: What is opened: "grand-tour?run=iris"; the overview where empty.
        ahead: What of the library is wanted first: done while the browser is on its way.
        who: Is answered, as of `gt.serve.rules.chosen`.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    _check(runs, host, port, jobs, debug)
    try:
        answered = rules.chosen(host, **who)
    except rules.RulesError as error:
        raise click.UsageError(str(error)) from None
    from gt.jobs import ending
    from gt.serve import context, listen, opening

    ending.end_on_sigterm()
    app = create_app()(runs, rules=answered, jobs=jobs)
    if debug:
        app.run(host=host, port=port, debug=True)
        return 0
    try:
        served = listen.create_server(app.server, host, port)
    except OSError as error:
        raise click.UsageError(
            f"cannot listen on {listen.address(host, port)}: {error.strerror or error}; try another --port"
        ) from None
    listen.warn_if_open(host, answered)
    names = ", ".join(run.title for run in app.server.config[context.KEY].runs.values())
    print(f"{names or 'No run yet: the pages say how to record one'}")
    address = listen.address(host, port, answered.token, page)
    print(f"Open {address}   (Ctrl-C ends it)", flush=True)
    if ahead is not None:
        work = functools.partial(ahead, app.server.config[context.KEY])
        threading.Thread(target=work, daemon=True).start()
    if opening.is_seen(host) if browser is None else browser:
        opening.open_soon(address)  # it listens already, and answers from the next line on
    ending.end_on_sigterm(lambda: served.stop())
    with contextlib.suppress(KeyboardInterrupt):
        served.run()
    return 0


def _check(runs: Sequence[Path], host: str, port: int, jobs: int | None, debug: bool) -> None:
    """Refuse what cannot be before the app is made, which takes seconds."""
    from gt.jobs import slots

    missing = [str(folder) for folder in runs if not folder.exists()]
    if missing:
        raise click.UsageError(f"--runs: no such folder: {', '.join(missing)}")
    if not 0 < port < 65536:
        raise click.UsageError(f"--port: must be 1 to 65535, came {port}")
    if debug and not hosts.is_loopback(host):
        raise click.UsageError(
            f"--debug: runs code for whoever asks, so only on 127.0.0.1; came --host {host}"
        )
    if jobs is not None and jobs < 1:
        raise click.UsageError(f"--jobs: must be 1 or more, came {jobs}")
    try:
        slots.usual()
    except ValueError as error:
        raise click.UsageError(str(error)) from None
