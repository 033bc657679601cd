"""From a recording with hidden layers to its alignment: read, align at one epoch, bring all epochs into its bases.

Biases and scale: what is subtracted from a state is its mean at the reference epoch, whatever the epoch, so a
drift during training is seen; where the coordinates are the classes nothing is. A state is drawn over its size at the
reference epoch, and that size is said. Points of the other split decide nothing: they are seen in the bases that these
points chose, and the means of their classes are kept.
"""

from __future__ import annotations

import functools
import json
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import scipy

import gt
from gt.align import K, Network
from gt.align import states as measures
from gt.align.again import kept_said, shape_of, share_seen, values_of
from gt.align.cached import KeptTriplets
from gt.align.network import added_together, align_graph
from gt.align.paths import Drawn
from gt.align.recorded import least_coordinates, links_of, shown_of, states_of
from gt.align.turn import carry
from gt.kept.alignment import (
    FOLDER,
    Alignment,
    Passage,
    Recipe,
    State,
    Way,
    moved_between,
    open_alignment,
    write_alignment,
)
from gt.run import Layer, Run, RunError, measure
from gt.run.points import SPLITS

CODE = 3  # goes up with every change that changes results of a chain of layers ...
GRAPH_CODE = 5  # ... and of a network with branches
HELD = 4  # states in memory at once, while the bases are found
POINTS = 500
SAME = 1e-3  # relative; outputs of a run and of its copy with 16 significant bits
Progress = Callable[[int, int, str], None]


def plan(
    run: Run,
    *,
    split: str = "test",
    points: int = POINTS,
    every: int = 1,
    k: int = K,
    reference: int | None = None,
) -> Recipe:
    """Settle what an alignment will depend on.

    Args:
        run: A recording with hidden layers.
        split: Whose points; the other one where the run has only that.
        points: How many at most, evenly over the classes.
        every: Which epochs.
        k: Coordinates of each state; as many as there are classes at least, where the outputs are of classes.
        reference: Number of the epoch whose weights and points decide the bases; the last when None.

    Raises:
        RunError: If the run has no two states, or no such split, points or epoch.
    """
    if split not in SPLITS:
        raise RunError(f"split must be train or test, got {split!r}", by="align")
    for name, value in (("points", points), ("every", every), ("k", k)):
        if value < 1:
            raise RunError(f"{name} must be at least 1, got {value}", by="align")
    if not len(run.epochs):
        raise RunError(f"{run.name} must have one {run.unit}, none is recorded yet", by="align")
    if len(states_of(run)) < 2:
        raise RunError(
            f"{run.name} must have hidden layers, it has {_listed(run)}; record it with --layers all",
            by="align",
        )
    if not (run.splits == SPLITS.index(split)).any():
        split = SPLITS[1 - SPLITS.index(split)]
    chosen = run.epochs[::every]
    epoch = int(chosen[-1]) if reference is None else int(reference)
    if epoch not in run.epochs:
        raise RunError(
            f"reference must be one of the {run.unit}s {run.epochs[0]} to {run.epochs[-1]} that are"
            f" recorded, got {epoch}",
            by="align",
        )
    digest, code = sha256(), CODE
    for layer in run.layers:
        digest.update(run.fingerprint(layer.name).encode())
    if not run.graph.chain:
        code = GRAPH_CODE
        digest.update(json.dumps(run.graph.to_json(), sort_keys=True).encode())
    k = max(k, least_coordinates(run))
    return Recipe(run.uid, digest.hexdigest(), split, points, every, k, epoch, code)


def name_of(run: Run, recipe: Recipe) -> str:
    """What an alignment is called: its split, and what differs from `plan`'s defaults: "test-k-64"."""
    usual = {
        "k": max(K, least_coordinates(run)),
        "points": POINTS,
        "every": 1,
        "epoch": int(run.epochs[:: recipe.every][-1]),
    }
    chosen = {
        "k": recipe.k,
        "points": recipe.points,
        "every": recipe.every,
        "epoch": recipe.reference,
    }
    words = [f"{what}-{value}" for what, value in chosen.items() if value != usual[what]]
    return "-".join([recipe.split, *words])


# long: the work is one line of steps, each a call
def align_run(
    run: Run,
    recipe: Recipe,
    *,
    folder: Path | None = None,
    owner: Run | None = None,
    progress: Progress | None = None,
    command: str = "",
) -> Alignment:
    """Align a run and keep the result; one that is there already is not made again.

    Args:
        run: A recording with hidden layers.
        recipe: From `plan`.
        folder: Where alignments are kept, each under its `name_of`; the owner's own when None.
        owner: The run it is to be kept with, if that is a smaller recording of the same training.
        progress: Is told how many of how many readings are done, and what is going on.
        command: What made it, for people.

    Raises:
        RunError: If the owner is of another training, or the recording cannot be read.
        NotFiniteError: If a layer holds NaN or infinity; it names layer and epoch.
    """
    tell = progress or (lambda done, total, what: None)
    owner = owner or run
    folder = folder or owner.path / FOLDER
    name = name_of(run, recipe)
    if (there := _there(folder / name, recipe, owner)) is not None:
        return there
    started = time.monotonic()
    split = SPLITS.index(recipe.split)
    classes = len(run.axes) if len(run.axes) <= recipe.k else 0  # of more none is a coordinate
    rows = measures.choose_points(run.labels, run.splits == split, recipe.points)
    others = measures.choose_points(run.labels, run.splits == 1 - split, recipe.points)
    epochs = [int(e) for e in run.epochs[:: recipe.every]]
    if owner is not run:
        _check_owner(run, owner, rows, epochs)
    at = run.epochs.tolist().index(recipe.reference)
    shown = shown_of(run, rows, at)
    layers = shown.layers
    total = len(layers) * (len(epochs) + 1)
    tell(0, total, "bases")
    read = functools.lru_cache(maxsize=HELD)(lambda i: values_of(run, layers[i], at, rows))
    links = links_of(run, shown, at, read)
    with KeptTriplets() as kept:
        network = align_graph(
            read,
            [shape_of(run, one) for one in layers],
            links,
            k=recipe.k,
            classes=classes,
            solve=kept.solve,
        )
    if shown.chain:
        network = replace(
            network, turns=carry([one.pair.turn for one in network.transitions], recipe.k)
        )
    reference = [network.coordinates(i, read(i)) for i in range(len(layers))]
    read.cache_clear()
    tables, coordinates = _over_epochs(run, recipe, network, layers, (rows, others), epochs, tell)
    states = _states(run, shown, network, reference, tables["radii"])
    drawn = [
        np.pad(z, ((0, 0), (0, recipe.k - z.shape[1]))) / one.scale
        for z, one in zip(reference, states, strict=True)
    ]
    far = _moved(shown, network, drawn)
    tell(total, total, "")
    return write_alignment(
        folder,
        name,
        recipe=recipe,
        owner=owner.uid,
        epochs=epochs,
        of=int((owner.splits == split).sum()),
        states=states,
        transitions=_passages(network, recipe.k, far),
        coordinates=coordinates,
        arrays={
            "ids": run.ids[rows].astype(np.int64),
            **_turns(shown, network),
            **tables,
        },
        ways=None if shown.chain else _ways(shown, network),
        opposite_n=len(others),
        versions=_versions(),
        made={
            "command": command,
            "recorded": dict(run.made).get("command", ""),
            "seconds": round(time.monotonic() - started, 1),
            "date": datetime.now(UTC).date().isoformat(),
        },
    )


def _there(path: Path, recipe: Recipe, owner: Run) -> Alignment | None:
    """What a recipe makes, if it is there already; one that is damaged is made again."""
    try:
        found = open_alignment(path)
    except (RunError, OSError):
        return None
    return found if found.recipe.key == recipe.key and found.owner == owner.uid else None


def _over_epochs(
    run: Run,
    recipe: Recipe,
    network: Network,
    layers: Sequence[Layer],
    points: tuple[np.ndarray, np.ndarray],
    epochs: Sequence[int],
    tell: Progress,
) -> tuple[dict[str, np.ndarray], list[np.ndarray]]:
    """Bring every state in every epoch into its coordinates, and measure it there.

    Args:
        run: The recording.
        recipe: What to do.
        network: As it was aligned at the reference epoch.
        layers: The states.
        points: Rows of those that are shown, and of the other split's.
        epochs: Their numbers.
        tell: As ``progress`` of `align_run`.

    Returns:
        By name ``(states, epochs, ...)`` float32 "variance", "separation" of each class, "radii" and "opposite", the
        class means of the other split; and for each state ``(epochs, n, r)``, of one epoch where it is constant.
    """
    (rows, others), classes, count = points, len(run.classes), (len(layers), len(epochs))
    tables = {
        "variance": np.zeros(count, np.float32),
        "separation": np.zeros((*count, classes), np.float32),
        "radii": np.zeros(count, np.float32),
        "opposite": np.zeros((*count, classes, recipe.k), np.float32),
    }
    index = {int(number): i for i, number in enumerate(run.epochs)}
    total, coordinates = len(layers) * (len(epochs) + 1), []
    for i, layer in enumerate(layers):
        parts: list[np.ndarray] = []
        for j, epoch in enumerate(epochs):
            tell(len(layers) + i * len(epochs) + j, total, f"{layer.name}, {run.unit} {epoch}")
            if j and layer.constant:
                for table in tables.values():
                    table[i, j] = table[i, 0]
                continue
            values = values_of(run, layer, index[epoch], np.concatenate([rows, others]))
            z = network.coordinates(i, values)
            own, theirs = z[: len(rows)], z[len(rows) :]
            parts.append(own)
            kept = measures.variance_kept(values[: len(rows)], own)
            tables["variance"][i, j] = kept * share_seen(run, layer, index[epoch], rows)
            tables["radii"][i, j] = measures.size(own)
            tables["separation"][i, j] = measures.separation(own, run.labels[rows], classes)
            means = measures.class_means(theirs, run.labels[others], classes)
            tables["opposite"][i, j, :, : own.shape[1]] = means
            tables["opposite"][i, j, np.isnan(means).any(1)] = np.nan
        coordinates.append(np.stack(parts))
    return tables, coordinates


def _states(
    run: Run, shown: Drawn, network: Network, reference: Sequence[np.ndarray], radii: np.ndarray
) -> list[State]:
    """What is said of each state: ``reference`` are its coordinates at the reference epoch, ``radii`` its sizes.

    A sum and its terms are drawn over one size, the largest of theirs, so that they add up in the picture too.
    """
    scales = []
    for i, layer in enumerate(shown.layers):
        size = 1.0 if layer.name == "softmax" else measures.size(reference[i])
        scales.append(size or float(radii[i].max()) or 1.0)  # one that is dead at the reference
    for group in added_together(shown.edges, network.transitions):
        largest = max(scales[i] for i in group)
        for i in group:
            scales[i] = largest
    return [
        State(
            layer.name,
            layer.kind,
            tuple(layer.shape),
            int(np.prod(layer.shape)),
            int(network.bases[i].shape[1]),
            i in network.outputs,
            scales[i],
            0.0,
            kept_said(run, layer),
        )
        for i, layer in enumerate(shown.layers)
    ]


def _ways(shown: Drawn, network: Network) -> list[Way]:
    """What is said of what leads from state to state; what the points deny is one of several things."""
    ways = []
    for edge, one in zip(shown.edges, network.transitions, strict=True):
        denied = edge.sort in ("addition", "concatenation") and one.how != edge.sort
        sort, role = ("several", "") if denied else (edge.sort, edge.role)
        ways.append(Way(edge.before, edge.behind, sort, role, edge.factor, edge.between))
    return ways


def _moved(
    shown: Drawn, network: Network, drawn: Sequence[np.ndarray]
) -> list[tuple[float, float]]:
    """How far points move over each edge in the mean, aligned and naive; ``drawn`` as for `moved_between`."""
    if shown.chain:
        return moved_between(drawn, network.turns)
    return [
        (
            measure.moved(drawn[edge.before] @ one.pair.turn, drawn[edge.behind]),
            measure.moved(drawn[edge.before], drawn[edge.behind]),
        )
        for edge, one in zip(shown.edges, network.transitions, strict=True)
    ]


def _turns(shown: Drawn, network: Network) -> dict[str, np.ndarray]:
    """The turns of a chain; of a network with branches those of its pairs, for a path to be made of."""
    if shown.chain:
        return {"turns": network.turns}
    k = network.k
    turns = [one.pair.turn for one in network.transitions]
    return {"pairs": np.stack(turns) if turns else np.empty((0, k, k))}


def _passages(network: Network, k: int, far: Iterable[Any]) -> list[Passage]:
    """What is said of each transition, with how far points move in it."""
    return [
        Passage(
            one.kind,
            one.how,
            tuple(float(s) for s in one.sigma[:k]),
            one.exact,
            one.pair.residual,
            both,
        )
        for one, both in zip(network.transitions, far, strict=True)
    ]


def _versions() -> dict[str, str]:
    return {
        "nn-grand-tour": gt.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "python": platform.python_version(),
    }


def _check_owner(run: Run, owner: Run, rows: np.ndarray, epochs: Sequence[int]) -> None:
    """Whether two recordings are of one training: the same points, and the same outputs."""
    missing = set(run.ids[rows].tolist()) - set(owner.ids.tolist())
    if missing or not set(epochs) <= set(owner.epochs.tolist()):
        what = f"point {min(missing)}" if missing else f"all these {run.unit}s"
        raise RunError(
            f"{owner.path} must be a recording of the same training as {run.path}, it lacks {what}",
            by="align",
        )
    place = {int(one): i for i, one in enumerate(owner.ids)}
    theirs = [place[int(one)] for one in run.ids[rows]]
    for epoch in (epochs[0], epochs[-1]):
        a = run.activations(run.last, run.epochs.tolist().index(epoch))[rows]
        b = owner.activations(run.last, owner.epochs.tolist().index(epoch))[theirs]
        if np.abs(a - b).max(initial=0) > SAME:
            raise RunError(
                f"{owner.path} must be a recording of the same training as {run.path}, the"
                f" outputs of {run.unit} {epoch} differ by {np.abs(a - b).max():.3g}",
                by="align",
            )


def _listed(run: Run) -> str:
    return ", ".join(layer.name for layer in run.layers)
