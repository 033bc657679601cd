"""Getting at the modules of a network while it runs, and leaving it as it was found.

Hooks are set for one forward pass at a time and are gone after it, whether it ends or raises.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence

from gt.record.unwrapped import COMPILED, plain_name, sharded_parts
from gt.run import RunError


@contextmanager
def undisturbed(model: nn.Module) -> Iterator[None]:
    """Evaluate without gradient inside; afterwards all modes and random states are as before.

    Modes are set on each module and not by ``eval()``, so a model whose ``train()`` does more is
    not made to do it. What is compiled runs as it was written, and attention as in training: the
    faster ways around that call no modules that could be looked at. An autocast around all this is
    not for it: what is in the network's own forward pass is. Sharded parameters are shards again.
    """
    modes = [(m, m.training) for m in model.modules()]
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    try:
        for module, _ in modes:
            module.training = False
        with torch.no_grad(), fast_path(False), _not_compiled(), _no_autocast():
            yield
    finally:
        for part in sharded_parts(model):
            part.reshard()  # or else a step of the optimizer would not reach what stayed together
        for module, training in modes:
            module.training = training
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
        torch.set_rng_state(states[2])
        if cuda is not None:
            torch.cuda.set_rng_state_all(cuda)


@contextmanager
def _no_autocast() -> Iterator[None]:
    """Compute in the types of the parameters, whatever whoever calls computes in."""
    with ExitStack() as stack:
        for device in ("cpu", "cuda", "mps", "xpu"):
            if torch.amp.is_autocast_available(device) and torch.is_autocast_enabled(device):
                stack.enter_context(torch.autocast(device, enabled=False))
        yield


@contextmanager
def fast_path(enabled: bool) -> Iterator[None]:
    """Whether torch's attention may, outside of training, pass its modules by; restored after."""
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(enabled)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


@contextmanager
def _not_compiled() -> Iterator[None]:
    """Run what was compiled as it was written; nothing that is compiled is compiled again."""
    if "torch._dynamo" not in sys.modules or not hasattr(torch.compiler, "set_stance"):
        yield  # nothing was compiled, or by a torch that cannot be told
        return
    with torch.compiler.set_stance("force_eager"):
        yield


def first_tensor(output: Any) -> torch.Tensor | None:
    """Find the tensor in an output: itself, or the first of a tuple or list; None if none is.

    In a packed sequence none is: its rows are moments of points.
    """
    if isinstance(output, torch.Tensor):
        return output
    if isinstance(output, tuple | list) and not isinstance(output, PackedSequence):
        return next((x for x in output if isinstance(x, torch.Tensor)), None)
    return None


@contextmanager
def hooked(
    modules: dict[str, nn.Module],
    see: Callable[[str, tuple[str, int], nn.Module, tuple[Any, ...], Any], None],
) -> Iterator[None]:
    """Call ``see(name, (module_name, number), module, inputs, output)`` after each call of the modules.

    ``number`` counts a module's calls from 1. ``name`` says both, "relu" and then "relu:2", and may
    be that of another module too: go by the pair.
    """
    calls: Counter[str] = Counter()
    with ExitStack() as stack:
        for module_name, module in modules.items():

            def hook(
                called: nn.Module, inputs: tuple[Any, ...], output: Any, key: str = module_name
            ) -> None:
                calls[key] += 1
                name = key if calls[key] == 1 else f"{key}:{calls[key]}"
                see(name, (key, calls[key]), called, inputs, output)

            stack.callback(module.register_forward_hook(hook).remove)
        yield


def modules_of(model: nn.Module) -> dict[str, nn.Module]:
    """All modules within a model by name; a model without any is called "model".

    A part that was compiled is the part that it was made from, under its own name. What computes a
    parameter (``nn.utils.parametrizations``) is no part of the network.
    """
    found = {}
    for name, module in model.named_modules():
        own = plain_name(name)
        if COMPILED not in module._modules and "parametrizations" not in own.split(".") and own:
            found[own] = module
    return found or {"model": getattr(model, COMPILED, model)}


def leaves(model: nn.Module) -> dict[str, nn.Module]:
    """List the modules that have none in them, by name; a model that is one is called "model"."""
    return {name: m for name, m in modules_of(model).items() if not parts(m)}


def parts(module: nn.Module) -> list[nn.Module]:
    """The modules that a module is made of."""
    return [one for name, one in module.named_children() if name != "parametrizations"]


def named(model: nn.Module, names: tuple[str, ...]) -> dict[str, nn.Module]:
    """Modules by name; ":2" and the like behind a name are ignored, unless it is a module's own."""
    known = modules_of(model)
    found = {}
    for name in names:
        base = name
        if name not in known and name.rpartition(":")[2].isdigit():
            base = name.rpartition(":")[0]
        if base not in known:
            there = ", ".join(n for n in known if n != "model")
            raise RunError(f'Recorder: no module "{base}"; this model has {there}')
        found[base] = known[base]
    return found


def check_plain(model: nn.Module) -> None:
    """Refuse scripted and traced modules, into which no hook sees.

    Raises:
        RunError: If the model is one, or has one in it.
    """
    for name, module in model.named_modules():
        if isinstance(module, torch.jit.ScriptModule):
            what = f"part {name!r} of the model" if name else "the model"
            raise RunError(
                f"Recorder: {what} must be a plain module, it is scripted or traced"
                f" ({type(module).__name__}), and what it calls cannot be seen; record the module that it"
                " was made from"
            )
