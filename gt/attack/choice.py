"""An attack on a run: which of its examples are attacked, which stand beside them, and the recording of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gt.attack.method import METHODS
from gt.attack.recording import Examples, record_attack
from gt.attack.steps import Progress
from gt.kept.attack import DTYPE, LAYERS, AttackRecipe
from gt.record.datasets import DATASETS, Dataset, load
from gt.record.network import Network
from gt.record.network_of import inputs_of, network_of
from gt.record.train import TEST_IDS_FROM
from gt.run import Run, RunError
from gt.run.measure import hits
from gt.run.points import SPLITS

POINTS = 500  # attacked and clean, unless one says otherwise
BATCH = 1000  # examples that are looked at between two words of progress


def attack_run(
    run: Run,
    path: str | Path,
    recipe: AttackRecipe,
    *,
    epoch_index: int = -1,
    weights: str | Path | None = None,
    data_dir: str | Path | None = None,
    layers: str | tuple[str, ...] = LAYERS,
    dtype: str = DTYPE,
    command: str = "",
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Run:
    """Attack the network of a run on examples that it gets right, and record every step.

    Args:
        run: A run whose network can be built, see `network_of`.
        path: Folder of the attack.
        recipe: What to do.
        epoch_index: Whose weights: position in ``run.epochs``; from the end if negative. -1 takes a file of any epoch.
        weights: A file of them, for a run that holds none.
        data_dir: Folder with the publishers' files: examples are then taken from the whole test split of the run's
            data set, and not from the run's own points alone.
        layers: As in ``Recorder``.
        dtype: As in ``Recorder``.
        command: What made it, for people.
        progress: As in `gt.attack.steps.attack`; also told while examples are looked for and steps are recorded.
        cancelled: As there.

    Returns:
        The attack, with the steps that were recorded.

    Raises:
        RunError: If the network cannot be built, or is of another epoch, or there are too few examples; it says how
            many there are.
    """
    recipe.check(run.classes)
    network = _network(run, epoch_index, weights)
    data = _data_of(run, data_dir) if data_dir is not None else None
    attacked, clean, split = choose_examples(run, network, recipe, data, progress)
    low, high = _bounds(run, network, attacked)
    return record_attack(
        network.model,
        path,
        recipe,
        attacked=attacked,
        clean=clean,
        classes=run.classes,
        low=low,
        high=high,
        split=split,
        layers=layers,
        dtype=dtype,
        title=title_of(run, recipe),
        of={"run": run.name, "uid": run.uid, "epoch": network.epoch, "unit": run.unit},
        made={"command": command, "network": _origin(run)},
        progress=progress,
        cancelled=cancelled,
    )


def _network(run: Run, epoch_index: int, weights: str | Path | None) -> Network:
    network = network_of(run, epoch_index, weights)
    if epoch_index != -1 and network.epoch != int(run.epochs[epoch_index]):
        raise RunError(
            f"the weights must be of {run.unit} {run.epochs[epoch_index]}, as asked for, those here"
            f" are of {run.unit} {network.epoch}; leave out --epoch",
            by="attack",
        )
    return network


def _bounds(run: Run, network: Network, attacked: Examples) -> tuple[torch.Tensor, torch.Tensor]:
    """What pixels of 0 and of 1 are to the network."""
    if network.pixels is None or attacked.images is None:
        raise RunError(
            f"how {run.name} takes pixels must be known, it is not; record it with its"
            " images and all layers",
            by="attack",
        )
    return network.pixels.bounds(attacked.images.shape[1:3], network.shape)


def title_of(run: Run, recipe: AttackRecipe) -> str:
    """What people call it: "MNIST, 89 of 8 to 0, iterated FGSM"."""
    who = f"{recipe.count} of {recipe.source if recipe.source is not None else 'all classes'}"
    whither = f" to {recipe.target}" if recipe.target is not None else ""
    return f"{run.title}, {who}{whither}, {METHODS[recipe.method].title}"


def choose_examples(
    run: Run,
    network: Network,
    recipe: AttackRecipe,
    data: Dataset | None = None,
    progress: Progress | None = None,
) -> tuple[Examples, Examples, str]:
    """Choose who is attacked and who stands still.

    Attacked are the first examples of the source, in the order of the file or the run, that the network gets right; of
    all classes as many each, as far as that goes. The others are points of the run, evenly over its classes.

    Args:
        run: The run.
        network: Its network.
        recipe: How many of which.
        data: Its data set, to take the attacked from; from the run's points when None.
        progress: Is told how many were looked at.

    Returns:
        The attacked, the clean, and the split that both are of: test, or train in a run without test points.

    Raises:
        RunError: If there are too few.
    """
    tell = progress or (lambda done, total, what: None)
    split = 1 if (run.splits == 1).any() or data is not None else 0
    own = np.flatnonzero(run.splits == split)
    labels, ids = run.labels[own], run.ids[own]
    images = None if run.images is None else run.images[own]
    if data is not None:
        labels, images = data.test.labels, data.test.images
        ids = np.arange(len(labels)) + TEST_IDS_FROM
    asked = _asked(run, recipe, labels)

    def inputs(rows: np.ndarray) -> torch.Tensor:
        if data is not None:
            return network.inputs_of(data.test.images[rows])
        return inputs_of(run, network, own[rows])

    found = []
    for start in range(0, len(asked), BATCH):
        part = asked[start : start + BATCH]
        found.append(hits(network.logits(inputs(part)), labels[part]))
        tell(0, recipe.steps, f"looked at {start + len(part)} of {len(asked)} examples")
    right = np.flatnonzero(np.concatenate(found))
    if len(right) < recipe.count:
        raise _too_few(recipe, len(right), len(asked), split, data)
    rows = asked[right[_evenly(labels[asked[right]], recipe.count)]]
    attacked = Examples(
        inputs(rows),
        labels[rows],
        ids[rows].astype(np.int64),
        None if images is None else images[rows],
    )
    return attacked, _clean(run, network, recipe, own, attacked.ids), SPLITS[split]


def _too_few(
    recipe: AttackRecipe, right: int, asked: int, split: int, data: Dataset | None
) -> RunError:
    if data is not None:
        where, remedy = f"{data.title}'s test split", ""
    else:
        where = f"the run's {SPLITS[split]} points"
        remedy = ", or name the data set's folder with --data-dir"
    who = f"of class {recipe.source}" if recipe.source is not None else "to attack"
    return RunError(
        f"there must be {recipe.count} points {who} that the network gets right,"
        f" {where} have {right} of {asked}; lower --count{remedy}",
        by="attack",
    )


def usual_clean(run: Run, count: int) -> int:
    """How many clean points make ``POINTS`` with the attacked ones, and no more than a run surely has beside them."""
    split = 1 if (run.splits == 1).any() else 0
    return max(0, min(POINTS, int((run.splits == split).sum())) - count)


def _asked(run: Run, recipe: AttackRecipe, labels: np.ndarray) -> np.ndarray:
    """Rows whose class is to be attacked."""
    names = np.array(run.classes)[labels]
    among = names == recipe.source if recipe.source is not None else np.ones(len(names), bool)
    found = np.flatnonzero(among & (names != recipe.target if recipe.target is not None else True))
    if not len(found):
        raise RunError(
            f"there must be points of class {recipe.source}, there are none", by="attack"
        )
    return found


def _evenly(labels: np.ndarray, count: int) -> np.ndarray:
    """The first ``count`` rows when the classes take turns, in the order of the rows."""
    turn = np.zeros(len(labels), np.int64)
    for c in np.unique(labels):
        own = labels == c
        turn[own] = np.arange(own.sum())
    return np.sort(np.argsort(turn, kind="stable")[:count])


def _clean(
    run: Run, network: Network, recipe: AttackRecipe, own: np.ndarray, taken: np.ndarray
) -> Examples:
    left = own[~np.isin(run.ids[own], taken)]
    if len(left) < recipe.clean:
        raise RunError(
            f"there must be {recipe.clean} clean points beside the attacked ones,"
            f" {run.name} has {len(left)}; lower --clean",
            by="attack",
        )
    rows = left[_evenly(run.labels[left], recipe.clean)]
    images = None if run.images is None else run.images[rows]
    return Examples(inputs_of(run, network, rows), run.labels[rows], run.ids[rows], images)


def _data_of(run: Run, data_dir: str | Path) -> Dataset:
    name = str(dict(run.made.get("recipe", {})).get("dataset"))
    if name not in DATASETS:
        raise RunError(
            f"--data-dir is for runs on {', '.join(DATASETS)}, {run.name} is none; leave it"
            " out, and the run's own points are attacked",
            by="attack",
        )
    return load(name, data_dir)


def _origin(run: Run) -> dict[str, Any]:
    """How the attacked network was made."""
    return {key: run.made[key] for key in ("command", "recipe") if key in run.made}
