"""What is kept of wide layers, computed where the model is: nothing wide comes to the host.

For each wide layer the recorder settles `EXACT` directions, orthonormal ``Q (d, 96)``, and keeps the points' exact
coordinates ``X Q`` at every step; see `gt.record.directions` for which they are. They are settled at the first, second,
fourth, eighth, ... recorded step: between two of these nothing is seen but what the network did, and the last stretch
is about half of all steps. Where they are settled anew they are turned (orthogonal Procrustes of the points,
Schönemann 1966, doi:10.1007/BF02289451) so that the coordinates move least; how much they moved all the same is kept.

Which directions the weights of a *later* step will ask for cannot be known, and what is cut off stays so: a layer's
values along those of step r are exact at the steps that were recorded with them. Measured in
``explanation/wide-layers.md``.

Beside the coordinates there are a sketch (`gt.run.wide`), and for 2,000 points or fewer **places**: the rows of a
Cholesky factor of the centred Gram matrix, whose distances are those of the values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch

from gt.record.directions import Beside, orthonormal, settle, turned
from gt.run.wide import order_and_signs

TOGETHER = 8192  # values of all points that go into the Gram matrix at once
PAIRS = 1000  # of points, on which distances are compared
JITTER = 1e-7  # of the mean squared distance from the mean, added to each point's own
CHOSEN = 500  # points by which directions are settled, at most


@dataclass
class _Layer:
    """One wide layer: what it keeps of a batch, and what of all points until they are through."""

    kept: Mapping[str, int]
    order: torch.Tensor | None = None
    signs: torch.Tensor | None = None
    directions: torch.Tensor | None = None  # (d, exact) float32
    waiting: bool = False  # for values that are finite, by which to settle them
    settled: list[int] = field(default_factory=list)
    moved: list[float | None] = field(default_factory=list)
    sketch_off: list[float] = field(default_factory=list)
    places_off: list[float] = field(default_factory=list)
    rows: list[torch.Tensor] = field(default_factory=list)
    held: list[torch.Tensor] = field(default_factory=list)


class Wide:
    """Keeps what is to be kept of a model's wide layers, step by step.

    Args:
        kept: Of each wide layer by name, see `gt.run.wide.kept_of`.
        last: Of a run that goes on: exact coordinates ``(m, exact)`` that its last step has of the points `choose`
            chooses, by layer.
        told: What the run said of its wide layers so far, as `said`.
    """

    def __init__(
        self,
        kept: Mapping[str, Mapping[str, int]],
        last: Mapping[str, np.ndarray] | None = None,
        told: Mapping[str, Mapping[str, list[float]]] | None = None,
    ) -> None:
        self._layers = {name: _Layer(one) for name, one in kept.items()}
        self._last = dict(last or {})
        for name, one in (told or {}).items():
            if name in self._layers:
                self._layers[name].settled = [int(epoch) for epoch in one.get("settled", [])]
                self._layers[name].moved = list(one.get("moved", []))

    def __bool__(self) -> bool:
        return bool(self._layers)

    def __contains__(self, name: str) -> bool:
        return name in self._layers

    def due(self, recorded: int) -> bool:
        """Whether directions are to be settled before the coming step.

        Args:
            recorded: How many steps the run has.
        """
        fresh = any(one.directions is None or one.waiting for one in self._layers.values())
        return bool(self._layers) and (fresh or recorded & (recorded + 1) == 0)

    def settle(
        self, values: Mapping[str, torch.Tensor], beside: Mapping[str, Beside], epoch: int
    ) -> None:
        """Choose the directions of a layer, or of several of one width that are added up.

        Args:
            values: By layer ``(m, *shape)`` of the points that decide, see `choose`.
            beside: By layer what is before and behind it.
            epoch: Number of the step that is to be recorded.
        """
        layers = [self._layers[name] for name in values]
        count = min(int(one.kept["exact"]) for one in layers)
        with exactly(next(iter(values.values()))):
            clouds = [one.flatten(1).float() for one in values.values()]
            if not all(bool(x.isfinite().all()) for x in clouds):
                self._go_on(layers, clouds[0])
                return
            found = settle(clouds, count, [beside[name] for name in values])
            before = self._before(list(values), clouds)
            turn, moved = turned([x @ found for x in clouds], before)
            directions = orthonormal(found @ turn)
            for layer, x in zip(layers, clouds, strict=True):
                layer.directions, layer.waiting = directions, False
                if epoch not in layer.settled:  # or else it failed, and is tried again
                    layer.settled.append(int(epoch))
                    layer.moved.append(moved)
                layer.sketch_off = _off(x, self._sketch(layer, x).half().float())

    def _go_on(self, layers: list[_Layer], x: torch.Tensor) -> None:
        """Have some directions for values that are not finite: the writer will say which layer is not."""
        for layer in layers:
            if layer.directions is None:
                layer.waiting = True
                layer.directions = torch.zeros(x.shape[1], int(layer.kept["exact"])).to(x)

    def _before(self, names: list[str], clouds: list[torch.Tensor]) -> list[torch.Tensor] | None:
        """The points' coordinates in the directions before; of a run that goes on those of its last step."""
        out = []
        for name, x in zip(names, clouds, strict=True):
            directions, last = self._layers[name].directions, self._last.pop(name, None)
            if directions is not None and not self._layers[name].waiting:
                out.append(x @ directions)
            elif last is not None and len(last) == len(x):
                out.append(torch.from_numpy(last).to(x))
        return out if len(out) == len(names) else None

    def see(self, name: str, values: torch.Tensor) -> torch.Tensor | None:
        """Take what a layer puts out for a batch, ``(m, *shape)``; batches come in the order of the points.

        Returns:
            ``(m, columns)`` float32 to be stored; None of a layer with places, of which all points come by `finish`.
        """
        layer = self._layers[name]
        assert layer.directions is not None
        with exactly(values):
            x = values.flatten(1)
            wide = x.float()
            rows = torch.cat([wide @ layer.directions, self._sketch(layer, wide)], 1)
            if not layer.kept["places"]:
                return rows
            layer.held.append(x.clone())
            layer.rows.append(rows)
            return None

    def finish(self) -> Iterator[tuple[str, torch.Tensor]]:
        """What is to be stored of each layer with places for the step that was seen, ``(n, columns)`` float32."""
        for name, layer in self._layers.items():
            if layer.kept["places"]:
                with exactly(layer.rows[0]):
                    yield name, self._finished(layer)

    def forget(self) -> None:
        """Forget the batches of a step that failed."""
        for layer in self._layers.values():
            layer.rows, layer.held = [], []

    def directions(self, name: str) -> torch.Tensor:
        """The directions of a layer's coordinates as they are now, ``(d, exact)`` float32 on the model's device."""
        found = self._layers[name].directions
        assert found is not None
        return found

    def said(self) -> dict[str, dict[str, list[float | None]]]:
        """What the run says of each wide layer.

        Returns:
            ``settled``: numbers of the steps at which directions were settled; ``moved``: share of the coordinates'
            squared size by which turning them could not undo that, None at the first; ``sketch`` and ``places``: median
            and 95th percentile of how far off distances are, as shares of them.
        """
        return {
            name: {
                "settled": [*one.settled],
                "moved": [*one.moved],
                "sketch": [*one.sketch_off],
                **({"places": [*one.places_off]} if one.places_off else {}),
            }
            for name, one in self._layers.items()
        }

    def _finished(self, layer: _Layer) -> torch.Tensor:
        rows, layer.rows = torch.cat(layer.rows), []
        gram = _gram(layer.held)
        layer.held = []
        own = _places(gram)
        layer.places_off = _off_gram(gram, own.half().float())
        exact = int(layer.kept["exact"])
        return torch.cat([rows[:, :exact], own.float(), rows[:, exact:]], 1)

    def _sketch(self, layer: _Layer, x: torch.Tensor) -> torch.Tensor:
        """See `gt.run.wide.sketched`: the same sums."""
        if layer.order is None or layer.signs is None or layer.order.device != x.device:
            order, signs = order_and_signs(x.shape[1])
            layer.order, layer.signs = (
                torch.from_numpy(order).to(x.device),
                torch.from_numpy(signs).to(x),
            )
        buckets = int(layer.kept["sketch"])
        spread = x[:, layer.order] * layer.signs
        short = -x.shape[1] % buckets
        if short:
            spread = torch.nn.functional.pad(spread, (0, short))
        return spread.view(len(x), -1, buckets).sum(1)


def choose(n: int) -> np.ndarray:
    """Points by which directions are settled: evenly among all n, at most `CHOSEN`."""
    return np.unique(np.arange(min(n, CHOSEN)) * n // min(n, CHOSEN))


@contextmanager
def exactly(values: torch.Tensor) -> Iterator[None]:
    """Products in full float32 inside, whatever the training loop allows itself; no gradients."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        with torch.no_grad(), torch.autocast(values.device.type, enabled=False):
            yield
    finally:
        torch.set_float32_matmul_precision(before)


def _gram(held: list[torch.Tensor]) -> torch.Tensor:
    """Inner products of points ``(m, d)``, batch by batch, about their mean: ``(n, n)`` float64."""
    n, width = sum(len(one) for one in held), held[0].shape[1]
    gram = torch.zeros(n, n, dtype=torch.float64, device=held[0].device)
    for start in range(0, width, TOGETHER):
        part = torch.cat([one[:, start : start + TOGETHER] for one in held]).float()
        part -= part.mean(0)
        gram += (part @ part.T).double()
    return gram


def _places(gram: torch.Tensor) -> torch.Tensor:
    """Rows ``(n, n)`` float64 whose inner products are a Gram matrix's."""
    power = float(gram.diagonal().mean())
    if not np.isfinite(power):
        return gram  # the writer says which layer is not finite
    lifted, jitter = gram.clone(), JITTER * (power or 1.0)
    while True:
        lifted.diagonal().copy_(gram.diagonal() + jitter)
        own, failed = torch.linalg.cholesky_ex(lifted)
        if not int(failed):
            return own
        jitter *= 10


def _pairs(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, n, (2, PAIRS))
    return a[a != b], b[a != b]


def _off(values: torch.Tensor, kept: torch.Tensor) -> list[float]:
    """Median and 95th percentile of how far off distances are, as shares of them."""
    a, b = _pairs(len(values))
    parts = zip(np.array_split(a, 16), np.array_split(b, 16), strict=True)
    true = torch.cat([(values[i] - values[j]).norm(dim=1) for i, j in parts])
    return _shares(true, (kept[a] - kept[b]).norm(dim=1))


def _off_gram(gram: torch.Tensor, kept: torch.Tensor) -> list[float]:
    a, b = _pairs(len(gram))
    own = gram.diagonal()
    true = (own[a] + own[b] - 2 * gram[a, b]).clamp(min=0).sqrt()
    return _shares(true, (kept[a] - kept[b]).double().norm(dim=1))


def _shares(true: torch.Tensor, kept: torch.Tensor) -> list[float]:
    apart = true > 0
    off = (kept[apart] / true[apart] - 1).abs().double()
    if not len(off) or not bool(off.isfinite().all()):
        return []
    found = torch.quantile(off, torch.tensor([0.5, 0.95], dtype=off.dtype, device=off.device))
    return [float(f"{one:.3g}") for one in found.tolist()]
