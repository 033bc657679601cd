"""Which named views a page is told of: those that lie beside the run, else those made from it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

from gt.errors import RunError
from gt.kept.alignment import Alignment
from gt.kept.ship import VIEWS
from gt.measure.training.course import LAYER
from gt.run.read import Run
from gt.run.task import one_class
from gt.serve.library import Library
from gt.views import made
from gt.views.kinds import LayerView, NamedView, Preset, PresetOf, Views
from gt.views.stored import fits, read_views

COMPARE = "compare"

log = logging.getLogger(__name__)


def tour_views(library: Library, name: str) -> list[NamedView]:
    """The named views of a run's last layer.

    Args:
        library: Has the run.
        name: Of the run.
    """
    run = library.run(name)
    stored = _stored(run)
    if stored is None:
        return _made(library, run, "tour", lambda: made.tour_views(run))
    layers = [layer.name for layer in run.layers]
    epochs = run.epochs.tolist()
    return [one for one in stored.get("tour", []) if fits(one, run.classes, epochs, layers)]


def layer_views(library: Library, name: str, alignment: str) -> list[LayerView]:
    """The named views of a run's layers, as an alignment shows them.

    Views that were written are shown for the alignments in which their sentences were found true; an alignment that
    has none gets views made of it, whose sentences say what holds in any.

    Args:
        library: Has the run.
        name: Of the run.
        alignment: Name of the alignment.
    """
    run = library.run(name)
    one = next(x for x in library.alignments(name) if x.name == alignment)
    states, epochs = [state.name for state in one.states], one.epochs.tolist()
    stored = _stored(run)
    written = [] if stored is None else stored.get("layers", [])
    if stored is None or written:
        kept = [one for one in written if fits(one, run.classes, epochs, states)]
        if kept := [view for view in kept if _true_of(view, one)]:
            return kept
        return _made(
            library,
            run,
            f"layers/{alignment}/{one.recipe.key}/{epochs[-1]}",
            lambda: made.layer_views(run, epochs, states),
        )
    return []


def _true_of(view: LayerView, one: Alignment) -> bool:
    if "of" not in view:
        return True
    of = view["of"]
    return (one.recipe.reference, one.k, len(one.ids)) == (of["reference"], of["k"], of["points"])


def presets(library: Library) -> list[PresetOf]:
    """The comparisons that lie beside the runs of a server.

    Where a recording is there twice, its comparisons say of which folder they are.
    """
    runs = list(library.runs.values())
    twice = [run.uid for run in runs]
    return [
        _preset(run, one, twice.count(run.uid) > 1)
        for run in runs
        for one in _comparisons(run)
        if fits(one, run.classes, run.epochs.tolist(), ())
    ]


def _comparisons(run: Run) -> list[Preset]:
    stored = _stored(run)
    return [] if stored is None else stored.get("compare", [])


def made_preset(library: Library, name: str) -> PresetOf | None:
    """The comparison that is made of a run which brings none.

    Args:
        library: Has the run.
        name: Of the run.

    Returns:
        None where the run has a file of views, or nothing is found.
    """
    run = library.run(name)
    if _stored(run) is not None:
        return None
    return _made_preset(library, run)


def opening_epochs(library: Library, name: str) -> list[int]:
    """The columns with which a comparison of a run opens: those of the comparison that it brings, else of one made.

    Args:
        library: Has the run.
        name: Of the run.

    Returns:
        Numbers of epochs, going up; the first and the last where nothing is found.
    """
    run = library.run(name)
    epochs = run.epochs.tolist()
    found = next((one for one in _comparisons(run) if fits(one, run.classes, epochs, ())), None)
    found = found or _made_preset(library, run)
    return list(found["epochs"]) if found else sorted({epochs[0], epochs[-1]})


def _made_preset(library: Library, run: Run) -> PresetOf | None:
    found = _made(library, run, COMPARE, lambda: [one for one in (made.comparison(run),) if one])
    return _preset(run, found[0], False) if found else None


def _preset(run: Run, one: Preset, several: bool) -> PresetOf:
    name = f"{one['name']} ({run.name})" if several else one["name"]
    return PresetOf({**one, "run": run.name, "name": name})


def not_shown(library: Library) -> list[tuple[str, str]]:
    """Views beside the runs of a server that cannot be shown: of which run, and why, for readers."""
    out = []
    for name, run in library.runs.items():
        try:
            read_views(run)
        except RunError as error:
            out.append((f"{name}/{VIEWS}", library.short(error)))
    return out


def _stored(run: Run) -> Views | None:
    """The views beside a run; none of a file that is not as it should be, which is told elsewhere."""
    try:
        return read_views(run)
    except RunError as error:
        log.warning("%s", error)
        return None


def _made(library: Library, run: Run, what: str, make: Callable[[], Sequence[Any]]) -> list[Any]:
    """What is made of a run, kept in the server's cache; of a run that says no classes a comparison at most."""
    layer = LAYER if one_class(run.task) else run.last
    if layer not in [one.name for one in run.layers] or (layer != LAYER and what != COMPARE):
        return []
    try:
        said = f"{made.VERSION}/{what}/{run.uid}/{run.title}/{run.fingerprint(layer)}"
        key = "views/" + hashlib.sha256(said.encode()).hexdigest()
        return list(
            library.store.json(key, lambda: list(make()), lambda kept: isinstance(kept, list))
        )
    except (RunError, OSError) as error:
        log.warning("%s: no views can be made: %s", run.name, error)
        return []
