"""One forward pass of the points that are recorded: chosen calls are counted, and what they give is handed out.

Nothing is held. Where only modules are recorded, these alone have hooks, and no function is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import ExitStack
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from gt.record import functions
from gt.record.frames import Frames
from gt.record.hooks import named
from gt.record.trace import Source, name_of, tensors_in

See = Callable[[Source, nn.Module | None, tuple[Any, ...], dict[str, Any], Any], None]


class Watch:
    """A context in which chosen calls of a model are handed out.

    Attributes:
        decisions: Names of calls that asked for a value, as far as functions are looked at.

    Args:
        model: That will be run, once.
        sources: The calls that are asked for.
        see: Is told each of them, with its module (None for a function), arguments and output.
    """

    def __init__(self, model: nn.Module, sources: Collection[Source], see: See) -> None:
        self.decisions: list[str] = []
        self._wanted = frozenset(sources)
        self._model, self._see = model, see
        self._calls: Counter[str] = Counter()
        self._stack = ExitStack()

    def __enter__(self) -> Watch:
        """Set the hooks, and the mode if functions are asked for."""
        with ExitStack() as stack:
            modules = named(
                self._model, tuple(m for m, operation, _ in self._wanted if not operation)
            )
            for name, module in modules.items():
                stack.callback(
                    module.register_forward_hook(self._hook(name), with_kwargs=True).remove
                )
            if any(operation for _, operation, _ in self._wanted):
                frames = stack.enter_context(Frames(self._model))
                stack.enter_context(_Functions(self, frames))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _hook(self, name: str) -> Callable[..., None]:
        def hook(
            module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
        ) -> None:
            self._calls[name] += 1
            source = (name, "", self._calls[name])
            if source in self._wanted:
                with torch._C.DisableTorchFunction():
                    self._see(source, module, args, kwargs, output)

        return hook


class _Functions(TorchFunctionMode):
    """Counts functions, and hands out those that are asked for."""

    def __init__(self, watch: Watch, frames: Frames) -> None:
        super().__init__()
        self._watch, self._frames = watch, frames
        self._calls: Counter[tuple[str, str]] = Counter()
        self._operations = {operation for _, operation, _ in watch._wanted if operation}

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Call what was called, and hand it out if it is asked for."""
        out = func(*args, **(kwargs or {}))
        inside = self._frames.inside
        if inside is None:
            return out
        operation = functions.operation_of(func)
        if operation in self._operations:
            self._calls[inside, operation] += 1
            source = (inside, operation, self._calls[inside, operation])
            if source in self._watch._wanted:
                given = out if next(tensors_in(out), None) is not None else args[0]
                with torch._C.DisableTorchFunction():
                    self._watch._see(source, None, args, kwargs or {}, given)
        elif operation in functions.DECISIONS and len(self._watch.decisions) < 8:
            self._watch.decisions.append(name_of((inside, operation, 1)))
        return out
