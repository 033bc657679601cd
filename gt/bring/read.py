"""Whatever lies at a path: a file of a known format, several of them, a folder of a known layout, or runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gt.bring import images, projector, several
from gt.bring.known import formats, listed
from gt.bring.source import WHERE, BringError, Source


def runs_in(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The run that a folder is, or those in it; none where it is something else."""
    from gt.run.find import folders_of_runs

    if len(paths) != 1 or not paths[0].is_dir():
        return ()
    return tuple(folders_of_runs(paths[0]))


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
    if model is not None and not (len(paths) == 1 and paths[0].is_dir()):
        raise BringError(
            "a model is for a folder of images, which this is not; leave --model out", by=WHERE
        )
    if len(paths) > 1:
        ordered = several.in_order(paths)
        return several.as_epochs(ordered, [of_file(path) for path in ordered])
    [path] = paths
    if not path.is_dir():
        return of_file(path)
    if (config := projector.config_in(path)) is not None:
        return projector.of_folder(config)
    if found := images.in_folder(path):
        return images.of_folder(path, found, model)
    files = [one for one in path.iterdir() if one.suffix.lower() in formats() and one.is_file()]
    hint = f"; name the files in it: {path}/*{files[0].suffix}" if files else ""
    raise BringError(
        f"{path} must be a run, or have runs, images or a {projector.CONFIG} in it, it has none{hint}",
        by=WHERE,
    )


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
    return replace(formats()[ending](path), place=path.name)
