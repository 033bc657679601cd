"""The weights of an attention: how much each token takes of each other, head by head. Kept where they are asked for.

They are computed anew, from what went into the attention, as torch's fast ways do not give them.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

FUNCTION = "scaled_dot_product_attention"
WEIGHTS = "weights"  # operation of what is computed beside an attention, and the end of its name
KIND = "AttentionWeights"
ASKED = "attention weights are kept where they are asked for by name"

Source = tuple[str, str, int]


def beside(source: Source) -> Source:
    """The source of the weights of an attention, whose source is given."""
    module, operation, call = source
    return module, f"{operation}/{WEIGHTS}" if operation else WEIGHTS, call


def base_of(source: Source) -> Source:
    """The source of the attention of whose weights this is the source; any other as it is."""
    module, operation, call = source
    if operation == WEIGHTS:
        return module, "", call
    return module, operation.removesuffix(f"/{WEIGHTS}"), call


def weights_of(
    module: nn.Module | None, operation: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> torch.Tensor | None:
    """The weights of a call ``(n, heads, to, from)``; None if it is no attention of torch's.

    Args:
        module: That was called; None if it was a function.
        operation: The function's name.
        args: By position.
        kwargs: By name.
    """
    if isinstance(module, nn.MultiheadAttention):
        given = inspect.signature(nn.MultiheadAttention.forward).bind(module, *args, **kwargs)
        asked = {**given.arguments, "need_weights": True, "average_attn_weights": False}
        asked.pop("self")
        found: torch.Tensor | None = module.forward(**asked)[1]
        return found
    if module is None and operation == FUNCTION:
        return _scaled(*args, **kwargs)
    return None


def _scaled(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> torch.Tensor:
    """As torch's documentation of the function has it."""
    if enable_gqa:
        key = key.repeat_interleave(query.size(-3) // key.size(-3), -3)
    factor = 1 / math.sqrt(query.size(-1)) if scale is None else scale
    scores = query @ key.transpose(-2, -1) * factor
    if is_causal:
        seen = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
        scores = scores.masked_fill(~seen, -math.inf)
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        scores = scores.masked_fill(~attn_mask, -math.inf)
    elif attn_mask is not None:
        scores = scores + attn_mask
    return scores.softmax(-1)
