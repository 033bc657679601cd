"""What a network is made of: which modules and functions are called, in which order, and what comes out of each."""

from __future__ import annotations

import logging
import warnings
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from gt.record.attention import ASKED, KIND, beside
from gt.record.call import Call, call_of
from gt.record.ending import ends_in, plain_values, same_values
from gt.record.frames import is_opaque
from gt.record.hooks import fast_path, first_tensor, modules_of, parts, undisturbed
from gt.record.inputs import Inputs, check_inputs
from gt.record.numbers import as_numpy
from gt.record.places import FEW, MORE, PLAIN, Place, find
from gt.record.reading import Reading
from gt.record.trace import CONSTANT, Seen, Trace, name_of
from gt.record.unwrapped import device_of, gathered, kind_of_module
from gt.run import RunError, ShapeError
from gt.run.graph import INPUT, UNSEEN
from gt.run.measure import are_probabilities

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
class Network:
    """What the forward passes of a few points showed.

    Attributes:
        nodes: What was called and depends on the inputs, in that order; the inputs first.
        calls: Those that may become layers, and the modules that were looked into, by when they ended.
        logits: The call whose output is the logits, None if it is that of none.
        softmax: The call of the softmax module that ends the model, None if none does.
        width: Number of classes.
        widest: Largest number of values that one point has in any layer.
        of_softmax: Whether the model ends in a softmax of ``logits``, or its logarithm, that is no module.
        sigmoid: What made the outputs out of any numbers, each by itself; "" if nothing did.
        uncalled: Modules (name, kind) that the pass did without.
        constant: Modules (name, kind) whose output is the same for all points.
        output: Position of the node that the output comes from.
        decisions: Names of calls that asked for a value, so that another batch may go another way.
        place: Where the points are in the output.
        shares: Whether ``logits`` gives the sigmoids of what is stored as the logits.
    """

    nodes: tuple[Call, ...]
    calls: tuple[Call, ...]
    logits: Call | None
    softmax: Call | None
    width: int
    widest: int
    of_softmax: bool = False
    sigmoid: str = ""
    uncalled: tuple[tuple[str, str], ...] = ()
    constant: tuple[tuple[str, str], ...] = ()
    output: int = 0
    decisions: tuple[str, ...] = ()
    place: Place = PLAIN
    shares: bool = False

    def as_given(self) -> Network:
        """The same, whose output is stored as the model gives it, whatever it is of."""
        last = None if self.output == CONSTANT else self.nodes[self.output]
        known = last is not None and last.kind not in (INPUT, UNSEEN) and last.shape is not None
        return replace(self, logits=last if known else None, softmax=None, of_softmax=False)


def probe(model: nn.Module, x: torch.Tensor | Inputs) -> Network:
    """Run a few points through the network and list its layers.

    Three go through it and then the first two of them, so that a length that is the number of points by chance is
    not taken for it.

    Args:
        model: Any module that gives a tensor with a row for each point.
        x: A few inputs, on the model's device.

    Raises:
        RunError: If the output is no such tensor.
    """
    x = check_inputs(x) if isinstance(x, torch.Tensor) else x
    rows = np.arange(MORE) % len(x)
    with undisturbed(model):
        seen = _Pass(model, x[rows])
        again = _Pass(model, x[rows[:FEW]])
    out = seen.out
    place = _place_of(out, again.out)
    if out is None or place is None or out.is_complex():
        got = "no tensor" if out is None else f"shape {tuple(out.shape)} for {MORE} inputs"
        kind = " complex numbers of" if out is not None and out.is_complex() else ""
        raise ShapeError(
            f"Recorder: the model must give a tensor with a row for each point, (points, classes) for example, it"
            f" gave{kind} {got}; wrap it in a module that does, or say which part it is (output=)"
        )
    nodes = _nodes(seen.trace, again.trace)
    ends = [None if at is None else nodes[at] for at in ends_in(seen.trace, nodes, out, place.axis)]
    behind = ends[1] is None and ends[0] is not None and nodes.index(ends[0]) != seen.trace.output
    calls = _with_outer(seen.trace, again.trace, nodes)
    sizes = [one.tensor.numel() // MORE for one in seen.trace.seen if one.tensor is not None]
    return Network(
        tuple(nodes),
        tuple(calls),
        ends[0],
        ends[1],
        out.numel() // MORE,
        max([out.numel() // MORE, x.width, *sizes]),
        behind,
        seen.sigmoid(),
        _uncalled(model, seen.trace),
        tuple(seen.trace.constant.items()),
        seen.trace.output,
        tuple(dict.fromkeys(seen.trace.decisions)),
        place,
    )


def _place_of(out: torch.Tensor | None, again: torch.Tensor | None) -> Place | None:
    """Where the points are in an output, in one axis of their own; None if they are nowhere."""
    if out is None or out.ndim == 0:
        return None
    if again is None or again.ndim == 0 or (len(out) == MORE and len(again) == FEW):
        return PLAIN if len(out) == MORE else None
    found = find(again, out)
    return found if isinstance(found, Place) and found.fold == 1 else None


def probed(
    model: nn.Module, inputs: Inputs, reading: Reading, n: int | None
) -> tuple[Inputs, Network]:
    """Probe a model with inputs, taken for sequences ``(t, n, ...)`` where it makes nothing of rows of points.

    Args:
        model: As for `probe`.
        inputs: Of all points, on any device.
        reading: Of the outputs; it is told where the points are in them.
        n: How many points there are, if it is known that inputs have no other axis of them; 0 if no other is tried.

    Returns:
        The inputs, with the points first, and the network.

    Raises:
        RunError: As `probe` does.
    """
    device = device_of(model)
    try:
        network = probe(model, inputs[:MORE].to(device))
    except (RunError, RuntimeError) as error:
        other = inputs.as_sequences(n)
        if other is None:
            raise
        try:
            network = probe(model, other[:MORE].to(device))
        except (RunError, RuntimeError):
            raise error from None
        log.info("Recorder: inputs are taken for sequences (t, n, ...): rows are no points")
        inputs = other
    reading.axis = network.place.axis
    return inputs, network


def _nodes(trace: Trace, again: Trace) -> list[Call]:
    """All that was seen, with the place of the points in it."""
    before = {one.source: one for one in again.seen}
    needed = _needed(trace)
    return [call_of(one, before.get(one.source), at in needed) for at, one in enumerate(trace.seen)]


def _needed(trace: Trace) -> set[int]:
    """Positions of what the output depends on."""
    todo, found = [trace.output], set()
    while todo:
        at = todo.pop()
        if at != CONSTANT and at not in found:
            found.add(at)
            todo += trace.seen[at].inputs
    return found


def _with_outer(trace: Trace, again: Trace, nodes: list[Call]) -> list[Call]:
    """The calls that may become layers, and modules that were looked into behind what is in them."""
    behind: dict[int, list[Call]] = {}
    for source, (value, made, kind, at) in trace.outer.items():
        one = Seen(source, kind, (made,) if made != CONSTANT else (), value, value)
        one.values = value
        other = again.outer.get(source)
        before = None
        if other is not None:
            before = Seen(source, kind, (), other[0], other[0], other[0])
        found = call_of(one, before, needed=True)
        behind.setdefault(at, []).append(replace(found, outer=True))
    before_that = {one.source: one for one in again.seen}
    calls = list(behind.get(0, []))
    for at, one_call in enumerate(nodes, 1):
        if one_call.kind not in (INPUT, UNSEEN):
            calls.append(one_call)
        one = trace.seen[at - 1]
        if one.weights is not None:
            calls.append(_weights(one, before_that.get(one.source)))
        calls += behind.get(at, [])
    return calls


def _weights(one: Seen, again: Seen | None) -> Call:
    """The weights of an attention, as a call beside it."""
    source = beside(one.source)
    now, before = (
        None
        if seen is None
        else Seen(source, KIND, one.inputs, seen.weights, seen.weights, seen.weights)
        for seen in (one, again)
    )
    assert now is not None
    return replace(call_of(now, before, needed=True), dull=ASKED)


class _Pass:
    """One forward pass, looked at.

    Attributes:
        trace: What was seen.
        out: The model's output.
    """

    def __init__(self, model: nn.Module, x: Inputs) -> None:
        with _Sigmoids() as self._sigmoids:
            self.trace = Trace(model, x.traced, lambda: x(model))
        found = first_tensor(self.trace.given)
        self.out = None if found is None else gathered(found)

    def sigmoid(self) -> str:
        """What made the output out of any numbers, each by itself; "" if nothing is known to."""
        if self.out is None or not self.out.is_floating_point():
            return ""
        there = plain_values(self.out)
        if are_probabilities(there) and np.ptp(there) > 1e-6:
            return ""  # of numbers that are each other's opposites
        for name, made in self._sigmoids.made:
            if same_values(plain_values(made), self.out):
                return f"torch's {name}"
        for one in self.trace.seen:
            values = (
                None if one.source[1] else one.values
            )  # of modules; functions are known by name
            if values is None or values.ndim != 2 or not values.is_floating_point():
                continue
            with np.errstate(over="ignore"):
                squashed = 1 / (1 + np.exp(-plain_values(values)))
            if same_values(squashed, self.out):
                return f"a sigmoid of {name_of(one.source)!r}"
        return ""


def _uncalled(model: nn.Module, trace: Trace) -> tuple[tuple[str, str], ...]:
    """Leaves (name, kind) that a pass did without, those aside that are in what is looked at as one."""
    known = {
        id(inner)
        for m in model.modules()
        if id(m) in trace.called and is_opaque(m, m is model)
        for inner in m.modules()
    }
    used = {own for one in trace.seen for own in one.parameters.values()}
    return tuple(
        (name, kind_of_module(m))
        for name, m in modules_of(model).items()
        if not parts(m)
        and id(m) not in known | trace.called
        and not isinstance(m, HOLDERS)
        and not any(f"{name}.{key}" in used for key, _ in m.named_parameters())
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
    return gathered(found)


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
