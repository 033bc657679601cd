"""One image through a run's network: what every layer makes of it at an epoch, without torch.

Where the weights are known (the run has them, or checkpoints are kept with it), the layers are computed, in
milliseconds, and the outputs compared with those that were recorded. Where a layer cannot be computed, or the network
is no chain of its layers, what was recorded of the point is shown instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gt.align.paths import drawn
from gt.kept.weights import Checkpoints, open_checkpoints
from gt.layers.forward import forward
from gt.run import Layer, NoRunError, Run, RunError
from gt.run.graph import Graph

BRANCHES = "the network has branches, or layers that are not recorded"
SAME = 0.02  # of a probability; weights in 16 bits make a tenth of that


@dataclass(frozen=True)
class Source:
    """Where what a network does with an image comes from.

    Attributes:
        kind: "weights" (of the run), "checkpoints" (kept with it) or "recorded" (activations alone).
        epochs: Numbers of the epochs that can be shown, rising.
        layers: From the input on, as far as they are known.
        checkpoints: Of a run that has no weights.
    """

    kind: str
    epochs: np.ndarray
    layers: tuple[Layer, ...]
    checkpoints: Checkpoints | None = None

    def nearest(self, epoch: int) -> int:
        """The number of the epoch that is nearest to another; the earlier of two."""
        return int(self.epochs[np.abs(self.epochs - epoch).argmin()])


@dataclass(frozen=True)
class Passage:
    """One image through the network.

    Attributes:
        epoch: Number of the epoch that it is of.
        values: What each of the source's layers puts out, the input first, ``layer.shape`` float32 each.
        computed: Whether they were computed; otherwise they are as recorded.
        off: How far a probability is from the recorded one, at most; None where nothing was computed.
        note: Why nothing was computed; empty where all is well.
    """

    epoch: int
    values: Sequence[np.ndarray]
    computed: bool
    off: float | None
    note: str = ""


def source_of(run: Run) -> Source | None:
    """What a run has to show an image with; None for outputs alone.

    Raises:
        RunError: If its checkpoints are damaged.
    """
    first = run.layers[0]
    whole = tuple(one for one in run.layers if one.kept is None)
    if (
        run.weight_list
        and first.kind == "Input"
        and (len(whole) == len(run.layers) or in_line(run))
    ):
        return Source("weights", run.epochs, run.layers)
    found = open_checkpoints(run) if run.images is not None else None
    if found is not None:
        layers = (Layer("input", "Input", found.shape), *found.layers)
        return Source("checkpoints", found.epochs, layers, found)
    return Source("recorded", run.epochs, whole) if _hidden(run) else None


def in_line(run: Run) -> bool:
    """Whether each recorded layer is made of the one before it and of nothing else, as far as the run says."""
    shown = drawn(run.graph, run.layers)
    after = all(edge.behind == edge.before + 1 for edge in shown.edges)
    return after and all(edge.sort == "operation" for edge in shown.edges)


def can_gain(graph: Graph) -> bool:
    """Whether a network may have hidden layers that could be recorded and were not, as far as a recording says.

    Args:
        graph: Of the run. One that was taken for a chain of its layers does not say what else there was.
    """
    return graph.chain or any(
        node.layer is None and not node.reason and node.shape is not None for node in graph.nodes
    )


def _hidden(run: Run) -> list[Layer]:
    """Those that are kept whole."""
    return [one for one in run.layers if one.kept is None and one.name not in run.outputs]


def through(run: Run, source: Source, epoch: int, row: int) -> Passage:
    """Send one of a run's points through its network.

    Args:
        run: The run.
        source: What `source_of` says of it.
        epoch: One of ``source.epochs``.
        row: Of the point among the run's.

    Raises:
        NoRunError: If there is no such epoch or point.
        RunError: If what is stored is damaged.
    """
    at = index_of(run, epoch)
    if source.kind == "recorded":
        return _recorded(run, source, epoch, row, "")
    if source.kind == "weights" and not in_line(run):
        return _recorded(run, source, epoch, row, BRANCHES)
    if source.checkpoints is None:
        x = run.point(source.layers[0].name, at, row)[None]
    else:
        assert run.images is not None
        images = run.images[row : row + 1]
        x = source.checkpoints.scaling.inputs(images, source.checkpoints.shape)
    try:
        values = [
            x[0],
            *(one[0] for one in forward(source.layers[1:], x, weights_at(run, source, epoch))),
        ]
    except RunError as error:
        if source.checkpoints is not None:
            raise
        # what is behind the semicolon is how to have the hidden layers recorded
        why, _, advice = error.what.partition(";")
        said = f"{why};{advice}" if advice and not _hidden(run) and can_gain(run.graph) else why
        return _recorded(run, source, epoch, row, said)
    off = float(np.abs(values[-1] - run.point(run.last, at, row)).max())
    if off > SAME and source.checkpoints is None:
        note = f"its layers one after the other give an output that is off by {off:.2g}: it is no chain of them"
        return _recorded(run, source, epoch, row, note)
    return Passage(epoch, values, True, off)


def weights_at(run: Run, source: Source, epoch: int) -> Mapping[str, np.ndarray]:
    """The parameters of the network at one of the source's epochs, by name; none where they are not known."""
    if source.checkpoints is not None:
        return source.checkpoints.weights(int(np.flatnonzero(source.epochs == epoch)[0]))
    return run.weights(index_of(run, epoch)) if run.weight_list else {}


def index_of(run: Run, epoch: int) -> int:
    """Where an epoch is among the run's.

    Raises:
        NoRunError: If it was not recorded.
    """
    found = np.flatnonzero(run.epochs == epoch)
    if not len(found):
        raise NoRunError(
            f"{run.title} has no {run.unit} {epoch}; it has {len(run.epochs)}, {run.epochs[0]} to {run.epochs[-1]}"
        )
    return int(found[0])


def _recorded(run: Run, source: Source, epoch: int, row: int, note: str) -> Passage:
    at = index_of(run, epoch)
    values = [run.point(layer.name, at, row) for layer in source.layers]
    return Passage(epoch, values, False, None, note)
