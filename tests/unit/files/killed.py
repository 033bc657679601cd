"""Writing something, killed at a moment of one's choice: ``python -m tests.unit.files.killed WHAT FOLDER MOMENT...``.

For each moment there is a copy ``FOLDER/MOMENT`` of what is needed; a process of its own writes there and is killed,
without a word, as it is about to open a file for writing, make, rename or remove something for the MOMENT-th time.
Moment 0 is never: it prints how many there are, one or two more or less from time to time.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

EVENTS = ("os.rename", "os.mkdir", "os.rmdir", "os.remove", "shutil.rmtree")


def ship(folder: Path) -> None:
    from gt.kept.ship import ship_run

    ship_run(folder / "run", folder / "out")


def manifest(folder: Path) -> None:
    from gt.kept.ship import write_manifest

    write_manifest(folder)


def align(folder: Path) -> None:
    from gt.run import open_run
    from tests.attacks import write_small_alignment

    write_small_alignment(open_run(folder / "run"))


def weights(folder: Path) -> None:
    from gt.kept.weights import pack_weights, write_checkpoints
    from gt.run import Layer, open_run
    from gt.run.pixels import Scaling

    run = open_run(folder / "run")
    k = len(run.classes)
    write_checkpoints(
        run,
        of={"run": "run", "uid": run.uid},
        epochs=[int(run.epochs[0])],
        shape=(4,),
        scaling=Scaling((0.0,), (1.0,)),
        layers=[Layer("softmax", "Softmax", (k,))],
        packed=pack_weights([{"fc.weight": np.eye(k, dtype="f4")}]),
        made={},
    )


def embed(folder: Path) -> None:
    from gt.run import open_run
    from tests.embeddings import _write

    tsne = {"perplexity": 7, "iterations": 500, "every": 1}
    _write(open_run(folder / "run"), "tsne", "tsne", tsne, {"openTSNE": "1.0.4"})


def keep(folder: Path) -> None:
    from gt.kept.attacks import Attacks
    from gt.run import open_run

    (folder / "kept").mkdir(exist_ok=True)
    Attacks([], {}, folder, [folder / "kept"]).keep(open_run(folder / "attack"))


WORK: dict[str, Callable[[Path], None]] = {
    one.__name__: one for one in (ship, manifest, align, weights, embed, keep)
}


def main(what: str, folder: str, *moments: str) -> None:
    import zarr  # noqa: F401  imported once, for all

    import gt.serve.library  # noqa: F401

    for moment in map(int, moments):
        child = os.fork()
        if not child:
            count = _killed_at(moment)
            try:
                WORK[what](Path(folder) / str(moment))
                print(count(), flush=True)
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            print("killed", moment, flush=True)
        elif status:
            raise SystemExit(f"{what} failed")


def _killed_at(moment: int) -> Callable[[], int]:
    count = 0

    def hook(event: str, arguments: Any) -> None:
        nonlocal count
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
        if writes or event in EVENTS:
            count += 1
            if count == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    return lambda: count


if __name__ == "__main__":
    main(*sys.argv[1:])
