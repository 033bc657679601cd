"""Bringing the weights of a recording into another run of the same training, for one image at a time.

The recording has all layers and their weights and is large; the run that is passed on has the outputs. What is
brought is tried on the run's own images, all of them, at every epoch: it must give the outputs that the run has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from gt.kept.weights import Checkpoints, pack_weights, write_checkpoints
from gt.layers.forward import forward
from gt.run import Layer, Run, RunError
from gt.run.pixels import Scaling, fit_scaling

SAME = 0.02  # of a probability; 16 bits a weight, and a training done again, make a tenth of that
BATCH = 128


# long: three fifths say what it asks for, and refuse what does not fit
def bring_weights(
    recording: Run,
    owner: Run,
    *,
    every: int = 1,
    scaling: Scaling | None = None,
    command: str = "gt weights",
    progress: Callable[[int, int, str], None] | None = None,
) -> Checkpoints:
    """Keep the weights of a recording with another run, or with itself.

    Args:
        recording: With its input, all other layers and their weights.
        owner: With images; nothing that belongs to it is changed.
        every: Each how-many-th epoch of those that both have.
        scaling: How images become inputs; found from the recording when None.
        command: That does the same again.
        progress: Is told how many epochs are done, of how many, and which one was last.

    Returns:
        The checkpoints; ``made["off"]`` says how far a probability is off, at most.

    Raises:
        RunError: If the recording lacks weights or layers, the owner lacks images, the two share no epoch, or what
            is brought does not give the owner's outputs.
        UnknownLayerError: If a layer cannot be computed without torch.
    """
    images = _fitting(recording, owner)
    scaling = scaling or fit_scaling(recording)
    if scaling is None:
        raise RunError(
            f"weights: how images become inputs must be known, {recording.name} does not tell; record it with its"
            " images"
        )
    both = np.intersect1d(recording.epochs, owner.epochs)[::every]
    if not len(both):
        raise RunError(
            f"weights: {recording.name} and {owner.name} must share one {owner.unit}, they have none in common"
        )
    weights = [recording.weights(int(np.flatnonzero(recording.epochs == e)[0])) for e in both]
    packed = pack_weights(weights)
    first, layers = recording.layers[0], recording.layers[1:]
    x = scaling.inputs(images, first.shape)
    off = 0.0
    for i, epoch in enumerate(both):
        rounded = {name: one.values[i] for name, one in packed.items()}
        said = owner.activations(owner.last, int(np.flatnonzero(owner.epochs == epoch)[0]))
        off = max(off, _off(layers, x, rounded, said))
        if progress is not None:
            progress(i + 1, len(both), f"{owner.unit} {epoch}")
    if not off <= SAME:
        raise RunError(
            f"weights: those of {recording.name} must give the outputs of {owner.name}, a probability is off by"
            f" {off:.3g}; they are of another training, or the layers are no chain"
        )
    return write_checkpoints(
        owner,
        of={"run": recording.name, "uid": recording.uid},
        epochs=both.tolist(),
        shape=first.shape,
        scaling=scaling,
        layers=layers,
        packed=packed,
        made={"command": command, "off": float(f"{off:.2g}")},
    )


def _fitting(recording: Run, owner: Run) -> np.ndarray:
    """The owner's images; raises ``RunError`` where a recording does not tell a network, or it is of something else."""
    if not recording.weight_list or recording.layers[0].kind != "Input":
        what = "weights" if not recording.weight_list else "its input and all other layers"
        raise RunError(
            f"weights: {recording.name} must hold {what}, it does not; record it with --layers all"
        )
    if owner.images is None:
        raise RunError(
            f"weights: {owner.name} must hold images, to be sent through the network; it has none"
        )
    if recording.classes != owner.classes:
        raise RunError(
            f"weights: {recording.name} and {owner.name} must have the same classes, they have others"
        )
    return owner.images


def _off(
    layers: Sequence[Layer], x: np.ndarray, weights: Mapping[str, np.ndarray], said: np.ndarray
) -> float:
    """The largest difference of a probability."""
    worst = 0.0
    for start in range(0, len(x), BATCH):
        *_, out = forward(layers, x[start : start + BATCH], weights)
        worst = max(worst, float(np.abs(out - said[start : start + BATCH]).max()))
    return worst
