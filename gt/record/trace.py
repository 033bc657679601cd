"""One forward pass of a few points, looked at closely: every call, and which tensors flow where.

It holds on to every tensor, and is never made with the points that are recorded, for which `gt.record.watch` is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence
from torch.overrides import TorchFunctionMode

from gt.layers.kind import settings
from gt.record import functions
from gt.record.attention import FUNCTION, weights_of
from gt.record.frames import Frames
from gt.record.hooks import first_tensor
from gt.record.unwrapped import gathered, is_spread, kind_of_module, plain_name, sharded_parts
from gt.run.graph import INPUT, UNSEEN

Source = tuple[str, str, int]  # module, operation or "", number of the call
CONSTANT = -1  # in place of a call: the same whatever goes in


@dataclass
class Seen:
    """One call, as it was seen.

    Attributes:
        source: Which call it is.
        kind: See `gt.run.graph.Node`.
        inputs: Positions of the calls whose tensors went in, in the order of its arguments.
        output: What it gave.
        tensor: The value of its points: the first tensor of the output, a packed sequence padded.
        values: A copy of it as it was when it came.
        config: Its settings.
        parameters: By the kind's names the model's.
        weights: Those of an attention.
        softmax: Whether it is a module that gives a softmax, or its logarithm.
        length: Of the longest sequence, if it packs them or gives packed ones.
    """

    source: Source
    kind: str
    inputs: tuple[int, ...] = ()
    output: Any = None
    tensor: torch.Tensor | None = None
    values: torch.Tensor | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    weights: torch.Tensor | None = None
    softmax: bool = False
    length: int = 0


class Trace(TorchFunctionMode):
    """A pass, looked at.

    Attributes:
        seen: Calls that depend on what went in, and what went in itself, first.
        outer: Of modules that were looked into, by source: value, the call that it comes from, kind, calls
            before its end.
        constant: Modules (name, kind) whose output is the same whatever goes in.
        called: ``id`` of each module that was called.
        decisions: Where the pass went by values: names of calls such as ``/bool``.
        given: What the model gave.
        output: The call that it comes from.

    Args:
        model: To be run.
        inputs: Names and tensors that go in.
        call: Runs it.
    """

    def __init__(
        self,
        model: nn.Module,
        inputs: Mapping[str, torch.Tensor],
        call: Callable[[], Any],
    ) -> None:
        super().__init__()
        self.seen: list[Seen] = []
        self.outer: dict[Source, tuple[torch.Tensor | None, int, str, int]] = {}
        self.constant: dict[str, str] = {}
        self.called: set[int] = set()
        self.decisions: list[str] = []
        self._makers: dict[int, tuple[torch.Tensor, int]] = {}
        self._calls: Counter[tuple[str, str]] = Counter()
        self._versions: list[list[tuple[torch.Tensor, int]]] = []
        self._frames = Frames(model, self._before, self._after, self._aside)
        self._uncast: list[torch.Tensor] = []
        self._names = _names_of_tensors(model)
        self._model = model if sharded_parts(model) else None
        for name, tensor in inputs.items():
            self._makers[id(tensor)] = (tensor, len(self.seen))
            self.seen.append(Seen(("", name, 0), INPUT, (), tensor, tensor, _copy(tensor)))
        try:
            with self._frames, self:
                self.given = call()
        finally:
            self._frames.forget()  # or else all tensors would stay until cycles are looked for
        found = first_tensor(self.given)
        self.output = CONSTANT if found is None else self._maker(found)

    def maker(self, tensor: torch.Tensor) -> int:
        """Position of the call that a tensor comes from; ``CONSTANT`` if it depends on nothing that went in."""
        return self._makers.get(id(tensor), (tensor, CONSTANT))[1]

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Call what was called, and look."""
        given = kwargs or {}
        inside = self._frames.inside
        operation = "" if inside is None else functions.operation_of(func)
        if inside is None or not operation:
            return func(*args, **given)
        with torch._C.DisableTorchFunction():
            before = _versions((args, given))
        out = func(*args, **given)
        with torch._C.DisableTorchFunction():
            return self._function(inside, operation, func, args, given, before, out)

    def _function(
        self,
        inside: str,
        operation: str,
        func: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        before: list[tuple[torch.Tensor, int]],
        out: Any,
    ) -> Any:
        self._calls[inside, operation] += 1
        source = (inside, operation, self._calls[inside, operation])
        changed = [tensor for tensor, version in before if _version(tensor) != version]
        makers = [] if operation in functions.NEW else self._all_makers((args, kwargs))
        if not changed and next(tensors_in(out), None) is None:
            if operation in functions.DECISIONS and makers:
                self.decisions.append(name_of(source))
            return out
        result = out if next(tensors_in(out), None) is not None else changed[0]
        same = not changed and any(result is tensor for tensor, _ in before)
        kind = functions.kind_of_function(operation, next(tensors_in(args), None))
        alone = kind == "Concat" and sum(bool(one.numel()) for one in tensors_in(args)) == 1
        if not makers or kind == "PassedOn" or alone:
            self._note(result, makers[0] if makers else CONSTANT)
            return out
        if same:
            out = result = _another(result)
        turned = functions.is_reversed(func)
        seen = Seen(
            source,
            kind,
            tuple(reversed(makers) if turned and len(makers) == 2 else makers),
            result,
            config=functions.settings_of(operation, args, kwargs, turned),
            parameters=functions.parameters_of(operation, args, kwargs, self._name),
        )
        if operation == FUNCTION:
            seen.weights = weights_of(None, operation, args, kwargs)
        if operation == "pack_padded_sequence":
            first = args[2] if len(args) > 2 else kwargs.get("batch_first", False)
            seen.length = args[0].shape[1 if first else 0]
        self._add(seen, changed)
        return out

    def _aside(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._uncast = list(tensors_in((args, kwargs)))

    def _before(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if self._model is not None:  # put together, parameters are other tensors of the same names
            self._names = {**_names_of_tensors(self._model), **self._names}
            for was, now in zip(self._uncast, tensors_in((args, kwargs)), strict=False):
                if was is not now:
                    self._note(now, self._maker(was))
            self._uncast = []
        if id(module) in self._frames.opaque:
            self._versions.append(_versions((args, kwargs)))

    def _after(
        self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
    ) -> Any:
        name = self._frames.names.get(id(module), "")
        self.called.add(id(module))
        if id(module) not in self._frames.names or not name:
            return None
        self._calls[name, ""] += 1
        source = (name, "", self._calls[name, ""])
        kind = kind_of_module(module)
        if id(module) not in self._frames.opaque:
            first = value_of(output, self._length(output))
            made = next(tensors_in(output), None)
            if first is None:
                first = made  # of a mapping, as libraries give it
            at = CONSTANT if made is None else self._maker(made)
            held = None if first is None else _copy(first)
            self.outer[source] = (held, at, kind, len(self.seen))
            return None
        before = self._versions.pop()
        changed = [tensor for tensor, version in before if _version(tensor) != version]
        makers = self._all_makers((args, kwargs))
        if not makers and next(tensors_in(output), None) is not None:
            self._note(output, CONSTANT)
            self.constant[name] = kind
            return None
        replaced = None
        if not changed and any(output is tensor for tensor, _ in before):
            output = replaced = _another(output)
        self._add(
            Seen(
                source,
                kind,
                tuple(makers),
                output,
                weights=weights_of(module, "", args, kwargs),
                softmax=isinstance(module, nn.Softmax | nn.LogSoftmax),
                config=config_of(module),
                parameters=self._parameters(name, module),
            ),
            changed,
        )
        return replaced

    def _add(self, seen: Seen, changed: list[torch.Tensor]) -> None:
        at = len(self.seen)
        self.seen.append(seen)
        self._note(seen.output, at)
        for tensor in changed:
            self._note(tensor, at)
            self._shared(tensor, at)
        seen.length = seen.length or self._length(seen.output, seen.inputs)
        seen.tensor = value_of(seen.output, seen.length)
        seen.values = None if seen.tensor is None else _copy(seen.tensor)

    def _shared(self, changed: torch.Tensor, at: int) -> None:
        """All that lies in the memory of what was changed in place comes from there now."""
        where = _storage(changed)
        if where is not None:
            for key, (tensor, _) in list(self._makers.items()):
                if _storage(tensor) == where:
                    self._makers[key] = (tensor, at)

    def _length(self, output: Any, inputs: tuple[int, ...] = ()) -> int:
        """Of the longest sequence among those that a packed output came from."""
        if not isinstance(packed_in(output), PackedSequence):
            return 0
        todo = [*inputs, *([] if inputs else [self._maker(one) for one in tensors_in(output)])]
        while todo:
            at = todo.pop(0)
            if at != CONSTANT:
                if self.seen[at].length:
                    return self.seen[at].length
                todo += self.seen[at].inputs
        return 0

    def _note(self, output: Any, at: int) -> None:
        for tensor in tensors_in(output):
            self._makers[id(tensor)] = (tensor, at)

    def _all_makers(self, arguments: Any) -> list[int]:
        found = (self._maker(tensor) for tensor in tensors_in(arguments, whole=False))
        return [at for at in found if at != CONSTANT]

    def _maker(self, tensor: torch.Tensor) -> int:
        known = self._makers.get(id(tensor))
        if known is not None:
            return known[1]
        if id(tensor) in self._names:
            return CONSTANT
        self._makers[id(tensor)] = (tensor, len(self.seen))
        number = 1 + sum(one.kind == UNSEEN for one in self.seen)
        unseen = Seen(("", UNSEEN, number), UNSEEN, (), tensor, tensor, _copy(tensor))
        self.seen.append(unseen)
        return len(self.seen) - 1

    def _parameters(self, name: str, module: nn.Module) -> dict[str, str]:
        """Names of a module's parameters; one that is computed from others goes by its own."""
        found = {}
        for key, value in module.named_parameters():
            before, computed, after = key.partition("parametrizations.")
            own = self._name(value)
            if computed:
                key = before + after.partition(".")[0]
                own = f"{name}.{key}"
            if own is not None:
                found[key] = own
        return found

    def _name(self, tensor: torch.Tensor) -> str | None:
        return self._names.get(id(tensor)) or None


def name_of(source: Source) -> str:
    """How a call is shown: ``conv1``, ``relu:2``, ``layer1.0/add``, ``/relu:2``."""
    module, operation, call = source
    if call == 0:
        return operation
    name = f"{module}/{operation}" if operation and operation != UNSEEN else operation or module
    return name if call == 1 else f"{name}:{call}"


def tensors_in(value: Any, whole: bool = True) -> Iterator[torch.Tensor]:
    """All tensors in a nest of lists, tuples, mappings and packed sequences.

    Args:
        value: The nest.
        whole: Whether of packed sequences those count, too, that say how they are packed.
    """
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, PackedSequence):
        yield from tensors_in(tuple(value) if whole else value.data)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from tensors_in(one, whole)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from tensors_in(one, whole)


def packed_in(output: Any) -> PackedSequence | None:
    """The packed sequence in an output: itself, or the first of a tuple; None if none is."""
    if isinstance(output, PackedSequence):
        return output
    if isinstance(output, tuple | list) and output and isinstance(output[0], PackedSequence):
        return output[0]
    return None


def value_of(output: Any, length: int) -> torch.Tensor | None:
    """What counts as the value of an output: its first tensor; a packed sequence padded, ``(n, length, ...)``.

    Args:
        output: Of a module or a function.
        length: Of the longest sequence; 0 if it is not known.
    """
    packed = packed_in(output)
    if packed is not None:
        total = length if length >= len(packed.batch_sizes) else None
        return pad_packed_sequence(packed, batch_first=True, total_length=total)[0]
    found = first_tensor(output)
    return None if found is None else gathered(found)


def lengths_of(output: Any) -> torch.Tensor | None:
    """Lengths ``(n,)`` of the sequences of a packed output; None of any other."""
    packed = packed_in(output)
    return None if packed is None else pad_packed_sequence(packed, batch_first=True)[1]


def config_of(module: nn.Module) -> dict[str, Any]:
    """The settings of a module that decide what it computes, of those that some kind has."""
    found = {key: functions.plain(getattr(module, key, None)) for key in settings()}
    return {key: value for key, value in found.items() if value is not None}


def _names_of_tensors(model: nn.Module) -> dict[int, str]:
    """Parameters and buffers by ``id``, under their names; other tensors that a module holds, under none."""
    found: dict[int, str] = {}
    for module in model.modules():
        for tensor in tensors_in(list(vars(module).values())):
            found[id(tensor)] = ""
    for name, tensor in (*model.named_buffers(), *model.named_parameters()):
        found[id(tensor)] = plain_name(name)
    return found


def _another(tensor: torch.Tensor) -> torch.Tensor:
    """The same values as another object, so that what is done with one is not taken for done with the other."""
    strided = tensor.layout is torch.strided and not tensor.is_nested
    return tensor.view_as(tensor) if strided else tensor.detach()


def _copy(tensor: torch.Tensor) -> torch.Tensor | None:
    if tensor.is_nested or tensor.layout is not torch.strided or tensor.is_quantized:
        return None
    return None if is_spread(tensor) else gathered(tensor).detach().clone()


def _versions(arguments: Any) -> list[tuple[torch.Tensor, int]]:
    return [(tensor, _version(tensor)) for tensor in tensors_in(arguments)]


def _version(tensor: torch.Tensor) -> int:
    return -1 if tensor.is_inference() else tensor._version


def _storage(tensor: torch.Tensor) -> int | None:
    if tensor.is_nested or tensor.layout is not torch.strided:
        return None
    return tensor.untyped_storage()._cdata or None
