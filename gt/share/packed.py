"""Bytes as the text of an element of a file: gzip, and of four bytes five letters.

`assets/js/alone/packed.mjs` reads them.
"""

from __future__ import annotations

import gzip
import string

import numpy as np

#: none of them means anything in HTML, within quotes or in JSON: a file is as long where another page holds its text
LETTERS = string.ascii_letters + string.digits + "!#$()*+-./:;=?@[]^_{|}~"
_OF = np.frombuffer(LETTERS.encode(), np.uint8)


def text_of(data: bytes) -> str:
    """Bytes as letters.

    Args:
        data: As many as there are.

    Returns:
        Five letters of `LETTERS` for each four bytes of gzip, a number of 32 bits, the highest digit first; what the
        last four lack is missing of the letters too.
    """
    packed = gzip.compress(data, 9, mtime=0)
    lacking = -len(packed) % 4
    numbers = np.frombuffer(packed + bytes(lacking), ">u4").astype(np.uint32)
    digits = np.empty((len(numbers), 5), np.uint8)
    for place in reversed(range(5)):
        numbers, digits[:, place] = np.divmod(numbers, np.uint32(len(LETTERS)))
    letters = _OF[digits].tobytes().decode()
    return letters[: len(letters) - lacking]


def block(name: str | int, data: bytes) -> str:
    """An element of a file that holds bytes.

    Args:
        name: By which it is asked for.
        data: As many as there are.
    """
    return f'<script type="text/plain" data-gt-block="{name}">{text_of(data)}</script>\n'
