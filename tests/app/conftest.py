"""The app without a browser: made anew for each test, with Dash's globals put back after it."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.waiting import until

#: of all pages
PAGES = [
    "/",
    "/grand-tour",
    "/tsne",
    "/umap",
    "/embedding",
    "/compare",
    "/layers",
    "/adversarial",
    "/training",
    "/network",
    "/method",
    "/two-runs",
    "/runs",
    "/story",
    "/docs",
]
#: stores of a job that outlive its page
OF_THE_SHELL = ("order-store", "result-store")
#: as the form of /tsne orders it of the small runs
EMBED = {
    "work": "embed",
    "run": "held-out",
    "family": "tsne",
    "method": "tsne",
    "parameters": {"perplexity": 5.0, "iterations": 20, "every": 1},
    "layer": "softmax",
    "split": "test",
    "points": None,
    "seed": 0,
    "nonce": "n",
}


@pytest.fixture(autouse=True)
def dash_globals() -> Iterator[None]:
    """Each test finds Dash as if there had been no app before."""
    with fresh_dash():
        yield


@contextlib.contextmanager
def fresh_dash() -> Iterator[None]:
    """Dash keeps pages and callbacks of a process in module globals: here they are empty, and are put back."""
    from dash import _callback, _get_app, _pages
    from dash.background_callback.managers import BaseBackgroundCallbackManager

    kept = {
        "pages": _pages.PAGE_REGISTRY,
        "list": _callback.GLOBAL_CALLBACK_LIST,
        "map": _callback.GLOBAL_CALLBACK_MAP,
        "scripts": _callback.GLOBAL_INLINE_SCRIPTS,
        "managers": BaseBackgroundCallbackManager.managers,
        "functions": BaseBackgroundCallbackManager.functions,
    }
    before = {name: copy.copy(value) for name, value in kept.items()}
    app = _get_app.APP
    for value in kept.values():
        value.clear()
    try:
        yield
    finally:
        for name, value in kept.items():
            value.clear()
            if isinstance(value, list):
                value.extend(before[name])
            else:
                value.update(before[name])
        _get_app.APP = app


@pytest.fixture
def nothing_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty precomputed/, so that only the runs of a test are there."""
    import app

    folder = tmp_path / "nothing-shipped"
    folder.mkdir()
    monkeypatch.setattr(app, "SHIPPED", folder)
    return folder


@pytest.fixture
def dash_app(nothing_shipped: Path, runs_folder: Path, tmp_path: Path) -> Any:
    import app

    return app.create_app([runs_folder], tmp_path / "cache")


class Client(FlaskClient):
    """Reads answers to their end at once, so that files that were sent are closed."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return super().open(*args, **{"buffered": True} | kwargs)


@pytest.fixture
def client(dash_app: Any) -> Any:
    dash_app.server.test_client_class = Client
    return dash_app.server.test_client()


@pytest.fixture
def library(dash_app: Any) -> Any:
    from gt.serve import context

    return dash_app.server.config[context.KEY]


@pytest.fixture
def server(dash_app: Any) -> Iterator[Any]:
    """The library of the app, within a request."""
    from gt.serve import context

    with dash_app.server.test_request_context():
        yield dash_app.server.config[context.KEY]


@pytest.fixture
def page(client: Any) -> Callable[..., Any]:
    """``page("/grand-tour", "?run=mnist")``: the layout as JSON, as the browser gets it."""

    def page(path: str, query: str = "") -> Any:
        client.get("/")
        callbacks = client.get("/_dash-dependencies").get_json()
        [router] = [c for c in callbacks if "_pages_content.children" in c["output"]]
        answer = ask(client, router, [path, query])
        return answer["response"]["_pages_content"]["children"]

    return page


def ask(client: Any, callback: dict[str, Any], inputs: list[Any], state: Any = ()) -> Any:
    """Call a callback as the browser does; returns the JSON, or fails with what the server said."""
    answer = client.post("/_dash-update-component", json=request(callback, inputs, state))
    assert answer.status_code == 200, (answer.status_code, answer.get_data(as_text=True)[:2000])
    return json.loads(answer.get_data(as_text=True))


def request(callback: dict[str, Any], inputs: list[Any], state: Any = ()) -> dict[str, Any]:
    """The body of a callback's request."""
    names = [part.rsplit(".", 1) for part in callback["output"].strip(".").split("...")]
    outputs = [{"id": i, "property": p.split("@")[0]} for i, p in names]
    if callback["output"].startswith(".."):
        for (i, p), output in zip(names, outputs, strict=True):
            output.update(id=i, property=p)
    given = [i | {"value": v} for i, v in zip(callback["inputs"], inputs, strict=True)]
    return {
        "output": callback["output"],
        "outputs": outputs if callback["output"].startswith("..") else outputs[0],
        "inputs": given,
        "state": [s | {"value": v} for s, v in zip(callback["state"], state, strict=True)],
        "changedPropIds": [f"{i['id']}.{i['property']}" for i in callback["inputs"]],
    }


def computing(manager: Any, handle: str) -> int:
    """The number of the process of a job, as soon as it has one.

    Args:
        manager: A `gt.jobs.processes.Processes`.
        handle: The job as Dash told the browser, signed, or its bare name.
    """
    job = handle.split("~")[0]

    def begun() -> list[int]:
        entries = manager.slots.entries()
        return [int(e["process"][0]) for e in entries if e["job"] == job and e["process"]]

    return until(begun, said=lambda: f"has {job} a process: {manager.slots.entries()}")[0]


def components(layout: Any) -> Iterator[dict[str, Any]]:
    """Every component of a layout in JSON."""
    if isinstance(layout, list):
        for one in layout:
            yield from components(one)
    elif isinstance(layout, dict) and "props" in layout:
        yield layout
        yield from components(layout["props"].get("children"))


def text(layout: Any) -> str:
    """All text of a layout."""
    if isinstance(layout, str):
        return layout
    if isinstance(layout, list):
        return " ".join(text(one) for one in layout)
    return text(layout["props"].get("children")) if isinstance(layout, dict) else ""


def spelt(component_id: Any) -> str:
    """An id as gt/ids.py spells it: of a pattern, its type."""
    if isinstance(component_id, str) and component_id.startswith("{"):
        component_id = json.loads(component_id)
    return component_id if isinstance(component_id, str) else component_id["type"]


def ids_in(layout: Any) -> set[str]:
    return {spelt(c["props"]["id"]) for c in components(layout) if "id" in c["props"]}
