"""Where what is opened is kept: beside the cache, under the digest of its content, so that it is made once."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gt.bring.source import WHERE, BringError
from gt.files.private import private_folder

VERSION = 1  # of what is made of a file; a higher one makes it anew
BLOCK = 2**22  # bytes read at once
READ = (
    2**32
)  # bytes of content of a file that go into its digest; of a longer one its size and time as well
FILES = 2**20  # of a folder, at most
LONGEST_FOLDER = 60  # letters of the name of a run's folder
TABLE = "seen.txt"  # beside the run: what was said of it


def folder_of(cache: Path, paths: Sequence[Path], options: Mapping[str, Any]) -> Path:
    """The folder in which the run of some files is kept, whether it is there already or not.

    Args:
        cache: Folder in which it lies.
        paths: As they were given.
        options: By which they are looked at; anything JSON can hold.

    Returns:
        Its name is the digest of the content of the files, of their names and of the options.

    Raises:
        OSError: If a file cannot be read.
    """
    digest = hashlib.sha256(json.dumps([VERSION, options], sort_keys=True).encode())
    for path in paths:
        for file, name in _files(path):
            digest.update(b"\0" + os.fsencode(name) + b"\0")
            _add(digest, file)
    return private_folder(cache / digest.hexdigest()[:24])


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """A file, or those of a folder, with names that do not depend on where it lies."""
    if not path.is_dir():
        yield path, path.name
        return
    count = 0
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if (count := count + 1) > FILES:
                raise BringError(f"{path} must have {FILES:,} files at most", by=WHERE)
            file = Path(folder) / name
            yield file, str(file.relative_to(path))


def _add(digest: Any, file: Path) -> None:
    if not file.is_file() or (file.is_symlink() and not file.exists()):
        return
    size = file.stat().st_size
    digest.update(str(size).encode())
    if size > READ:
        digest.update(str(file.stat().st_mtime_ns).encode())
    left = min(size, READ)
    with file.open("rb") as stream:
        while left > 0 and (part := stream.read(min(BLOCK, left))):
            digest.update(part)
            left -= len(part)


def folder_name(title: str) -> str:
    """What the folder of a run is called: letters, digits and hyphens of its title, which links can carry."""
    plain = re.sub(r"[^\w]+", "-", title.casefold()).strip("-_")[:LONGEST_FOLDER]
    return plain.strip("-_") or "run"
