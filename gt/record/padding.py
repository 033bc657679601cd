"""Which tokens are padding, as a mask among the inputs says it: these are in no mean, and none of them is the last."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping

import torch
from torch import nn

Path = tuple[str, ...]
COUNTS, PADS = "attention_mask", "padding_mask"  # ends of names: 0 is padding; True is padding
WITHOUT = " without padding"  # behind what becomes of a layer's tokens


def said_by(name: str) -> str:
    """Which way a mask of a name says what is padding: `COUNTS` or `PADS`; "" if it is no mask."""
    return next((end for end in (COUNTS, PADS) if name == end or name.endswith(f"_{end}")), "")


def named(rows: Iterable[tuple[Path, torch.Tensor]], model: nn.Module | None) -> dict[Path, str]:
    """The masks among inputs, and which way they say it.

    Args:
        rows: The tensors ``(n, ...)`` and where they are.
        model: Whose arguments those go by that have positions; None where they have no names.
    """
    try:
        takes = [] if model is None else list(inspect.signature(model.forward).parameters)
    except (TypeError, ValueError):  # of what is not written in Python
        takes = []
    found = {}
    for path, tensor in rows:
        if tensor.ndim != 2 or not path:
            continue
        name = path[-1]
        if len(path) == 1 and name.isdecimal():
            name = takes[int(name)] if int(name) < len(takes) else ""
        if way := said_by(name):
            found[path] = way
    return found


def counted(
    rows: Iterable[tuple[Path, torch.Tensor]], masks: Mapping[Path, str]
) -> dict[int, torch.Tensor]:
    """Which tokens ``(n, t)`` count, by t; where two masks of one length say otherwise nothing is known of it.

    Args:
        rows: The tensors ``(n, ...)`` and where they are.
        masks: See `named`.
    """
    found: dict[int, torch.Tensor] = {}
    unsure = set()
    for path, tensor in rows:
        if path not in masks:
            continue
        added = tensor.is_floating_point() and bool((tensor < 0).any())  # to the scores
        counts = (tensor != 0) if (masks[path] == COUNTS and not added) else (tensor == 0)
        t = counts.shape[1]
        if t in found and not torch.equal(found[t], counts):
            unsure.add(t)
        found[t] = counts
    return {t: one for t, one in found.items() if t not in unsure and not bool(one.all())}


def mean(values: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """The mean over tokens that count.

    Args:
        values: ``(m, t, ...)``.
        counts: ``(m, t)`` bool; of a row where none does all do.
    """
    counts = _some(counts)
    there = counts.view(*counts.shape, *(1,) * (values.ndim - 2))
    sums = torch.where(there, values, torch.zeros((), dtype=values.dtype, device=values.device))
    return sums.sum(1) / there.sum(1)


def last(values: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """The last token that counts, likewise."""
    at = torch.arange(counts.shape[1], device=counts.device)
    found = torch.where(_some(counts), at, -1).argmax(1)
    return values[torch.arange(len(values), device=values.device), found]


def _some(counts: torch.Tensor) -> torch.Tensor:
    return counts | ~counts.any(1, keepdim=True)
