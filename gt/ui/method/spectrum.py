"""The spectrum of a run's outputs, and what it comes to in words."""

from __future__ import annotations

import logging

import numpy as np

from gt.measure.views.spectrum import components_for, variance_shares
from gt.serve.library import Library

log = logging.getLogger(__name__)
MOST = 0.9  # of the variance: the share that most of it is said to be


def of_run(library: Library, name: str) -> tuple[np.ndarray, str]:
    """The spectrum of a run's softmax layer at its last epoch, all points together.

    Returns:
        Shares ``(k,)``, empty where there are none, and a sentence for the reader.
    """
    try:
        run = library.run(name)
        values = run.activations("softmax", len(run.epochs) - 1)
    except (KeyError, ValueError, OSError) as error:
        log.warning("no spectrum of %s: %s", name, error)
        return np.zeros(0), library.said(error)
    shares = variance_shares(values)
    epoch, k, n = int(run.epochs[-1]), len(shares), run.n
    if not shares.any():
        return shares, f"{run.title} at epoch {epoch}: all outputs are the same."
    two, needed = 100 * float(shares[:2].sum()), components_for(shares, MOST)
    return shares, (
        f"{run.title}, softmax of {n:,} points at epoch {epoch}: two components hold {two:.0f}\u00a0% of the"
        f" variance; {100 * MOST:.0f}\u00a0% takes {needed} of {k}."
    )
