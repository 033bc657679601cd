"""The view with which the Grand Tour starts, to be measured like the other pictures."""

from __future__ import annotations

import numpy as np

from gt.embed.method import Method, register


def starting_view(p: int) -> np.ndarray:
    """The first two columns of the frame with which a tour starts, ``(p, 2)`` float64."""
    from gt.tour import star_frame

    return star_frame(p)[:, :2] if p > 1 else np.array([[1.0, 0.0]])


register(
    Method(
        "grand-tour",
        "Grand Tour",
        "linear",
        "The view with which the tour starts: all handles equally long.",
        place=80,
        color="#2463c4",
        shown=True,
        basis=lambda data, epochs: starting_view(data(0).shape[1]),
    )
)
