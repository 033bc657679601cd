"""The network of a run, written into a small file of its own, from which a run without weights can be attacked."""

from __future__ import annotations

from pathlib import Path

from gt.record.network_of import network_of
from gt.record.stored_network import save_network
from gt.run import Run


def save_weights(run: Run, path: str | Path, epoch_index: int = -1) -> Path:
    """Write the network of a run, as it was in one epoch, into a file that `network_of` and `gt attack` take.

    Args:
        run: As for `gt.record.network_of.network_of`.
        path: The file; one that is there already is replaced.
        epoch_index: Position in ``run.epochs``; from the end if negative.

    Raises:
        RunError: If the network cannot be built from the run.
    """
    return save_network(network_of(run, epoch_index), path)
