"""Images of points: those in a folder, or at paths in a column of a table, beside it and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from gt.bring import beside, pictures, roles
from gt.bring.points import natural
from gt.bring.source import WHERE, BringError, Field, Source

FILES = 2**17  # of a folder
DEEP = 3  # folders in folders


def of_column(
    source: Source, given: roles.Roles, rows: np.ndarray, notes: list[str]
) -> tuple[Source, np.ndarray | None]:
    """The images of rows ``(n,)``: those of the source, or at the paths in its column of images.

    Args:
        source: What was read.
        given: Roles of its fields.
        rows: Which of them.
        notes: What is to be said is added here.

    Raises:
        BringError: If an image is missing, damaged, or lies elsewhere; it names the row.
    """
    if source.images is not None:
        return source, source.images[rows]
    if given.image is None or source.folder is None:
        return source, None
    one = next(one for one in source.fields if one.name == given.image)
    paths = []
    for row in rows.tolist():
        where = f"{source.where}, row {source.first + row} of “{one.name}”"
        if (text := one.values[row]) is None:
            raise BringError(
                f"{where} must name an image, it is empty; or say --image none", by=WHERE
            )
        paths.append(beside.inside(source.folder, str(text), where))
    images, said = pictures.stacked(paths)
    notes.append(f"Images are those of “{one.name}”, {said}.")
    return source, images


def in_folder(folder: Path) -> list[Path]:
    """The images in a folder and in those within it, in the natural order of their names; links are not followed."""

    def walk(here: Path, deep: int) -> Iterator[Path]:
        for path in sorted(here.iterdir(), key=lambda one: natural(one.name)):
            if path.name.startswith(".") or path.is_symlink():
                continue
            if path.is_dir() and deep:
                yield from walk(path, deep - 1)
            elif roles.PICTURE.search(path.name) and path.is_file():
                yield path

    found = []
    for path in walk(folder, DEEP):
        found.append(path)
        if len(found) > FILES:
            raise BringError(f"{folder} must have {FILES:,} images at most", by=WHERE)
    return found


def of_folder(folder: Path, paths: list[Path], model: str | None) -> Source:
    """Images as points: by their pixels, or by what a network gives for them.

    Args:
        folder: In which they lie; the folder that is in it is an image's label, where there are several.
        paths: Of the images, one at least.
        model: Whose last layer is taken, see `gt.bring.model`; None for pixels.

    Raises:
        BringError: If none can be read.
    """
    kept, notes = _readable(folder, paths)
    images, said = pictures.stacked(kept)
    names = [path.relative_to(folder) for path in kept]
    fields = [Field("file", np.array([one.as_posix() for one in names], dtype=object))]
    groups = [one.parts[0] if len(one.parts) > 1 else None for one in names]
    hints = {}
    if len(set(groups)) > 1:
        fields.append(Field("folder", np.array(groups, dtype=object)))
        hints["folder"] = roles.LABEL
    kind = f"folder of {len(kept):,} images, {said}"
    source = Source(
        kind,
        folder.resolve().name,
        len(kept),
        tuple(fields),
        images=images,
        notes=tuple(notes),
        hints=hints,
    )
    if model is None:
        pixels = Field("pixels", images.reshape(len(images), -1), block=True)
        return replace(source, kind=f"{kind}, by their pixels", fields=(pixels, *source.fields))
    from gt.bring.model import outputs

    values, axes, told = outputs(model, kept)
    last = Field("outputs", values, names=axes, block=True)
    return replace(
        source, kind=f"{kind}, by the last layer of {told}", fields=(last, *source.fields)
    )


def _readable(folder: Path, paths: list[Path]) -> tuple[list[Path], list[str]]:
    """Those of some images that can be read, and what is said of the others."""
    kept, bad = [], []
    for path in paths:
        try:
            with pictures.opened(path) as image:
                image.verify()
            kept.append(path)
        except Exception:  # of Pillow's decoders, whatever is wrong
            bad.append(path.relative_to(folder).as_posix())
    if not kept:
        raise BringError(
            f"{folder} must have images that can be read, {bad[0]} and all others cannot", by=WHERE
        )
    more = f" and {len(bad) - 5:,} more" if len(bad) > 5 else ""
    return kept, [f"Left out, being no images: {', '.join(bad[:5])}{more}."] if bad else []
