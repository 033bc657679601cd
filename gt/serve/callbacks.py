"""What reaches Dash's callbacks: only what a page of ours could have asked.

Dash takes what a browser says of inputs and outputs at its word, and fails somewhere inside where it is not so. Here a
request is held against the callback that it names: its inputs, states and outputs, and the types that the function's
annotations promise. What does not fit is told in a sentence, with status 400.
"""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_type_hints

from dash import Dash
from dash.exceptions import DependencyException, UnsupportedRelativePath
from flask import Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from gt.errors import UnknownRunError
from gt.serve.gate import CALLBACKS, LARGEST_BODY
from gt.serve.shapes import wrong
from gt.serve.strict_json import StrictJson

#: of Dash's own callback that changes pages, which has no annotations
DASH_S_OWN = {"pathname": str, "search": str | None}
#: what a control holds, unless its callback says otherwise
ONE_VALUE = str | int | float | bool
WILDCARDS = (["ALL"], ["MATCH"], ["ALLSMALLER"])

log = logging.getLogger(__name__)


class BadRequestError(ValueError):
    """A request that no page of ours makes."""


def register(app: Dash) -> None:
    """Check what comes to an app's callbacks, and answer every failure in a sentence."""
    server = app.server
    server.json = StrictJson(server)
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY + 1  # read of a body that says no length
    name = f"{app.config.routes_pathname_prefix}{CALLBACKS}"
    server.view_functions[name] = _checked(app, server.view_functions[name])
    server.register_error_handler(BadRequestError, _say_bad)
    server.register_error_handler(UnknownRunError, _say_no_run)
    server.register_error_handler(UnsupportedRelativePath, _say_elsewhere)
    server.register_error_handler(DependencyException, _say_no_file)
    server.register_error_handler(HTTPException, _say_http)


def _checked(app: Dash, answer: Callable[..., Any]) -> Callable[..., Any]:
    def dispatch(*args: Any, **named: Any) -> Any:
        if len(request.get_data()) > LARGEST_BODY:
            raise RequestEntityTooLarge
        check(request.get_json(), app.callback_map)
        return answer(*args, **named)

    dispatch.__name__ = "dispatch"
    return dispatch


def check(body: Any, callbacks: Mapping[str, Any]) -> None:
    """Hold a request against the callback that it names.

    Args:
        body: What came, as JSON gives it.
        callbacks: Dash's map of all callbacks.

    Raises:
        BadRequestError: If it does not fit.
    """
    if problem := wrong(body, dict, "the request"):
        raise BadRequestError(problem)
    output = body.get("output")
    if not isinstance(output, str) or "callback" not in callbacks.get(output, {}):
        raise BadRequestError("output must name a callback of this server; reload the page")
    callback = callbacks[output]
    _check_places(body.get("outputs"), _outputs(output), "outputs")
    given: list[tuple[Any, dict[str, str]]] = []
    for part, declared in (("inputs", callback["inputs"]), ("state", callback["state"])):
        came = body.get(part, [])
        _check_places(came, declared, part)
        given += zip(came, declared, strict=True)
    if problem := wrong(body.get("changedPropIds", []), list[str], "changedPropIds"):
        raise BadRequestError(problem)
    _check_patterns(given)
    for (came, declared), hint in zip(given, _hints(callback, len(given)), strict=True):
        value = [one.get("value") for one in came] if isinstance(came, list) else came.get("value")
        _check_value(value, hint, f"{declared['id']}.{declared['property']}")


def _check_patterns(given: list[tuple[Any, dict[str, str]]]) -> None:
    """Components that fit one pattern are the same for each of their properties that is asked for."""
    found: dict[str, list[Any]] = {}
    for came, declared in given:
        if isinstance(came, list):
            known = [one["id"] for one in came]
            if found.setdefault(declared["id"], known) != known:
                raise BadRequestError(f"{declared['id']} must be the same components throughout")


def _check_value(value: Any, hint: Any, name: str) -> None:
    """Hold a value against its argument's annotation, or against its property's where that says nothing.

    A text, a number or a switch may be null whatever is said, as on a page that has none, or where none is chosen yet.
    """
    said = name.rpartition(".")[2]
    if said in DASH_S_OWN:
        hint = DASH_S_OWN[said]
    elif hint is Any and said == "value":
        one = ONE_VALUE | None
        hint = list[one] if name.startswith("{") else one  # of a pattern, one a component
    elif hint in (str, int, float, bool):
        hint = hint | None
    if problem := wrong(value, hint, name):
        raise BadRequestError(problem)


def _outputs(output: str) -> list[dict[str, str]]:
    """Where a callback writes, out of the name that Dash gives it."""
    inner = output[2:-2].split("...") if output.startswith("..") else [output]
    parts = [one.rsplit(".", 1) for one in inner]
    return [{"id": name, "property": _plain(said)} for name, said in parts]


def _plain(said: str) -> str:
    return said.partition("@")[0]  # after it: which of several callbacks that write there


def _check_places(came: Any, declared: list[dict[str, str]], part: str) -> None:
    if part == "outputs" and isinstance(came, dict):
        came = [came]
    if not isinstance(came, list) or len(came) != len(declared):
        raise BadRequestError(f"{part} must be the callback's own {len(declared)}")
    for one, wanted in zip(came, declared, strict=True):
        pattern = wanted["id"].startswith("{")
        for place in one if pattern and isinstance(one, list) else [one]:
            if not _is_place(place, wanted, pattern):
                raise BadRequestError(f"{part} must be the callback's own, {wanted['id']} is not")


def _is_place(came: Any, wanted: dict[str, str], pattern: bool) -> bool:
    if not isinstance(came, dict) or not isinstance(came.get("property"), str):
        return False
    if _plain(came["property"]) != _plain(wanted["property"]):
        return False
    if not pattern:
        return came.get("id") == wanted["id"]
    names, found = json.loads(wanted["id"]), came.get("id")
    if not isinstance(found, dict) or found.keys() != names.keys():
        return False
    return all(
        isinstance(found[name], str | int | float) if value in WILDCARDS else found[name] == value
        for name, value in names.items()
    )


def _hints(callback: Mapping[str, Any], count: int) -> Iterator[Any]:
    """The types of a callback's arguments in the order in which a request gives them.

    Anything goes for what is computed in the background: it is an order, and what is wrong in it is told in the page.
    """
    function = inspect.unwrap(callback["callback"])
    hints = {} if callback.get("background") else get_type_hints(function)
    names = list(inspect.signature(function).parameters)
    for place in range(count):
        yield hints.get(names[min(place, len(names) - 1)], Any)  # the last may be *args


def _say_bad(error: BadRequestError) -> Response:
    return _told(400, f"{error}")


def _say_no_run(error: UnknownRunError) -> Response:
    return _told(400, f"{error}")


def _say_elsewhere(_: UnsupportedRelativePath) -> Response:
    return _told(400, "pathname must be one of this app's")


def _say_no_file(_: DependencyException) -> Response:
    return _told(404, "No such file.", log_it=False)


def _say_http(error: HTTPException) -> Response | HTTPException:
    """Plain sentences for what werkzeug would write a page of HTML about; what the app says itself stays."""
    if error.response is not None:
        return error
    if error.code == 413:
        return _told(413, f"A request may have {LARGEST_BODY:,} bytes, this one has more.")
    if error.code == 400:
        return _told(400, "The request could not be read: its body must be JSON.")
    if error.code == 500:  # Flask has logged it, with all that is to know
        return _told(500, "The server failed at this; its log says at what.", log_it=False)
    answer = _told(error.code or 500, f"{error.name}.", log_it=False)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _told(status: int, said: str, *, log_it: bool = True) -> Response:
    if log_it:
        log.warning("%s %.80r: %d %.300s", request.method, request.path, status, said)
    return Response(f"{said}\n", status, mimetype="text/plain")
