"""What is said to a reader: what came instead of what was wanted, why something failed, how long it takes.

Whoever asks may have made up what they ask with, so nothing here takes anything for granted, repeats it at length, or
tells where on this machine something lies.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from gt.errors import ToldError

log = logging.getLogger(__name__)

LONGEST_NAME = 200  # letters
LONGEST = 500  # letters of a reason
#: folders before the name of a file or folder, on POSIX and Windows
PATH = re.compile(r"(?<![\w.:/\\])(?:[A-Za-z]:)?[/\\](?:[^\s/\\'\":,;]+[/\\])+([^\s/\\'\":,;]*)")


def came(value: Any) -> str:
    """What came instead, short, whatever it is."""
    if isinstance(value, str):
        return f"“{value}”" if len(value) <= 40 else f"a text of {len(value):,} letters"
    if isinstance(value, bool) or value is None:
        return {None: "nothing", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else "a whole number of many digits"
    if isinstance(value, float):
        return f"{value:g}"
    return "a list" if isinstance(value, (list, tuple)) else "an object"


def typed(value: Any) -> str:
    """What was typed into a field, as a message says it."""
    if value in (None, ""):
        return "nothing"
    return came(str(value) if isinstance(value, (int, float)) else value)


def named(value: Any) -> str:
    """What a form says where a name belongs, as a text in any case, and a short one: for looking it up."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_NAME else f"{value[:LONGEST_NAME]}…"
    return str(value) if value is None else f"({came(value)})"


def duration(seconds: float) -> str:
    """Seconds in words, as exactly as they matter."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def reason(error: BaseException) -> str:
    """What an error says to a reader: one sentence, not too long."""
    if isinstance(error, OSError) and error.strerror:
        text = error.strerror  # its first argument is a number
    else:
        text = error.what if isinstance(error, ToldError) else str(error)
        text = text or type(error).__name__
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def explained(error: Exception, what: str) -> str:
    """What is told of an error that ended a computation; the log has all of it where it was not foreseen.

    Args:
        error: Whatever it was.
        what: Was computed, for the log.
    """
    if isinstance(error, MemoryError):
        log.exception("%s failed", what)
        return "memory was short."
    if not isinstance(error, (ValueError, OSError)):
        log.exception("%s failed", what)
        return f"nobody foresaw this ({type(error).__name__}); the log of the server says more."
    log.info("%s failed", what, exc_info=True)
    return placeless(reason(error))


def placeless(text: str) -> str:
    """A text without the folders of this machine: of a path its last name stays."""
    return PATH.sub(r"\1", text)
