"""Wide layers: what a run keeps of a layer that has too many values a point to be kept whole.

Of each point a row is stored in place of its values: **exact coordinates**, the values times directions that stay the
same from step to step (`gt.record.wide` says which); where the points are few, **places**, whose distances in one step
are those of the values; and a **sketch**, whose distances, in one step and between steps, are nearly those. What is
drawn of such a layer are projections of what the network computed, and no approximation.

The sketch is a count-sketch with buckets of one size: values times signs, in an order that a hash settles, summed up in
``sketch`` buckets. Source: Charikar, Chen and Farach-Colton, Finding frequent items in data streams, 2002,
doi:10.1007/3-540-45465-9_59; as an embedding: Weinberger et al. 2009, doi:10.1145/1553374.1553516. The hash is
SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gt.errors import WideLayerError

if TYPE_CHECKING:
    from gt.run.layer import Layer
    from gt.run.read import Run

MAX_WIDTH = 4096  # values of one point, above which a layer is wide
EXACT = 96  # coordinates
SKETCH = 512  # buckets
PLACED = 2000  # points of which distances are kept exactly, at most
KEYS = ("of", "exact", "places", "sketch")
GOLDEN, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
MASK = 2**64 - 1


def kept_of(
    width: int, n: int, *, places: bool = True, exact: int = EXACT, sketch: int = SKETCH
) -> dict[str, int]:
    """What is kept of a wide layer.

    Args:
        width: Values of one point.
        n: Points.
        places: Whether distances are kept exactly, where the points are few enough.
        exact: Coordinates.
        sketch: Buckets.

    Returns:
        ``of`` (the width), and how many columns are ``exact``, ``places`` and ``sketch``.
    """
    return {
        "of": width,
        "exact": min(exact, width),
        "places": n if places and n <= PLACED else 0,
        "sketch": min(sketch, width),
    }


def width_kept(kept: Mapping[str, int]) -> int:
    """Columns that are stored of each point."""
    return int(kept["exact"] + kept["places"] + kept["sketch"])


def parse(value: Any, shape: tuple[int, ...]) -> dict[str, int] | None:
    """What a run says is kept of a layer; None where it is kept whole.

    Raises:
        TypeError: If it is no such thing.
    """
    if value is None:
        return None
    if not isinstance(value, dict) or not all(
        type(value.get(key)) is int and 0 <= value[key] < 2**40 for key in KEYS
    ):
        raise TypeError("'kept' of a layer, which must have whole numbers,")
    if value["of"] != math.prod(shape) or not value["exact"] or not value["sketch"]:
        raise TypeError("'kept' of a layer, which must be of its width,")
    return {key: value[key] for key in KEYS}


def order_and_signs(width: int) -> tuple[np.ndarray, np.ndarray]:
    """How the values of a layer go into its sketch.

    Args:
        width: Values of one point.

    Returns:
        ``(width,)`` int64, an order of them, and ``(width,)`` float32, a sign of each in that order. The value at
        place i of the order goes into bucket i modulo the buckets.
    """
    with np.errstate(over="ignore"):
        state = (np.arange(1, width + 1, dtype=np.uint64)) * np.uint64(GOLDEN)
        for shift, factor in ((30, FIRST), (27, SECOND)):
            state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
        hashed = state ^ (state >> np.uint64(31))
    order = np.argsort(hashed >> np.uint64(1), kind="stable").astype(np.int64)
    signs = np.where(hashed & np.uint64(1), np.float32(1), np.float32(-1))
    return order, signs[order]


def sketched(values: np.ndarray, buckets: int) -> np.ndarray:
    """The sketch of points ``(n, d)``, ``(n, buckets)`` in the values' type."""
    n, width = values.shape
    order, signs = order_and_signs(width)
    spread = np.zeros((n, -(-width // buckets) * buckets), values.dtype)
    spread[:, :width] = values[:, order] * signs.astype(values.dtype)
    return np.asarray(spread.reshape(n, -1, buckets).sum(1))


def coordinates(run: Run, layer: str, epoch_index: int) -> np.ndarray:
    """The exact coordinates of a wide layer, in directions that are the same in all steps of a run but for turns.

    Args:
        run: The run.
        layer: Name of a wide layer.
        epoch_index: Position in ``epochs``.

    Returns:
        ``(n, exact)`` float32, in units of the layer.
    """
    found = run.layer(layer)
    assert found.kept is not None
    return run.stored(layer, epoch_index)[:, : found.kept["exact"]]


def sketch(run: Run, layer: str, epoch_index: int) -> np.ndarray:
    """The sketch of a wide layer, the same sums in all steps, ``(n, sketch)`` float32."""
    found = run.layer(layer)
    assert found.kept is not None
    return run.stored(layer, epoch_index)[:, -found.kept["sketch"] :]


def distance_values(run: Run, layer: str, epoch_index: int, *, between: bool = False) -> np.ndarray:
    """What has the distances of a layer's points: its values, or what is kept of them where it is wide.

    Args:
        run: The run.
        layer: Name of any layer.
        epoch_index: Position in ``epochs``.
        between: Whether distances between steps are asked for too; only values and the sketch have those.

    Returns:
        ``(n, p)`` float32 (float64 where that is stored). Of a wide layer the columns mean nothing by themselves.
    """
    found = run.layer(layer)
    if found.kept is None:
        values = run.activations(layer, epoch_index)
        return values.reshape(len(values), -1)
    places = found.kept["places"]
    if between or not places:
        return sketch(run, layer, epoch_index)
    start = found.kept["exact"]
    return run.stored(layer, epoch_index)[:, start : start + places]


def drawn_values(run: Run, layer: str, epoch_index: int) -> np.ndarray:
    """What is drawn of a layer, ``(n, p)``: its values, or its exact coordinates where it is wide."""
    if run.layer(layer).kept is not None:
        return coordinates(run, layer, epoch_index)
    values = run.activations(layer, epoch_index)
    return values.reshape(len(values), -1)


def refused(run: Run, layer: Layer) -> WideLayerError:
    """The error of whoever asks for all values of a wide layer."""
    assert layer.kept is not None
    return WideLayerError(
        f"{run.name}: layer {layer.name!r} must be kept whole for this, it is {sentence(run, layer)};"
        f" record it with whole=[{layer.name!r}]"
    )


def sentence(run: Run, layer: Layer) -> str:
    """What is kept of a wide layer, for people: "kept as 96 exact coordinates and a sketch, distances within ±6.4 %".

    Args:
        run: Its run, whose recorder measured the distances.
        layer: The layer.

    Returns:
        No sentence, ``""``, for a layer that is kept whole.
    """
    if layer.kept is None:
        return ""
    measured, begun = (
        measured_of(run, layer),
        f"kept as {layer.kept['exact']} exact coordinates and ",
    )
    if layer.kept["places"]:
        within = measured.get("places")
        return f"{begun}all distances" + ("" if within is None else f" within ±{_percent(within)}")
    within = measured.get("sketch")
    return f"{begun}a sketch" + (
        "" if within is None else f", distances within ±{_percent(within)}"
    )


def measured_of(run: Run, layer: Layer) -> dict[str, float]:
    """How far off distances are by what is kept of a wide layer, as its recorder measured.

    Returns:
        By "places" and "sketch" the share of a distance below which 95 % of the errors are.
    """
    told = run.made.get("wide")
    own = told.get(layer.name) if isinstance(told, Mapping) else None
    out = {}
    for key in ("places", "sketch"):
        value = own.get(key) if isinstance(own, Mapping) else None
        last = value[-1] if isinstance(value, list | tuple) and value else None
        if isinstance(last, int | float) and not isinstance(last, bool) and math.isfinite(last):
            out[key] = float(last)
    return out


def settled_of(run: Run, layer: Layer) -> tuple[list[int], list[float]]:
    """When the directions of a wide layer's coordinates were settled, as its recorder says.

    Returns:
        Numbers of the recorded steps, the first included; and, of all but the first, the share of the coordinates'
        squared size that moved by it and not by the network. Both are empty where nothing is known.
    """
    told = run.made.get("wide")
    own = told.get(layer.name) if isinstance(told, Mapping) else None
    found: dict[str, list[Any]] = {}
    for key in ("settled", "moved"):
        value = own.get(key) if isinstance(own, Mapping) else None
        found[key] = list(value) if isinstance(value, list | tuple) else []
    both = list(zip(found["settled"], found["moved"], strict=False))
    known = {int(one) for one in run.epochs}
    sound = [
        (step, share)
        for i, (step, share) in enumerate(both)
        if step in known and (i == 0 or isinstance(share, int | float))
    ]
    return [int(step) for step, _ in sound], [float(share) for _, share in sound[1:]]


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.1 else f"{100 * share:.0f} %"
