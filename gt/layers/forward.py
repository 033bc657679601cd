"""A forward pass in numpy: what each layer of a chain puts out, from its weights. No torch on the server.

Layers are known by the names of PyTorch's classes and their settings, and do what those do in evaluation
(dropout nothing, a normalisation with its running statistics). Sums are in float32, as in torch, in another
order: they agree to float32's precision. A kind that has no forward pass in `gt.layers.kinds` is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from gt.layers.kind import Step, kind_of
from gt.run import Layer, RunError, ShapeError

Parameters = Mapping[str, np.ndarray]


class UnknownLayerError(RunError):
    """A layer of a kind that cannot be computed here; the message says what can be done."""


def forward(layers: Sequence[Layer], x: np.ndarray, parameters: Parameters) -> Iterator[np.ndarray]:
    """Send points through a chain of layers.

    Args:
        layers: Behind the input, in the order of their calls.
        x: ``(n, *shape)`` float32.
        parameters: Of all layers, by PyTorch's names ("conv1.weight").

    Yields:
        What each layer puts out, ``(n, *layer.shape)`` float32, as soon as it is computed.

    Raises:
        UnknownLayerError: At a layer that cannot be computed.
        ShapeError: At a layer that puts out another shape than it should: the layers are no chain.
    """
    for layer in layers:
        kind = layer.kind if layer.source is None else "Softmax" if layer.softmax_of else "Sigmoid"
        compute = kind_of(kind).forward
        if compute is None:
            raise UnknownLayerError(
                f"layer {layer.name!r} must be of a kind that is computed without torch, it is {kind};"
                ' record the hidden layers too (gt.Recorder(..., layers="all")), and they are shown as recorded,'
                " or add the kind to gt.layers.kinds",
                by="forward",
            )
        prefix = "" if layer.module in (None, "model") else f"{layer.module}."
        own = {
            name.removeprefix(prefix): value
            for name, value in parameters.items()
            if name.startswith(prefix)
        }
        try:
            step = Step(kind, x.shape[1:], layer.shape, layer.config, own)
            # a run may not say a setting; what comes out is compared with the outputs that were recorded
            x = np.asarray(compute(step, x), np.float32)
        except KeyError as error:
            raise UnknownLayerError(
                f"layer {layer.name!r}, {kind}, must have its {error.args[0]}, which the run does not hold;"
                ' record the hidden layers too (gt.Recorder(..., layers="all")), and they are shown as recorded',
                by="forward",
            ) from error
        except (TypeError, ValueError) as error:
            raise ShapeError(
                f"layer {layer.name!r}, {kind}, must fit what comes before it, {x.shape[1:]}: {error}",
                by="forward",
            ) from error
        if x.shape[1:] != layer.shape:
            raise ShapeError(
                f"layer {layer.name!r}, {kind}, must put out {layer.shape}, it puts out {x.shape[1:]}; its"
                " input is not the layer before it",
                by="forward",
            )
        yield x
