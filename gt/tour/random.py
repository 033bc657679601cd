"""Counter-based random numbers: a value is a function of (seed, stream, index) and of nothing else.

The tour must take the same path at any frame rate, in JavaScript and in Python, so no generator
state may depend on how often it was asked, and numpy's generators have no twin in the browser.
Every step is 32-bit integer arithmetic, which both languages do exactly alike. Mixing function:
"lowbias32" of C. Wellons's hash prospector, https://github.com/skeeto/hash-prospector
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

STEP_HIGH = 0x9E3779B9
"""2 ** 32 divided by the golden ratio, odd: steps through all 32-bit words before one repeats."""
STEP_LOW = 0x85EBCA6B
"""Another odd step, so that the two words of one number are unrelated."""

WORD = np.uint64(0xFFFFFFFF)


def _words(value: ArrayLike) -> NDArray[np.uint64]:
    return np.asarray(value, dtype=np.int64).astype(np.uint64) & WORD


def _mix(word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Avalanche 32-bit words: each input bit flips each output bit in about half of all cases."""
    h = word & WORD
    h = (h ^ (h >> np.uint64(16))) * np.uint64(0x7FEB352D) & WORD
    h = (h ^ (h >> np.uint64(15))) * np.uint64(0x846CA68B) & WORD
    return h ^ (h >> np.uint64(16))


def uniform(seed: ArrayLike, stream: ArrayLike, index: ArrayLike) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1) with 53 random bits; the arguments broadcast.

    Args:
        seed: Integers of any shape, taken modulo 2 ** 32.
        stream: Integers of any shape, taken modulo 2 ** 32: independent sequences of the same seed.
        index: Integers of any shape, taken modulo 2 ** 32: the place in the sequence.

    Returns:
        float64, the broadcast shape of the three.
    """
    step_high, step_low = np.uint64(STEP_HIGH), np.uint64(STEP_LOW)
    key = _mix(_mix(_words(seed) ^ step_high) + _words(stream) * step_low)
    high = _mix(key + _words(index) * step_high)
    low = _mix(_mix(key ^ step_low) + _words(index) * step_low)
    whole = (high >> np.uint64(5)).astype(np.float64) * 67108864.0
    return np.asarray((whole + (low >> np.uint64(6)).astype(np.float64)) / 9007199254740992.0)


def normals(seed: int, stream: int, count: int) -> NDArray[np.float64]:
    """Standard normal numbers by Box and Muller, two from two uniforms.

    Source: Box and Muller 1958, doi:10.1214/aoms/1177706645.

    Args:
        seed: Integer, taken modulo 2 ** 32.
        stream: Integer, taken modulo 2 ** 32.
        count: How many, at least 0.

    Returns:
        Shape ``(count,)``, float64.
    """
    even = np.arange(0, count, 2)
    radius = np.sqrt(-2 * np.log(1 - uniform(seed, stream, even)))
    angle = 2 * np.pi * uniform(seed, stream, even + 1)
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return pairs.reshape(-1)[:count]
