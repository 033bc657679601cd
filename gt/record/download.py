"""Fetching data sets: pooch transfers and tries again, with a progress bar; then comes the next mirror."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gt.record.published import DatasetError, from_archive, plain, verified

log = logging.getLogger(__name__)
TRIES = 3  # of each address; pooch waits a second before the second, two before the third
TIMEOUT_S = 30


def fetch(
    source: dict[str, Any], file: str, urls: Sequence[str], cache: Path | None = None
) -> bytes:
    """Get the uncompressed content of one file, from the cache or the first address that has it.

    Args:
        source: Entry of ``SOURCES``.
        file: ``folder/name`` as in ``SHA256``.
        urls: Addresses to try in turn, each ending in "/".
        cache: Where downloads are kept; the user's cache folder when None.

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
        try:
            _transfer(url, folder, target, file, archive)
            return _content(kept, file, archive)
        except (OSError, ValueError) as error:  # requests' errors are OSErrors
            failures.append(f"{url}{target}: {error}")
    tried = "\n  ".join(failures)
    raise DatasetError(
        f"fetch: {target} must be had from one of {len(urls)} addresses, none worked:\n  {tried}\n"
        "check the connection, or put the publishers' files in a folder and name it with --data-dir"
    )


def _content(path: Path, file: str, archive: str | None) -> bytes:
    data = from_archive(path, file) if archive else plain(path)
    return verified(file, data, str(path))


def _transfer(url: str, folder: Path, target: str, file: str, archive: str | None) -> None:
    """Have pooch bring a file into the cache, whole; it tries again unless the address says that it has none.

    Raises:
        OSError, ValueError: If it cannot be had from there.
    """
    import pooch
    import requests

    load = pooch.HTTPDownloader(progressbar=True, timeout=TIMEOUT_S)

    def checked(address: str, path: str, fetcher: Any) -> None:
        """What came is checked uncompressed, since mirrors may pack differently, and before it is kept."""
        try:
            load(address, path, fetcher)
        except requests.HTTPError as error:
            status = 500 if error.response is None else error.response.status_code
            if status >= 500 or status == requests.codes.too_many_requests:
                raise
            raise FileNotFoundError(f"{error}") from error  # no error of requests: once is enough
        _content(Path(path), file, archive)

    known = pooch.create(folder, url, registry={target: None}, retry_if_failed=TRIES - 1)
    known.fetch(target, downloader=checked)


def _user_cache() -> Path:
    import pooch

    return Path(pooch.os_cache("nn-grand-tour"))
