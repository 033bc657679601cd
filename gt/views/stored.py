"""Named views that lie beside a run: ``views.json`` in its folder, bound to the recording by its ``uid``.

A folder's name says nothing of what was recorded: a run of one's own may be called ``mnist``, and a copy of the shipped
one anything. So the file says of which recording it is, and is refused beside another. A view whose classes, layers or
epochs are not there, as in a copy of a part, is left out; a file that is not as `gt.views.kinds` has it is refused
whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from gt.errors import RunError
from gt.kept.ship import VIEWS
from gt.run.read import Run
from gt.serve import shapes, strict_json
from gt.views.kinds import LayerView, NamedView, Preset, Views

LARGEST = 2**20  # bytes of the file
NAME, TEXT = 80, 600  # characters
REMEDY = "mend it, or remove it: views are made from the run's own events then"


def read_views(run: Run) -> Views | None:
    """Read the named views beside a run.

    Args:
        run: Whose folder is looked into.

    Returns:
        What the file holds, checked against `Views`; None where there is no file.

    Raises:
        RunError: If the file cannot be read, is of another recording, or not as it should be; it names what.
    """
    file = run.path / VIEWS
    try:
        if not file.is_file():
            return None
        if (size := file.stat().st_size) > LARGEST:
            raise RunError(f"{file}: must be at most {LARGEST} bytes, it has {size}; {REMEDY}")
        found = strict_json.read(file.read_bytes())
    except OSError as error:
        raise RunError(f"{file} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise RunError(f"{file}: must be JSON: {error}; {REMEDY}") from error
    if problem := shapes.wrong(found, Views, "views") or _too_long(found) or _uneven(found):
        raise RunError(f"{file}: {problem}; {REMEDY}")
    if found["uid"] != run.uid:
        raise RunError(
            f"{file}: must be of the recording {run.uid}, which lies beside it, it is of"
            f" {found['uid']:.64}; {REMEDY}"
        )
    return cast(Views, found)  # as `shapes.wrong` has just said


def _all(found: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for page in ("tour", "layers", "compare"):
        for i, view in enumerate(found.get(page, [])):
            yield f"views.{page}[{i}]", view


def _too_long(found: dict[str, Any]) -> str:
    """Which name or text no page has room for; empty for none."""
    for where, view in _all(found):
        for part, most in (("name", NAME), ("text", TEXT)):
            if not 0 < len(view[part]) <= most:
                came = len(view[part])
                return f"{where}.{part} must have 1 to {most} characters, it has {came}"
    return ""


def _uneven(found: dict[str, Any]) -> str:
    """Which view has nowhere to lead; empty for none."""
    for where, view in _all(found):
        if not view["epochs"]:
            return f"{where}.epochs must name an epoch"
        if "states" in view and len(view["states"]) != len(view["epochs"]):
            return f"{where} must have an epoch for each of its {len(view['states'])} states"
        if "pair" in view and len(view["pair"]) != 2:
            return f"{where}.pair must be two classes, it has {len(view['pair'])}"
        if "moved" in view and len(view["moved"]) != 2:
            return f"{where}.moved must be two epochs, it has {len(view['moved'])}"
        if "layer" in view and not view["handles"]:
            return f"{where}.handles must name a class"
    return ""


def fits(
    view: NamedView | LayerView | Preset,
    classes: Iterable[str],
    epochs: Iterable[int],
    layers: Iterable[str],
) -> bool:
    """Whether all that a view names is there.

    Args:
        view: Of any page.
        classes: Names of the run's classes.
        epochs: Numbers of the epochs that the page can show.
        layers: Names of its layers, or of the states of its network.
    """
    parts: dict[str, Any] = {**view}
    named = [
        name
        for part in ("handles", "show", "classes", "apart", "pair")
        for name in parts.get(part, [])
    ]
    places = [
        *parts.get("states", []),
        *(parts[part] for part in ("layer", "found") if part in parts),
    ]
    return (
        set(named) <= set(classes)
        and {*parts["epochs"], *parts.get("moved", [])} <= set(epochs)
        and set(places) <= set(layers)
    )
