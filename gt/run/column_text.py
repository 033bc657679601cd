"""What a column of text is of: categories, free text, addresses, or dates that are written out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

FEW = 50  # different texts that are categories, however many points there are
DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?Z?")
ADDRESS = re.compile(r"https?://\S+")


def kind_of(names: Sequence[str], n: int) -> str:
    """What different texts of n points are: "url", "text" or "category"."""
    if names and all(ADDRESS.fullmatch(one) for one in names):
        return "url"
    return "text" if len(names) > FEW and 2 * len(names) > n else "category"


def as_dates(texts: np.ndarray) -> np.ndarray | None:
    """Seconds since 1970 in UTC of texts in ISO 8601 ``(m,)``; None if one is no date, or there is none.

    A time without "Z" is taken as one of UTC.
    """
    if not texts.size or not all(DATE.fullmatch(one) for one in texts.tolist()):
        return None
    plain = [one.removesuffix("Z").replace(" ", "T") for one in texts.tolist()]
    try:
        moments = np.array(plain, "datetime64[us]")
    except ValueError:  # the 31st of a month that has 30 days
        return None
    return moments.astype(np.int64) / 1e6
