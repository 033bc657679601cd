"""What a network is made of: which modules are called, in which order, and what comes out of each."""

from __future__ import annotations

import logging
import warnings
from collections import deque
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence
from torch.overrides import TorchFunctionMode

from gt.layers.kind import settings
from gt.record.hooks import fast_path, first_tensor, hooked, modules_of, named, parts, undisturbed
from gt.record.inputs import Inputs, check_inputs
from gt.record.numbers import as_numpy
from gt.run import ShapeError
from gt.run.measure import are_log_probabilities, are_probabilities, log_softmax

log = logging.getLogger(__name__)
SIGMOIDS = (
    "sigmoid",
    "sigmoid_",
    "expit",
    "hardsigmoid",
    "logsigmoid",
    "log_sigmoid",
)  # functions of torch
ATTENDS = (nn.TransformerEncoder, nn.TransformerEncoderLayer, nn.MultiheadAttention)
OFF = 1e-3  # outputs with and without torch's fast path differ by less, as a share of the largest
HOLDERS = (nn.ModuleList, nn.ModuleDict, nn.ParameterList, nn.ParameterDict)  # nobody calls them


@dataclass(frozen=True)
class Call:
    """One call of one module in a forward pass.

    Attributes:
        name: The module's name in the model; from its second call on with ":2", ":3", ...
        module: The module's name alone.
        kind: Its class.
        shape: Of one point's output, ``None`` if the output is no tensor with a row for each point.
        config: Its settings that decide what it computes.
        number: 1 for the module's first call, 2 for its second, ...
        dtype: Of the output, ``None`` where ``shape`` is.
        reason: Why its output cannot be recorded; "" if it can be.
    """

    name: str
    module: str
    kind: str
    shape: tuple[int, ...] | None
    config: dict[str, Any]
    number: int = 1
    dtype: torch.dtype | None = None
    reason: str = ""

    @property
    def source(self) -> tuple[str, int]:
        """Which call of which module it is; unique, where ``name`` may be that of a module too."""
        return self.module, self.number


@dataclass(frozen=True)
class Network:
    """What one forward pass showed.

    Attributes:
        calls: In the order in which their outputs came: modules without modules in them, those that
            call none of theirs (as ``nn.MultiheadAttention``), and what was asked for besides.
        logits: The call whose output is the logits, None if the model computed them without a
            module.
        softmax: The call of the softmax module that ends the model, None if none does.
        width: Number of classes.
        widest: Largest number of values that one point has in any layer.
        log_of_softmax: Whether the model ends in a log-softmax of ``logits`` that is no module.
        sigmoid: What made the outputs out of any numbers, each by itself; "" if nothing did.
        uncalled: Modules (name, kind) that the pass did without.
    """

    calls: tuple[Call, ...]
    logits: Call | None
    softmax: Call | None
    width: int
    widest: int
    log_of_softmax: bool = False
    sigmoid: str = ""
    uncalled: tuple[tuple[str, str], ...] = ()


def probe(model: nn.Module, x: torch.Tensor | Inputs, extra: tuple[str, ...] = ()) -> Network:
    """Run ``x`` through the network and list its layers.

    It is run again with one point less, so that a length that is the number of points by chance is
    not taken for it.

    Args:
        model: Any module that gives a tensor with a row for each point.
        x: A few inputs, on the model's device.
        extra: Names of further modules to list, which may have modules in them.

    Raises:
        RunError: If the output is no such tensor, or there is no module of such a name.
    """
    x = check_inputs(x) if isinstance(x, torch.Tensor) else x
    modules = modules_of(model)
    told = named(model, extra)
    with undisturbed(model):
        seen = _Pass(model, modules, x)
        again = _Pass(model, modules, x[:-1]) if len(x) > 1 else seen
    out = seen.out
    if out is None or out.ndim == 0 or len(out) != len(x) or out.is_complex():
        got = "no tensor" if out is None else f"shape {tuple(out.shape)} for {len(x)} inputs"
        kind = " complex numbers of" if out is not None and out.is_complex() else ""
        raise ShapeError(
            f"Recorder: the model must give a tensor with a row for each point, (points, classes) for example, it"
            f" gave{kind} {got}; wrap it in a module that does, or say which part it is (output=)"
        )
    whole = {name for name, m in modules.items() if name in told or _is_whole(m, seen.called)}
    looks = [one for one in seen.looks if one.call.module in whole]
    logits, softmax, of_log = _ends(looks, out)
    sizes = [one.tensor.numel() // len(x) for one in seen.looks if one.tensor is not None]
    return Network(
        tuple(_checked(one.call, again) for one in looks),
        logits,
        softmax,
        out[0].numel(),
        max([out[0].numel(), x.width, *sizes]),
        of_log,
        seen.sigmoid(),
        _uncalled(modules, whole, seen.called),
    )


def _ends(looks: list[_Look], out: torch.Tensor) -> tuple[Call | None, Call | None, bool]:
    """Which calls gave the logits and the softmax of them, and whether ``out`` is a log-softmax without a module."""
    values, backwards = _plain(out), looks[::-1]
    softmax = None
    if are_probabilities(values) or are_log_probabilities(values):
        softmax = next((x for x in backwards if x.tensor is out and x.into is not None), None)
    if softmax is None and are_log_probabilities(values):
        found = next((x for x in backwards if _is_log_softmax(x.values, out)), None)
        if found is not None:
            return found.call, None, True
    before = out if softmax is None else softmax.into
    logits = next((x for x in backwards if x.tensor is before and x is not softmax), None)
    calls = [None if found is None else found.call for found in (logits, softmax)]
    return calls[0], calls[1], False


@dataclass(frozen=True)
class _Look:
    """What was seen of one call.

    Attributes:
        call: As it is listed.
        tensor: The first that it gave, None if it gave none.
        values: Those of an output ``(n, d)`` as it was when it came, float64; None of any other.
        into: What went into it, if it is a softmax.
    """

    call: Call
    tensor: torch.Tensor | None
    values: np.ndarray | None
    into: torch.Tensor | None


class _Pass:
    """One forward pass, looked at.

    Attributes:
        inputs: Of the pass.
        looks: At each call of a module.
        called: ``id`` of each module that was called.
        out: The model's output.
    """

    def __init__(self, model: nn.Module, modules: dict[str, nn.Module], x: Inputs) -> None:
        self.inputs = x
        self.looks: list[_Look] = []
        self.called: set[int] = set()
        with _Sigmoids() as self._sigmoids, hooked(modules, self._see):
            self.out = x(model)

    def sigmoid(self) -> str:
        """What made the output out of any numbers, each by itself; "" if nothing is known to."""
        if self.out is None or not self.out.is_floating_point():
            return ""
        there = _plain(self.out)
        if are_probabilities(there) and np.ptp(there) > 1e-6:
            return ""  # of numbers that are each other's opposites
        for name, made in self._sigmoids.made:
            if _same(_plain(made), self.out):
                return f"torch's {name}"
        for look in self.looks:
            with np.errstate(over="ignore"):
                made = None if look.values is None else 1 / (1 + np.exp(-look.values))
            if made is not None and _same(made, self.out):
                return f"a sigmoid of {look.call.name!r}"
        return ""

    def _see(
        self,
        name: str,
        source: tuple[str, int],
        module: nn.Module,
        inputs: tuple[Any, ...],
        output: Any,
    ) -> None:
        tensor, reason = first_tensor(output), why_not(output, len(self.inputs))
        shape, dtype, values = None, None, None
        if tensor is not None and not reason:
            shape, dtype = tuple(tensor.shape[1:]), tensor.dtype
            values = _plain(tensor) if tensor.ndim == 2 and tensor.is_floating_point() else None
        kind = type(module).__name__.removeprefix("Parametrized")
        call = Call(name, source[0], kind, shape, _config(module), source[1], dtype, reason)
        into = inputs[0] if isinstance(module, nn.Softmax | nn.LogSoftmax) and inputs else None
        self.looks.append(_Look(call, tensor, values, into))
        self.called.add(id(module))


def _checked(call: Call, again: _Pass) -> Call:
    """The call as listed, unless the same in another pass shows that its rows are no points."""
    same = (one.call for one in again.looks if one.call.source == call.source)
    reason = call.reason or next((one.reason for one in same), "")
    return replace(call, shape=None, dtype=None, reason=reason) if reason else call


def _uncalled(
    modules: dict[str, nn.Module], whole: set[str], called: set[int]
) -> tuple[tuple[str, str], ...]:
    """Leaves (name, kind) that a pass did without, those aside that are in what is looked at as one."""
    known = {
        id(m) for name in whole if id(modules[name]) in called for m in modules[name].modules()
    }
    return tuple(
        (name, type(m).__name__)
        for name, m in modules.items()
        if not parts(m) and id(m) not in known and not isinstance(m, HOLDERS)
    )


def first_outputs(model: nn.Module, x: Inputs) -> np.ndarray:
    """What a model gives for some inputs; says so if torch's fast path for attention gives something else.

    Args:
        model: Any that `probe` takes.
        x: Inputs, on its device.

    Returns:
        ``(n, ...)``.
    """
    fast = torch.backends.mha.get_fastpath_enabled()
    with undisturbed(model):
        outputs = as_numpy(_output(model, x))
        attends = any(isinstance(one, ATTENDS) for one in model.modules())
        if not (fast and attends):
            return outputs
        try:
            with fast_path(True), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that nested tensors are a prototype
                other = as_numpy(_output(model, x))
        except RuntimeError as error:
            log.warning(
                "Recorder: torch's fast path for attention fails with this model: %s", error
            )
            return outputs
    off = float(np.abs(other - outputs).max())
    if off > OFF * max(1.0, float(np.abs(outputs).max())):
        log.warning(
            "Recorder: what the model computes in training is recorded; torch's fast path for attention,"
            " which a model in evaluation mode takes, gives outputs that differ by up to %.2g",
            off,
        )
    return outputs


def _output(model: nn.Module, x: Inputs) -> torch.Tensor:
    found = x(model)
    assert found is not None  # the probe made sure
    return found


class _Sigmoids(TorchFunctionMode):
    """Keeps what sigmoid functions gave, the last few of them."""

    def __init__(self) -> None:
        super().__init__()
        self.made: deque[tuple[str, torch.Tensor]] = deque(maxlen=4)

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Call what was called, and look."""
        made = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "")
        if name in SIGMOIDS and isinstance(made, torch.Tensor):
            self.made.append((name.rstrip("_"), made.detach().clone()))
        return made


def why_not(output: Any, n: int) -> str:
    """Why what a module gave for ``n`` points cannot be recorded as a layer; "" if it can be."""
    tensor = first_tensor(output)
    if tensor is None:
        inner = output if isinstance(output, tuple | list) else ()
        if any(isinstance(one, PackedSequence) for one in (output, *inner)):
            return "it gives a PackedSequence, whose rows are moments of points"
        return f"it gives a {type(output).__name__} without a tensor"
    if tensor.is_nested or tensor.layout is not torch.strided or tensor.is_quantized:
        return "it gives a nested, sparse or quantized tensor"
    if tensor.is_complex():
        return "it gives complex numbers"
    if tensor.ndim == 0 or len(tensor) != n:
        return f"its output has no row for each point: shape {tuple(tensor.shape)} for {n} points"
    return "" if tensor.numel() else "its output has no values"


def _is_whole(module: nn.Module, called: set[int]) -> bool:
    """Whether a module is looked at as one: none in it is called."""
    if not parts(module):
        return True
    return id(module) in called and not any(
        id(one) in called for one in module.modules() if one is not module
    )


def _plain(tensor: torch.Tensor) -> np.ndarray:
    """A copy as float64 (complex numbers: their size)."""
    found = tensor.detach().cpu()
    return (found.abs() if found.is_complex() else found).double().numpy().copy()


def _is_log_softmax(values: np.ndarray | None, out: torch.Tensor) -> bool:
    return values is not None and values.size == out.numel() and _same(log_softmax(values), out)


def _same(values: np.ndarray, out: torch.Tensor) -> bool:
    """Whether values are an output, whatever its shape, but for the rounding of its type."""
    there = _plain(out).ravel()
    if values.size != there.size:
        return False
    close = 16 * (torch.finfo(out.dtype).eps if out.is_floating_point() else 0)
    return bool(np.allclose(values.ravel(), there, rtol=close, atol=close))


def _config(module: nn.Module) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for key in settings():
        value = getattr(module, key, None)
        if isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value)):
            config[key] = value
        elif isinstance(value, tuple | list) and all(isinstance(v, int) for v in value):
            config[key] = list(value)
    return config
