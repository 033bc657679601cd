"""Adversarial examples, step by step, by the methods in `gt.attack.methods`, on any ``torch.nn.Module``.

Attack libraries return where an attack ends; here every step is wanted, so these are the few lines, checked in the
tests against formulas written out in numpy. What is bounded is x' - x in pixels, which count from 0 to 1: a network
takes them shifted and scaled, so one pixel unit is ``high - low``.

A network may end in a ReLU, as the article's for MNIST does. Behind it a clipped logit has no gradient, so a target
far below zero can never be raised; all others are pushed down to zero instead, and there the attack is stuck. The loss
is therefore of what goes into a last ReLU: its gradient is passed straight through (Athalye, Carlini and Wagner 2018,
arXiv:1802.00420, section 4.1). Likewise behind a softmax that ends a network: one that is sure, as most are, has no
gradient in float32, so the loss is of what goes into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from gt.attack.method import METHODS
from gt.attack.room import Room
from gt.kept.attack import AttackSettings
from gt.record.hooks import first_tensor, named, undisturbed
from gt.record.probe import probe
from gt.run import LabelRangeError, NotFiniteError, RunError, ShapeError
from gt.run.measure import are_probabilities

BATCH = 128  # points that go through the network together: small, so that progress is told and cancel is heard
PROBES = 3  # points that the network is listed with, as by the Recorder
OUTSIDE = 1e-4  # in pixels; inputs that were computed from pixels may be off by rounding
Progress = Callable[[int, int, str], None]
Bound = torch.Tensor | float


# long: half of it is the description of its arguments
def attack(
    model: nn.Module,
    x: torch.Tensor,
    sources: torch.Tensor,
    targets: torch.Tensor | None,
    settings: AttackSettings,
    *,
    low: Bound,
    high: Bound,
    rng: np.random.Generator | None = None,
    batch_size: int = BATCH,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[torch.Tensor]:
    """Push points across a decision boundary, yielding where they are before the first and after each step.

    Between two steps the model is as it was found: modes, gradients, random states.

    Args:
        model: Maps ``(n, ...)`` to ``(n, k)``, logits or probabilities, and can be differentiated.
        x: ``(n, ...)`` floating point, the clean points, in the model's own units.
        sources: ``(n,)`` their true classes, whose loss goes up when there are no targets.
        targets: ``(n,)`` the classes whose loss goes down, or None.
        settings: Method, epsilon, step and steps.
        low: What a pixel of 0 is in the model's units; a number, or a tensor that ``x`` broadcasts with.
        high: What a pixel of 1 is.
        rng: Of the random start of PGD, which is part of its first step; seeded with 0 when None.
        batch_size: Points that go through the network together.
        progress: Is told after each batch how many of how many steps are done, and what is going on.
        cancelled: Asked before each batch; once it says yes nothing more is yielded.

    Yields:
        ``(n, ...)`` as ``x``, ``steps + 1`` times, the first being ``x``. Always within ``epsilon`` of ``x`` and within
        ``low`` and ``high``, to the precision of the numbers.

    Raises:
        ShapeError, LabelRangeError: If the arguments do not fit each other.
        RunError: If ``x`` holds no valid pixels, or the model has no gradient.
        NotFiniteError: If a gradient is NaN or infinite.
    """
    room, start = _room(x, settings, low, high), METHODS[settings.method].start
    classes = _classes(x, sources if targets is None else targets)
    tell = progress or (lambda done, total, what: None)
    stop = cancelled or (lambda: False)
    last = _last(model, x)
    at = x.detach().clone()
    yield at.clone()
    if start is not None:
        at = room.kept(start(room, settings.epsilon, rng or np.random.default_rng(0)))
    for step in range(1, settings.steps + 1):
        parts = []
        for first in range(0, len(x), batch_size):
            if stop():
                return
            part = slice(first, first + batch_size)
            with undisturbed(model):
                slope = _gradient(model, last, at[part], classes[part], step)
            way = slope if targets is None else -slope
            parts.append(_moved(room.of(part), settings, at[part], way))
            done = min(first + batch_size, len(x))
            tell(step - (done < len(x)), settings.steps, f"step {step}: {done} of {len(x)} points")
        at = torch.cat(parts)
        yield at.clone()


def _moved(
    room: Room, settings: AttackSettings, at: torch.Tensor, uphill: torch.Tensor
) -> torch.Tensor:
    """One step by the method, then back onto valid pixels."""
    there = METHODS[settings.method].move(room, settings.epsilon, settings.step, at, uphill)
    return room.kept(there)


def _room(x: torch.Tensor, settings: AttackSettings, low: Bound, high: Bound) -> Room:
    if not x.is_floating_point() or x.ndim < 2 or not len(x):
        raise ShapeError(
            f"x must be floating point of shape (n, ...), got {x.dtype} {tuple(x.shape)}",
            by="attack",
        )
    floor, ceiling = (torch.as_tensor(v, dtype=x.dtype, device=x.device) for v in (low, high))
    try:
        floor, ceiling = (torch.broadcast_to(v, x.shape[1:]) for v in (floor, ceiling))
    except RuntimeError as error:
        raise ShapeError(
            f"low and high must broadcast to a point's shape {tuple(x.shape[1:])}, got"
            f" {tuple(floor.shape)} and {tuple(ceiling.shape)}",
            by="attack",
        ) from error
    scale = ceiling - floor
    if not (scale > 0).all():
        raise RunError("high must be above low, it is not everywhere", by="attack")
    clean = x.detach()
    beyond = float((torch.maximum(floor - clean, clean - ceiling) / scale).max())
    if not beyond <= OUTSIDE:
        raise RunError(
            f"x must lie between low and high, it is outside by {beyond:.3g} pixels", by="attack"
        )
    # what rounding put a hair outside stays where it is, and never goes further
    room = Room(clean, scale, torch.minimum(floor, clean), torch.maximum(ceiling, clean))
    bounded = METHODS[settings.method].bounded
    return room if bounded is None else bounded(room, settings.epsilon)


def _classes(x: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    found = torch.as_tensor(classes).long()
    if found.shape != (len(x),):
        raise ShapeError(
            f"classes must have shape ({len(x)},), one for each point, got {tuple(found.shape)}",
            by="attack",
        )
    return found


def _last(model: nn.Module, x: torch.Tensor) -> nn.Module | None:
    """The ReLU that ends the model, or else its softmax, if there is one."""
    first = next(model.parameters(), None)
    network = probe(model, x[:PROBES].to(first.device if first is not None else x.device))
    call = network.logits
    if call is None or call.kind != "ReLU":
        call = network.softmax
    if call is None or call.operation:
        return None
    return named(model, (call.module,))[call.module]


@contextmanager
def _unclipped(last: nn.Module | None) -> Iterator[list[torch.Tensor]]:
    """What goes into a module while the model is called, copied, as it may work in place; nothing for None."""
    seen: list[torch.Tensor] = []
    if last is None:
        yield seen
        return
    hook = last.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].clone()))
    try:
        yield seen
    finally:
        hook.remove()


def _gradient(
    model: nn.Module, last: nn.Module | None, x: torch.Tensor, classes: torch.Tensor, step: int
) -> torch.Tensor:
    """Of each point's cross-entropy by its values, in the model's units; the model's own gradients are not touched."""
    first = next(model.parameters(), None)
    device = first.device if first is not None else x.device
    leaf = x.detach().to(device).requires_grad_(True)
    with torch.enable_grad(), _unclipped(last) as before:
        # a copy: a first layer in place may not change a leaf
        out = first_tensor(model(leaf.clone()))
        out = before[-1] if before else out
        if out is None or out.ndim != 2 or len(out) != len(x):
            raise ShapeError("the model must give (points, classes) for its inputs", by="attack")
        if classes.min() < 0 or classes.max() >= out.shape[1]:
            raise LabelRangeError(
                f"classes must be in 0..{out.shape[1] - 1}, got {int(classes.min())} to"
                f" {int(classes.max())}",
                by="attack",
            )
        if not out.requires_grad:
            raise RunError("the model must be differentiable by its inputs, it is not", by="attack")
        wanted = classes.to(device)
        if are_probabilities(out.detach().cpu().numpy()):
            logs = out.clamp_min(torch.finfo(out.dtype).tiny).log()
            loss = functional.nll_loss(logs, wanted, reduction="sum")
        else:
            loss = functional.cross_entropy(out, wanted, reduction="sum")
        (slope,) = torch.autograd.grad(loss, leaf)
    if not torch.isfinite(slope).all():
        raise NotFiniteError(
            f"step {step}, the gradient must be finite, it is NaN or infinite", by="attack"
        )
    return slope.to(x.device)
