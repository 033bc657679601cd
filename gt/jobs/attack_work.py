"""Carrying out an order for an attack: every step recorded, every layer aligned, in a process of its own.

As in `gt.jobs.align_orders`, `work` runs where nothing of the server is known: all it has is the order, into which
`gt.jobs.background` has put where the run is and where results are kept. PyTorch is imported here alone, and only when
an order is carried out. An attack is made in a folder whose name begins with a dot, and renamed when it is whole: what
was cancelled is listed nowhere, and the same order goes on with it. Once every layer is aligned, the hidden layers are
left behind: they take a hundred times the room, and no page reads them.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import shlex
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from gt.align.align_run import align_run, plan
from gt.jobs.attack_orders import check_torch, same, unfit
from gt.jobs.embed_orders import why
from gt.jobs.form import TOLD_S, Report, duration, explained
from gt.kept.attack import KEY, AttackRecipe, attack_of
from gt.kept.workshop import Workshop
from gt.run import Run, RunError, find_runs, open_run
from gt.run.slim import drop_hidden
from gt.state import AttackResult

log = logging.getLogger(__name__)

ATTACKED = 60  # percent: aligning what was recorded takes the rest
SILENCE_S = 2.0  # after so long without news, the reader is told for how long
WAIT_S = 0.5  # between two looks at another's work on the same order
Tell = Callable[[float, str], None]  # percent, and what is being done


def work(set_progress: Report, order: Mapping[str, Any]) -> AttackResult:
    """Carry out an order, in a process that knows nothing but it.

    Args:
        set_progress: Takes percent, what is being done, percent as text, and that it is at work.
        order: An `AttackOrder` with ``path`` and ``folder``, see `gt.jobs.background.place`.
    """
    began = time.monotonic()
    try:
        with telling(set_progress) as tell:
            tell(0, "Reading the run")
            run = open_run(Path(order["path"]))
            recipe = AttackRecipe.from_json(order)
            check_torch()
            if said := unfit(run):
                raise RunError(said)
            recipe.check(run.classes)
            made = _made(run, recipe, Path(order["folder"]), tell)
    except Exception as error:  # whatever it was, the reader is told
        said = explained(error, f"An attack on {order['run']}")
        return result(order["run"], "failed", f"The attack failed: {said}")
    took = duration(time.monotonic() - began)
    return result(order["run"], "done", f"{outcome(made)}: done in {took}.", made.uid)


def outcome(made: Run) -> str:
    """How many points an attack has turned: "89 of 89 are taken for 0 after 50 steps"."""
    found = attack_of(made)
    assert found is not None
    wanted = found.recipe.target
    as_what = "another class" if wanted is None else wanted
    turned = int(found.succeeded[-1].sum())
    return f"{turned} of {found.recipe.count} are taken for {as_what} after {found.steps[-1]} steps"


def result(run: str, state: str, message: str, uid: str = "") -> AttackResult:
    """How an order ended."""
    return {
        "state": state,
        "message": message,
        "run": run,
        "uid": uid,
        "nonce": uuid.uuid4().hex,
    }


def failed(error: Exception) -> AttackResult:
    """The result of an order that did not come to `work`, or whose process died."""
    text = why(error)
    log.warning("a run could not be attacked: %s", text)
    return result("", "failed", text)


@contextlib.contextmanager
def telling(set_progress: Report) -> Iterator[Tell]:
    """Keep a reader informed while something is computed, even while that says nothing.

    PyTorch takes seconds to start, and so may a decomposition: the last news is repeated by a thread, with how long
    ago it was.
    """
    news: tuple[float, str, float] = (0, "Starting", time.monotonic())
    over = threading.Event()

    def tell(percent: float, what: str) -> None:
        nonlocal news
        news = (percent, what, time.monotonic())

    def show() -> None:
        percent, what, since = news
        silent = time.monotonic() - since
        ago = f" ({duration(silent)})" if silent >= SILENCE_S else ""
        set_progress([round(percent), f"{what}{ago}", f"{percent:.0f} %", False])

    def repeat() -> None:
        while not over.wait(TOLD_S):
            show()

    show()
    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield tell
    finally:
        over.set()
        thread.join()


def _made(run: Run, recipe: AttackRecipe, folder: Path, tell: Tell) -> Run:
    """The attack, made here or by another who is at the same order."""
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
