"""Finding runs: in a folder that is one, or among its direct children."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from gt.errors import DamagedEpochError, RunError
from gt.files.place import local
from gt.run.read import Run, open_run

NO_EPOCH = "no epoch is recorded yet"


def find_runs(
    dirs: Iterable[str | Path], opened: Callable[[Path], tuple[Run | None, str]] | None = None
) -> tuple[list[Run], list[tuple[Path, str]]]:
    """Find the runs in folders: each a run itself, or with runs as its direct children.

    Two runs of one name become ``name`` and ``name-2``; a run found twice is listed once.

    Args:
        dirs: The folders.
        opened: Opens the run in a folder, and says what is wrong with it; as `try_open` when None.

    Returns:
        The runs that open and have an epoch, in order; and ``(path, message)`` for what could not
        be used.
    """
    runs: list[Run] = []
    problems: list[tuple[Path, str]] = []
    seen: set[Path] = set()
    for given in dirs:
        folder = Path(given)
        try:
            local(given, "find_runs")
            here = folders_of_runs(folder)
        except RunError as error:
            problems.append((folder, str(error)))
            continue
        except OSError as error:
            problems.append((folder, f"{folder}: must be readable, it is not ({error.strerror})"))
            continue
        if not here:
            what = "no run in this folder" if folder.is_dir() else "no such folder"
            problems.append((folder, f"{folder}: {what}; record one with gt record"))
        for path in here:
            if path.resolve() in seen:
                continue
            seen.add(path.resolve())
            run, damage = (opened or try_open)(path)
            if damage:
                problems.append((path, damage))
            if run is None:
                continue
            if not len(run.epochs):
                problems.append((path, f"{path}: {NO_EPOCH}"))
                continue
            runs.append(_with_own_name(run, {r.name for r in runs}))
    return runs, problems


def try_open(path: Path) -> tuple[Run | None, str]:
    """Open a run, or the whole epochs before a damaged one.

    Args:
        path: Its folder.

    Returns:
        The run, None where nothing of it can be used; and what is wrong with it, "" where nothing is.
    """
    problem, before = "", None
    while before != 0:
        try:
            run = open_run(path, before=before)
            return (run if before is None or len(run.epochs) else None), problem
        except DamagedEpochError as error:
            problem, before = problem or str(error), error.epoch if error.whole else 0
        except Exception as error:  # whatever is wrong with one, the others are found
            return None, problem or _said(path, error)
    return None, problem


def _said(path: Path, error: Exception) -> str:
    if isinstance(error, RunError):
        return str(error)
    return f"open_run: {path} cannot be read, it is damaged ({type(error).__name__}: {error})"


def _with_own_name(run: Run, taken: set[str]) -> Run:
    name, i = run.name, 2
    while name in taken:
        name, i = f"{run.name}-{i}", i + 1
    return run if name == run.name else run.renamed(name)


def folders_of_runs(folder: Path) -> list[Path]:
    """A folder itself, where it is a run, or those of its direct children that are one, in order.

    Args:
        folder: Which need not be there.

    Raises:
        OSError: If it cannot be read.
    """
    if (folder / "zarr.json").exists():
        return [folder]
    if not folder.is_dir():
        return []
    return sorted(
        p for p in folder.iterdir() if not p.name.startswith(".") and (p / "zarr.json").exists()
    )


def writable(folders: Iterable[Path]) -> Path | None:
    """The first folder into which runs can be put: it is there, is no run itself, and may be written.

    Args:
        folders: Of runs, or runs.

    Returns:
        None where there is none.
    """
    for folder in folders:
        is_run = (folder / "zarr.json").exists()
        if folder.is_dir() and not is_run and os.access(folder, os.W_OK | os.X_OK):
            return folder
    return None
