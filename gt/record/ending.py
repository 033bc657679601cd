"""How a network ends: in logits, or in a softmax of logits that it computed before."""

from __future__ import annotations

import numpy as np
import torch

from gt.layers.kind import kind_of
from gt.record.call import LARGEST, Call
from gt.record.trace import CONSTANT, Seen, Trace
from gt.run.graph import INPUT, UNSEEN
from gt.run.measure import are_log_probabilities, are_probabilities, log_softmax


def ends_in(
    trace: Trace, nodes: list[Call], out: torch.Tensor, axis: int
) -> tuple[int | None, int | None]:
    """Which nodes gave the logits and the module's softmax of them, or the logits that a function's softmax is of.

    Args:
        trace: Of the pass.
        nodes: That were seen in it.
        out: What the model gave.
        axis: Of it that counts the points.
    """
    if trace.output == CONSTANT:
        return None, None
    values, at = plain_values(out), trace.output
    logs = are_log_probabilities(values)
    if logs or are_probabilities(values):
        while not trace.seen[at].softmax and kind_of(nodes[at].kind).repeats:
            at = trace.seen[at].inputs[0]
        if trace.seen[at].softmax:
            return _giving(trace, nodes, trace.seen[at].inputs[0]), at
    if (before_it := _before_softmax(trace, nodes, out, axis)) is not None:
        return before_it, None
    if logs:
        before = (i for i in range(len(nodes) - 1, -1, -1) if _is_log_softmax(trace.seen[i], out))
        found = [i for i in before if nodes[i].kind not in (INPUT, UNSEEN)]
        plain = {i: one.values for i, one in enumerate(trace.seen) if one.values is not None}
        other = [i for i in found if not same_values(plain_values(plain[i]), out)]
        if found:
            return (other or found)[0], None
    return _giving(trace, nodes, trace.output, out), None


def _before_softmax(trace: Trace, nodes: list[Call], out: torch.Tensor, axis: int) -> int | None:
    """The node whose values a function made a softmax of, or its logarithm, that is the output; None if none did."""
    at = trace.output
    while kind_of(nodes[at].kind).repeats and trace.seen[at].inputs:
        at = trace.seen[at].inputs[0]
    one = trace.seen[at]
    if not one.source[1] or one.kind not in ("Softmax", "LogSoftmax") or not one.inputs:
        return None
    along = one.config.get("dim", 0 if out.ndim in (1, 3) else 1)  # torch's own, where none is said
    before = trace.seen[one.inputs[0]].values
    if before is None or before.shape != out.shape or along % out.ndim == axis:
        return None
    if not float(before.abs().max()) < LARGEST:
        return None  # masked: no plot has a place for these
    function = torch.log_softmax if one.kind == "LogSoftmax" else torch.softmax
    if not same_values(plain_values(function(before.cpu().double(), along)), out):
        return None  # of a part of what that node gave
    return _giving(trace, nodes, one.inputs[0])


def _giving(
    trace: Trace, nodes: list[Call], at: int, out: torch.Tensor | None = None
) -> int | None:
    """The node at a position if its value is the output, and it was called."""
    one = trace.seen[at]
    if nodes[at].kind in (INPUT, UNSEEN) or one.values is None or nodes[at].shape is None:
        return None
    if out is None:
        return at
    return (
        at if one.values.shape == out.shape and same_values(plain_values(one.values), out) else None
    )


def _is_log_softmax(one: Seen, out: torch.Tensor) -> bool:
    values = one.values
    if values is None or values.shape != out.shape or not values.is_floating_point():
        return False
    return same_values(log_softmax(plain_values(values)), out)


def plain_values(tensor: torch.Tensor) -> np.ndarray:
    """A copy as float64 (complex numbers: their size)."""
    found = tensor.detach().cpu()
    return (found.abs() if found.is_complex() else found).double().numpy().copy()


def same_values(values: np.ndarray, out: torch.Tensor) -> bool:
    """Whether values are an output, whatever its shape, but for the rounding of its type."""
    there = plain_values(out).ravel()
    if values.size != there.size:
        return False
    close = 16 * (torch.finfo(out.dtype).eps if out.is_floating_point() else 0)
    return bool(np.allclose(values.ravel(), there, rtol=close, atol=close))
