"""The tour: a smooth path through the orthogonal matrices, a function of time and seed alone.

Sources: Asimov 1985, doi:10.1137/0906011; Li, Zhao and Scheidegger 2020,
doi:10.23915/distill.00025.

Velocity: Z(t), shape ``(p, 2)``, is a cubic B-spline through independent normal knots. The two
columns of G that are seen turn towards the part of the columns of Z that is orthogonal to both. The
picture never spins in its own plane, and as Z has no preferred direction, neither has the tour.

Time: the state lives on a fixed grid; what is shown between grid points is the state with part of
the next step. So 30 and 144 frames a second show the same path. Each step is a product of two exact
plane rotations, so the frame stays orthogonal however long the tour runs.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gt.tour.frame import star_frame
from gt.tour.random import normals
from gt.tour.rotate import rotate_columns

STEP = 1 / 30
"""Seconds between grid points: short against the knots, long against a frame of a fast display."""
STEPS_PER_KNOT = 45
"""Grid steps between knots: the velocity takes 1.5 s to change, which the eye can follow."""
TURN_RATE = 0.6
"""Radians a second for a velocity of unit size per dimension: a handle crosses in about 6 s."""
SPIN_RATE = 2 * math.pi / 30
"""In two dimensions the only motion is a spin: radians a second, once around in half a minute."""
FIRST_KNOT_STREAM = 1
"""Knot k of the velocity is random stream FIRST_KNOT_STREAM + k; stream 0 is for whole frames."""


class GrandTour:
    """A running tour, made by ``create_grand_tour``.

    Attributes:
        p: Dimensions.
        matrix: The frame shown now, shape ``(p, p)``, float64; change it through ``set_matrix``.
        time: Seconds of tour time, which speed scales.
        seed: Integer.
        speed: 1 is nominal, 0 stands still; the path does not depend on it.
    """

    def __init__(self, p: int, seed: int, speed: float, matrix: ArrayLike | None) -> None:
        self.p, self.seed, self.speed = p, seed, speed
        self.time = 0.0
        self._start = 0.0
        self._step = 0
        self.set_matrix(star_frame(p) if matrix is None else matrix)

    def advance(self, dt: float) -> NDArray[np.float64]:
        """Go on by dt real seconds times speed; anything but a positive number does nothing.

        Args:
            dt: Seconds.

        Returns:
            The frame that is shown then, shape ``(p, p)``.
        """
        dt = dt * self.speed
        if 0 < dt < math.inf:
            self.time += dt
            while self.time >= (self._step + 1) * STEP:
                self._step += 1
                self._state = self._turn(self._step * STEP - self._start)
                self._start = self._step * STEP
                self._plan()
            self.matrix = self._turn(self.time - self._start)
        return self.matrix

    def set_matrix(self, m: ArrayLike) -> None:
        """Go on from this orthogonal frame, shape ``(p, p)``, copied.

        Args:
            m: Shape ``(p, p)``.

        Raises:
            ValueError: If the shape is another.
        """
        self._state = np.array(m, dtype=np.float64)
        if self._state.shape != (self.p, self.p):
            raise ValueError(
                f"set_matrix: the frame must have shape {(self.p, self.p)}, got {self._state.shape}"
            )
        self.matrix = self._state.copy()
        self._start = self.time
        self._plan()

    def set_speed(self, speed: float) -> None:
        """Scale the rate of time; the path stays the same.

        Args:
            speed: 1 is nominal, 0 stands still.
        """
        self.speed = speed

    def reseed(self, seed: int) -> None:
        """Go on from the frame shown along the path of another seed, with time 0.

        Args:
            seed: Integer.
        """
        self.seed, self.time, self._step = seed, 0.0, 0
        self.set_matrix(self.matrix)

    def _plan(self) -> None:
        """Fix the velocity of a grid step, in the frame's own coordinates.

        Column c of G turns towards the unit vector G w_c, where w_c has no part in the first two
        coordinates.
        """
        if self.p < 3:
            return
        w = self._state.T @ velocity(self.p, self.seed, self._step)
        w[:2] = 0
        length = np.sqrt((w**2).sum(axis=0))
        self._w = w / np.where(length > 0, length, 1)
        self._rate = TURN_RATE / math.sqrt(self.p - 2) * length

    def _turn(self, dt: float) -> NDArray[np.float64]:
        """The state turned for dt seconds: column 0 towards w_0, then column 1 towards w_1."""
        m = self._state
        if self.p < 3:
            return rotate_columns(m, SPIN_RATE * dt)
        for c in range(2):
            w, angle = self._w[:, c], float(self._rate[c]) * dt
            cosine, sine = math.cos(angle), math.sin(angle)
            seen, hidden = m[:, c], m @ w
            along = (cosine - 1) * hidden - sine * seen
            m = m + np.outer(along, w)
            m[:, c] = cosine * seen + sine * hidden
        return m


def velocity(p: int, seed: int, step: int) -> NDArray[np.float64]:
    """Z at the middle of a grid step by uniform cubic B-spline weights, shape ``(p, 2)``."""
    first, u = step // STEPS_PER_KNOT, (step % STEPS_PER_KNOT + 0.5) / STEPS_PER_KNOT
    weights = (
        (1 - u) ** 3 / 6,
        (3 * u**3 - 6 * u * u + 4) / 6,
        (-3 * u**3 + 3 * u * u + 3 * u + 1) / 6,
        u**3 / 6,
    )
    z = np.zeros(2 * p)
    for j, weight in enumerate(weights):
        z += weight * _knot(p, seed, first + j)
    return z.reshape(p, 2)


@lru_cache(maxsize=16)  # a knot serves four times STEPS_PER_KNOT steps
def _knot(p: int, seed: int, k: int) -> NDArray[np.float64]:
    return normals(seed, FIRST_KNOT_STREAM + k, 2 * p)


def create_grand_tour(
    p: int, seed: int = 0, speed: float = 1.0, matrix: ArrayLike | None = None
) -> GrandTour:
    """Start a tour.

    Args:
        p: Dimensions, at least 1.
        seed: Integer: the same seed gives the same path from the same frame.
        speed: 1 is nominal.
        matrix: Orthogonal frame to start from, shape ``(p, p)``; ``star_frame(p)`` if not given.

    Returns:
        A ``GrandTour`` at time 0.

    Raises:
        ValueError: If p is not a positive integer or the matrix has another shape.
    """
    if p != int(p) or p < 1:
        raise ValueError(f"create_grand_tour: p must be a positive integer, got {p}")
    return GrandTour(p, seed, speed, matrix)
