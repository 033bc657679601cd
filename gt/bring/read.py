"""Whatever lies at a path: a file of a known format, several of them, a folder of a known layout, or runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gt.bring import several
from gt.bring.known import formats, listed
from gt.bring.source import WHERE, BringError, Source


def runs_in(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The run that a folder is, or those in it; none where it is something else."""
    from gt.run.find import find_runs

    if len(paths) != 1 or not paths[0].is_dir():
        return ()
    if (paths[0] / "zarr.json").is_file():
        return (paths[0],)
    return tuple(run.path for run in find_runs(paths[0])[0])


def source_of(paths: Sequence[Path], *, model: str | None = None) -> Source:
    """Read what lies at paths.

    Args:
        paths: One file or folder, or several files.
        model: Of a folder of images, whose last layer is read.

    Raises:
        BringError: If nothing is there, or nothing that can be read.
    """
    if not paths:
        raise BringError("there must be a file or a folder to open, none was named", by=WHERE)
    if len(paths) > 1:
        ordered = several.in_order(paths)
        return several.as_epochs(ordered, [of_file(path) for path in ordered])
    [path] = paths
    if path.is_dir():
        raise BringError(f"{path}: not yet", by=WHERE)
    return of_file(path)


def of_file(path: Path) -> Source:
    """Read one file.

    Raises:
        BringError: If it is none, or of a kind that is not known.
    """
    if not path.exists():
        raise BringError(f"no file {path}", by=WHERE)
    if not path.is_file():
        raise BringError(f"{path} must be a file or a folder, it is something else", by=WHERE)
    ending = path.suffix.lower()
    if ending not in formats():
        raise BringError(
            f"{path} must end in {listed()}, or be a folder of images, of a projector or of runs",
            by=WHERE,
        )
    return formats()[ending](path)
