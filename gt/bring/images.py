"""Images of points: at paths in a column, read beside the table and nowhere else."""

from __future__ import annotations

import numpy as np

from gt.bring import roles
from gt.bring.source import Source


def of_column(
    source: Source, given: roles.Roles, rows: np.ndarray, notes: list[str]
) -> tuple[Source, np.ndarray | None]:
    """The images of rows ``(n,)``: those of the source, or at the paths in its column of images."""
    return source, None if source.images is None else source.images[rows]
