"""What was seen becomes a run: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gt.bring.seen import Seen
from gt.bring.source import WHERE, BringError
from gt.files.beside import built_beside
from gt.files.place import local
from gt.run.begin import free
from gt.run.task import NONE, output_layers
from gt.run.task_measures import measure_task
from gt.run.write import RunWriter

if TYPE_CHECKING:
    from gt.run.read import Run

Progress = Callable[[int, int, str], object]
"""Is told how much of how much is done, and what is being done."""


def write(
    seen: Seen, out: str | Path, *, title: str | None = None, progress: Progress | None = None
) -> Run:
    """Make a run of what was seen.

    Args:
        seen: By `gt.bring.look`.
        out: Folder of the run; not there yet, or empty. It is there when it is whole.
        title: For people; that of the file when None.
        progress: Is told of each epoch.

    Returns:
        The run, opened: task "none", its coordinates are the layer "outputs".

    Raises:
        BringError: If it is a run already.
        RunError: If something is in its place, or it cannot be written.
    """
    from gt.run.read import open_run

    if seen.prepared is None:
        raise BringError(f"{seen.title}: is a run already; serve it as it is", by=WHERE)
    path, whole = local(out, WHERE), seen.prepared
    free(path)
    layers = output_layers(NONE, len(whole.axes))
    with (
        built_beside(path) as place,
        RunWriter.create(
            place,
            whole.points,
            layers,
            title=title or seen.title,
            made=seen.made,
            task=NONE,
            axes=whole.axes,
            unit=whole.unit,
            sync=False,
        ) as writer,
    ):
        for at, (number, values) in enumerate(zip(whole.epochs, whole.values, strict=True)):
            if progress is not None:
                progress(at, len(whole.epochs), f"{whole.unit} {number}")
            writer.put(writer.run.layers[0], 0, values, number)
            writer.commit(number, measure_task(NONE, values, whole.points, where=WHERE))
    if progress is not None:
        progress(len(whole.epochs), len(whole.epochs), "written")
    return open_run(path)
