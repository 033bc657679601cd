"""``gt serve``, and ``python app.py``: one command, but that the second opens no browser unless it is told to."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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
    @option(
        "--jobs-each",
        type=int,
        metavar="N",
        usual="GT_JOBS_EACH, or 4",
        help="of them one visitor may have waiting or at work, by the address; this machine may have any number",
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
    @option(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help='processes that answer, for many readers; more than one need pip install "nn-grand-tour[serve]"',
    )
    @option(
        "--prefix",
        metavar="PATH",
        usual="GT_PREFIX",
        help="serve everything under this path, like /tour/, as a proxy in front asks for it",
    )
    @option(
        "--proxy",
        metavar="ADDRESS",
        help="address of the proxy in front: it is believed when it says who asks (X-Forwarded-For) and whether by"
        " https (X-Forwarded-Proto)",
    )
    @option(
        "--access-log",
        metavar="FILE",
        usual="GT_ACCESS_LOG",
        help="write a line of JSON for every answer into this file; - for standard output",
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
    workers: int = 1,
    prefix: str | None = None,
    proxy: str | None = None,
    access_log: str | None = None,
    jobs_each: int | None = None,
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
        ahead: What of the library is wanted first: done while the browser is on its way; by one process only.
        workers: Processes that answer.
        prefix: As of ``create_app``; from the environment where None.
        proxy: As of `gt.serve.listen.create_server`.
        access_log: As of ``create_app``; from the environment where None.
        jobs_each: As of ``create_app``.
        who: Is answered, as of `gt.serve.rules.chosen`.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    prefix = os.environ.get("GT_PREFIX", "") if prefix is None else prefix
    log_to = access_log or os.environ.get("GT_ACCESS_LOG") or None
    _check(runs, host, port, jobs, jobs_each, debug)
    _check_front(workers, debug, prefix, proxy, log_to)
    try:
        answered = rules.chosen(host, **who)
    except rules.RulesError as error:
        raise click.UsageError(str(error)) from None
    from gt.jobs import ending
    from gt.serve import front, listen

    ending.end_on_sigterm()
    front_options = {"prefix": prefix, "access_log": log_to, "jobs_each": jobs_each}
    make = functools.partial(create_app(), runs, rules=answered, jobs=jobs, **front_options)
    if debug:
        make().run(host=host, port=port, debug=True)
        return 0
    at = listen.address(host, port, answered.token, f"{front.prefix_of(prefix)[1:]}{page}")
    place = _Place(host, port, answered, proxy, at, browser)
    return _several(make, place, workers) if workers > 1 else _one(make, place, ahead)


@dataclass(frozen=True)
class _Place:
    """Where it is served, and to whom; as of `start`, and the address that is opened."""

    host: str
    port: int
    answered: rules.Rules
    proxy: str | None
    address: str
    browser: bool | None

    def say(self, what: str) -> None:
        """Say what is served and what is to be opened, and open it where somebody would see it."""
        from gt.serve import listen, opening

        listen.warn_if_open(self.host, self.answered)
        print(f"{what}\nOpen {self.address}   (Ctrl-C ends it)", flush=True)
        if opening.is_seen(self.host) if self.browser is None else self.browser:
            opening.open_soon(self.address)


def _one(make: Callable[[], Dash], place: _Place, ahead: Callable[[Library], object] | None) -> int:
    """Serve in this process."""
    from gt.jobs import ending
    from gt.serve import context, listen

    app = make()
    with _refusing(place.host, place.port):
        served = listen.create_server(app.server, place.host, place.port, proxy=place.proxy)
    library = app.server.config[context.KEY]
    if ahead is not None:
        threading.Thread(target=functools.partial(ahead, library), daemon=True).start()
    names = ", ".join(run.title for run in library.runs.values())
    place.say(names or "No run yet: the pages say how to record one")  # it listens already
    ending.end_on_sigterm(lambda: served.stop())
    with contextlib.suppress(KeyboardInterrupt):
        served.run()
    return 0


def _several(make: Callable[[], Dash], place: _Place, workers: int) -> int:
    """Serve in several processes, of which this one makes sure that they are there."""
    from gt.serve import listen
    from gt.serve import workers as several

    with _refusing(place.host, place.port):
        bound = listen.bind(place.host, place.port)
    place.say(f"{workers} workers")
    several.run(lambda: make().server, bound, workers, place.proxy)
    return 0


@contextlib.contextmanager
def _refusing(host: str, port: int) -> Iterator[None]:
    """Say what to do where it cannot be listened on an address."""
    from gt.serve import listen

    try:
        yield
    except OSError as error:
        raise click.UsageError(
            f"cannot listen on {listen.address(host, port)}: {error.strerror or error}; try another --port"
        ) from None


def _check_front(
    workers: int, debug: bool, prefix: str, proxy: str | None, log_to: str | None
) -> None:
    """Refuse what cannot be of a server for many, before the app is made."""
    from gt.serve import access_log, front

    if workers < 1:
        raise click.UsageError(f"--workers: must be 1 or more, came {workers}")
    if workers > 1 and debug:
        raise click.UsageError(f"--debug: is for one process, came --workers {workers}")
    if workers > 1 and not (hasattr(os, "fork") and importlib.util.find_spec("gunicorn")):
        raise click.UsageError(
            f"--workers {workers}: more than one need gunicorn, which is not installed or not for this system:"
            " pip install -c requirements.lock -e '.[serve]'; or leave --workers out"
        )
    if proxy is not None and hosts.address_of(proxy) is None:
        raise click.UsageError(f"--proxy: must be an address in numbers, came {proxy!r}")
    try:
        front.prefix_of(prefix)
        if log_to is not None:
            access_log.Writer(log_to).close()
    except front.PrefixError as error:
        raise click.UsageError(f"--{error}") from None
    except OSError as error:
        raise click.UsageError(
            f"--access-log: {log_to} cannot be written: {error.strerror or error}"
        ) from None


def _check(
    runs: Sequence[Path],
    host: str,
    port: int,
    jobs: int | None,
    jobs_each: int | None,
    debug: bool,
) -> None:
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
    if jobs_each is not None and jobs_each < 1:
        raise click.UsageError(f"--jobs-each: must be 1 or more, came {jobs_each}")
    try:
        slots.usual(), slots.usual_each()
    except ValueError as error:
        raise click.UsageError(str(error)) from None
