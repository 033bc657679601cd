"""An attack that is asked for from afar: made once, whole or not at all, with every layer aligned.

PyTorch is imported here only when an attack is made. It is made in a folder whose name begins with a dot, and renamed
when it is whole: what was cancelled is listed nowhere, and the same order goes on with it. Once every layer is aligned,
the hidden layers are left behind: they take a hundred times the room, and no page reads them.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from gt.align.align_run import align_run, plan
from gt.attack.eligible import same
from gt.kept.attack import KEY, AttackRecipe, attack_of
from gt.kept.workshop import Workshop
from gt.run import Run, find_runs, open_run
from gt.run.slim import drop_hidden

ATTACKED = 60  # percent: aligning what was recorded takes the rest
WAIT_S = 0.5  # between two looks at another's work on the same order
Tell = Callable[[float, str], None]  # percent, and what is being done


def outcome(made: Run) -> str:
    """How many points an attack has turned: "89 of 89 are taken for 0 after 50 steps"."""
    found = attack_of(made)
    assert found is not None
    wanted = found.recipe.target
    as_what = "another class" if wanted is None else wanted
    turned = int(found.succeeded[-1].sum())
    return f"{turned} of {found.recipe.count} are taken for {as_what} after {found.steps[-1]} steps"


def attack_once(run: Run, recipe: AttackRecipe, folder: Path, tell: Tell) -> Run:
    """Make an attack, or go on with it, or wait for another process that is at the same.

    Args:
        run: Whose network is attacked; see `gt.attack.eligible.unfit`.
        recipe: What to do.
        folder: Where attacks are listed.
        tell: Told percent, and what is being done.

    Raises:
        RunError: If it cannot be made; it says why.
    """
    what = json.dumps([run.uid, int(run.epochs[-1]), recipe.to_json()], sort_keys=True)
    shop = Workshop(folder, name_of(run, recipe), sha256(what.encode()).hexdigest())
    while True:
        with shop.owned() as ours:
            if (there := _finished(folder, run, recipe)) is not None:
                return there
            if ours:
                _clear(shop)
                return _carried_out(run, recipe, shop, tell)
        tell(0, "Waiting for the same attack, under way elsewhere")
        time.sleep(WAIT_S)


def _finished(folder: Path, run: Run, recipe: AttackRecipe) -> Run | None:
    there = find_runs([folder])[0] if folder.is_dir() else []
    return next((one for one in there if same(one.made.get(KEY, {}), run, recipe)), None)


def _clear(shop: Workshop) -> None:
    """Take away what other orders left that were cancelled: it may be large, and few are asked for again."""
    for path in shop.folder.glob(".*.building"):
        name, _, key = path.name[1:].removesuffix(".building").rpartition(".")
        other = Workshop(shop.folder, name, key)
        if other.path == shop.path:
            continue
        with other.owned() as ours:
            if ours:
                shutil.rmtree(path, ignore_errors=True)


def _carried_out(run: Run, recipe: AttackRecipe, shop: Workshop, tell: Tell) -> Run:
    tell(0, "Starting PyTorch")
    import torch

    from gt.attack.choice import attack_run

    torch.set_num_threads(1)  # small networks gain nothing from more
    path = shop.path / "attack"
    shutil.rmtree(shop.path / "whole", ignore_errors=True)

    def attacking(done: int, total: int, what: str) -> None:
        tell(ATTACKED * done / max(total, 1), what[:1].upper() + what[1:])

    def aligning(done: int, total: int, what: str) -> None:
        said = f"Aligning: {what.replace(', epoch ', ', step ')}"
        tell(ATTACKED + (100 - ATTACKED) * done / max(total, 1), said)

    try:
        made = attack_run(run, path, recipe, command=command_of(run, recipe), progress=attacking)
        align_run(
            made,
            plan(made, reference=0),
            progress=aligning,
            command=f"gt align {shop.name} --reference 0",
        )
    except Exception:  # it would fail again where it goes on
        shutil.rmtree(path, ignore_errors=True)
        raise
    whole = path.rename(shop.path / "whole")  # which cannot be gone on with from here
    drop_hidden(whole)
    target = _placed(whole, shop)
    shutil.rmtree(shop.path, ignore_errors=True)
    return open_run(target)


def _placed(path: Path, shop: Workshop) -> Path:
    """Put a whole attack where attacks are listed, under the first name that is free."""
    i = 1
    while True:
        target = shop.target if i == 1 else shop.target.with_name(f"{shop.name}-{i}")
        i += 1
        if target.exists():
            continue
        try:
            return path.rename(target)
        except OSError:
            if not target.exists():  # else another was quicker
                raise


def name_of(run: Run, recipe: AttackRecipe) -> str:
    """What the folder of an attack is called: "mnist-8-to-0-fgsm"."""

    def word(given: str) -> str:
        text = re.sub(r"[^a-z0-9]+", "-", given.lower()).strip("-")
        return text or str(run.classes.index(given))

    who = "all" if recipe.source is None else word(recipe.source)
    whither = "" if recipe.target is None else f"-to-{word(recipe.target)}"
    return f"{run.name}-{who}{whither}-{recipe.method}"


def command_of(run: Run, recipe: AttackRecipe) -> str:
    """What makes the same attack in the shell."""
    words = ["gt", "attack", run.name]
    for name, value in recipe.to_json().items():
        if value is not None:
            words += [f"--{name}", str(value)]
    return shlex.join(words)
