"""Data that one has already, in whatever file it lies: looked at first, then made into a run.

`look` says what is there and what each column would be, in one table; `write` makes a run of it, or of what was chosen
instead. The command ``gt FILE`` and a file that is dropped on a page both go this way.
"""

from __future__ import annotations

from gt.bring.look import look
from gt.bring.seen import ColumnSeen, Seen
from gt.bring.write import write

__all__ = ["ColumnSeen", "Seen", "look", "write"]
