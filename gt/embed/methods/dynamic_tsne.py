"""Dynamic t-SNE: all epochs at once, see `gt.embed.dynamic_tsne`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

import numpy as np

from gt.embed.method import Data, Method, Parameter, State, register
from gt.embed.methods.tsne import PERPLEXITY


def joint(
    data: Data,
    epochs: int,
    given: Mapping[str, float],
    *,
    seed: int,
    kept: State | None,
    keep: Callable[[Callable[[], State]], None],
    tell: Callable[[int, int, str], None],
) -> Generator[None, None, np.ndarray]:
    """See `gt.embed.method.Joint`."""
    import torch

    from gt.embed.dynamic_tsne import DynamicTSNE, affinities

    iterations = int(given["iterations"])
    total = epochs + iterations
    tell(0, total, "Affinities")
    n = len(data(0))
    p = torch.empty(epochs, n, n)
    for i in range(epochs):
        p[i] = affinities(torch.from_numpy(data(i)), float(given["perplexity"]))
        tell(i + 1, total, f"Affinities of epoch {i + 1} of {epochs}")
        yield
    work = DynamicTSNE(p, float(given["lambda"]), seed)
    if kept is not None:
        work.resume({name: torch.from_numpy(value) for name, value in kept.items()})
    for done in work.run(iterations):
        keep(lambda: {name: value.numpy() for name, value in work.state.items()})
        tell(epochs + done, total, f"Iteration {done} of {iterations}")
        yield
    found: np.ndarray = work.y.numpy()
    return found


register(
    Method(
        "dynamic-tsne",
        "Dynamic t-SNE",
        "tsne",
        "All epochs at once: t-SNE's cost of each, plus λ for what a point moves between two.",
        place=30,
        color="#b87b1c",
        parameters=(
            PERPLEXITY,
            Parameter("lambda", "λ", 0.1, 0, 1000, "what moving between two epochs costs"),
            Parameter(
                "iterations", "Iterations", 750, 1, 20000, "steps; 250 exaggerated", whole=True
            ),
        ),
        library="torch",
        extra="record",
        shown=True,
        joint=joint,
    )
)
