"""The dashboard: ``python app.py``, or ``app:server`` for a WSGI server of one's own."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dash import Dash

from gt.cache import memory
from gt.cache.store import Store
from gt.errors import RunError
from gt.files.place import all_local, local
from gt.jobs import background, ending, slots, wiring
from gt.jobs.known import jobs as known_jobs
from gt.serve import (
    callbacks,
    compression,
    context,
    gate,
    hosts,
    listen,
    network_routes,
    plotly,
    routes,
)
from gt.serve import rules as serving
from gt.serve.library import Library
from gt.ui import shell, theme
from gt.ui.adversarial import keep
from gt.ui.embed import page as embed_page
from gt.ui.tour import page as tour_page

ROOT = Path(__file__).resolve().parent
SHIPPED = ROOT / "precomputed"
log = logging.getLogger("gt")


def create_app(
    runs: Sequence[Path | str] = (),
    cache: Path | str | None = None,
    rules: serving.Rules | None = None,
    jobs: int | None = None,
) -> Dash:
    """Build the app.

    Args:
        runs: Folders with runs of one's own (a run itself, or a folder of runs), shown before the
            ones that ship with the project.
        cache: Folder of the cache; by default `gt.cache.store.default_folder`.
        rules: Who is answered; by default whoever asks this machine by a name of its own.
        jobs: How many computations may run at once; by default `gt.jobs.slots.usual`.

    Returns:
        The Dash app; its ``server`` is a Flask app, ready for any WSGI server and several workers.
    """
    memory.give_back()
    store = Store(cache)
    app = Dash(
        "gt.app",
        title="Grand Tour",
        update_title="",
        use_pages=True,
        pages_folder=str(ROOT / "pages"),
        assets_folder=str(ROOT / "assets"),
        assets_path_ignore=["^js$", "^vendor$"],  # imported or asked for, not run as they are
        suppress_callback_exceptions=True,  # a page's components come and go
        serve_locally=True,
        background_callback_manager=background.manager(store.folder, jobs),
    )
    prefix = app.config.requests_pathname_prefix
    app.index_string = theme.index_string(ROOT / "assets", prefix)
    own = [folder for folder in runs if Path(folder).resolve() != SHIPPED.resolve()]
    library = Library([*runs, SHIPPED], store, keep_in=own)
    for _, message in library.problems:  # which names the folder
        log.warning("%s", message)
    app.server.config[context.KEY] = library
    compression.register(app)
    routes.register(app)
    network_routes.register(app)
    shell.register(app)
    tour_page.register(app)
    embed_page.register(app)
    wiring.register(app, known_jobs().values())
    keep.register(app)
    plotly.register(app)
    callbacks.register(app)
    app.layout = shell.layout
    gate.register(app, rules or serving.Rules(), [theme.THEME])
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the dashboard until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python app.py", description="Show recorded networks as a Grand Tour in the browser."
    )
    parser.add_argument(
        "--runs", nargs="+", default=[], metavar="DIR", help="runs of your own, or folders of runs"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8050, help="port (%(default)s)")
    parser.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help="computations that run at once, the rest wait for their turn (GT_JOBS, or one fewer than"
        " cores); where REDIS_URL is set, --concurrency of Celery's workers says it instead",
    )
    parser.add_argument("--debug", action="store_true", help="reload on changes, Dash's dev tools")
    serving.add_arguments(parser)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        for folder in options.runs:
            local(folder, "--runs")
    except RunError as error:
        parser.error(str(error))
    missing = [str(folder) for folder in options.runs if not Path(folder).exists()]
    if missing:
        parser.error(f"--runs: no such folder: {', '.join(missing)}")
    if not 0 < options.port < 65536:
        parser.error(f"--port: must be 1 to 65535, came {options.port}")
    if options.debug and not hosts.is_loopback(options.host):
        parser.error(
            f"--debug: runs code for whoever asks, so only on 127.0.0.1; came --host {options.host}"
        )
    try:
        rules = serving.from_arguments(options)
    except serving.RulesError as error:
        parser.error(str(error))
    if options.jobs is not None and options.jobs < 1:
        parser.error(f"--jobs: must be 1 or more, came {options.jobs}")
    try:
        slots.usual()
    except ValueError as error:
        parser.error(str(error))
    ending.end_on_sigterm()
    app = create_app(options.runs, rules=rules, jobs=options.jobs)
    address = listen.address(options.host, options.port)
    if options.debug:
        app.run(host=options.host, port=options.port, debug=True)
        return 0
    try:
        served = listen.create_server(app.server, options.host, options.port)
    except OSError as error:
        parser.error(f"cannot listen on {address}: {error.strerror or error}; try another --port")
    listen.warn_if_open(options.host, rules)
    names = ", ".join(run.title for run in app.server.config[context.KEY].runs.values())
    print(f"{names or 'No run yet: see the README on recording one'}")
    opened = listen.address(options.host, options.port, rules.token)
    print(f"Open {opened}   (Ctrl-C ends it)", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        served.run()
    return 0


def __getattr__(name: str) -> object:
    """Make ``app:server`` when a WSGI server asks for it; runs come from ``GT_RUNS``.

    Who is answered comes from ``GT_ALLOW_HOST``, ``GT_TOKEN`` and ``GT_ALLOW_FRAME``, see `gt.serve.rules`.

    ``app:celery_app`` is for Celery's workers, see `gt.jobs.background`.
    """
    if name not in ("server", "celery_app"):
        raise AttributeError(f"app has no {name}")
    folders = all_local(os.environ.get("GT_RUNS", ""), "GT_RUNS")
    made = create_app(folders, rules=serving.from_environment())
    globals()["server"] = made.server
    if isinstance(made._background_manager, background.CeleryPlaced):
        globals()["celery_app"] = made._background_manager.handle
    elif name == "celery_app":
        raise RuntimeError("app:celery_app is for Celery's workers; REDIS_URL must be set")
    return globals()[name]


if __name__ == "__main__":
    sys.exit(main())
