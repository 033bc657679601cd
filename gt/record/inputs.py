"""What a model is given for its probe points: one tensor or a nest of them, cut into batches and fed to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn

from gt.record.hooks import first_tensor
from gt.record.numbers import digest
from gt.record.padding import Path, counted, named
from gt.run import ShapeError

Forward = Callable[[nn.Module, Any], Any]
NAME = "input"  # of the recorded layer; "input: NAME" where there are several


class Read(Protocol):
    """Finds the tensor of a model's output."""

    def __call__(self, output: Any) -> torch.Tensor | None:
        """The tensor with a row for each point, None if there is none."""


class Inputs:
    """The inputs of n points, or of some of them: a tensor, or tuples and dicts of tensors with a row for each.

    A slice, or an array of positions, gives those of some points. Called with a model, they go through it: a tensor
    as its argument, a tuple as its arguments, a dict as its keywords.

    Attributes:
        nest: The tensors, as they are handed to the model; what is no tensor in it is handed on.
        floats: Type that floats are cast to on their way into the model, None for none.

    Args:
        nest: As the attribute.
        forward: ``forward(model, nest)`` calls a model that is called otherwise.
        read: Finds the tensor in what the model gives; the first when None.
        floats: As the attribute.
        turned: Where the tensors are whose points are axis 1 when they are handed to the model.
        masks: Where the masks are that say what is padding, and which way, see `gt.record.padding.named`.
        counts: What they say, of the same points; seen from them when None.
    """

    def __init__(
        self,
        nest: Any,
        forward: Forward | None = None,
        read: Read | None = None,
        floats: torch.dtype | None = None,
        turned: frozenset[Path] = frozenset(),
        masks: Mapping[Path, str] | None = None,
        counts: Mapping[int, torch.Tensor] | None = None,
    ) -> None:
        self.nest, self._forward, self.read, self.floats = nest, forward, read, floats
        self._turned, self._masks = turned, masks or {}
        self._counts = counted(_rows(nest), self._masks) if counts is None else dict(counts)
        self._n = len(next(t for _, t in _rows(nest)))

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, which: slice | np.ndarray) -> Inputs:
        at = torch.from_numpy(which) if isinstance(which, np.ndarray) else which
        return self._with(lambda t: t[at.to(t.device) if isinstance(at, torch.Tensor) else at])

    def __setitem__(self, which: slice, values: torch.Tensor) -> None:
        """Put other values into the only tensor."""
        (tensor,) = self.tensors.values()
        tensor[which] = values
        self.__dict__.pop("handed", None)

    def __call__(self, model: nn.Module) -> torch.Tensor | None:
        """Send all points through a model; the tensor that it gives, None if it gives none."""
        nest = self.handed
        if self._forward is not None:
            output = self._forward(model, nest)
        elif isinstance(nest, tuple):
            output = model(*nest)
        elif isinstance(nest, dict):
            output = model(**nest)
        else:
            output = model(nest)
        return first_tensor(output) if self.read is None else self.read(output)

    @cached_property
    def handed(self) -> Any:
        """The tensors as the model is given them: those of sequences ``(t, n, ...)`` if it takes them so."""
        if not self._turned:
            return self.nest
        with torch._C.DisableTorchFunction():
            return _map(self.nest, self._turn)

    @property
    def tensors(self) -> dict[str, torch.Tensor]:
        """The tensors ``(n, ...)`` by the names of the layers that they are recorded as."""
        return _by_name(self.nest)

    @property
    def traced(self) -> dict[str, torch.Tensor]:
        """Likewise, as the model is given them."""
        return _by_name(self.handed)

    @property
    def turned(self) -> bool:
        """Whether the model is given sequences ``(t, n, ...)``."""
        return bool(self._turned)

    def as_sequences(self, n: int | None) -> Inputs | None:
        """The same, which were given as ``(t, n, ...)``; None if they cannot be that.

        Args:
            n: How many points there are, if it is known.
        """
        if self._turned or self.first.ndim < 2 or n not in (None, self.first.shape[1]):
            return None
        nest, turned = _turned(self.nest, n)
        if len({len(tensor) for _, tensor in _rows(nest)}) > 1:
            return None
        return Inputs(nest, self._forward, self.read, self.floats, turned, self._masks)

    def _turn(self, path: Path, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.movedim(0, 1).contiguous() if path in self._turned else tensor

    @property
    def first(self) -> torch.Tensor:
        """The first tensor, ``(n, ...)``."""
        return next(t for _, t in _rows(self.nest))

    def counts(self, t: int) -> torch.Tensor | None:
        """Which of t tokens count ``(n, t)``, as a mask among the inputs says; None if none of them is padding."""
        return self._counts.get(t)

    @property
    def padded(self) -> frozenset[int]:
        """Numbers of tokens of which some are padding."""
        return frozenset(self._counts)

    @property
    def width(self) -> int:
        """Values that go into the model for one point."""
        return sum(t[0].numel() for _, t in _rows(self.nest))

    @property
    def notes(self) -> dict[str, str]:
        """What a run says of them."""
        handed = {"batch_axis": "inputs go in as sequences (t, n, ...)"} if self._turned else {}
        return handed | self._cast()

    def _cast(self) -> dict[str, str]:
        if self.floats is None or not any(t.is_floating_point() for t in self.tensors.values()):
            return {}
        if all(t.dtype == self.floats for t in self.tensors.values() if t.is_floating_point()):
            return {}
        kind = str(self.floats).removeprefix("torch.")
        return {"inputs": f"floats are cast to {kind}, the type of the model's parameters"}

    def to(self, device: torch.device) -> Inputs:
        """The same on a device, floats cast to ``floats`` where that is said."""

        def moved(tensor: torch.Tensor) -> torch.Tensor:
            wanted = self.floats if tensor.is_floating_point() else None
            return tensor.to(device, wanted or tensor.dtype)

        return self._with(moved)

    def clone(self) -> Inputs:
        """A copy, whose tensors can be changed."""
        return self._with(torch.clone)

    def fed(self, forward: Forward | None, read: Read | None, model: nn.Module) -> Inputs:
        """The same for a model of some type of numbers that is called and read in some way."""
        masks = named(_rows(self.nest), model if forward is None else None)
        return Inputs(self.nest, forward, read, floats_of(model), self._turned, masks)

    def digest(self) -> str:
        """SHA-256 of all, in hexadecimal: whether two recordings are of the same."""
        found = list(_leaves(self.nest))
        if len(found) == 1 and isinstance(found[0][1], torch.Tensor):
            return digest(found[0][1])
        parts = [
            f"{path} {digest(one) if isinstance(one, torch.Tensor) and one.ndim else one!r}"
            for path, one in found
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _with(self, change: Callable[[torch.Tensor], torch.Tensor]) -> Inputs:
        nest = _map(self.nest, lambda _, t: change(t) if t.ndim else t)
        counts = {t: change(one) for t, one in self._counts.items()}
        return Inputs(
            nest, self._forward, self.read, self.floats, self._turned, self._masks, counts
        )


def check_inputs(given: Any, axis: int | None = 0, n: int | None = None) -> Inputs:
    """Bring inputs into tensors with a row for each point.

    Args:
        given: A tensor or array ``(n, ...)``; or a tuple or mapping of such, and of such again.
        axis: 1 where the points are axis 1, ``(t, n, ...)``, of those that have as many there; None if that is to
            be seen from how many there are.
        n: How many points there are, if it is known.

    Raises:
        ShapeError: If they are something else.
    """
    found = _tensors(given, ())
    axis = (1 if _are_sequences(found, n) else 0) if axis is None else axis
    found, turned = (found, frozenset()) if axis == 0 else _turned(found, n)
    rows = list(_rows(found))
    if not rows:
        raise ShapeError(
            "Recorder: there must be at least one input with a value, got"
            f" {'a tensor without a row for each point' if isinstance(found, torch.Tensor) else 'no tensor'}"
        )
    n = len(rows[0][1])
    for path, tensor in rows:
        if tensor.numel() == 0:
            raise ShapeError(
                "Recorder: there must be at least one input with a value, got shape"
                f" {tuple(tensor.shape)}"
            )
        if len(tensor) != n:
            raise ShapeError(
                f"Recorder: inputs must all have a row for each of the {n} points, {'.'.join(path)!r} has shape"
                f" {tuple(tensor.shape)}; what points share is given by forward=, which calls the model"
            )
    return Inputs(found, turned=turned)


def floats_of(model: nn.Module) -> torch.dtype | None:
    """The type of all of a model's floating parameters; None if there is no one such type."""
    kinds = {p.dtype for p in model.parameters() if p.is_floating_point()}
    return kinds.pop() if len(kinds) == 1 else None


def _tensors(given: Any, path: Path) -> Any:
    """A nest with tensors in place of arrays and lists of numbers, which are looked at."""
    if isinstance(given, Mapping):
        return {str(key): _tensors(one, (*path, str(key))) for key, one in given.items()}
    inner = isinstance(given, list) and any(
        isinstance(one, Mapping | torch.Tensor | np.ndarray) for one in given
    )
    if isinstance(given, tuple) or inner:
        parts = [_tensors(one, (*path, str(i))) for i, one in enumerate(given)]
        return type(given)(*parts) if hasattr(given, "_fields") else tuple(parts)
    if path and (given is None or isinstance(given, bool | int | float | str)):
        return given
    where = f"inputs {'.'.join(path)!r}" if path else "inputs"
    try:
        found = torch.as_tensor(given)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ShapeError(
            f"Recorder: {where} must be one tensor or array of numbers (n, ...), or a tuple or dict of such, or a"
            f" Dataset or DataLoader, got {type(given).__name__} ({error})"
        ) from error
    if found.is_nested or found.layout is not torch.strided or found.is_quantized:
        raise ShapeError(
            f"Recorder: {where} must be a dense tensor (n, ...), got a nested, sparse or quantized one"
        )
    return found


def _turned(nest: Any, n: int | None) -> tuple[Any, frozenset[Path]]:
    """A nest whose sequences ``(t, n, ...)`` have their points first, and where these are."""
    wide = [(path, tensor) for path, tensor in _rows(nest) if tensor.ndim > 1]
    n = wide[0][1].shape[1] if n is None and wide else n
    turned = frozenset(
        path
        for i, (path, tensor) in enumerate(wide)
        if tensor.shape[1] == n and (len(tensor) != n or i == 0 or tensor.ndim > 2)
    )
    if not turned:
        shapes = ", ".join(str(tuple(tensor.shape)) for _, tensor in _rows(nest))
        raise ShapeError(
            "Recorder: inputs must be sequences (t, n, ...) with batch_axis=1"
            f"{'' if n is None else f', of the {n} points with labels'}, got {shapes}; leave batch_axis out if points"
            " come first"
        )
    return _map(nest, lambda path, one: one.movedim(1, 0) if path in turned else one), turned


def _are_sequences(nest: Any, n: int | None) -> bool:
    """Whether n points are axis 1 of the first tensor, and not axis 0."""
    first = next((one for _, one in _rows(nest)), None)
    if first is None or n is None or len(first) == n:
        return False
    tokens = first.ndim == 2 and not first.is_floating_point()
    return (tokens or first.ndim == 3) and first.shape[1] == n


def _by_name(nest: Any) -> dict[str, torch.Tensor]:
    found = list(_rows(nest))
    if len(found) == 1:
        return {NAME: found[0][1]}
    return {f"{NAME}: {'.'.join(path)}": tensor for path, tensor in found}


def _map(nest: Any, change: Callable[[Path, torch.Tensor], Any], path: Path = ()) -> Any:
    """A nest with each tensor changed."""
    if isinstance(nest, torch.Tensor):
        return change(path, nest)
    if isinstance(nest, dict):
        return {key: _map(one, change, (*path, key)) for key, one in nest.items()}
    if isinstance(nest, tuple):
        parts = [_map(one, change, (*path, str(i))) for i, one in enumerate(nest)]
        return type(nest)(*parts) if hasattr(nest, "_fields") else tuple(parts)
    return nest


def _leaves(nest: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What is in a nest, and where."""
    if isinstance(nest, dict | tuple):
        inner = nest.items() if isinstance(nest, dict) else enumerate(nest)
        for key, one in inner:
            yield from _leaves(one, (*path, str(key)))
    else:
        yield path, nest


def _rows(nest: Any) -> Iterator[tuple[Path, torch.Tensor]]:
    """The tensors that have rows, and where they are."""
    return (
        (path, one) for path, one in _leaves(nest) if isinstance(one, torch.Tensor) and one.ndim
    )
