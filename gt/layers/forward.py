"""A forward pass in numpy: what each layer of a chain puts out, from its weights. No torch on the server.

Layers are known by the names of PyTorch's classes and their settings, and do what those do in evaluation
(dropout nothing, a normalisation with its running statistics). Sums are in float32, as in torch, in another
order: they agree to float32's precision. A kind that is not known here is refused by name; one more is one function::

    @register("MyLayer")
    def my_layer(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from gt.align.values import BY_VALUE
from gt.layers import sliding
from gt.run import Layer, RunError, ShapeError
from gt.run.measure import log_softmax, softmax

Parameters = Mapping[str, np.ndarray]
Function = Callable[[Layer, np.ndarray, Parameters], np.ndarray]
_known: dict[str, Function] = {}


class UnknownLayerError(RunError):
    """A layer of a kind that cannot be computed here; the message says what can be done."""


def register(*kinds: str) -> Callable[[Function], Function]:
    """Let a function compute some kinds of layer; the last one said holds."""

    def keep(function: Function) -> Function:
        for kind in kinds:
            _known[kind] = function
        return function

    return keep


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
        kind = "Softmax" if layer.softmax_of is not None else layer.kind
        if kind not in _known:
            raise UnknownLayerError(
                f"layer {layer.name!r} must be of a kind that is computed without torch, it is {kind};"
                ' record the hidden layers too (gt.Recorder(..., layers="all")), and they are shown as recorded,'
                " or register the kind in gt.layers.forward",
                by="forward",
            )
        prefix = "" if layer.module in (None, "model") else f"{layer.module}."
        own = {
            name.removeprefix(prefix): value
            for name, value in parameters.items()
            if name.startswith(prefix)
        }
        try:
            x = _known[kind](layer, x, own)
        except KeyError as error:
            raise UnknownLayerError(
                f"layer {layer.name!r}, {kind}, must have its {error.args[0]}, which the run does not hold;"
                ' record the hidden layers too (gt.Recorder(..., layers="all")), and they are shown as recorded',
                by="forward",
            ) from error
        except ValueError as error:
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


@register("Linear")
def _linear(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray:
    weight = own["weight"]
    if x.shape[-1] != weight.shape[1]:  # behind an image, which models flatten by `view`
        x = x.reshape(len(x), -1)
    y: np.ndarray = x @ weight.T
    return y + own["bias"] if "bias" in own else y


@register("Conv1d", "Conv2d", "Conv3d")
def _convolution(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray:
    return sliding.convolve(x, own["weight"], own.get("bias"), layer.config)


@register("MaxPool1d", "MaxPool2d", "MaxPool3d")
def _max_pool(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray:
    return sliding.max_pool(x, layer.config)


@register("AvgPool1d", "AvgPool2d", "AvgPool3d")
def _average_pool(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray:
    return sliding.average_pool(x, layer.config)


@register(*(f"Adaptive{how}Pool{d}d" for how in ("Avg", "Max") for d in (1, 2, 3)))
def _adaptive_pool(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray:
    return sliding.adaptive_pool(x, layer.shape[1:], layer.kind.startswith("AdaptiveMax"))


@register("BatchNorm1d", "BatchNorm2d", "BatchNorm3d")
def _batch_norm(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray:
    factor = 1 / np.sqrt(own["running_var"] + np.float32(layer.config.get("eps", 1e-5)))
    factor = factor * own.get("weight", np.float32(1))
    offset = own.get("bias", np.float32(0)) - own["running_mean"] * factor
    along = (-1, *(1,) * (x.ndim - 2))
    y: np.ndarray = x * factor.reshape(along) + offset.reshape(along)
    return y


@register("Flatten", "Unflatten")
def _reshape(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray:
    return x.reshape(len(x), *layer.shape)


@register("Softmax")
def _softmax(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray:
    return softmax(x)


@register("LogSoftmax")
def _log_softmax(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray:
    return log_softmax(x).astype(np.float32)


@register(*BY_VALUE)
def _by_value(layer: Layer, x: np.ndarray, own: Parameters) -> np.ndarray:
    # a run may not say a setting; what comes out is compared with the outputs that were recorded
    return np.asarray(BY_VALUE[layer.kind](x, layer.config), np.float32)
