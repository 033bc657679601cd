"""The colours of classes, as the browser has them: the twin of assets/js/points/palette.mjs.

Source: M. Petroff, "Accessible Color Sequences for Data Visualization", 2021, arXiv:2107.02270.
"""

from __future__ import annotations

PETROFF = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
SHADES = 80
"""Colours of classes at most: of more nobody tells two apart."""
STRIDE = 31
"""Shades from one class to the next, where colours repeat; no divisor of theirs."""


def class_colors(k: int) -> list[str]:
    """One colour a class, ``"#rrggbb"``; more than ten are even steps of hue, more than ``SHADES`` repeat."""
    if k > SHADES:
        return [_hue(c * STRIDE % SHADES / SHADES, c % 2) for c in range(k)]
    return [PETROFF[c] if k <= len(PETROFF) else _hue(c / k, c % 2) for c in range(k)]


def _hue(turn: float, odd: int) -> str:
    light = 0.66 if odd else 0.5

    def channel(shift: float) -> str:
        ramp = abs((turn + shift) % 1 * 6 - 3) - 1
        value = light + 0.75 * (min(1, max(0, ramp)) - 0.5) * (1 - abs(2 * light - 1))
        return f"{int(255 * value + 0.5):02x}"  # halves go up, as in the browser

    return f"#{channel(0)}{channel(2 / 3)}{channel(1 / 3)}"
