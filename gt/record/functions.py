"""Functions of torch: what they are called here, the kind of layer that computes the same, and their settings.

A function goes by one name however it was written: ``x + y``, ``x.add(y)``, ``torch.add(x, y)`` and ``x += y`` are
"add". Its kind is the class of torch's module that computes the same, where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

import torch

SAME = {
    "truediv": "div", "true_divide": "div", "divide": "div", "rdiv": "div", "rtruediv": "div", "rsub": "sub",
    "subtract": "sub", "multiply": "mul", "radd": "add", "rmul": "mul", "iadd": "add", "isub": "sub", "imul": "mul",
    "idiv": "div", "itruediv": "div", "rmatmul": "matmul", "imatmul": "matmul", "concat": "cat", "concatenate": "cat",
    "rpow": "pow", "ipow": "pow", "T": "transpose", "mT": "transpose", "swapaxes": "transpose",
    "swapdims": "transpose", "movedim": "moveaxis", "clip": "clamp",
}  # fmt: skip
REVERSED = ("rsub", "rdiv", "rtruediv", "rpow", "rmatmul")  # what is written first comes second
VALUES = ("T", "mT", "H", "mH", "real", "imag")  # attributes that are tensors of their own
NEW = (
    "zeros_like", "ones_like", "full_like", "empty_like", "rand_like", "randn_like", "randint_like", "new_zeros",
    "new_ones", "new_full", "new_empty", "new_tensor",
)  # fmt: skip
PASSED_ON = (
    "contiguous", "to", "float", "half", "bfloat16", "double", "type_as", "type", "cpu", "cuda", "clone", "detach",
    "requires_grad",
)  # fmt: skip
DECISIONS = ("bool", "item", "int", "float", "index", "tolist", "contains")

#: kinds of functions that only move values, or say which of them count
REARRANGING = ("Reshape", "Flatten", "Unflatten", "Permute", "Index", "Split", "Expand", "PassedOn")

_PLAIN = {
    "relu": "ReLU", "relu6": "ReLU6", "selu": "SELU", "silu": "SiLU", "mish": "Mish", "sigmoid": "Sigmoid",
    "expit": "Sigmoid", "logsigmoid": "LogSigmoid", "log_sigmoid": "LogSigmoid", "tanh": "Tanh",
    "tanhshrink": "Tanhshrink", "softsign": "Softsign", "hardsigmoid": "Hardsigmoid", "hardswish": "Hardswish",
    "dropout": "Dropout", "dropout1d": "Dropout1d", "dropout2d": "Dropout2d", "dropout3d": "Dropout3d",
    "alpha_dropout": "AlphaDropout", "feature_dropout": "Dropout2d", "feature_alpha_dropout": "FeatureAlphaDropout",
    "add": "Add", "sub": "Subtract", "mul": "Multiply", "div": "Divide", "matmul": "MatMul", "mm": "MatMul",
    "bmm": "MatMul", "view": "Reshape", "reshape": "Reshape",
    "view_as": "Reshape", "reshape_as": "Reshape", "squeeze": "Reshape", "unsqueeze": "Reshape", "ravel": "Reshape",
    "moveaxis": "Permute", "t": "Permute", "flip": "Permute",
    "roll": "Permute", "H": "Permute", "mH": "Permute", "scaled_dot_product_attention": "Attention",
    "multi_head_attention_forward": "MultiheadAttention", "getitem": "Index", "select": "Index", "narrow": "Index",
    "index_select": "Index", "gather": "Index", "take_along_dim": "Index", "slice": "Index", "chunk": "Split",
    "split": "Split", "split_with_sizes": "Split", "tensor_split": "Split", "unbind": "Split", "expand": "Expand",
    "expand_as": "Expand", "broadcast_to": "Expand", "broadcast_tensors": "Expand",
    "pack_padded_sequence": "Pack", "pad_packed_sequence": "Unpack", "setitem": "Assign",
    **dict.fromkeys(PASSED_ON, "PassedOn"),
    **dict.fromkeys(("gt", "lt", "ge", "le", "eq", "ne", "logical_and", "logical_or", "logical_not", "invert"), "Mask"),
}  # fmt: skip
_WINDOW = "kernel_size stride padding"
#: kind and the names of the arguments behind the first, in their order
_SETTINGS: Mapping[str, tuple[str, str]] = {
    "leaky_relu": ("LeakyReLU", "negative_slope"),
    "rrelu": ("RReLU", "lower upper"),
    "elu": ("ELU", "alpha"),
    "celu": ("CELU", "alpha"),
    "gelu": ("GELU", "approximate"),
    "softplus": ("Softplus", "beta threshold"),
    "softshrink": ("Softshrink", "lambd"),
    "hardshrink": ("Hardshrink", "lambd"),
    "hardtanh": ("Hardtanh", "min_val max_val"),
    "clamp": ("Clamp", "min max"),
    "threshold": ("Threshold", "threshold value"),
    "softmax": ("Softmax", "dim"),
    "log_softmax": ("LogSoftmax", "dim"),
    "flatten": ("Flatten", "start_dim end_dim"),
    "unflatten": ("Unflatten", "dim unflattened_size"),
    "cat": ("Concat", "dim"),
    "stack": ("Stack", "dim"),
    "permute": ("Permute", "dims"),
    "transpose": ("Permute", "dim0 dim1"),
    "mean": ("Mean", "dim keepdim"),
    "sum": ("Sum", "dim keepdim"),
    "amax": ("Max", "dim keepdim"),
    "max": ("Max", "dim keepdim"),
    "interpolate": ("Upsample", "size scale_factor mode align_corners"),
    "pad": ("Pad", "pad mode value"),
    "prelu": ("PReLU", "weight"),
    "linear": ("Linear", "weight bias"),
    "embedding": ("Embedding", "weight padding_idx"),
    "layer_norm": ("LayerNorm", "normalized_shape weight bias eps"),
    "rms_norm": ("RMSNorm", "normalized_shape weight eps"),
    "group_norm": ("GroupNorm", "num_groups weight bias eps"),
    **{f"conv{i}d": (f"Conv{i}d", "weight bias stride padding dilation groups") for i in (1, 2, 3)},
    **{
        f"conv_transpose{i}d": (
            f"ConvTranspose{i}d",
            "weight bias stride padding output_padding groups dilation",
        )
        for i in (1, 2, 3)
    },
    **{f"max_pool{i}d": (f"MaxPool{i}d", f"{_WINDOW} dilation ceil_mode") for i in (1, 2, 3)},
    **{
        f"avg_pool{i}d": (
            f"AvgPool{i}d",
            f"{_WINDOW} ceil_mode count_include_pad" + (" divisor_override" if i > 1 else ""),
        )
        for i in (1, 2, 3)
    },
    **{f"adaptive_max_pool{i}d": (f"AdaptiveMaxPool{i}d", "output_size") for i in (1, 2, 3)},
    **{f"adaptive_avg_pool{i}d": (f"AdaptiveAvgPool{i}d", "output_size") for i in (1, 2, 3)},
}
_NORMS = {
    "batch_norm": ("BatchNorm", "running_mean running_var weight bias training momentum eps"),
    "instance_norm": (
        "InstanceNorm",
        "running_mean running_var weight bias use_input_stats momentum eps",
    ),
}
_UNSAID = ("inplace", "training", "momentum", "dtype", "return_indices", "p", "out", "_stacklevel")

_known: dict[Any, str] = {}


def operation_of(function: Any) -> str:
    """The one name of a function of torch, however it was called; "" for an attribute that is no tensor.

    Args:
        function: What a ``TorchFunctionMode`` is handed.
    """
    name: str = getattr(function, "__name__", type(function).__name__)
    if name in ("__get__", "__set__"):  # its owner is made anew at each look
        of: str = getattr(getattr(function, "__self__", None), "__name__", "")
        return SAME.get(of, of) if name == "__get__" and of in VALUES else ""
    found = _known.get(function)
    if found is None:
        plain = name.strip("_")
        found = _known[function] = SAME.get(plain, plain)
    return found


def is_reversed(function: Any) -> bool:
    """Whether the second operand is what was written first, as in ``1 - x``."""
    return getattr(function, "__name__", "").strip("_") in REVERSED


def kind_of_function(operation: str, values: Any) -> str:
    """Class of the module that computes the same as a function, else what it is called.

    Args:
        operation: See `operation_of`.
        values: Its first tensor, whose number of axes tells normalisations apart; or None.
    """
    if operation in _NORMS:
        axes = 2 if values is None else max(1, values.ndim - 2)
        return f"{_NORMS[operation][0]}{axes}d"
    if operation in _SETTINGS:
        return _SETTINGS[operation][0]
    return _PLAIN.get(operation) or (operation[:1].upper() + operation[1:])


def arguments(operation: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call behind its first, by their names; those of two operands are "input" and "other".

    Args:
        operation: See `operation_of`.
        args: By position.
        kwargs: By name.
    """
    named = (_SETTINGS.get(operation) or _NORMS.get(operation) or ("", ""))[1].split()
    if named:
        listed = operation == "permute" and len(args) > 2
        behind = (args[1:],) if listed else args[1:]
        return {**dict(zip(named, behind, strict=False)), **kwargs}
    if kind_of_function(operation, None) in REARRANGING:
        return {}
    return {**dict(zip(("input", "other"), args, strict=False)), **kwargs}


def settings_of(
    operation: str,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    turned: bool = False,
) -> dict[str, Any]:
    """What decides what a call computes, besides its tensors, as a run can hold it.

    Args:
        operation: See `operation_of`.
        args: By position.
        kwargs: By name.
        turned: See `is_reversed`.
    """
    out: dict[str, Any] = {}
    for key, value in arguments(operation, args, kwargs).items():
        if key not in _UNSAID and (kept := plain(value)) is not None:
            out[key] = kept
    if turned:
        out["reversed"] = True
    if operation == "getitem" and len(args) > 1:
        out = {"index": str(_index(args[1]))}
    out |= _of_weight(operation, args, kwargs)
    return out


def plain(value: Any) -> Any:
    """A setting as JSON has it; None if it is none."""
    if isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value)):
        return value
    if isinstance(value, tuple | list) and all(type(one) in (int, bool) for one in value):
        return list(value)
    return None


def _index(index: Any) -> Any:
    if isinstance(index, tuple):
        return ", ".join(str(_index(one)) for one in index)
    if isinstance(index, slice):
        ends = [index.start, index.stop] + ([index.step] if index.step is not None else [])
        return ":".join("" if one is None else str(_index(one)) for one in ends)
    if index is Ellipsis:
        return "..."
    return index if isinstance(index, int) or index is None else "by values"


def _of_weight(operation: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Sizes that a module would be made with."""
    given = arguments(operation, args, kwargs)
    weight = given.get("weight")
    if not isinstance(weight, torch.Tensor):
        return {}
    if operation == "linear":
        return {"in_features": weight.shape[-1], "out_features": weight.shape[0]}
    if operation in ("conv1d", "conv2d", "conv3d"):
        return {
            "in_channels": weight.shape[1] * given.get("groups", 1),
            "out_channels": weight.shape[0],
            "kernel_size": list(weight.shape[2:]),
        }
    if operation == "batch_norm":
        return {"num_features": len(weight)}
    return {}


def parameters_of(
    operation: str,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    name: Callable[[torch.Tensor], str | None],
) -> dict[str, str]:
    """By a kind's names ("weight") the model's ("fc1.weight") of the parameters that go into a call.

    Args:
        operation: See `operation_of`.
        args: By position.
        kwargs: By name.
        name: Gives the name of a tensor that is a parameter or buffer of the model; None for any other.
    """
    found = {}
    for key, value in arguments(operation, args, kwargs).items():
        own = name(value) if isinstance(value, torch.Tensor) else None
        if own is not None:
            found[key] = own
    return found
