"""The publishers' files of data sets: where they are to be had, what must be in them, and how they are unpacked.

What is verified is the SHA-256 of the *uncompressed* content, so gzipped and plain files are the same to us.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
import zlib
from importlib.resources import files
from pathlib import Path
from typing import Any

from gt.errors import RunError

SOURCES: dict[str, dict[str, Any]] = json.loads(
    (files("gt.record") / "sources.json").read_text("utf-8")
)
SHA256: dict[str, str] = json.loads((files("gt.record") / "sha256.json").read_text("utf-8"))


class DatasetError(RunError):
    """A file of a data set is missing, damaged, or is not what it should be."""


def plain(path: Path) -> bytes:
    """The content of a file that may be gzipped.

    Raises:
        DatasetError: If it does not unpack.
    """
    data = path.read_bytes()
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(
            f"load: {path} must be whole, it does not unpack ({error}); fetch it again"
        ) from error


def from_archive(path: Path, file: str) -> bytes:
    """One member of a ``.tar.gz``, read in memory: nothing is unpacked to disk."""
    try:
        with tarfile.open(path) as archive:
            member = archive.extractfile(file)
            if member is None:
                raise KeyError(file)
            return member.read()
    except KeyError as error:
        raise DatasetError(
            f"load: {path} must hold {file}, it does not; get the binary version of CIFAR-10"
        ) from error
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise DatasetError(
            f"load: {path} must be whole, it does not unpack ({error}); fetch it again"
        ) from error


def verified(file: str, data: bytes, where: str) -> bytes:
    """The same content, if it is that of the publisher's file.

    Raises:
        DatasetError: If it is not; it says where it came from.
    """
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256[file]:
        raise DatasetError(
            f"load: {where} must be {file} (uncompressed SHA-256 {SHA256[file][:16]}...), got"
            f" {len(data)} bytes with"
            f" {found[:16]}...: truncated or another file; fetch it again"
        )
    return data
