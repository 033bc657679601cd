"""What changed when: the epochs in which a class moved farther than it usually does, and what it meant.

A class's motion in a transition is the mean distance that its points move in the softmax space. Its logarithm is
compared with what that class does at about that time: a straight line over the logarithm of time, fitted by repeated
medians to the transitions around it, for motion dies down as a network learns. Of what is left over,
more than half of the classes have a part in common, their lower median; the rest is the class's own. Either, over
its median absolute deviation, is a *score*, a modified z-score; above `SURPRISING` it is an event, of
that class or of most of the network at once; where both are, both are told. Lines and deviations bear up to half of
their transitions being unlike the others, and a class is measured against itself, be it a quiet or a restless one:
nothing here was fitted to a data set.

A score says how sure it is that a motion was unusual, not by how much: in a calm training half as much again may
score high. So an event also goes `TWICE` as far as was to be expected, by its own part, and as the median of the
training: the greater part of what is told is then beyond what is usual, whatever the network.

An event says the class was learnt where less than half of its points were classified correctly before
and half or more after; forgotten where it is the other way round; and for how many recorded epochs, where that does
not hold to the end.

False alarms, events of a class in a training of 99 transitions and 10 classes, of which none should be there
(``tests/bench/events.py``, means of 200): 0.15 in drawn trainings of drift and noise, 2,000 points or 1,000; at most
0.01 where each point's motions in the shipped trainings are shuffled in time, so that no epoch is special, of all
points, of the training points and of the test points alike; where their labels are shuffled, so that no class does
anything of its own, at most 0.02 (MNIST) and 0.00 (CIFAR-10) of any of these, and in Fashion-MNIST 0.07 of all points,
0.36 of the 1,000 training points and 0.22 of the 1,000 test points, in the first two epochs nearly all. (What the
network does as a whole stays then, and is told.)

Sources: Siegel 1982, doi:10.1093/biomet/69.1.242 (repeated medians), in a moving window Davies, Fried & Gather 2004,
doi:10.1016/j.jspi.2003.06.012; Iglewicz & Hoaglin 1993, "How to Detect and Handle Outliers" (modified z-score).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gt.measure.training.course import DIAMETER, Course, by_class

SURPRISING = 4.5  # one training in seven of nothing but drift and noise has an event
LEAST = DIAMETER / 100  # a hundredth of the way across; less is hardly seen in a picture
REST = LEAST / 1e4  # added before logarithms are taken, so that no motion at all has one
HALF = 7  # transitions to each side that say what is usual
STEADIEST = 0.1  # logarithms are never taken to scatter by less than a tenth
TWICE = 2.0  # times the usual: from here on more of the motion is unusual than is not
TRANSITIONS = 6  # with fewer, nothing can be said of what is usual
NORMAL = 1.4826  # times the median absolute deviation is a normal distribution's standard deviation


@dataclass(frozen=True)
class Surprise:
    """How unlike its usual self each class moved.

    Attributes:
        distance: ``(e - 1, k)`` mean distance moved; NaN for a class without points.
        score: ``(e - 1, k)`` the modified z-score of the logarithm; NaN where nothing can be said.
        factor: ``(e - 1, k)`` times what was to be expected, of its own part or all, whichever is less; NaN likewise.
        all_score: ``(e - 1,)`` that of what most of the classes have in common.
        all_factor: ``(e - 1,)`` times what was to be expected, of that part.
        together: ``(e - 1, k)`` bool, which classes have a part in that.
        usual: ``(k,)`` median of the distance over the training.
    """

    distance: np.ndarray
    score: np.ndarray
    factor: np.ndarray
    all_score: np.ndarray
    all_factor: np.ndarray
    together: np.ndarray
    usual: np.ndarray


@dataclass(frozen=True)
class Event:
    """One class, or most of them at once, moved farther than it usually does.

    Attributes:
        kind: "learnt", "learnt again", "forgotten", "moved", or "all" for the whole network.
        before, epoch: Numbers of the two epochs between which it happened.
        classes: Which moved, by number.
        apart: Which of these have an event of their own in this transition; what follows is of the others, where
            there are others.
        distance: Mean distance moved, at most `DIAMETER`.
        times: That, in units of the median over the training.
        score: How surprising it is, see `Surprise`.
        right: Share of the points classified correctly before and after.
        lasted: For how many recorded epochs a class was learnt or forgotten; None to the end, and for other kinds.
        until: Number of the epoch in which that was over; None likewise.
    """

    kind: str
    before: int
    epoch: int
    classes: tuple[int, ...]
    apart: tuple[int, ...]
    distance: float
    times: float
    score: float
    right: tuple[float, float]
    lasted: int | None = None
    until: int | None = None


def surprise(course: Course) -> Surprise:
    """Measure how unlike its usual self each class moved in each transition, and all of them together."""
    k = len(course.classes)
    m = len(course.epochs) - 1
    distance = by_class(course.moved, course.labels, k) if m else np.empty((0, k))
    there = np.bincount(course.labels, minlength=k) > 0
    score, all_score = np.full((m, k), np.nan), np.full(m, np.nan)
    factor, all_factor = score.copy(), all_score.copy()
    together, usual = np.zeros((m, k), bool), np.full(k, np.nan)
    if m:
        usual[there] = np.median(distance[:, there], axis=0)
    if m >= TRANSITIONS and there.any():
        time = np.log((course.epochs[1:] - course.epochs[0]).astype(np.float64))
        logs = np.log(distance[:, there] + REST)
        level = np.stack([_level(time, one) for one in logs.T], axis=1)
        left = logs - level
        # the lower median: more than half of the classes moved as much beyond their level
        common = np.sort(left, axis=1)[:, (left.shape[1] - 1) // 2]
        if left.shape[1] == 1:
            common = np.zeros(m)
        own = left - common[:, None]
        common, own = common - np.median(common), own - np.median(own, axis=0)
        scatter = _scatter(own)
        # few transitions make a class look steady by chance: it is not less so than most of the others
        scatter = np.maximum(scatter, np.median(scatter))
        all_score = common / _scatter(common)
        # where most move at once no two go equally far beyond their level: to stand out is to do so among them too
        at_once = np.where(all_score > SURPRISING, _scatter(own.T), 0)[:, None]
        by_chance = _error_of_log_mean(course, distance)[:, there]
        score[:, there] = own / np.hypot(np.maximum(scatter, at_once), by_chance)
        # a class that goes on as usual while the others rest did not move farther than it usually does
        factor[:, there], all_factor = np.exp(np.minimum(own, left)), np.exp(common)
        together[:, there] = left >= common[:, None] / 2
    return Surprise(distance, score, factor, all_score, all_factor, together, usual)


def sudden_changes(course: Course, found: Surprise | None = None) -> list[Event]:
    """The events of a training, those in which the points moved farthest first.

    Args:
        course: Of the points that are asked about.
        found: What `surprise` says of it, if it was asked already.
    """
    found = surprise(course) if found is None else found
    with np.errstate(invalid="ignore"):
        of_all = (found.all_score > SURPRISING) & (found.all_factor >= TWICE)
        of_class = (found.score > SURPRISING) & (found.factor >= TWICE)
        of_class &= (found.distance >= LEAST) & (found.distance >= TWICE * found.usual)
    events = [_event_of_all(course, found, int(t), of_class[t]) for t in np.flatnonzero(of_all)]
    events = [one for one in events if one.distance >= LEAST and one.times >= TWICE]
    events += [_event_of_class(course, found, int(t), int(c)) for t, c in np.argwhere(of_class)]
    return sorted(events, key=lambda one: -one.distance)


def _event_of_class(course: Course, found: Surprise, t: int, c: int) -> Event:
    """A class's own event in a transition."""
    right = course.right[:, course.labels == c].mean(axis=1) >= 0.5
    kind = _kind(right, t)
    only = np.array([c])
    one = _event(course, found, t, only, only[:0], kind, float(found.score[t, c]))
    over = np.flatnonzero(right[t + 1 :] != right[t + 1])
    if kind == "moved" or not len(over):
        return one
    lasted = int(over[0])
    return replace(one, lasted=lasted, until=int(course.epochs[t + 1 + lasted]))


def _event_of_all(course: Course, found: Surprise, t: int, own: np.ndarray) -> Event:
    """What most of the classes did at once; of them those in ``own`` ``(k,)`` have an event of their own."""
    together = found.together[t]
    classes, apart = np.flatnonzero(together), np.flatnonzero(together & own)
    return _event(course, found, t, classes, apart, "all", float(found.all_score[t]))


def _event(
    course: Course,
    found: Surprise,
    t: int,
    classes: np.ndarray,
    apart: np.ndarray,
    kind: str,
    score: float,
) -> Event:
    """An event with what is measured on its points."""
    of = np.setdiff1d(classes, apart)
    of = of if len(of) else classes
    rows = np.isin(course.labels, of)
    before, after = (float(course.right[i, rows].mean()) for i in (t, t + 1))
    count = np.bincount(course.labels, minlength=len(course.classes))
    share = count[of] / count[of].sum()
    distance = float(found.distance[t, of] @ share)
    return Event(
        kind,
        int(course.epochs[t]),
        int(course.epochs[t + 1]),
        tuple(classes.tolist()),
        tuple(apart.tolist()),
        distance,
        distance / max(float(found.usual[of] @ share), REST),
        score,
        (before, after),
    )


def _error_of_log_mean(course: Course, distance: np.ndarray) -> np.ndarray:
    """Standard error ``(e - 1, k)`` of the logarithm of each mean: large where few points make all of it."""
    squares = by_class(course.moved.astype(np.float64) ** 2, course.labels, distance.shape[1])
    count = np.bincount(course.labels, minlength=distance.shape[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(np.maximum(squares - distance**2, 0) / count) / (distance + REST)


def _scatter(values: np.ndarray) -> np.ndarray:
    """A robust standard deviation about 0 along the first axis."""
    return np.maximum(NORMAL * np.median(np.abs(values), axis=0), STEADIEST)


def _kind(right: np.ndarray, t: int) -> str:
    """What a motion meant, from whether half of the class was right in each epoch ``(e,)``."""
    before, after = right[t], right[t + 1]
    if before == after:
        return "moved"
    if before:
        return "forgotten"
    return "learnt again" if right[:t].any() else "learnt"


def _level(time: np.ndarray, logs: np.ndarray) -> np.ndarray:
    """What is usual at each time ``(m,)``: a straight line by repeated medians, through the transitions around it."""
    m = len(time)
    wide = min(2 * HALF + 1, m)
    first = np.clip(np.arange(m) - wide // 2, 0, m - wide)  # the window keeps its width at the ends
    around = first[:, None] + np.arange(wide)
    x, y = time[around], logs[around]
    away = x[:, :, None] - x[:, None]
    away[:, np.arange(wide), np.arange(wide)] = np.nan
    slope = np.median(np.nanmedian((y[:, :, None] - y[:, None]) / away, axis=2), axis=1)
    return np.median(y - slope[:, None] * (x - time[:, None]), axis=1)
