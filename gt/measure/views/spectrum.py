"""How the variance of points is spread over their principal components."""

from __future__ import annotations

import numpy as np


def variance_shares(points: np.ndarray) -> np.ndarray:
    """The share of the variance that each principal component holds.

    Source: Pearson 1901, doi:10.1080/14786440109462720.

    Args:
        points: ``(n, p)``, finite.

    Returns:
        ``(p,)`` float64, falling, of sum 1; all zero where the points do not differ.
    """
    x = np.asarray(points, np.float64)
    x = x - x.mean(0)
    values = np.linalg.eigvalsh(x.T @ x / max(len(x), 1))[::-1].clip(0)
    total = values.sum()
    return values / total if total > 0 else np.zeros(len(values))


def components_for(shares: np.ndarray, wanted: float) -> int:
    """How many of the leading components hold a wanted share of the variance.

    Args:
        shares: As `variance_shares` returns them.
        wanted: Above 0, at most 1.
    """
    if not shares.any():
        return 0
    reached = np.cumsum(shares) >= wanted - 1e-9
    return int(np.argmax(reached)) + 1 if reached.any() else len(shares)
