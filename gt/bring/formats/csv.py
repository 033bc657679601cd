"""``.csv``, ``.tsv``, ``.txt``: a table as text, in whatever encoding, with whatever between its cells.

By Arrow's reader: it refuses rows of unlike length with their number, where pandas guesses or fills up, and is quick.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from gt.bring import arrow, memory
from gt.bring.known import register
from gt.bring.source import WHERE, BringError, Source
from gt.bring.text import decoded

BETWEEN = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars", " ": "blanks"}
SAMPLE = 60  # lines by which these are found
NOTHING = [
    "",
    "NA",
    "N/A",
    "n/a",
    "#N/A",
    "NULL",
    "null",
    "None",
    "?",
    "-",
    "<NA>",
]  # cells that are missing
TIMES = 12  # memory that a table takes while it is read, of its bytes
WIDEST = 2**16  # columns


def read(path: Path) -> Source:
    """Read a table.

    Args:
        path: Of text.

    Raises:
        BringError: If it is none; it names the row.
    """
    memory.admit(str(path), TIMES * path.stat().st_size)
    text, encoding = decoded(path)
    lines = _first_lines(text)
    if not lines:
        raise BringError(f"{path} must have a row, it is empty", by=WHERE)
    between = _between(lines, path.suffix.lower())
    head = _cells(lines[:1], between)[0]
    names = _has_names(_cells(lines, between))
    if len(head) > WIDEST:
        raise BringError(
            f"{path} must have {WIDEST:,} columns at most, it has {len(head):,}", by=WHERE
        )
    start = text.index(lines[0])
    table = _table(path, text[start:], between, len(head), names)
    if not table.num_rows:
        raise BringError(f"{path} must have a row below its names, it has none", by=WHERE)
    if text.count('"') % 2 and _left_open(table):
        raise BringError(
            f"{path} must be a table: row {table.num_rows + int(names)} goes on to the end of the file; a quotation"
            " mark is left open in it",
            by=WHERE,
        )
    called = [
        one.strip().lstrip("#").strip() if i == 0 else one.strip() for i, one in enumerate(head)
    ]
    if not names:
        called = [""] * len(head)
    fields = tuple(
        arrow.of_text(name, table.column(i), comma=between in ";\t")
        for i, name in enumerate(called)
    )
    kind = f"table with {BETWEEN[between]} between, {encoding}{'' if names else ', without a row of names'}"
    return Source(
        kind, path.stem, table.num_rows, fields, first=2 if names else 1, folder=path.parent
    )


def _first_lines(text: str) -> list[str]:
    """The first lines that are not blank."""
    found: list[str] = []
    for line in io.StringIO(text[: 2**22], newline=None):
        if line.strip():
            found.append(line.rstrip("\n"))
        if len(found) == SAMPLE:
            break
    return found


def _cells(lines: list[str], between: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=between))
    except csv.Error:  # a cell of more than 131,072 characters
        return [line.split(between) for line in lines]


def _between(lines: list[str], ending: str) -> str:
    """What stands between cells: what parts most lines into as many cells as the first."""
    order = ["\t", *(one for one in BETWEEN if one != "\t")] if ending == ".tsv" else list(BETWEEN)

    def fit(one: str) -> tuple[bool, float, int]:
        counts = [len(row) for row in _cells(lines, one)]
        alike = sum(count == counts[0] for count in counts) / len(counts)
        return counts[0] > 1, alike if counts[0] > 1 else 0, counts[0] if one != " " else 1

    best = max(order, key=fit)
    return best if fit(best)[0] else order[0]


def _is_number(cell: str) -> bool:
    return bool(re.match(arrow.NUMBER, cell.strip()) or re.match(arrow.COMMA, cell.strip()))


def _has_names(rows: list[list[str]]) -> bool:
    """Whether the first row has names: no number is in it, or those that columns are numbered by."""
    first, below = rows[0], rows[1:]
    numbers = [cell for cell in first if _is_number(cell)]
    if not numbers:
        return True
    if not all(re.fullmatch(r"[0-9]{1,9}", cell.strip()) for cell in numbers) or not below:
        return False
    found = [int(cell.strip()) for cell in numbers]
    counted = found == list(range(found[0], found[0] + len(found))) and len(found) > 1
    others = [row for row in below if len(row) == len(first)]
    texts = [i for i, cell in enumerate(first) if cell.strip() and not _is_number(cell)]
    named = all(not _is_number(row[i]) for row in others for i in texts)
    rest = [
        row for row in others if [cell.strip() for cell in row] != [cell.strip() for cell in first]
    ]
    starts = found[0] in (0, 1) or found[0] > 1000  # columns of pandas, or years
    follows = bool(rest) and [int(x) for x in _wholes(rest[0])] == [x + len(found) for x in found]
    return counted and starts and named and bool(rest) and not follows


def _wholes(row: list[str]) -> list[str]:
    return [cell.strip() for cell in row if re.fullmatch(r"[0-9]{1,9}", cell.strip())]


def _table(path: Path, text: str, between: str, count: int, names: bool) -> Any:
    """The cells as text, a ``pyarrow.Table``."""
    import pyarrow as pa
    from pyarrow import csv as reader

    data = text.encode("utf-8", "replace")
    columns = [f"c{i}" for i in range(count)]
    try:
        return reader.read_csv(
            pa.BufferReader(data),
            read_options=reader.ReadOptions(
                use_threads=False,
                column_names=columns,
                skip_rows_after_names=int(names),
                block_size=min(len(data) + 1, 2**30),
            ),
            parse_options=reader.ParseOptions(delimiter=between, newlines_in_values=True),
            convert_options=reader.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                null_values=NOTHING,
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        raise BringError(f"{path} must be a table: {_said(str(error), count)}", by=WHERE) from error


def _left_open(table: Any) -> bool:
    """Whether the last row has a cell of several lines."""
    last = table.slice(table.num_rows - 1).to_pylist()[0]
    return any(cell is not None and "\n" in cell.replace("\r", "\n") for cell in last.values())


def _said(error: str, count: int) -> str:
    """What Arrow says, for readers."""
    found = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", error)
    if found:
        return (
            f"row {found[1]} has {found[3]} cells, the first has {count}; put cells that hold a comma into"
            " quotes, or mend the row"
        )
    if "Expected" in error and "columns" in error:
        return f"its rows have unlike numbers of cells, the first has {count}"
    return f"{error.splitlines()[0][:200]}; is a quotation mark left open?"


register(read, ".csv", ".tsv", ".tab", ".txt", ".dat", ".data")
