"""What ``/training`` says of events and examples, and how it defines its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gt.figures.names import middle
from gt.measure.training.events import SURPRISING, TRANSITIONS

LETTERS = 40  # of a class's name in a sentence; its tooltip has the whole


def event_title(one: dict[str, Any], classes: Sequence[str], unit: str = "epoch") -> str:
    """An event in a few words: "5 learnt at epoch 7"."""
    if one["kind"] == "all":
        n = len(one["classes"])
        which = f"All {n}" if n == len(classes) else f"{n} of {len(classes)}"
        return f"{which} classes moved at once at {unit} {one['epoch']}"
    name = middle(classes[one["classes"][0]], LETTERS)
    return f"{name} {one['kind']}{_for_how_long(one, unit)} at {unit} {one['epoch']}"


def _for_how_long(one: dict[str, Any], unit: str) -> str:
    """How many epochs a class was learnt or forgotten, where that did not last to the end."""
    n = one["lasted"]
    if n is None:
        return ""
    what = unit if one["until"] - one["epoch"] == n else f"recorded {unit}"
    return f" for one {what}" if n == 1 else f" for {n} {what}s"


def event_text(one: dict[str, Any], classes: Sequence[str], unit: str = "epoch") -> str:
    """How far it went, how unusual that is, and what came of it."""
    before, after = one["right"]
    times = f"{one['times']:,.0f}" if one["times"] >= 10 else f"{one['times']:.1f}"
    own = "its" if one["kind"] != "all" else "their"
    said = (
        f"Moved {one['distance']:.2f} from {unit} {one['before']}, {times} × {own} median; "
        f"right {_percent(before)} → {_percent(after)}; score {one['score']:.1f}."
    )
    if one["kind"] == "all" and len(one["classes"]) < len(classes):
        said += f" {_listed(one['classes'], classes)}."
    if one["apart"] and len(one["apart"]) < len(one["classes"]):
        its = (
            "which has an event of its own"
            if len(one["apart"]) == 1
            else "which have events of their own"
        )
        said += f" These numbers are without {_listed(one['apart'], classes)}, {its}."
    return said


def _percent(share: float) -> str:
    """A share of points; nearly all are not all."""
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def _listed(chosen: Sequence[int], classes: Sequence[str]) -> str:
    names = [middle(classes[c], LETTERS) for c in chosen[:12]]
    return f"{', '.join(names)}{' …' if len(chosen) > 12 else ''}"


@dataclass(frozen=True)
class Ranking:
    """A list of single examples.

    Attributes:
        title: A few words.
        meaning: Who is in it.
        said: What is said of one, of given classes and unit.
    """

    title: str
    meaning: str
    said: Callable[[dict[str, Any], Sequence[str], str], str]


def _who(one: dict[str, Any], classes: Sequence[str]) -> str:
    if one["taken"] is None:
        return middle(classes[one["label"]], LETTERS)
    return f"{middle(classes[one['label']], LETTERS)}, taken for {middle(classes[one['taken']], LETTERS)}"


RANKINGS: dict[str, Ranking] = {
    "flipping": Ranking(
        "Back and forth",
        "Right, wrong and right again; most often first.",
        lambda one, classes, unit: f"{_who(one, classes)}: {one['flips']} flips",
    ),
    "late": Ranking(
        "Late learners",
        "Learnt for good long after the others of their class; the latest first.",
        lambda one, classes, unit: f"{_who(one, classes)}: from {unit} {one['epoch']} on",
    ),
    "never": Ranking(
        "Never learnt",
        "Mostly wrong, to no lasting change; the seldomest right first.",
        lambda one, classes, unit: f"{_who(one, classes)}: right in {one['right']} {unit}s",
    ),
    "forgotten": Ranking(
        "Forgotten",
        "Right for a time, then wrong for good; the last to go first.",
        lambda one, classes, unit: f"{_who(one, classes)}: from {unit} {one['epoch']} on",
    ),
}

DEFINITIONS: dict[str, str] = {
    "Moved": "The mean Euclidean distance between the places of a class's probe points in the softmax space in one"
    " recorded epoch and in the next. All points sure of one class and then of another have moved √2 = 1.41.",
    "Right": "The true class alone has the largest output. A tie is not right, and not a prediction: “undecided”.",
    "Event": "log(moved), less what the class usually does at about that time (a line by repeated medians over the"
    " 15 transitions around it), has a part that more than half of the classes share, their lower median, and a part"
    " that is the class's own. Either, over 1.4826 times its median absolute deviation (of a"
    " class, no less than the median of all classes, and with the standard error of its mean), is the score. Above"
    f" {SURPRISING} it is an event: of the class, or, where the shared part is, of the network; where both are, both"
    " are told, the class's own if it stands out among the classes too. An event also moves twice as far as was to be"
    " expected and as the median of the training, and a hundredth of √2 at least. The list is in the order of the"
    " distance moved.",
    "Learnt, forgotten": "In an event the share of the class that is right went over one half, or under it; “for"
    " 3 epochs” that it went back after three. ● marks the epoch that best parts the class's wrong points from its"
    " right ones: before it most are wrong, from it on most are right.",
    "False alarms": "Events of a class per training of 99 transitions, where none should be, measured over 200"
    " trainings each: 0.15 in drawn ones of nothing but drift and noise; at most 0.01 where every point's motions in"
    " the shipped trainings are shuffled in time; where their labels are, none in Fashion-MNIST and CIFAR-10, and in"
    " MNIST 0.01 of all points, 0.19 of the training points, 0.06 of the test points. Nothing is said of a run"
    f" with fewer than {TRANSITIONS + 1} epochs.",
    "Story of an example": "Of all recorded epochs, and of the points chosen above. “Taken for” is what it was taken"
    " for most often. Mostly right, or mostly wrong; or, where that leaves at most half of the exceptions and"
    " two fewer, wrong until an epoch and right from then on, or the reverse. Flips are the changes beyond that one."
    " Late is beyond the outer fence, three interquartile ranges above the third quartile, of the class in its split."
    " These are rankings, not tests: one is always the last.",
}
