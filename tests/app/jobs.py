"""What the tests of every job share: an app with its panel, a form that is filled in, Start, Cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest
from dash import Dash, html

from gt import ids
from gt.cache.store import Store
from gt.files import alive
from gt.jobs import background, wiring
from gt.jobs.form import stores
from gt.jobs.job import Job
from gt.serve import context
from gt.serve.library import Library
from tests.app.conftest import computing, ids_in, request


def app_of(
    job: Job,
    folder: Path,
    runs: Sequence[Path],
    around: Callable[[], Sequence[Any]],
    patch: pytest.MonkeyPatch,
    **more: Any,
) -> Dash:
    """An app with the panel of one job, and what it works with on its page.

    Args:
        job: The job.
        folder: Where the app keeps what it computes.
        runs: Folders of runs.
        around: Makes what is on the page.
        patch: Undoes what the environment is told.
        more: Of the library.
    """
    patch.setenv("GT_CACHE_DIR", str(folder / "cache"))
    patch.delenv("REDIS_URL", raising=False)
    store = Store(folder / "cache" / "tensors")
    app = Dash(
        f"gt.{job.name}",
        serve_locally=True,
        background_callback_manager=background.manager(store.folder),
    )
    app.server.config[context.KEY] = Library(runs, store, **more)
    wiring.register(app, [job])
    app.layout = html.Div([*around(), *stores([job])])
    return app


def start(wired: wiring.Wired, filled: Sequence[Any], last: Any = None) -> Any:
    """Press Start.

    Args:
        wired: The job.
        filled: What the form hands to its callbacks.
        last: What the tab has ordered before.
    """
    return wired.start(1, *filled[:-1], last, filled[-1])


def refusal(
    wired: wiring.Wired, filled: Sequence[Any], words: Callable[[Any], str], last: Any = None
) -> Any:
    """What is said of a form that must not be sent: no hint beside it, and Start says the same.

    Args:
        wired: The job.
        filled: What the form hands to its callbacks.
        words: What is read of what is said.
        last: What the tab has ordered before.
    """
    said, disabled, hint = wired.check(True, *filled)
    assert disabled and not hint
    order, kept, ended, is_open, problem, _ = start(wired, filled, last)
    assert order is kept is ended is wiring.no_update and is_open
    assert words(problem) == words(said), "Start refuses for the same reason"
    return said


def listening(client: Any, one: str) -> list[Any]:
    """The callbacks that listen to a component alone."""
    callbacks = client.get("/_dash-dependencies").get_json()
    return [c for c in callbacks if [i["id"] for i in c["inputs"]] == [one]]


def has_all_that_its_callbacks_name(client: Any, job: Job, page: set[str]) -> None:
    """Assert that a panel has its parts and fields, and that all that callbacks name is there, a page's own too."""
    there = ids_in(client.get("/_dash-layout").get_json())
    assert {ids.job(job.name, part) for part in get_args(ids.JobPart)} <= there
    assert {ids.job_field(job.name, one.name) for one in job.parts()} <= there
    used = set()
    for callback in client.get("/_dash-dependencies").get_json():
        used |= {part["id"] for part in (*callback["inputs"], *callback["state"])}
        used |= {one.rsplit(".", 1)[0] for one in callback["output"].strip(".").split("...")}
    assert page | {ids.job(job.name, "result-store")} <= used <= there


def ends_when_cancelled(app: Dash, client: Any, job: Job, order: Any) -> None:
    """Assert that Cancel ends the process of an order, and says so."""
    cancel = ids.job(job.name, "cancel")
    [ordered] = listening(client, ids.job(job.name, "order-store"))
    answer = client.post("/_dash-update-component", json=request(ordered, [order])).get_json()
    assert answer["cancel"] == [{"id": cancel, "property": "n_clicks"}]
    pid = computing(app._background_manager, answer["job"])
    said, ended = listening(client, cancel)  # ours, and the one by which Dash ends the process
    body = client.post("/_dash-update-component", json=request(said, [1])).get_json()["response"]
    assert body[ids.job(job.name, "progress")]["hidden"] is True
    assert body[ids.job(job.name, "message")]["children"] == f"Stopped. {job.kept}"
    client.post(
        "/_dash-update-component",
        json=request(ended, [1]),
        query_string={"cancelJob": answer["job"]},  # as the browser adds it
    )
    assert alive.found(pid) is None
