"""What is announced of an attack: its layers as of any run, and what the page `/adversarial` says of it.

The layers come from the library. Success, confidence, motion and detours are measured here, once, and kept in the
cache; changes of images are made when they are asked for, like slices of layers.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np

from gt.attack.method import METHODS
from gt.kept.alignment import Alignment
from gt.kept.attack import Attack
from gt.measure.attacks import curves as attack_curves
from gt.measure.attacks import detours
from gt.run.task import EPOCH
from gt.serve import announcements, attack_wire, tensors
from gt.serve.library import Library
from gt.serve.payloads import AttackAnnouncement, DetoursNote, Slice
from gt.views.attack import views_for

VERSION = "1"  # of what is measured and of the bytes behind it; part of the cache's key
MEASURED = ("succeeded", "confidence", "moved")  # tensors that are not made again one by one


def announce_attack(
    library: Library, run_name: str, alignment: str | None = None
) -> AttackAnnouncement:
    """Say which tensors show an attack, and what there is to say of it.

    Args:
        library: Has the run.
        run_name: Of the attack.
        alignment: Its name; the first when None.

    Raises:
        KeyError: If there is no such run, or no such alignment of it.
        ValueError: If the run is no attack, or damaged.
    """
    run = library.run(run_name)
    attack = attack_wire.read(run)
    layers = announcements.announce_layers(library, run_name, alignment)
    said = layers["alignment"]
    one = next(x for x in library.alignments(run_name) if x.name == said["name"])
    what = f"{VERSION}/{run.name}/{run.uid}/{one.name}/{one.recipe.key}/{one.made}"
    key = "attack/" + hashlib.sha256(what.encode()).hexdigest()

    def whole(found: Any) -> bool:
        if set(found) != {"note", "views"}:
            return False
        urls = [found["note"][name]["url"] for name in MEASURED]
        return all(
            tensors.packed(library, url.removeprefix("tensors/")) is not None for url in urls
        )

    def make() -> dict[str, Any]:
        note = _measured(library, attack, one)
        return {"note": note, "views": views_for(attack, one)}

    kept = library.store.json(key, make, whole)
    note = kept["note"] | _whereabouts(library, attack)
    return {**layers, "attack": note, "views": kept["views"]}


def try_announce_attack(
    library: Library, run_name: str, alignment: str | None = None
) -> tuple[AttackAnnouncement | None, str]:
    """Announce an attack, or say why it cannot be, as `gt.serve.announcements.try_announce` does."""
    what = f"the attack {run_name}"
    return announcements.tried(library, what, lambda: announce_attack(library, run_name, alignment))


def _whereabouts(library: Library, attack: Attack) -> dict[str, Any]:
    """What depends on the other runs that are here, and is not kept."""
    of = next((run for run in library.runs.values() if run.uid == attack.of.get("uid")), None)
    return {
        "of": of.name if of else "",
        "of_unit": of.unit if of else str(attack.of.get("unit", EPOCH)),
        "of_title": of.title if of else str(attack.of.get("run", "")),
        "kept": library.kept(attack.run),
    }


def _measured(library: Library, attack: Attack, one: Alignment) -> dict[str, Any]:
    """All that is the same wherever the attack is."""
    recipe, run, at = attack.recipe, attack.run, one.epoch_indices(attack.run)
    chosen, places = attack_wire.shown(attack, one)
    moved = attack_curves.motion(attack, one, attack.ids[chosen])
    order = np.argsort(
        np.argsort(chosen)
    )  # `motion` goes by the attack's order, places by the picture's
    epoch = attack.of.get("epoch")
    note: dict[str, Any] = {
        "epoch": None if epoch is None else int(epoch),
        "method": METHODS[recipe.method].short,
        "epsilon": recipe.epsilon,
        "step": recipe.step,
        "steps": recipe.steps,
        "norm": METHODS[recipe.method].norm,
        "source": recipe.source,
        "target": recipe.target,
        "command": str(run.made.get("command", "")),
        "attacked": places.tolist(),
        "changes": _changes(library, attack, one, at, chosen),
        "succeeded": tensors.offer(library, attack.succeeded[at][:, chosen].astype(np.uint8)),
        "confidence": tensors.offer(library, _confidence(attack, at, chosen)),
        "moved": tensors.offer(library, moved[:, at][:, :, order].astype("<f4")),
        "meanings": attack_curves.MEANINGS,
        "detours": None if run.images is None else _detours(attack, chosen),
    }
    return note


def _confidence(attack: Attack, at: list[int], chosen: np.ndarray) -> np.ndarray:
    """``(2, e, m)`` float32: probability of the true class and of the target; NaN where there is none."""
    rows, said = np.arange(len(chosen)), attack.probabilities[at][:, chosen]
    sources, targets = attack.sources[chosen], attack.targets[chosen]
    target = np.where(targets >= 0, said[:, rows, targets], np.nan)
    return np.stack([said[:, rows, sources], target]).astype("<f4")


def _changes(
    library: Library, attack: Attack, one: Alignment, at: list[int], chosen: np.ndarray
) -> list[Slice] | None:
    """Where the change of each step is found; only where it comes from is kept."""
    run = attack.run
    if run.images is None:
        return None
    source = {"run": run.name, "uid": run.uid, "alignment": one.name, "key": one.recipe.key}
    out: list[Slice] = []
    with library.store.together():
        for step in at:
            made = attack_wire.change_slice(attack, step, chosen)
            url = library.store.promise(
                made.values.tobytes(), source | {"part": "change", "step": step}
            )
            out.append({"url": f"tensors/{url}", "scale": made.scale, "offset": made.offset})
    return out


def _detours(attack: Attack, chosen: np.ndarray) -> DetoursNote:
    """The detours of the points in the picture, in the order of their places."""
    found = detours.detours(attack, attack.ids[chosen])
    place = {int(one): i for i, one in enumerate(found.ids)}
    order = [place[int(one)] for one in attack.ids[chosen]]
    return {
        "stray": found.stray[order].tolist(),
        "excess": [_known(x) for x in found.excess[order]],
        "noise": [_known(x) for x in found.noise[order]],
        "rho": _known(found.rho),
        "p_value": _known(found.p_value),
        "n": found.n,
        "meanings": detours.MEANINGS,
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
