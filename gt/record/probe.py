"""Looking into a network while it runs: what is called, in which order, and what comes out.

Hooks are set for one forward pass at a time and are gone after it, whether it ends or raises.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import torch
from torch import nn

from gt.data import RunError, ShapeError

CONFIG = (
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "groups",
    "ceil_mode",
    "padding_mode",
    "in_features",
    "out_features",
    "in_channels",
    "out_channels",
    "negative_slope",
    "eps",
    "num_features",
    "output_size",
    "count_include_pad",
    *(
        "alpha",
        "beta",
        "lambd",
        "threshold",
        "value",
        "min_val",
        "max_val",
        "lower",
        "upper",
        "approximate",
    ),
)


@dataclass(frozen=True)
class Call:
    """One call of one module in a forward pass.

    Attributes:
        name: The module's name in the model; from its second call on with ":2", ":3", ...
        module: The module's name alone.
        kind: Its class.
        shape: Of one point's output, ``None`` if the output is no tensor with a row for each point.
        config: Its settings that decide what it computes.
    """

    name: str
    module: str
    kind: str
    shape: tuple[int, ...] | None
    config: dict[str, Any]


@contextmanager
def undisturbed(model: nn.Module) -> Iterator[None]:
    """Evaluate without gradient inside; afterwards all modes and random states are as before.

    Modes are set on each module and not by ``eval()``, so a model whose ``train()`` does more is
    not made to do it.
    """
    modes = [(m, m.training) for m in model.modules()]
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    try:
        for module, _ in modes:
            module.training = False
        with torch.no_grad():
            yield
    finally:
        for module, training in modes:
            module.training = training
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
        torch.set_rng_state(states[2])
        if cuda is not None:
            torch.cuda.set_rng_state_all(cuda)


def first_tensor(output: Any) -> torch.Tensor | None:
    """Find the tensor in an output: itself, or the first of a tuple or list; None if none is."""
    if isinstance(output, torch.Tensor):
        return output
    if isinstance(output, tuple | list):
        return next((x for x in output if isinstance(x, torch.Tensor)), None)
    return None


@contextmanager
def hooked(
    modules: dict[str, nn.Module],
    see: Callable[[str, str, nn.Module, tuple[Any, ...], Any], None],
) -> Iterator[None]:
    """Call ``see(name, module_name, module, inputs, output)`` after each call of the modules."""
    # names count the calls: relu, relu:2, ...
    calls: Counter[str] = Counter()
    with ExitStack() as stack:
        for module_name, module in modules.items():

            def hook(
                called: nn.Module, inputs: tuple[Any, ...], output: Any, key: str = module_name
            ) -> None:
                calls[key] += 1
                name = key if calls[key] == 1 else f"{key}:{calls[key]}"
                see(name, key, called, inputs, output)

            stack.callback(module.register_forward_hook(hook).remove)
        yield


def leaves(model: nn.Module) -> dict[str, nn.Module]:
    """List the modules that have none in them, by name; a model that is one is called "model"."""
    return {name or "model": m for name, m in model.named_modules() if not any(m.children())}


@dataclass(frozen=True)
class Network:
    """What one forward pass showed.

    Attributes:
        calls: In the order in which their outputs came.
        logits: Name of the call whose output is the logits, None if the model computed them without
            a module.
        softmax: Name of the call of the softmax module that ends the model, None if it ends in
            logits.
        width: Number of classes.
        widest: Largest number of values that one point has in any layer.
    """

    calls: tuple[Call, ...]
    logits: str | None
    softmax: str | None
    width: int
    widest: int


def probe(model: nn.Module, x: torch.Tensor, extra: tuple[str, ...] = ()) -> Network:
    """Run ``x`` through the network once and list its layers.

    Args:
        model: Any module that maps ``(n, ...)`` to ``(n, k)``.
        x: A few inputs, on the model's device.
        extra: Names of further modules to list, which may have modules in them.

    Raises:
        RunError: If the output is not ``(n, k)``, or there is no module of such a name.
    """
    modules = {**leaves(model), **named(model, extra)}
    calls: list[Call] = []
    outputs: list[tuple[str, torch.Tensor]] = []
    softmaxes: dict[str, torch.Tensor] = {}

    def see(name: str, key: str, module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        tensor = first_tensor(output)
        by_row = tensor is not None and tensor.ndim > 0 and len(tensor) == len(x)
        shape = tuple(tensor.shape[1:]) if tensor is not None and by_row else None
        calls.append(Call(name, key, type(module).__name__, shape, _config(module)))
        if tensor is not None:
            outputs.append((name, tensor))
        if isinstance(module, nn.Softmax | nn.LogSoftmax) and inputs:
            softmaxes[name] = inputs[0]

    with undisturbed(model), hooked(modules, see):
        out = first_tensor(model(x))
    if out is None or out.ndim != 2 or len(out) != len(x):
        got = "no tensor" if out is None else f"shape {tuple(out.shape)} for {len(x)} inputs"
        raise ShapeError(
            f"Recorder: the model must give (points, classes) for its inputs, it gave {got};"
            " wrap it in a module that does"
        )
    last = next((n for n, t in reversed(outputs) if t is out), None)
    softmax = last if last in softmaxes else None
    before = softmaxes[softmax] if softmax is not None else out
    logits = next((n for n, t in reversed(outputs) if t is before and n != softmax), None)
    widest = max([out.shape[1], x[0].numel(), *(t.numel() // max(1, len(x)) for _, t in outputs)])
    return Network(tuple(calls), logits, softmax, out.shape[1], widest)


def named(model: nn.Module, names: tuple[str, ...]) -> dict[str, nn.Module]:
    """Modules by name; ":2" and the like behind a name are ignored."""
    known = {name or "model": m for name, m in model.named_modules()}
    found = {}
    for name in names:
        base = name.rsplit(":", 1)[0] if name.rpartition(":")[2].isdigit() else name
        if base not in known:
            there = ", ".join(n for n in known if n != "model")
            raise RunError(f'Recorder: no module "{base}"; this model has {there}')
        found[base] = known[base]
    return found


def _config(module: nn.Module) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for key in CONFIG:
        value = getattr(module, key, None)
        if isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value)):
            config[key] = value
        elif isinstance(value, tuple | list) and all(isinstance(v, int) for v in value):
            config[key] = list(value)
    return config
