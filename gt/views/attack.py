"""Named views of an attack, made from what it did: across the softmax, and before it.

Attacks are made while the server runs, so their sentences are filled in with what was measured on each.
"""

from __future__ import annotations

import numpy as np

from gt.kept.alignment import Alignment
from gt.kept.attack import Attack
from gt.measure.attacks.plane import boundary_plane
from gt.serve import attack_wire
from gt.views.kinds import AttackView

SOFTMAX = "softmax"


def views_for(attack: Attack, one: Alignment) -> list[AttackView]:
    """The named views of an attack as it is aligned; steps are epochs.

    Args:
        attack: Has two classes or more.
        one: An alignment of its run that ends in the softmax.
    """
    names = [state.name for state in one.states]
    if SOFTMAX not in names or not len(attack_wire.shown(attack, one)[0]):
        return []
    told = _Told(attack, one)
    views = [_across(told)]
    before = names.index(SOFTMAX) - 1
    if before >= 0 and one.states[before].classes and (view := _before(told, before)):
        views.append(view)
    return views


class _Told:
    """What the sentences are of: the attacked points in the picture, at its steps."""

    def __init__(self, attack: Attack, one: Alignment) -> None:
        chosen, places = attack_wire.shown(attack, one)
        at = one.epoch_indices(attack.run)
        self.one, self.recipe, self.classes = one, attack.recipe, attack.run.classes
        self.steps = one.epochs.tolist()
        self.attacked = np.isin(np.arange(len(one.ids)), places)
        self.labels = attack.run.labels[one.rows(attack.run)]
        self.own, self.taken = attack.sources[chosen], attack.succeeded[at][:, chosen]
        self.said = attack.probabilities[at][:, chosen]
        self.below, self.above = self._pair()

    def _pair(self) -> tuple[int, int]:
        """From which class to which; without a target that which most of them went."""
        rows = np.arange(len(self.own))
        other = self.said[-1].copy()
        other[rows, self.own] = -1
        to = other.argmax(1)
        if self.recipe.target is not None:
            to[:] = self.classes.index(self.recipe.target)
        pairs, counts = np.unique(np.stack([self.own, to], 1), axis=0, return_counts=True)
        below, above = pairs[counts.argmax()]
        return int(below), int(above)

    @property
    def names(self) -> list[str]:
        """The two classes, the one below first."""
        return [self.classes[self.below], self.classes[self.above]]

    @property
    def halfway(self) -> int:
        """Index of the first step at which half are taken of those that are at the last; 0 for none."""
        count = self.taken.sum(1)
        return int(np.argmax(2 * count >= count[-1])) if count[-1] else 0


def _across(told: _Told) -> AttackView:
    own, above = told.names
    count, n, last = int(told.taken[-1].sum()), len(told.own), told.steps[-1]
    true = told.said[:, np.arange(n), told.own].mean(1)
    fall = (
        f"From step {told.steps[0]} to {last} the mean probability of their own class"
        f" {_went(true[0], true[-1])}"
    )
    if told.recipe.target is not None:
        wanted = told.said[:, :, told.above].mean(1)
        text = f"{count} of {n} attacked points are taken for {above} at step {last}"
        end = f", that of {above} {_went(wanted[0], wanted[-1])}."
    else:
        mine = told.own == told.below
        swayed = int((mine & (told.said[-1].argmax(1) == told.above) & told.taken[-1]).sum())
        text = f"{count} of {n} attacked points are taken for another class at step {last}"
        end = f". Of {int(mine.sum())} of class {own}, {swayed} are taken for {above}, which no other pair exceeds."
    half = told.halfway
    if count:
        text += f", half of these by step {told.steps[half]}" if half < len(told.steps) - 1 else ""
    stops = sorted({0, half, len(told.steps) - 1})
    return {
        "name": "Across the softmax",
        "text": f"{text}. {fall}{end}",
        "handles": [above, own],
        "states": [SOFTMAX] * len(stops),
        "epochs": [told.steps[i] for i in stops],
        "show": [],
    }


def _before(told: _Told, state: int) -> AttackView | None:
    """The outputs before the softmax, seen with the boundary level; None where nothing tells the attacked apart."""
    z = told.one.turned(state, len(told.steps) - 1)
    try:
        plane = boundary_plane(z, told.attacked, told.below, told.above)
    except ValueError:
        return None
    scale = told.one.states[state].scale
    margin = scale * (z[:, told.above] - z[:, told.below])
    real = ~told.attacked & (told.labels == told.above)
    below, above = told.names
    mine = told.attacked & (told.labels == told.below)
    height, clean = margin[mine].mean(), margin[real].mean() if real.any() else None
    text = (
        f"The vertical axis is the output for {above} less that for {below}: their boundary is level with the middle."
        f" At step {told.steps[-1]} attacked points of class {below} lie {_off(height)} in the mean"
    )
    if clean is not None:
        far = "stop short of" if height < clean else "go beyond"
        text += f" and {far} clean points of class {above}, which lie {_off(clean)}"
    text += (
        ". The horizontal axis is what best tells attacked points from all others:"
        f" {_share(plane.told[1])} of them and {_share(plane.told[0])} of the others lie on their own side"
        " (leave-one-out)."
    )
    return {
        "name": "Before the softmax",
        "text": text,
        "handles": [],
        "states": [told.one.states[state].name] * 2,
        "epochs": [told.steps[0], told.steps[-1]],
        "show": [],
        "columns": [(round(float(x), 9), round(float(y), 9)) for x, y in plane.columns],
    }


def _went(first: float, last: float) -> str:
    """How a probability went."""
    if _share(first) == _share(last):
        return f"stays at {_share(first)}"
    return f"{'falls' if last < first else 'rises'} from {_share(first)} to {_share(last)}"


def _off(height: float) -> str:
    """Where something lies, seen from the boundary."""
    return f"{abs(height):.1f} {'below' if height < 0 else 'above'} it"


def _share(value: float) -> str:
    return f"{100 * value:.{3 if value > 0.001 else 1}g} %"
