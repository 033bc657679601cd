"""Text of a file, in whatever encoding it is."""

from __future__ import annotations

from pathlib import Path

from gt.bring.source import WHERE, BringError

MARKS = (
    (b"\xff\xfe\0\0", "utf-32", "UTF-32"),
    (b"\0\0\xfe\xff", "utf-32", "UTF-32"),
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)  # byte order marks, the longer first


def decoded(path: Path) -> tuple[str, str]:
    """What is in a text file, and its encoding.

    That is the one of its byte order mark; UTF-8 where it is some; UTF-16 where every other byte is 0; else Western
    European (Windows-1252).

    Args:
        path: There.

    Raises:
        BringError: If it is no text, or not in the encoding that its mark says.
    """
    data = path.read_bytes()
    for mark, codec, name in MARKS:
        if data.startswith(mark):
            try:
                return _text(path, data.decode(codec)), name
            except UnicodeError as error:
                raise BringError(
                    f"{path} must be {name}, as its first bytes say, it is not ({error})", by=WHERE
                ) from error
    head = data[:4096]
    for at, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        if (
            len(head) > 3
            and head[at::2].count(0) > 0.6 * len(head[at::2])
            and not head[1 - at :: 2].count(0)
        ):
            try:
                return _text(path, data.decode(codec)), "UTF-16 without a mark"
            except UnicodeError:
                break
    try:
        return _text(path, data.decode("utf-8")), "UTF-8"
    except UnicodeError:
        pass
    try:
        return _text(path, data.decode("cp1252")), "Windows-1252, as it is no UTF-8"
    except UnicodeError:
        return _text(path, data.decode("latin-1")), "Latin-1, as it is no UTF-8"


def _text(path: Path, text: str) -> str:
    """The text, unless it is none."""
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise BringError(
            f"{path} must be text, line {line} has a byte 0; is it of another kind?", by=WHERE
        )
    return text
