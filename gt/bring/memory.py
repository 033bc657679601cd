"""How much memory what is opened may take, asked before it is read: a file of a few bytes can claim any size."""

from __future__ import annotations

import psutil

from gt.bring.source import WHERE, BringError

LIMIT = 2**34  # bytes, unpacked
SHARE = 0.7  # of the memory that is free


def admit(where: str, size: int, what: str = "it") -> None:
    """Raise unless so many bytes may be taken.

    Args:
        where: The file.
        size: Bytes that it takes once read.
        what: Of it, in words.

    Raises:
        BringError: If it is more than there is room for.
    """
    limit = int(min(LIMIT, SHARE * psutil.virtual_memory().available))
    if size > limit:
        raise BringError(
            f"{where} must take {limit:,} bytes of memory at most once read ({LIMIT:,}, or what is free),"
            f" {what} would take {size:,}; leave out rows, or name fewer columns as coordinates",
            by=WHERE,
        )
