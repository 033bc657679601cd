"""Tables for spreadsheets, which compute a text that begins like a formula.

Names of classes, runs and embeddings come from data: in a spreadsheet a class called ``=HYPERLINK(...)`` would be a
link, and worse has been done. A text that begins with ``=``, ``+``, ``-`` or ``@`` (also full-width, also behind
blanks), or with a tab or a line break, gets an apostrophe in front, as OWASP recommends; whoever reads the file by
program takes it off again. Numbers stay numbers, also those that are names: ``-1.5`` is -1.5 to a spreadsheet too.

Source: OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_BLANK = r"[\s\x00\u200b\ufeff]"
_COMPUTED = re.compile(rf"{_BLANK}*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


def defused(table: pd.DataFrame) -> pd.DataFrame:
    """The table as a spreadsheet may have it: texts in cells, heads and index are never computed.

    Args:
        table: Is left as it was.

    Returns:
        A table of the same shape; columns of numbers are the same.
    """
    import pandas as pd

    out = table.copy(deep=False)
    for place in range(table.shape[1]):  # by place: two columns may have one name
        values = table.iloc[:, place]
        if not pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            out.isetitem(place, values.map(_cell).to_numpy())
    return out.rename(columns=_cell, index=_cell)


def _cell(value: object) -> object:
    if not isinstance(value, str) or not _COMPUTED.match(value) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}"
