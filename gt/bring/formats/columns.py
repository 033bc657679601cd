"""``.parquet``, and ``.arrow``, ``.feather``, ``.ipc`` of Apache Arrow: tables of columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gt.bring import arrow, memory
from gt.bring.known import register
from gt.bring.source import WHERE, BringError, Field, Source
from gt.errors import RunError
from gt.run import bounds

WIDEST = 2**16  # columns
TIMES = 3  # memory that numbers take while they are read, of their bytes


def parquet(path: Path) -> Source:
    """Read a Parquet file.

    Args:
        path: There.

    Raises:
        BringError: If it is damaged, or too large for this machine's memory; its rows and columns are looked at first.
    """
    with _told(path, "Parquet"):
        from pyarrow import parquet as pq

        with pq.ParquetFile(path) as file:
            about = file.metadata
            leaves = about.num_columns
            _fits(path, about.num_rows, leaves, 8 * about.num_rows * leaves)
            memory.admit(str(path), TIMES * _unpacked(about))
            table = file.read(use_threads=False)
        return _source(path, table, "Parquet")


def _unpacked(about: Any) -> int:
    """Bytes of all values of a Parquet file, by its own account: lists hold many a row, and run lengths pack them."""
    size = 0
    for i in range(about.num_row_groups):
        group = about.row_group(i)
        values = sum(group.column(j).num_values for j in range(group.num_columns))
        size += max(group.total_byte_size, 8 * values)
    return size


def ipc(path: Path) -> Source:
    """Read a file of Apache Arrow, with a footer or as a stream.

    Args:
        path: There.

    Raises:
        BringError: Likewise.
    """
    with _told(path, "Arrow"):
        import pyarrow as pa

        memory.admit(str(path), TIMES * path.stat().st_size)
        with pa.OSFile(str(path)) as file:
            stream = file.read(6) != b"ARROW1"
            file.seek(0)
            opened = pa.ipc.open_stream(file) if stream else pa.ipc.open_file(file)
            table = opened.read_all()
        table.validate(full=True)  # offsets of strangers are not followed
        return _source(path, table, "Arrow IPC stream" if stream else "Arrow IPC")


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except RunError:
        raise
    except Exception as error:  # arrow raises many kinds for damage
        said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise BringError(
            f"{path} must be a whole {what} file, it cannot be read ({said})", by=WHERE
        ) from error


def _fits(path: Path, rows: int, columns: int, size: int) -> None:
    if not 0 < rows <= bounds.POINTS or not 0 < columns <= WIDEST:
        raise BringError(
            f"{path} must have 1 to {bounds.POINTS:,} rows and 1 to {WIDEST:,} columns, it has"
            f" {rows:,} and {columns:,}",
            by=WHERE,
        )
    memory.admit(str(path), TIMES * size)


def _source(path: Path, table: Any, kind: str) -> Source:
    _fits(path, table.num_rows, table.num_columns, table.nbytes)
    fields: list[Field] = []
    left = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name.startswith("__index_level_"):  # what pandas calls rows by
            name = "index"
        field, problem = arrow.field_of(name, column)
        if field is None:
            left.append(f"{name} ({problem})")
        else:
            fields.append(field)
    notes = (f"Left out: {', '.join(left[:8])}{'…' if left[8:] else ''}.",) if left else ()
    return Source(kind, path.stem, table.num_rows, tuple(fields), folder=path.parent, notes=notes)


register(parquet, ".parquet", ".pq")
register(ipc, ".arrow", ".feather", ".ipc")
