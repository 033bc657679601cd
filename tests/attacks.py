"""A small attack, written with numpy alone: what lists, pages and copies of attacks are tested on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

STEPS, ATTACKED, POINTS, SIZE = 3, 4, 12, 5


def confidence(attack: Any, classes: np.ndarray) -> np.ndarray:
    """Mean probability ``(e,)`` of a class of each attacked point: of its sources, or its targets."""
    own = attack.probabilities[:, np.arange(len(classes)), classes]
    return np.asarray(own.astype(np.float64).mean(1))


def write_attack(path: Path, *, title: str | None = None, of: dict[str, Any] | None = None) -> Any:
    """Write an attack of 4 points of class "a" on "b", among 12 points, in steps 0 to 2; returns the run."""
    import zarr

    from gt.kept.attack import FOLDER, KEY, WHOLE, AttackRecipe
    from gt.run import open_run, write_run

    rng = np.random.default_rng(5)
    labels = np.arange(POINTS) % 3
    labels[:ATTACKED] = 0
    outputs = 4 * np.eye(3)[labels] + rng.normal(size=(STEPS, POINTS, 3)) / 4
    outputs[1:, :ATTACKED, 1] += 6
    recipe = AttackRecipe("fgsm", 0.1, 0.05, STEPS - 1, "a", "b", ATTACKED, POINTS - ATTACKED)
    write_run(
        path,
        outputs,
        labels,
        kind="logits",
        classes=["a", "b", "c"],
        splits=np.ones(POINTS, int),
        images=rng.integers(0, 256, (POINTS, SIZE, SIZE), dtype=np.uint8),
        title=title,
        made={KEY: {"version": 1, **recipe.to_json(), "of": of or {}}},
    )
    group = zarr.open_group(path, mode="r+").create_group(FOLDER)
    change = rng.integers(-WHOLE // 9, WHOLE // 9, (STEPS, ATTACKED, SIZE, SIZE, 1)).astype("i2")
    arrays = {"ids": np.arange(ATTACKED), "targets": np.ones(ATTACKED, int), "change": change}
    for name, values in arrays.items():
        group.create_array(name, shape=values.shape, dtype=values.dtype)[...] = values
    return open_run(path)


def write_small_alignment(run: Any, name: str = "test") -> Any:
    """Align the logits of a run with its softmax, as they are; returns the alignment."""
    from gt.kept.alignment import FOLDER, Passage, Recipe, State, write_alignment

    rows, k, e = np.flatnonzero(run.splits == 1), len(run.classes), len(run.epochs)
    values = [
        np.stack([run.activations(one, i)[rows] for i in range(e)]) for one in ("logits", "softmax")
    ]
    reference = int(run.epochs[0])
    count = (2, e)
    return write_alignment(
        run.path / FOLDER,
        name,
        recipe=Recipe(run.uid, "0" * 64, "test", 500, 1, k, reference, 1),
        owner=run.uid,
        epochs=run.epochs.tolist(),
        of=len(rows),
        states=[
            State(one, one.capitalize(), (k,), k, k, True, scale, 0.0)
            for one, scale in (("logits", 10.0), ("softmax", 1.0))
        ],
        transitions=[Passage("Softmax", "softmax", (1.0,) * k, k, None, (0.5, 0.5))],
        coordinates=values,
        arrays={
            "ids": run.ids[rows],
            "turns": np.stack([np.eye(k)] * 2),
            "variance": np.ones(count, "f4"),
            "separation": np.ones((*count, k), "f4"),
            "radii": np.ones(count, "f4"),
            "opposite": np.full((*count, k, k), np.nan, "f4"),
        },
        opposite_n=0,
        versions={},
        made={"command": "", "seconds": 1.0},
    )
