"""The dashboard: ``python app.py``, or ``app:server`` for a WSGI server of one's own."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dash import Dash

from gt.cache import memory
from gt.cache.store import Store
from gt.cli.command import run
from gt.cli.serve import serving
from gt.dashboard import ASSETS, PAGES, SHIPPED
from gt.files.place import all_local
from gt.jobs import background, wiring
from gt.jobs.known import jobs as known_jobs
from gt.serve import access_log as logged
from gt.serve import (
    callbacks,
    compression,
    context,
    docs_routes,
    front,
    gate,
    live_routes,
    modules,
    neighbours,
    network_routes,
    plotly,
    routes,
    run_routes,
    selections,
    story_routes,
    upload_routes,
)
from gt.serve.library import Library
from gt.serve.rules import Rules, from_environment
from gt.share import routes as share_routes
from gt.ui import shell, theme
from gt.ui.adversarial import keep
from gt.ui.embed import page as embed_page
from gt.ui.tour import export
from gt.ui.tour import page as tour_page

log = logging.getLogger("gt")


#: what answers requests or callbacks, in the order in which it does
PARTS: tuple[Any, ...] = (
    compression,
    routes,
    modules,
    network_routes,
    neighbours,
    live_routes,
    run_routes,
    story_routes,
    upload_routes,
    docs_routes,
    selections,
    share_routes,
    shell,
    tour_page,
    export,
    embed_page,
)


def create_app(
    runs: Sequence[Path | str] = (),
    cache: Path | str | None = None,
    rules: Rules | None = None,
    jobs: int | None = None,
    read_only: bool = False,
    prefix: str = front.ROOT,
    access_log: Path | str | None = None,
    jobs_each: int | None = None,
) -> Dash:
    """Build the app.

    Args:
        runs: Folders with runs of one's own (a run itself, or a folder of runs), shown before the
            ones that ship with the project.
        cache: Folder of the cache; by default `gt.cache.store.default_folder`.
        rules: Who is answered; by default whoever asks this machine by a name of its own.
        jobs: How many computations may run at once; by default `gt.jobs.slots.usual`.
        read_only: Whether nothing may be written for a reader, whatever the rules say.
        prefix: Under which everything is served, as `gt.serve.front.prefix_of` takes it.
        access_log: A file, or ``-`` for standard output; none where None, see `gt.serve.access_log`.
        jobs_each: How many computations one visitor may have waiting or at work; by default
            `gt.jobs.slots.usual_each`.

    Returns:
        The Dash app; its ``server`` is a Flask app, ready for any WSGI server and several workers.
    """
    memory.give_back()
    store = Store(cache)
    app = theme.Dashboard(
        "gt.app",
        title="Grand Tour",
        update_title="",
        use_pages=True,
        pages_folder=str(PAGES),
        assets_folder=str(ASSETS),
        assets_path_ignore=["^js$", "^vendor$"],  # imported or asked for, not run as they are
        suppress_callback_exceptions=True,  # a page's components come and go
        serve_locally=True,
        url_base_pathname=front.prefix_of(prefix),
        background_callback_manager=background.manager(store.folder, jobs, jobs_each),
    )
    own = [Path(folder) for folder in runs if Path(folder).resolve() != SHIPPED.resolve()]
    rules = replace(rules or Rules(), read_only=read_only or (rules or Rules()).read_only)
    library = Library([*runs, SHIPPED], store, keep_in=own, read_only=rules.read_only)
    for _, message in library.problems:  # which names the folder
        log.warning("%s", message)
    app.server.config[context.KEY] = library
    for part in PARTS:
        part.register(app)
    wiring.register(app, known_jobs().values())
    keep.register(app)
    plotly.register(app)
    callbacks.register(app)
    app.layout = shell.layout
    at = app.config.requests_pathname_prefix
    gate.register(app, rules, lambda: theme.inline_scripts(at, app.server.debug))
    front.register(app, own)
    logged.register(app, access_log)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the dashboard until interrupted: ``gt serve``, with the same options.

    Raises:
        SystemExit: With 2 for what cannot be.
    """
    command = serving("python app.py", lambda: create_app, browser=False)
    if status := run(command, arguments):
        sys.exit(status)
    return 0


def __getattr__(name: str) -> object:
    """Make ``app:server`` when a WSGI server asks for it; runs come from ``GT_RUNS``.

    Who is answered comes from ``GT_ALLOW_HOST``, ``GT_TOKEN`` and ``GT_ALLOW_FRAME``, and whether anything may be
    written from ``GT_READ_ONLY``, see `gt.serve.rules`; ``GT_PREFIX`` and ``GT_ACCESS_LOG`` are as of `create_app`.

    ``app:celery_app`` is for Celery's workers, see `gt.jobs.background`.
    """
    if name not in ("server", "celery_app"):
        raise AttributeError(f"app has no {name}")
    folders = all_local(os.environ.get("GT_RUNS", ""), "GT_RUNS")
    made = create_app(
        folders,
        rules=from_environment(),
        prefix=os.environ.get("GT_PREFIX", ""),
        access_log=os.environ.get("GT_ACCESS_LOG") or None,
    )
    globals()["server"] = made.server
    if isinstance(made._background_manager, background.CeleryPlaced):
        globals()["celery_app"] = made._background_manager.handle
    elif name == "celery_app":
        raise RuntimeError("app:celery_app is for Celery's workers; REDIS_URL must be set")
    return globals()[name]


if __name__ == "__main__":
    sys.exit(main())
