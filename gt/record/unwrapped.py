"""The network within what compiles it, spreads it over devices or processes, or shards its parameters."""

from __future__ import annotations

import sys
from typing import Any

import torch
from torch import nn

from gt.run import RunError

COMPILED = "_orig_mod"  # what torch.compile calls what it wraps


def unwrapped(model: nn.Module) -> nn.Module:
    """The network itself, without ``torch.compile``, ``DataParallel`` and ``DistributedDataParallel`` around it.

    Raises:
        RunError: If it is no module, or wrapped in what lays its parameters into flat ones (FSDP's first version).
    """
    if not isinstance(model, nn.Module):
        raise RunError(
            f"Recorder: the model must be a torch.nn.Module, got a {type(model).__name__}"
        )
    if any(_has(type(one), "FullyShardedDataParallel") for one in model.modules()):
        raise RunError(
            "Recorder: the model must have its own parameters, FullyShardedDataParallel lays them into flat ones;"
            " shard it with torch.distributed.fsdp.fully_shard"
        )
    while True:
        inner = getattr(model, COMPILED, None)
        if inner is None and isinstance(
            model, nn.DataParallel | nn.parallel.DistributedDataParallel
        ):
            inner = model.module
        if not isinstance(inner, nn.Module):
            return model
        model = inner


def plain_name(name: str) -> str:
    """The name of a part or parameter of a model, whichever of its parts are compiled."""
    return ".".join(part for part in name.split(".") if part != COMPILED)


def device_of(model: nn.Module) -> torch.device:
    """Where a model computes: at its first parameter; of sharded ones on the devices that they are sharded over."""
    first = next(model.parameters(), None)
    if first is None:
        return torch.device("cpu")
    if _is_distributed(first) and first.device.type == "cpu":  # that may be where they only rest
        mesh: Any = first
        kind = mesh.device_mesh.device_type
        if kind != "cpu":
            return torch.device(kind, torch.get_device_module(kind).current_device())
    return first.device


def check_parallel(model: nn.Module) -> None:
    """Refuse a model of which each process computes a part, as tensor parallelism has it.

    Its passes are one pass of all processes together, and the points cannot be dealt to them.

    Raises:
        RunError: If a parameter is spread over several processes by anything but ``fully_shard``.
    """
    sharded = {id(one) for part in sharded_parts(model) for one in part.modules()}
    for name, module in model.named_modules():
        for own, value in module.named_parameters(recurse=False):
            if not _is_distributed(value):
                continue
            spread: Any = value
            several = sum(not one.is_replicate() for one in spread.placements) > 1
            if is_spread(value) and (several or id(module) not in sharded):
                full = plain_name(f"{name}.{own}".lstrip("."))
                raise RunError(
                    f"Recorder: parameters must be whole in each process, or sharded by fully_shard alone, {full!r} is"
                    f" spread over {spread.device_mesh.size()} processes (tensor parallelism), which all take part in"
                    " one forward pass; load the weights into a model that is not, and record that"
                )


def is_spread(value: torch.Tensor) -> bool:
    """Whether several processes have parts of a tensor, or copies."""
    spread: Any = value
    return _is_distributed(value) and spread.device_mesh.size() > 1


def gathered(value: torch.Tensor) -> torch.Tensor:
    """A tensor as it is, or of one process alone as a plain one: the points are dealt, and no pass is all ranks'."""
    return value if is_spread(value) else whole(value)


def whole(value: torch.Tensor) -> torch.Tensor:
    """A tensor, put together if it is sharded: all ranks call this for the same tensors in the same order."""
    if not _is_distributed(value):
        return value
    sharded: Any = value
    found: torch.Tensor = sharded.full_tensor()
    return found


def sharded_parts(model: nn.Module) -> list[Any]:
    """The modules of a model that ``fully_shard`` was called with; in their passes all ranks take part."""
    return [one for one in model.modules() if _is_sharded(one)]


def class_of(module: nn.Module) -> type:
    """A module's class as it was written; sharding gives it another."""
    kind = type(module)
    return kind.__bases__[1] if _is_sharded(module) and len(kind.__bases__) > 1 else kind


def kind_of_module(module: nn.Module) -> str:
    """The name of its kind, see `gt.run.graph.Node`."""
    return class_of(module).__name__.removeprefix("Parametrized")


def _is_sharded(module: nn.Module) -> bool:
    return _has(type(module), "FSDPModule")


def _has(kind: type, name: str) -> bool:
    return any(
        one.__name__ == name and one.__module__.startswith("torch.distributed")
        for one in kind.__mro__
    )


def _is_distributed(value: torch.Tensor) -> bool:
    found = sys.modules.get("torch.distributed.tensor")
    return found is not None and isinstance(value, found.DTensor)
