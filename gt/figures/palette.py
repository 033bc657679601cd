"""The colours of classes, as the browser has them: twin of assets/js/points/palette.mjs, which says more."""

from __future__ import annotations

TEN = (
    "#4264fa",
    "#c28003",
    "#bf287b",
    "#179af2",
    "#878ea8",
    "#686c29",
    "#4b6a9a",
    "#f85d78",
    "#15a15d",
    "#a12ecb",
)
LUMINANCES = (0.16, 0.27)
"""Of every other step of hue, where white is 1: 3 : 1 on light and dark grounds."""
SHADES = 80
"""Colours of classes at most: of more nobody tells two apart."""
STRIDE = 31
"""Shades from one class to the next, where colours repeat; no divisor of theirs."""

ELSEWHERE = ("#9063fc", "#516351", "#cf75f3")
"""Of embeddings that no method of ours made: told apart from every method's, see tests/js/palette.test.mjs."""
DASHES = ("dash", "dot", "dashdot")


def other_line(place: int) -> tuple[str, str]:
    """Colour and plotly's dash of a line that no method of ours stands for, by its place among these.

    Of nine no two are alike, and none is solid, as those of the methods are.
    """
    turn, at = divmod(place, len(ELSEWHERE))
    return ELSEWHERE[at], DASHES[turn % len(DASHES)]


def class_colors(k: int) -> list[str]:
    """One colour a class, ``"#rrggbb"``; more than ten are even steps of hue, more than ``SHADES`` repeat."""
    if k > SHADES:
        return [_hue(c * STRIDE % SHADES / SHADES, c % 2) for c in range(k)]
    return [TEN[c] if k <= len(TEN) else _hue(c / k, c % 2) for c in range(k)]


def _hue(turn: float, odd: int) -> str:
    """A step of hue, of one luminance whatever the hue."""
    pure = [_channel(turn, shift) for shift in (0, 2 / 3, 1 / 3)]
    light = 0.2126 * pure[0] + 0.7152 * pure[1] + 0.0722 * pure[2]
    wanted = LUMINANCES[odd]
    linear = [
        c * wanted / light if light > wanted else c + (1 - c) * (wanted - light) / (1 - light)
        for c in pure
    ]
    return "#" + "".join(f"{_byte(c):02x}" for c in linear)


def _channel(turn: float, shift: float) -> float:
    ramp = abs((turn + shift) % 1 * 6 - 3) - 1
    return (0.15 + 0.8 * min(1, max(0, ramp))) ** 2.4


def _byte(linear: float) -> int:
    value = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return int(255 * value + 0.5)  # halves go up, as in the browser
