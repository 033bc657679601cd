"""Files on their way from a browser: pieces of them, in a folder of their own beside the cache, until a run is made.

A piece is an ordinary request, so the gate's bound of all requests holds for it, no thread waits for a slow line, and
what is there can be told. Each upload is a folder that only the server can look into and only its browser can name:
``uploads/<32 digits>/files/<name>``. What nobody asked for in ten minutes is taken away; a page asks every minute.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gt.errors import RunError, UnknownNameError
from gt.files import alive, durable
from gt.files.measured import size_and_time
from gt.files.private import private_folder
from gt.serve.payloads import BringState, Brought

FOLDER = "uploads"  # beside the cache
LARGEST = 200_000_000  # bytes of all files of one upload
MOST_FILES = 1000  # of one upload: epochs of a training, each in a file
MOST_AT_ONCE = 8  # uploads
LONGEST_NAME = 120  # letters of a file's name, which the file system must take
LEFT_S = 600.0  # seconds without a question after which nobody goes on with one
ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|]+")
ABOUT, STATE, CANCEL, FILES = "about.json", "state.json", "cancel", "files"
WAITING: BringState = {"phase": "waiting", "done": 0, "total": 0, "said": "", "run": ""}


class UploadError(RunError):
    """What came is no file that can be taken, or not the next piece of one."""


class Uploads:
    """The uploads of all browsers; every worker sees the same.

    Args:
        folder: That they are in; made when the first one comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, files: Sequence[Brought], endings: Sequence[str]) -> str:
        """Make room for some files.

        Args:
            files: Their names and sizes.
            endings: Of names that can be read (".csv"), in small letters.

        Returns:
            What the upload is called.

        Raises:
            UploadError: If they cannot be taken; it says why.
            OSError: If nothing can be written.
        """
        _check(files, endings)
        self.sweep()
        private_folder(self.folder)
        if len(list(self.folder.iterdir())) >= MOST_AT_ONCE:
            raise UploadError(
                f"{MOST_AT_ONCE} files are being brought to this server already; try again in a while"
            )
        name = secrets.token_hex(16)
        place = private_folder(self.folder / name)
        private_folder(place / FILES)
        durable.place(place / ABOUT, json.dumps(list(files)).encode(), sync=False)
        return name

    def take(self, name: str, number: int, at: int, piece: bytes) -> int:
        """Add a piece to a file.

        Args:
            name: Of the upload.
            number: Of the file, as they were said.
            at: Where the piece begins, which must be where the one before it ended.
            piece: Its bytes.

        Returns:
            How many bytes of the file are there now.

        Raises:
            UnknownNameError: If there is no such upload.
            UploadError: If it is not the next piece; what is there stays.
            OSError: If it cannot be written.
        """
        files = self._files(name)
        if not 0 <= number < len(files):
            raise UploadError(f"there must be a file {number}, there are {len(files)}")
        path = self._place(name) / FILES / files[number]["name"]
        there = path.stat().st_size if path.exists() else 0
        if at != there or not piece:
            raise UploadError(f"the next piece must begin at byte {there:,}, one at {at:,} came")
        if there + len(piece) > files[number]["size"]:
            raise UploadError(f"the file must have {files[number]['size']:,} bytes, more came")
        with path.open("ab") as stream:
            stream.write(piece)
        return there + len(piece)

    def whole(self, name: str) -> list[Path]:
        """The files of an upload, all of them there.

        Raises:
            UnknownNameError: If there is no such upload.
            UploadError: If part of one is missing.
        """
        folder, found = self._place(name) / FILES, []
        for one in self._files(name):
            path = folder / one["name"]
            if not path.is_file() or path.stat().st_size != one["size"]:
                raise UploadError(f"{one['name']} has not come whole; bring it again")
            found.append(path)
        return found

    def state(self, name: str) -> BringState:
        """How far an upload is on its way into a run.

        Raises:
            UnknownNameError: If there is no such upload.
        """
        kept = self._kept(name)
        with contextlib.suppress(OSError):
            os.utime(self.folder / name)  # somebody waits for it
        said: BringState = {key: kept[key] for key in WAITING}  # type: ignore[assignment]
        if said["phase"] == "writing" and not self._works(name):
            return {
                **said,
                "phase": "failed",
                "said": "The server was ended meanwhile; nothing was written.",
            }
        return said

    def tell(self, name: str, state: BringState) -> None:
        """Say how far an upload is, for whichever worker is asked; one that was taken away stays away."""
        with contextlib.suppress(FileNotFoundError):
            kept = {**state, "process": alive.named()}
            durable.replace(self._place(name) / STATE, json.dumps(kept).encode(), sync=False)

    def cancelled(self, name: str) -> bool:
        """Whether its reader wants no run of it any more."""
        place = self.folder / name
        return (place / CANCEL).exists() or not place.exists()

    def cancel(self, name: str) -> None:
        """Let go of an upload: at once, or as soon as whoever makes a run of it has stopped.

        Raises:
            UnknownNameError: If there is no such upload.
        """
        if self.state(name)["phase"] == "writing":
            (self._place(name) / CANCEL).touch()
        else:
            self.remove(name)

    def remove(self, name: str) -> None:
        """Take an upload away."""
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def sweep(self, now: float | None = None) -> None:
        """Take away what nobody went on with.

        Args:
            now: Seconds since 1970; the present when None.
        """
        now = time.time() if now is None else now
        with contextlib.suppress(OSError):
            for place in list(self.folder.iterdir()):
                if not ID.fullmatch(place.name) or now - size_and_time(place)[1] < LEFT_S:
                    continue
                with contextlib.suppress(UnknownNameError):
                    if self._kept(place.name)["phase"] == "writing" and self._works(place.name):
                        continue
                self.remove(place.name)

    def _works(self, name: str) -> bool:
        """Whether the process that makes a run of an upload is still at work."""
        return alive.found(*self._kept(name)["process"]) is not None

    def _place(self, name: str) -> Path:
        place = self.folder / name
        if not ID.fullmatch(name) or not place.is_dir():
            raise UnknownNameError("This upload is not here any more; bring the file again.")
        return place

    def _files(self, name: str) -> list[Brought]:
        files: list[Brought] = json.loads((self._place(name) / ABOUT).read_bytes())
        return files

    def _kept(self, name: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self._place(name) / STATE).read_bytes())
            return found
        except FileNotFoundError:
            return dict(WAITING)


def _check(files: Sequence[Brought], endings: Sequence[str]) -> None:
    """Raise ``UploadError`` unless files may come."""
    if not 1 <= len(files) <= MOST_FILES:
        raise UploadError(f"1 to {MOST_FILES:,} files can be brought at once, {len(files):,} came")
    for one in files:
        name = one["name"]
        plain = _NAME.fullmatch(name) and len(name.encode()) <= LONGEST_NAME
        if not plain or name.startswith((".", " ")) or name != name.rstrip(" ."):
            raise UploadError(
                f"a file's name must have {LONGEST_NAME} bytes at most, no slash and no dot at its beginning,"
                f" “{name[:40]}” came; rename it"
            )
        if Path(name).suffix.lower() not in endings:
            raise UploadError(f"“{name}” must end in {', '.join(endings)}; save it as one of these")
        if one["size"] < 1:
            raise UploadError(f"“{name}” is empty; bring one with rows in it")
    if len({one["name"].casefold() for one in files}) < len(files):
        raise UploadError("files that are brought together must have different names; rename one")
    if (size := sum(one["size"] for one in files)) > LARGEST:
        raise UploadError(
            f"{LARGEST / 1e6:.0f} MB can be brought in a browser, {size / 1e6:,.0f} MB came; copy the file to the"
            " server and open it there"
        )
