"""The network of a run, ready to be called: from the weights that the run holds, or from a file of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from gt.layers.kind import Step, kind_of
from gt.record.chain import Chain, Part
from gt.record.network import Network
from gt.record.pixels import pixels_of
from gt.record.stored_network import load_network
from gt.run import Layer, Run, RunError
from gt.run.measure import softmax

SAME = 1e-4  # of outputs as large as 1; of larger ones as a share of the largest
FILE = "network.safetensors"  # in a run's folder, where the run itself holds no weights


def network_of(run: Run, epoch_index: int = -1, weights: str | Path | None = None) -> Network:
    """Build the network of a run as it was in one epoch, and check that it gives the outputs that were recorded.

    Args:
        run: Recorded with all its layers, which must be a chain of known kinds, and their weights.
        epoch_index: Position in ``run.epochs``; from the end if negative. A file of weights says its own epoch.
        weights: A file that `gt.record.network_file.save_weights` wrote, for a run that holds none; ``FILE`` in the
            run's folder when None and the run holds none.

    Raises:
        RunError: If there are no weights, a layer cannot be built, or the outputs are others.
    """
    e = len(run.epochs)
    if not -e <= epoch_index < e:
        raise RunError(f"network: epoch index must be in {-e}..{e - 1}, got {epoch_index}")
    at = epoch_index % e
    if weights is None and not run.weight_list and (run.path / FILE).is_file():
        weights = run.path / FILE
    if weights is not None:
        network = load_network(weights)
        if network.classes != run.classes:
            raise RunError(
                f"network: {weights} must be of a network with the classes of {run.name}"
                f" ({', '.join(run.classes)}), it has {', '.join(network.classes)}"
            )
        if network.epoch is not None:
            if network.epoch not in run.epochs:
                raise RunError(
                    f"network: {weights} is of epoch {network.epoch}, which {run.name} has not"
                    " recorded"
                )
            at = int(np.flatnonzero(run.epochs == network.epoch)[0])
        if network.pixels is None:
            network = replace(network, pixels=pixels_of(run))
    else:
        network = _built(run, at)
    _check(run, network, at)
    return replace(network, epoch=int(run.epochs[at]), uid=run.uid)


def inputs_of(run: Run, network: Network, rows: np.ndarray | slice = slice(None)) -> torch.Tensor:
    """Inputs ``(n, *shape)`` of some of a run's points: as recorded, or made of their images."""
    first = run.layers[0]
    whole = first.kind == "Input" and first.shape == network.shape
    if run.images is not None and (network.pixels is not None or not whole):
        return network.inputs_of(run.images[rows])
    if not whole:
        raise RunError(
            f"network: {run.name} must hold images or inputs of its points, it holds neither;"
            " record it with all layers"
        )
    return torch.from_numpy(run.activations(first.name, 0)[rows])


def _built(run: Run, at: int) -> Network:
    first = run.layers[0]
    if not run.weight_list or first.kind != "Input":
        what = "weights" if not run.weight_list else "its input and all other layers"
        raise RunError(
            f"network: {run.name} must hold {what}, it does not; record it with --layers all (in"
            ' Python layers="all"), or name a file of its weights'
        )
    weights = run.weights(at)
    parts = []
    before = first
    for layer in run.layers[1:]:
        if layer.name == "softmax":
            break
        # a function has no module, and is made into one of its own
        parts.append(Part(layer.module or layer.name, layer.kind, layer.config))
        weights |= _deduced(run, before, layer, at, weights)
        before = layer
    model = Chain(parts, weights)
    return Network(model, first.shape, run.classes, pixels_of(run), int(run.epochs[at]), run.uid)


def _deduced(
    run: Run, before: Layer, layer: Layer, at: int, weights: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Parameters that were not recorded, from what the layer did to the points."""
    prefix = f"{layer.module}."
    own = {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}
    step = Step(layer.kind, before.shape, layer.shape, layer.config, own)

    def values() -> tuple[np.ndarray, np.ndarray]:
        return run.activations(before.name, at), run.activations(layer.name, at)

    found = kind_of(layer.kind).parameters(step, values)
    return {f"{prefix}{key}": value.astype(np.float32) for key, value in found.items()}


def _check(run: Run, network: Network, at: int) -> None:
    x = inputs_of(run, network)
    try:
        got = network.logits(x)
    except RuntimeError as error:  # torch's own, of shapes that do not fit
        raise RunError(
            f"network: {run.name} must be a chain of its layers, they do not fit: {error}"
        ) from error
    name = run.layers[-1].softmax_of or run.layers[-1].name
    recorded = run.activations(name, at)
    if name == "softmax":
        got = softmax(got)
    off = float(np.abs(got - recorded).max()) if got.shape == recorded.shape else np.inf
    if not off <= SAME * max(1.0, float(np.abs(recorded).max())):
        raise RunError(
            f"network: what is built from {run.name} must give the outputs recorded for epoch"
            f" {run.epochs[at]}, it is off by {off:.3g}; it must be a chain of its layers, with"
            " their usual settings"
        )
