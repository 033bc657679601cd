"""An attack in its place when all its steps are recorded, and not before: what ``gt attack`` does.

Meanwhile it is a folder beside its place whose name begins with a dot. What was stopped goes on there; what is of
another attack, or damaged, is begun anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from gt.attack.choice import attack_run
from gt.files import durable
from gt.files.swap import put_in_place
from gt.kept.attack import KEY, AttackRecipe
from gt.run import ForeignStoreError, Run, RunError, open_run


def whole_attack(run: Run, out: Path, recipe: AttackRecipe, **more: Any) -> Run:
    """Attack a run as `attack_run` does; the attack is at ``out`` once it is whole, and stays beside it until then.

    Args:
        run: As of `attack_run`.
        out: Folder of the attack: new, empty, or the same attack, which is gone on with if it is not whole.
        recipe: As of `attack_run`.
        more: Likewise.

    Returns:
        The attack. Where ``cancelled`` ended it, what there is beside its place.

    Raises:
        ForeignStoreError: If something else is at ``out``.
        RunError: As of `attack_run`.
    """
    building = building_of(out)
    if _recorded(out, run, recipe):  # whole, or by a version that recorded in place
        return attack_run(run, out, recipe, **more)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ForeignStoreError(
            f"{out} is another run already; choose another --out, or remove it", by="attack"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    if building.exists() and not _recorded(building, run, recipe):
        shutil.rmtree(building)
    try:
        made = attack_run(run, building, recipe, **more)
    except ForeignStoreError:  # of other weights, or other points
        shutil.rmtree(building)
        made = attack_run(run, building, recipe, **more)
    if len(made.epochs) != recipe.steps + 1:
        return made
    durable.flush_tree(building)
    put_in_place(building, out)
    return open_run(out)


def building_of(out: Path) -> Path:
    """Where an attack is until it is whole."""
    return out.with_name(f".{out.name}.building")


def _recorded(path: Path, run: Run, recipe: AttackRecipe) -> int:
    """How many steps of this attack on this run are recorded at a path; 0 for anything else."""
    try:
        found = open_run(path)
        said = dict(found.made.get(KEY) or {})
        same = AttackRecipe.from_json(said) == recipe and said["of"]["uid"] == run.uid
    except (RunError, KeyError, TypeError):
        return 0
    return len(found.epochs) if same else 0
