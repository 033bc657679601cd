"""Whose forward pass is under way while a network runs: the module that a function is called in.

A module is *opaque* if what happens in it is one thing to a reader: its forward pass is torch's own (``nn.LSTM``), or
it has no modules in it. All others, torch's containers and transformers among them, are looked into.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from gt.record.hooks import modules_of, parts
from gt.record.unwrapped import sharded_parts

CONTAINERS = (
    nn.Sequential,
    nn.Transformer,
    nn.TransformerEncoder,
    nn.TransformerDecoder,
    nn.TransformerEncoderLayer,
    nn.TransformerDecoderLayer,
)  # torch's own, and yet looked into
WRAPPERS = ("torch.nn.parallel", "torch.distributed")  # whose forward passes are those of others

Before = Callable[[nn.Module, tuple[Any, ...], dict[str, Any]], None]
After = Callable[[nn.Module, tuple[Any, ...], dict[str, Any], Any], Any]


def is_opaque(module: nn.Module, root: bool = False) -> bool:
    """Whether a module is one layer, and what it calls is not looked at.

    Args:
        module: Any.
        root: Whether it is the model itself, which is looked into even if it has no modules in it.
    """
    written = getattr(type(module).forward, "__module__", "") or ""
    if written.startswith("torch.") and not written.startswith(WRAPPERS):
        return not isinstance(module, CONTAINERS)
    return not root and not parts(module)


class Frames:
    """The modules whose forward pass is under way, the innermost last; hooks keep it up to date.

    Attributes:
        names: Of the modules of the model, by ``id``; "" is the model's own.
        opaque: ``id`` of those that are not looked into.
        stack: Names; None for one that is not looked into.

    Args:
        model: To be run.
        before: Is called at each call of a module, when its frame is there.
        after: Is called behind it, when its frame is gone; what it gives, unless None, is given instead.
        aside: Is called before a sharded module puts its parameters together and casts what goes in, which is no part
            of the network and not looked at.
    """

    def __init__(
        self,
        model: nn.Module,
        before: Before | None = None,
        after: After | None = None,
        aside: Before | None = None,
    ) -> None:
        alone = is_opaque(model, root=True)
        self.names = {id(m): name for name, m in modules_of(model).items()}
        self.names[id(model)] = "model" if alone else ""
        self.opaque = {
            id(m) for m in model.modules() if is_opaque(m, m is model) or id(m) not in self.names
        }
        self.stack: list[str | None] = [None if alone else ""]
        self._depths: list[int] = []
        self._model, self._before, self._after, self._aside = model, before, after, aside
        self._sharded = {id(m) for m in sharded_parts(model)}
        self._handles: list[Any] = []

    @property
    def inside(self) -> str | None:
        """The module that is looked into just now; None within an opaque one."""
        return self.stack[-1]

    def __enter__(self) -> Frames:
        """Set the hooks, anew after a pass that raised."""
        del self.stack[1:]
        self._depths.clear()
        for module in self._model.modules():
            if "_orig_mod" in module._modules:  # what compiled the part within
                continue
            sharded = id(module) in self._sharded
            if sharded:
                self._handles.append(
                    module.register_forward_pre_hook(self._shut, with_kwargs=True, prepend=True)
                )
            self._handles += [
                module.register_forward_pre_hook(self._begin, with_kwargs=True),
                module.register_forward_hook(self._end, with_kwargs=True, prepend=sharded),
            ]
            if sharded:
                self._handles.append(module.register_forward_hook(self._open))
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    def forget(self) -> None:
        """Call nobody any more."""
        self._before = self._after = self._aside = None

    def _shut(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Before the hooks of a sharded module, which are no part of the network."""
        if self._aside is not None:
            with torch._C.DisableTorchFunction():
                self._aside(module, args, kwargs)
        self.stack.append(None)

    def _open(self, *_: Any) -> None:
        """Behind them."""
        self.stack.pop()

    def _begin(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if id(module) in self._sharded:
            self.stack.pop()
        self._depths.append(id(module))
        shut = self.stack[-1] is None or id(module) in self.opaque
        if module is self._model and len(self._depths) == 1:
            shut = id(module) in self.opaque
        if self._before is not None and (self.stack[-1] is not None or module is self._model):
            with torch._C.DisableTorchFunction():
                self._before(module, args, kwargs)
        self.stack.append(None if shut else self.names[id(module)])

    def _end(
        self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
    ) -> Any:
        while self._depths and self._depths.pop() != id(module):
            self.stack.pop()  # its forward pass raised, and somebody caught that
        self.stack.pop()
        looked_at = self.stack[-1] is not None or module is self._model
        if id(module) in self._sharded:
            self.stack.append(None)
        if self._after is None or not looked_at:
            return None
        with torch._C.DisableTorchFunction():
            return self._after(module, args, kwargs, output)
