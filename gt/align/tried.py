"""Whether a layer did to the recorded points what its kind and its weights say.

Recorded layers stand one behind the other; in the network there may be more between two of them (a sum with a
shortcut, a function that is no module), or the one before may not be where the input came from. What is said of such
a layer (a scaling, a pooling, value by value) would be false, so it is tried on all recorded values, each of which must
be within what rounding explains. A layer that fails is aligned by the points, which makes no claim of the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gt.align.bases import is_identity
from gt.layers.kind import Kind, Step, kind_of, linear_part
from gt.layers.operators import Operator, Pooling
from gt.run.measure import log_softmax

TOGETHER = 64  # points
ROUNDED = (
    2.0**-8
)  # relative error of a value that may have been bfloat16 on the way; half precision makes 2**-11
TINY = 1e-6  # of the largest value: where rounding begins that is not relative
MADE = 2e-3  # the same of values that were made again from rounded ones
DRAWS = 3  # of roundings of the inputs, to see how far they carry
FAR = 4.0  # times as far as those carried, at most, is rounding
MOST_LOGIT = 1e3  # beyond it every probability is 0 or 1

Function = Callable[[np.ndarray], np.ndarray]  # of points (n, d)


def tried(
    step: Step, before: np.ndarray, behind: np.ndarray, tiny: float = TINY
) -> Operator | None:
    """The linear part of a layer, if it is what made the state behind out of the one before.

    Args:
        step: The layer.
        before: ``(n, d_in)`` recorded values.
        behind: ``(n, d_out)``.
        tiny: Of the largest value: where error begins that is not relative.

    Returns:
        None where no linear part is known, or the points deny it.
    """
    try:
        operator = linear_part(step)
    except ValueError:  # recorded layers that are no neighbours in the network
        return None
    if operator is None:
        return None
    kind = kind_of(step.kind)
    if kind.claim == "softmax":
        return operator if _is_softmax(step, before, behind) else None
    if kind.claim == "largest":
        assert isinstance(operator, Pooling)
        pairs = _in_parts(before, behind)
        return operator if all(_near(operator.largest(x), y, tiny) for x, y in pairs) else None
    function = _function(kind, step)
    if is_identity(operator) and function is not None:
        return operator if _is_by_value(function, before, behind, tiny) else None
    return operator if _is_linear(operator, before, behind, tiny) else None


def is_sum(
    values: Callable[[int], np.ndarray], behind: int, terms: tuple[tuple[int, float], ...]
) -> bool:
    """Whether recorded values are the sum of others, but for the rounding of all of them.

    Args:
        values: Gives ``(n, d)`` of a state.
        behind: The sum.
        terms: States that are added up, and their factors.
    """
    behind_values = values(behind)
    total, sizes = np.zeros_like(behind_values), np.zeros_like(behind_values)
    for state, factor in terms:
        one = factor * values(state)
        total, sizes = total + one, sizes + np.abs(one)
    slack = ROUNDED * (np.abs(behind_values) + sizes) + TINY * np.abs(behind_values).max(initial=0)
    return bool((np.abs(behind_values - total) <= slack).all())


def is_placed(before: np.ndarray, part: np.ndarray, tiny: float = TINY) -> bool:
    """Whether a part of the recorded values behind a concatenation is what went in, but for rounding.

    Args:
        before: ``(n, d)``.
        part: ``(n, d)``, where it should stand.
        tiny: Of the largest value: where error begins that is not relative.
    """
    return before.shape == part.shape and _near(before, part, tiny)


def _in_parts(before: np.ndarray, behind: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for first in range(0, len(before), TOGETHER):
        yield before[first : first + TOGETHER], behind[first : first + TOGETHER]


def _near(said: np.ndarray, y: np.ndarray, tiny: float) -> bool:
    """Whether values are those that were said, but for their rounding."""
    slack = ROUNDED * np.abs(y) + tiny * np.abs(y).max(initial=0)
    return bool((np.abs(y - said) <= slack).all())


def _function(kind: Kind, step: Step) -> Function | None:
    """What a layer that goes value by value makes of points ``(n, d)``; None where a setting of it is not known."""
    forward = kind.forward
    if kind.claim != "values" or forward is None:
        return None

    def function(x: np.ndarray) -> np.ndarray:
        return forward(step, x.reshape(len(x), *step.inputs)).reshape(len(x), -1)

    try:
        function(np.zeros((1, int(np.prod(step.inputs)))))
    except KeyError:
        return None
    return function


def _is_by_value(function: Function, before: np.ndarray, behind: np.ndarray, tiny: float) -> bool:
    """Whether each value behind is what the layer's function makes of the value before, wherever in its rounding."""
    for x, y in _in_parts(before, behind):
        off = ROUNDED * np.abs(x)
        made = np.stack([function(x - off), function(x), function(x + off)])
        slack = ROUNDED * np.abs(y) + tiny * max(
            float(np.abs(x).max(initial=0)), float(np.abs(y).max(initial=0))
        )
        if (y < made.min(0) - slack).any() or (y > made.max(0) + slack).any():
            return False
    return True


def _is_softmax(step: Step, before: np.ndarray, behind: np.ndarray) -> bool:
    """Whether the state behind is the softmax of the one before, along its last or its first axis."""
    for axis in {1, len(step.inputs)}:
        fits = True
        for x, y in _in_parts(before, behind):
            logs = log_softmax(x.reshape(len(x), *step.inputs), axis)
            # a logit rounded by r changes a probability by r of itself, and its logarithm by r
            off = 2 * ROUNDED * min(max(1.0, float(np.abs(x).max(initial=0))), MOST_LOGIT)
            shown = y.reshape(logs.shape)
            if step.kind == "LogSoftmax":
                fits &= bool((np.abs(shown - logs) <= off + ROUNDED * np.abs(logs)).all())
            else:
                fits &= bool(
                    (np.abs(shown - np.exp(logs)) <= np.exp(logs) * np.expm1(off) + TINY).all()
                )
        if fits:
            return True
    return False


def _is_linear(operator: Operator, before: np.ndarray, behind: np.ndarray, tiny: float) -> bool:
    """Whether values behind are the operator's and an offset that is the same for all points.

    How far the rounding of the inputs carries is seen by rounding them at random.
    """
    rng = np.random.default_rng(0)
    offset: np.ndarray | None = None
    for x, y in _in_parts(before, behind):
        said = operator.apply(x)
        carried = np.zeros_like(y)
        for _ in range(DRAWS):
            rounded = x * (ROUNDED / 2 * rng.choice([-1.0, 1.0], x.shape))
            carried += operator.apply(rounded) ** 2 / DRAWS
        if offset is None:
            offset = (y - said).mean(0)
        usual = float(np.sqrt(carried.mean()))
        slack = FAR * (np.sqrt(carried.max(0)) + usual) + ROUNDED * np.abs(y).max(0)
        if (np.abs(y - said - offset) > slack + tiny * np.abs(y).max(initial=0)).any():
            return False
    return True
