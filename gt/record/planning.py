"""Deciding what is recorded, and weighing it, before anything is written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from gt.record.choose import Layers, as_choice
from gt.record.coordinates import check_axes
from gt.record.each import MOST, check_each
from gt.record.given import gather
from gt.record.hooks import check_plain, named
from gt.record.inputs import Forward
from gt.record.places import MORE
from gt.record.planned import Plan, make_plan, parameters, value_of
from gt.record.probe import Network, first_outputs, probed
from gt.record.reading import Reading
from gt.record.spreading import spread_of
from gt.record.table import MAX_BYTES, Table, check_size, table_of
from gt.record.tasks import Asked, ends_of
from gt.record.unwrapped import check_parallel, device_of, unwrapped
from gt.record.widely import check_width
from gt.run import RunError
from gt.run.task import NONE
from gt.run.wide import MAX_WIDTH

AUTO_BYTES = 100 * 10**6  # of an epoch: above it "auto" takes the outputs of blocks alone
SMALLER = ("all", "blocks", "outputs")


# long: most of it is what may be given
def plan(
    model: nn.Module,
    inputs: Any,
    *,
    task: str | None = None,
    indices: Any = None,
    output: str | int | None = None,
    forward: Forward | None = None,
    batch_axis: int | None = None,
    each: str | None = None,
    positions: int | None = MOST,
    layers: Any = "auto",
    axes: Mapping[str, str] | None = None,
    weights: bool | Iterable[str] | None = None,
    dtype: str = "float16",
    max_width: int = MAX_WIDTH,
    whole: str | Sequence[str] = (),
    epochs: int | None = None,
    max_bytes: float = MAX_BYTES,
) -> Table:
    """What a ``Recorder`` of these arguments would record; nothing is written, and nothing refused for its size.

    Args:
        model: As for ``Recorder``.
        inputs: As for ``Recorder``.
        task: As for ``Recorder``.
        indices: As for ``Recorder``.
        output: As for ``Recorder``.
        forward: As for ``Recorder``.
        batch_axis: As for ``Recorder``.
        each: As for ``Recorder``; without labels no position counts as ignored.
        positions: As for ``Recorder``.
        layers: As for ``Recorder``; "auto" is everything up to 100 MB an epoch, and above that the blocks.
        axes: As for ``Recorder``.
        weights: As for ``Recorder``.
        dtype: As for ``Recorder``.
        max_width: As for ``Recorder``.
        whole: As for ``Recorder``.
        epochs: That will be recorded.
        max_bytes: That the run may have.

    Returns:
        A table that can be printed.

    Raises:
        RunError: As ``Recorder`` does.
    """
    plain = unwrapped(model)
    check_plain(plain)
    check_parallel(plain)
    found = gather(inputs, Asked(NONE, None), indices, None, axis=batch_axis)
    given = found.inputs.fed(forward, (reading := Reading(output, None)), plain)
    given, network = probed(plain, given, reading, found.trying)
    width, kept_whole = check_width(max_width, whole)
    few = given[:MORE].to(device_of(plain))
    chosen, how = as_choice(layers), check_axes(axes)
    outputs = first_outputs(plain, few)
    spread, _, _ = spread_of(
        check_each(each, positions, bool(axes)), outputs, given, Asked(NONE, None)
    )
    outputs, of_points = spread.of_points(outputs, given)
    network, ends = ends_of(network, outputs, of_points, reading, task)

    def make(asked: Layers) -> Plan:
        return make_plan(
            network,
            plain,
            given.tensors,
            asked,
            ends=ends,
            dtype=dtype,
            axes=how,
            spread=spread,
            padded=given.padded,
            max_width=width,
            whole=kept_whole,
        )

    weigh = weighing(plain, network, spread.n, weights, epochs, max_bytes)
    return weigh(settled(chosen, make, weigh))


def settled(asked: Layers, make: Callable[[Layers], Plan], weigh: Callable[[Plan], Table]) -> Plan:
    """The plan of a choice of layers, "auto" by what all of them weigh.

    Args:
        asked: See `gt.record.choose.as_choice`.
        make: Makes a plan of a choice.
        weigh: Weighs it.
    """
    if asked != "auto":
        return make(asked)
    everything = make("all")
    small = weigh(everything).epoch_bytes <= AUTO_BYTES
    return everything if small else make("blocks")


def check_plan(
    found: Table, make: Callable[[Layers], Plan], weigh: Callable[[Plan], Table]
) -> None:
    """Refuse a plan that is too large, with a smaller one that would fit.

    Raises:
        RunError: See `gt.record.table.check_size`.
    """
    if found.total_bytes > found.max_bytes:
        check_size(found, {word: weigh(make(word)).total_bytes for word in SMALLER})


def weighing(
    model: nn.Module,
    network: Network,
    points: int,
    weights: bool | Iterable[str] | None,
    epochs: int | None,
    max_bytes: float,
) -> Callable[[Plan], Table]:
    """What weighs plans of a network.

    Args:
        model: The recorded one.
        network: As it was probed.
        points: Their number.
        weights: As for ``Recorder``.
        epochs: That will be recorded, if it is known.
        max_bytes: That the run may have.

    Raises:
        RunError: If that is no number of bytes, or there are no epochs.
    """
    wanted = weights if weights is None or isinstance(weights, bool) else tuple(weights)
    number = isinstance(max_bytes, int | float | np.number) and not isinstance(max_bytes, bool)
    if not number or not 0 < max_bytes < math.inf:
        raise RunError(
            f"Recorder: max_bytes must be a number of bytes, more than 0 (20e9 is 20 GB), got {max_bytes!r}"
        )
    whole = isinstance(epochs, int | np.integer) and not isinstance(epochs, bool)
    if epochs is not None and not (whole and epochs > 0):
        raise RunError(
            f"Recorder: epochs must be a whole number, 1 or more, or None, got {epochs!r}"
        )

    def weigh(made: Plan) -> Table:
        shapes = {
            name: tuple(value.shape)
            for name, value in values_of(model, parameters(model, network, wanted, made)).items()
        }
        return table_of(
            network, made, points, weights=shapes, epochs=epochs, max_bytes=int(max_bytes)
        )

    return weigh


def values_of(model: nn.Module, wanted: Mapping[str, tuple[str, str]]) -> dict[str, torch.Tensor]:
    """The parameters that are recorded, as they are now.

    Args:
        model: The recorded one.
        wanted: See `gt.record.planned.parameters`.
    """
    modules = named(model, tuple(module for module, _ in wanted.values()))
    return {name: value_of(modules[module], part) for name, (module, part) in wanted.items()}
