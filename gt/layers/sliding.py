"""Windows that slide over images: convolution and pooling in numpy, in any number of dimensions.

A convolution is one matrix product over views of the padded input, which BLAS does as fast as a framework would;
torch's settings are taken by its names (`kernel_size`, `stride`, `padding`, `dilation`, `groups`, `ceil_mode`, ...).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}  # torch's names, numpy's
Config = Mapping[str, Any]


def convolve(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, config: Config
) -> np.ndarray:
    """What a convolution layer puts out.

    Args:
        x: ``(n, channels, *size)`` float32.
        weight: ``(out, channels / groups, *kernel)``.
        bias: ``(out,)``.
        config: Settings of the layer.

    Returns:
        ``(n, out, *size)`` float32.

    Raises:
        ValueError: If channels do not fit the weight, or the kernel is larger than the padded image.
    """
    kernel = weight.shape[2:]
    d, groups = len(kernel), int(config.get("groups", 1))
    stride, dilation = (_tuple(config.get(key, 1), d) for key in ("stride", "dilation"))
    span = tuple(s * (k - 1) + 1 for s, k in zip(dilation, kernel, strict=True))
    if x.ndim != d + 2 or x.shape[1] != weight.shape[1] * groups:
        raise ValueError(f"weights of {weight.shape} in {groups} groups take no {x.shape[1:]}")
    pads = _padding(config.get("padding", 0), span)
    mode = str(config.get("padding_mode", "zeros"))
    how: dict[str, Any] = {} if mode == "zeros" else {"mode": MODES[mode]}
    padded = np.pad(x, ((0, 0), (0, 0), *pads), **how)
    windows = _windows(padded, span, stride, dilation)  # (n, channels, *size, *kernel)
    inside, each = weight.shape[1], len(weight) // groups
    over = list(range(2 + d, 2 + 2 * d))
    parts = [
        np.tensordot(
            windows[:, g * inside : (g + 1) * inside],
            weight[g * each : (g + 1) * each],
            axes=([1, *over], list(range(1, d + 2))),
        )
        for g in range(groups)
    ]
    y = np.concatenate(parts, axis=-1) if groups > 1 else parts[0]
    if bias is not None:
        y = y + bias
    return np.ascontiguousarray(np.moveaxis(y, -1, 1), np.float32)


def max_pool(x: np.ndarray, config: Config) -> np.ndarray:
    """The largest value of each window, ``(n, channels, *size)`` float32; padding never wins."""
    kernel, stride, dilation, pads = _pooling(x, config)
    span = tuple(s * (k - 1) + 1 for s, k in zip(dilation, kernel, strict=True))
    padded = np.pad(x, ((0, 0), (0, 0), *pads), constant_values=-np.inf)
    windows = _windows(padded, span, stride, dilation)
    return np.asarray(windows.max(axis=tuple(range(-len(kernel), 0))), np.float32)


def average_pool(x: np.ndarray, config: Config) -> np.ndarray:
    """The mean of each window, ``(n, channels, *size)`` float32; whether padding counts is a setting."""
    kernel, stride, dilation, pads = _pooling(x, config)
    d = len(kernel)
    own = _padding(config.get("padding", 0), kernel)  # the rest is of ceil_mode, and never counts
    ones = np.ones((1, 1, *x.shape[2:]), np.float32)
    if config.get("count_include_pad", True):
        ones = np.pad(ones, ((0, 0), (0, 0), *own), constant_values=1)
        more = [(a - b, c - e) for (a, c), (b, e) in zip(pads, own, strict=True)]
        ones = np.pad(ones, ((0, 0), (0, 0), *more))
    else:
        ones = np.pad(ones, ((0, 0), (0, 0), *pads))
    over = tuple(range(-d, 0))
    padded = np.pad(x, ((0, 0), (0, 0), *pads))
    total = _windows(padded, kernel, stride, dilation).sum(axis=over)
    if (divisor := config.get("divisor_override")) is not None:
        return np.asarray(total / divisor, np.float32)
    count = _windows(ones, kernel, stride, dilation).sum(axis=over)
    return np.asarray(total / count, np.float32)


def adaptive_pool(x: np.ndarray, size: tuple[int, ...], largest: bool) -> np.ndarray:
    """Mean or largest value of windows that divide the image, ``(n, channels, *size)`` float32."""
    for axis, (length, out) in enumerate(zip(x.shape[2:], size, strict=True), start=2):
        ends = [(i * length // out, -(-(i + 1) * length // out)) for i in range(out)]
        parts = [np.take(x, range(*one), axis) for one in ends]
        x = np.stack([p.max(axis) if largest else p.mean(axis) for p in parts], axis)
    return np.asarray(x, np.float32)


def _pooling(
    x: np.ndarray, config: Config
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], list[tuple[int, int]]]:
    """Kernel, stride, dilation and padding of a pooling layer; with ceil_mode the end is padded on."""
    d = x.ndim - 2
    if "kernel_size" not in config:
        raise ValueError("its kernel_size is not known")
    kernel = _tuple(config["kernel_size"], d)
    stride = _tuple(config.get("stride") or config["kernel_size"], d)
    dilation = _tuple(config.get("dilation", 1), d)
    pads = _padding(config.get("padding", 0), kernel)
    if config.get("ceil_mode", False):
        for i, length in enumerate(x.shape[2:]):
            before, behind = pads[i]
            room = length + before + behind - dilation[i] * (kernel[i] - 1) - 1
            out = -(-room // stride[i]) + 1
            if (out - 1) * stride[i] >= length + before:  # no window begins in the padding behind
                out -= 1
            pads[i] = before, behind + max(0, (out - 1) * stride[i] - room)
    return kernel, stride, dilation, pads


def _windows(
    x: np.ndarray, span: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...]
) -> np.ndarray:
    """Views ``(n, channels, *size, *kernel)`` of windows that are ``span`` wide."""
    axes = tuple(range(2, 2 + len(span)))
    views = np.lib.stride_tricks.sliding_window_view(x, span, axes)
    at = [slice(None, None, s) for s in stride] + [slice(None, None, s) for s in dilation]
    return views[(slice(None), slice(None), *at)]


def _padding(padding: Any, span: tuple[int, ...]) -> list[tuple[int, int]]:
    if padding == "valid":
        padding = 0
    if padding == "same":  # torch pads more behind where it is uneven
        return [((s - 1) // 2, s - 1 - (s - 1) // 2) for s in span]
    return [(p, p) for p in _tuple(padding, len(span))]


def _tuple(value: Any, d: int) -> tuple[int, ...]:
    return (int(value),) * d if isinstance(value, int) else tuple(int(v) for v in value)
