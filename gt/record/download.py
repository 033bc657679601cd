"""Fetching data sets: pooch transfers, with a progress bar; retries, then the next mirror."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gt.record.published import SHA256, DatasetError, from_archive, plain, verified

log = logging.getLogger(__name__)
TRIES = 3  # of each address
PAUSE_S = 1.0  # before the second try; doubled before each further one


def fetch(
    source: dict[str, Any],
    file: str,
    urls: Sequence[str],
    cache: Path | None = None,
    pause_s: float = PAUSE_S,
) -> bytes:
    """Get the uncompressed content of one file, from the cache or the first address that has it.

    Args:
        source: Entry of ``SOURCES``.
        file: ``folder/name`` as in ``SHA256``.
        urls: Addresses to try in turn, each ending in "/".
        cache: Where downloads are kept; the user's cache folder when None.
        pause_s: Seconds before the second try.

    Raises:
        DatasetError: If no address has it; it names all that was tried.
    """
    folder = (cache or _user_cache()) / source["folder"]
    archive = source.get("archive")
    target = archive or f"{Path(file).name}.gz"
    kept = folder / target
    if kept.exists():
        try:
            return _content(kept, file, archive)
        except DatasetError as error:
            log.warning("%s; fetching it again", error)
            kept.unlink()
    failures = []
    for url in urls:
        for attempt in range(TRIES):
            try:
                _transfer(url + target, folder, target)
                return _content(kept, file, archive)
            except DatasetError as error:
                kept.unlink(missing_ok=True)
                failures.append(str(error))
            except (OSError, ValueError) as error:  # requests' errors are OSErrors
                failures.append(f"{url}{target}: {error}")
                if not _worth_another_try(error):
                    break
            if attempt + 1 < TRIES:
                time.sleep(pause_s * 2**attempt)
    tried = "\n  ".join(dict.fromkeys(failures))
    raise DatasetError(
        f"fetch: {target} must be had from one of {len(urls)} addresses, none worked:\n  {tried}\n"
        "check the connection, or put the publishers' files in a folder and name it with --data-dir"
    )


def _content(path: Path, file: str, archive: str | None) -> bytes:
    data = from_archive(path, file) if archive else plain(path)
    return verified(file, data, str(path))


def _worth_another_try(error: Exception) -> bool:
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status is None or status >= 500 or status == 429


def _transfer(url: str, folder: Path, name: str) -> None:
    import pooch

    assert set(SHA256)  # contents are checked by us, uncompressed: mirrors may pack differently
    pooch.retrieve(
        url,
        known_hash=None,
        fname=name,
        path=folder,
        downloader=pooch.HTTPDownloader(progressbar=True, timeout=30),
    )


def _user_cache() -> Path:
    import pooch

    return Path(pooch.os_cache("nn-grand-tour"))
