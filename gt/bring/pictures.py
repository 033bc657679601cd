"""Images of files as arrays, by Pillow: of one size, upright, without transparency, never too large."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gt.bring import memory
from gt.bring.source import WHERE, BringError

SIDE = 32  # pixels of images of unlike sizes, or larger ones: of 10,000 such the browser draws all at once
LARGEST_SIDE = 64  # of images of one size that are taken as they are
PIXELS = 2**27  # of one file
KINDS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")  # decoders that strangers' files are given to


def opened(path: Path) -> Any:
    """An image of Pillow, of which nothing is decoded yet.

    Raises:
        BringError: If it is none, or larger than it may be.
    """
    from PIL import Image

    try:
        found = Image.open(path, formats=KINDS)
    except Exception as error:  # Pillow's decoders raise many kinds for damage
        raise BringError(
            f"{path} must be an image ({', '.join(KINDS)}), it cannot be read", by=WHERE
        ) from error
    if found.width * found.height > PIXELS:
        size = f"{found.width:,} x {found.height:,}"
        found.close()
        raise BringError(f"{path} must have {PIXELS:,} pixels at most, it has {size}", by=WHERE)
    return found


def plain(image: Any, path: Path) -> Any:
    """An image of Pillow in grey or in colours, upright, on white.

    Raises:
        BringError: If it is damaged.
    """
    from PIL import Image, ImageOps

    try:
        image.load()
        image = ImageOps.exif_transpose(image)
        if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
            values = np.asarray(image, np.float64)
            top = max(float(values.max()), 255.0)
            return Image.fromarray((np.clip(values, 0, None) / top * 255).astype(np.uint8))
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, "white")
            return Image.alpha_composite(white, image).convert("RGB")
        return image.convert("L" if image.mode in ("1", "L") else "RGB")
    except Exception as error:
        raise BringError(
            f"{path} must be a whole image, it is damaged ({type(error).__name__})", by=WHERE
        ) from error


def stacked(paths: Sequence[Path]) -> tuple[np.ndarray, str]:
    """Images of files as one array.

    Args:
        paths: One at least.

    Returns:
        ``(n, h, w, 1 or 3)`` uint8, and what was done to them, in words.

    Raises:
        BringError: If one cannot be read; it names the file.
    """
    size = _one_size(paths)
    side = size or (SIDE, SIDE)
    memory.admit(
        str(paths[0].parent), 2 * 3 * len(paths) * side[0] * side[1], f"{len(paths):,} images"
    )
    out = np.empty((len(paths), side[1], side[0], 3), np.uint8)
    grey = True
    for row, path in zip(out, paths, strict=True):
        with opened(path) as image:
            if size is None:
                image.draft(
                    None, (2 * SIDE, 2 * SIDE)
                )  # a JPEG is decoded no larger than is needed
            one = plain(image, path)
        grey = grey and one.mode == "L"
        row[:] = np.asarray(fitted(one, side).convert("RGB"))
    images = out[..., :1] if grey else out
    said = f"{side[0]} x {side[1]} pixels" + ("" if size else ", to which they were brought")
    return np.ascontiguousarray(images), said


def _one_size(paths: Sequence[Path]) -> tuple[int, int] | None:
    """Width and height that all images have; None if they differ or are large."""
    sizes = set()
    for path in paths:
        with opened(path) as image:
            sizes.add(image.size)
        if len(sizes) > 1:
            return None
    [size] = sizes
    return size if max(size) <= LARGEST_SIDE else None


def fitted(image: Any, size: tuple[int, int]) -> Any:
    """An image as large as fits, in the middle of white or, where it is grey, of its darkest corner."""
    from PIL import Image

    if image.size == size:
        return image
    scale = min(size[0] / image.width, size[1] / image.height)
    small = image.resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale))),
        Image.Resampling.BOX,
    )
    if small.size == size:
        return small
    around = Image.new(image.mode, size, "white" if image.mode == "RGB" else image.getpixel((0, 0)))
    around.paste(small, ((size[0] - small.width) // 2, (size[1] - small.height) // 2))
    return around


def cut(path: Path, size: tuple[int, int], n: int) -> np.ndarray:
    """The images of a sprite: they lie in rows from its top left.

    Args:
        path: Of the sprite.
        size: Width and height of one.
        n: How many.

    Returns:
        ``(n, h, w, 1 or 3)`` uint8.

    Raises:
        BringError: If it cannot be read, or has too few.
    """
    w, h = size
    with opened(path) as image:
        across, down = image.width // w, image.height // h
        if across * down < n:
            raise BringError(
                f"{path} must have {n:,} images of {w} x {h} pixels, {image.width} x {image.height} has room for"
                f" {across * down:,}",
                by=WHERE,
            )
        memory.admit(str(path), 8 * image.width * image.height, "the sprite")
        whole = np.asarray(plain(image, path))
    whole = whole[..., None] if whole.ndim == 2 else whole
    tiles = whole[: down * h, : across * w].reshape(down, h, across, w, -1)
    return np.ascontiguousarray(tiles.swapaxes(1, 2).reshape(down * across, h, w, -1)[:n])
