"""One forward pass of the points that are recorded: chosen calls are counted, and what they give is handed out.

Nothing is held. Where only modules are recorded, these alone have hooks, and no function is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
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
    """Chosen calls of a model, of which each pass within `handing` is looked at.

    Attributes:
        decisions: Names of calls that asked for a value in the last pass, as far as functions are looked at.

    Args:
        model: That will be run.
        sources: The calls that are asked for.
    """

    def __init__(self, model: nn.Module, sources: Collection[Source]) -> None:
        self.decisions: list[str] = []
        self._wanted = frozenset(sources)
        self._modules = named(model, tuple(m for m, operation, _ in self._wanted if not operation))
        self._operations = frozenset(operation for _, operation, _ in self._wanted if operation)
        self._frames = Frames(model) if self._operations else None
        self._calls: Counter[tuple[str, str]] = Counter()
        self._see: See | None = None

    @contextmanager
    def handing(self, see: See) -> Iterator[None]:
        """Hand out what is asked for of one forward pass.

        Args:
            see: Is told each call, with its module (None for a function), arguments and output.
        """
        self._see = see
        self._calls.clear()
        self.decisions.clear()
        with ExitStack() as stack:
            for name, module in self._modules.items():
                hook = module.register_forward_hook(self._hook(name), with_kwargs=True)
                stack.callback(hook.remove)
            if self._frames is not None:
                stack.enter_context(self._frames)
                stack.enter_context(_Functions(self, self._frames))
            yield

    def called(
        self,
        inside: str,
        operation: str,
        module: nn.Module | None,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        output: Any,
    ) -> None:
        """Count a call, and hand it out if it is asked for."""
        self._calls[inside, operation] += 1
        source = (inside, operation, self._calls[inside, operation])
        if source in self._wanted and self._see is not None:
            with torch._C.DisableTorchFunction():
                self._see(source, module, args, kwargs, output)

    def _hook(self, name: str) -> Callable[..., None]:
        def hook(
            module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
        ) -> None:
            self.called(name, "", module, args, kwargs, output)

        return hook


class _Functions(TorchFunctionMode):
    """Tells a watch of the functions that are called where modules are looked into."""

    def __init__(self, watch: Watch, frames: Frames) -> None:
        super().__init__()
        self._watch, self._frames = watch, frames
        self._operations = watch._operations

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
            given = out if next(tensors_in(out), None) is not None else args[0]
            self._watch.called(inside, operation, None, args, kwargs or {}, given)
        elif operation in functions.DECISIONS and len(self._watch.decisions) < 8:
            self._watch.decisions.append(name_of((inside, operation, 1)))
        return out
