"""What becomes of the axes of a layer besides the points: all values in a row, one token of a sequence, or a mean."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase

import torch

from gt.record import padding
from gt.record.attention import FUNCTION, KIND
from gt.record.call import Call
from gt.record.each import is_each, shape_of_each
from gt.record.padding import WITHOUT
from gt.run import RunError

WIDE = 4096  # values of a point; tokens with more are not all kept unless that is asked for
FLATTEN, MEAN, LAST, CLS, TOKEN = "flatten", "mean", "last", "cls", "token="
WORDS = (FLATTEN, MEAN, LAST, CLS, "token=K")
EACH = ("each", "token", "pixel", "voxel")  # that nobody can ask for one layer
SETTING = "axes"  # of a layer's config, where it is not all values
OF_HEADS = " of axis 1"  # where heads (h, t, d) come before tokens


def asks_for_each(how: object) -> bool:
    """Whether each token, pixel or voxel is asked for, in whatever words: "each", "tokens", "each pixel"."""
    return isinstance(how, str) and how.removeprefix("each ").rstrip("s") in EACH


def check_axes(axes: Mapping[str, str] | None) -> dict[str, str]:
    """What is asked for, by names, patterns or kinds of layers.

    Raises:
        RunError: If it is none of what there is.
    """
    found = dict(axes or {})
    for name, how in found.items():
        if asks_for_each(how):
            raise RunError(
                f"Recorder: axes of {name!r} must keep the examples as the points, got {how!r}: all layers of a run"
                ' have the same points; record with each="tokens", "pixels" or "voxels" in place of axes, into a run of'
                f" its own if other layers are to keep examples, with layers=[{name!r}] if this one alone is wanted"
            )
        plain = isinstance(how, str) and (how in WORDS[:-1] or token_of(how) is not None)
        if not plain:
            raise RunError(
                f"Recorder: axes of {name!r} must be one of {', '.join(WORDS)}, got {how!r}"
            )
    return found


def check_fits(axes: Mapping[str, str], calls: Sequence[Call]) -> None:
    """Make sure that something is said of the axes of layers that there are.

    Args:
        axes: See `check_axes`.
        calls: All of a network, recorded or not.

    Raises:
        RunError: If a name, pattern or kind fits none.
    """
    for pattern in axes:
        if not any(_is_of(pattern, call) for call in calls):
            there = ", ".join(call.name for call in calls if not call.dull)
            raise RunError(
                f"Recorder: axes must name layers, patterns or kinds of them, {pattern!r} fits none of {there}"
            )


def _is_of(pattern: str, call: Call) -> bool:
    return pattern in (call.name, call.kind) or fnmatchcase(call.name, pattern)


def how_of(
    call: Call,
    axes: Mapping[str, str],
    nodes: Sequence[Call],
    padded: Collection[int] = (),
) -> tuple[str, str]:
    """What becomes of the axes of a call, and who says so.

    Args:
        call: With a shape.
        axes: What is asked for; the last that fits holds.
        nodes: Of the network: what it makes of tokens itself is done with those that are too many, padding or not.
        padded: Numbers of tokens of which some are padding: of these no mean is taken, and none of them is the last.

    Returns:
        One of `WORDS`, with `OF_HEADS` behind it where these come first and `gt.record.padding.WITHOUT` where padding
        is left out, and why: "" if it was asked for or all is kept.

    Raises:
        RunError: If the layer has no such token.
    """
    assert call.shape is not None
    for pattern, how in reversed(list(axes.items())):
        if _is_of(pattern, call):
            tokens = OF_HEADS if how != FLATTEN and _has_heads(call) else ""
            _check(call, how)
            if len(call.shape) < 2:
                return FLATTEN, ""
            return how + tokens + _without(call.shape, how, tokens, padded), ""
    size = 1
    for length in call.shape:
        size *= length
    if len(call.shape) != 2 or size <= WIDE:
        return FLATTEN, ""
    how = _pooled_by(call, nodes)
    if not how:
        how = MEAN + _without(call.shape, MEAN, "", padded)
    return how, f"by default, {size:,} values are more than {WIDE:,}"


def tokens_of(shape: Sequence[int], how: str) -> int:
    """How many tokens a layer has, whose shape for a point and what becomes of it are given."""
    return shape[1 if OF_HEADS in how else 0]


def reduced(
    values: torch.Tensor,
    how: str,
    lengths: torch.Tensor | None = None,
    counts: torch.Tensor | None = None,
) -> torch.Tensor:
    """Do it.

    Args:
        values: ``(m, *shape)``.
        how: See `how_of`.
        lengths: ``(m,)`` of sequences that are padded behind, if they are known.
        counts: ``(m, t)``, which tokens are no padding, if that is known; it is looked at where padding is left out.
    """
    if how.endswith(WITHOUT):
        how = how.removesuffix(WITHOUT)
        if counts is not None:
            tokens = values.transpose(1, 2) if how.endswith(OF_HEADS) else values
            pooled = padding.mean if how.startswith(MEAN) else padding.last
            return pooled(tokens, counts.to(values.device))
    if how.endswith(OF_HEADS):
        tokens = values.transpose(1, 2)
        found = reduced(tokens.flatten(2), how.removesuffix(OF_HEADS), lengths)
        return found.unflatten(1, tokens.shape[2:])
    if how == FLATTEN or values.ndim < 3:
        return values
    if how == MEAN and lengths is not None:
        return values.sum(1) / lengths.to(values.device).view(-1, *(1,) * (values.ndim - 2))
    if how == MEAN:  # of tokens (n, t, d), or of what lies behind channels (n, c, ...)
        return values.mean(1) if values.ndim == 3 else values.flatten(2).mean(2)
    if how == LAST and lengths is not None:
        at = (lengths - 1).to(values.device)
        return values[torch.arange(len(values), device=values.device), at]
    token = {LAST: -1, CLS: 0}.get(how, token_of(how))
    assert token is not None
    return values[:, token]


def shape_of(shape: tuple[int, ...], how: str) -> tuple[int, ...]:
    """The shape of one point that is left."""
    if is_each(how):
        return shape_of_each(shape, how)
    return tuple(reduced(torch.empty(1, *shape, device="meta"), how).shape[1:])


def token_of(how: str) -> int | None:
    """Which token is asked for by "token=K"; None if none is."""
    number = how.removeprefix(TOKEN)
    fits = how.startswith(TOKEN) and number.removeprefix("-").isdecimal()
    return int(number) if fits else None


def _has_heads(call: Call) -> bool:
    """Whether a call gives ``(h, t, d)``, as attention and its weights do."""
    named = call.kind in ("Attention", KIND) or call.operation == FUNCTION
    return named and call.shape is not None and len(call.shape) == 3


def _check(call: Call, how: str) -> None:
    token = token_of(how)
    assert call.shape is not None
    if token is None or len(call.shape) < 2:
        return
    tokens = call.shape[1 if _has_heads(call) else 0]
    if not -tokens <= token < tokens:
        raise RunError(
            f"Recorder: axes of {call.name!r} must name one of its {tokens} tokens, got {how!r}"
        )


def _without(shape: Sequence[int], how: str, heads: str, padded: Collection[int]) -> str:
    """What is said behind what becomes of tokens, if it leaves out padding."""
    several = len(shape) == (3 if heads else 2)  # of more axes the first are channels
    there = how in (MEAN, LAST) and several and tokens_of(shape, heads) in padded
    return WITHOUT if there else ""


def _pooled_by(call: Call, nodes: Sequence[Call]) -> str:
    """What the network itself makes of tokens, further on; "" if it makes nothing of them."""
    behind = {i for i, one in enumerate(nodes) if one.source == call.source}
    behind |= set(call.inputs) if call.outer else set()
    for i, one in enumerate(nodes):
        if not behind & set(one.inputs) or not one.needed:
            continue
        behind.add(i)
        if one.kind == "Index" and one.shape is not None and len(one.shape) == 1:
            last = str(one.config.get("index", "")).rpartition(", ")[2]
            if last.removeprefix("-").isdigit():
                return {0: CLS, -1: LAST}.get(int(last), f"{TOKEN}{last}")
        if one.kind == "Mean":
            return MEAN
    return ""
