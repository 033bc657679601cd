"""Points of two runs as a table: what each of them says of them, and how far apart they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gt.measure.two_runs.differences import answers
from gt.measure.two_runs.pairing import Paired
from gt.run.points import SPLITS
from gt.run.task import one_class
from gt.serve import two_runs_wire

if TYPE_CHECKING:
    import pandas as pd  # a third of a second, which no page needs to start


def compared_table(one: Paired, layer: str, points: str, at: int, ids: list[int]) -> pd.DataFrame:
    """Describe points as two runs have them at one epoch.

    Args:
        one: The runs.
        layer: In which their places are compared.
        points: Whose points were compared, see `gt.serve.two_runs_wire.POINTS`.
        at: Position in the compared epochs.
        ids: Of points; those that are not common are left out.

    Returns:
        One row a point, in a's order: id, split and label as a has them; of each run its epoch and, of points of one
        class, predicted, confidence and correct, else its outputs; how far the two places are apart in the layer.

    Raises:
        ValueError: If none of the points is among those that are compared.
    """
    import pandas as pd

    rows = np.flatnonzero(np.isin(one.a.ids[one.rows_a], ids))
    if not rows.size:
        raise ValueError(
            "none of the selected points is in both runs; select points of this picture"
        )
    in_a = one.rows_a[rows]
    table: dict[str, Any] = {
        "id": one.a.ids[in_a],
        "split": np.array(SPLITS, dtype=object)[one.a.splits[in_a]],
        "label": np.array(one.a.classes, dtype=object)[one.a.labels[in_a]],
    }
    clock = one.clock
    for side, run, index in (("a", one.a, clock.at_a[at]), ("b", one.b, clock.at_b[at])):
        table[f"{run.unit} {side}"] = int(run.epochs[index])
        outputs = two_runs_wire.outputs(one, side, at)[rows]
        table |= _told(one, side, outputs, one.a.labels[in_a])
    frame = two_runs_wire.frame_of(one, layer, points)
    far = np.linalg.norm(frame.a[at][rows].astype(np.float64) - frame.b[at][rows], axis=1)
    table[f"apart in {layer}"] = far
    return pd.DataFrame(table)


def _told(one: Paired, side: str, outputs: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    if not one_class(one.a.task):
        return {f"output {name} {side}": outputs[:, i] for i, name in enumerate(one.a.axes)}
    said = answers(outputs)
    names = np.array([*one.a.classes, "undecided"], dtype=object)
    return {
        f"predicted {side}": names[said],
        f"confidence {side}": outputs.max(axis=1),
        f"correct {side}": said == labels,
    }
