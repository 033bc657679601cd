"""What embeddings there are and what they can be told: one description for shell, page and store.

Checking happens here, before anything is computed: ``check`` knows the number of points, and every
refusal says what came and what would do.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MAX_SEED = 2**31 - 1
_MODULES = {"umap-learn": "umap"}  # where a package is imported under another name
_EXTRAS = {"openTSNE": "embed", "umap-learn": "embed", "torch": "record"}  # in pyproject.toml


class EmbedError(ValueError):
    """An embedding cannot be computed as asked; the text says why and what would do."""


@dataclass(frozen=True)
class Parameter:
    """One number that a method can be told.

    Attributes:
        name: As in the store, the shell (``--name``, with dashes) and the page.
        title: For people.
        default: What it is unless told.
        low, high: The smallest and largest value; ``high`` None: no limit but that of ``check``.
        text: What it does, in a few words.
        whole: Whether it is a whole number.
    """

    name: str
    title: str
    default: float
    low: float
    high: float | None
    text: str
    whole: bool = False


@dataclass(frozen=True)
class Method:
    """One way to make pictures of the epochs of a layer.

    Attributes:
        name: For machines; file names and addresses have it.
        title: For people.
        family: "tsne", "umap" or "linear": the page on which it is at home.
        text: What it does with the epochs, in one sentence.
        parameters: What it can be told.
        library: Package whose version decides the result, besides numpy's.
        dimensions: Of the picture.
        warm: Each epoch starts from the result of the one before.
        joint: All epochs are one optimisation.
    """

    name: str
    title: str
    family: str
    text: str
    parameters: tuple[Parameter, ...] = ()
    library: str = "numpy"
    dimensions: int = 2
    warm: bool = False
    joint: bool = False

    @property
    def defaults(self) -> dict[str, float]:
        """Every parameter's default by its name."""
        return {p.name: p.default for p in self.parameters}


_PERPLEXITY = Parameter(
    "perplexity", "Perplexity", 30, 1, None, "about how many neighbours each point attends to"
)
_NEIGHBORS = Parameter(
    "n_neighbors", "Neighbours", 15, 2, None, "how many neighbours make the graph", whole=True
)
_MIN_DIST = Parameter(
    "min_dist", "Least distance", 0.1, 0, 1, "how closely points may be packed in the picture"
)
_ITERATIONS = Parameter(
    "iterations", "Iterations", 500, 1, 20000, "steps of the optimisation", whole=True
)
_EVERY = Parameter("every", "Every k-th epoch", 1, 1, None, "1 takes all epochs", whole=True)

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            "tsne",
            "t-SNE",
            "tsne",
            "Each epoch on its own, from the first two principal components.",
            (_PERPLEXITY, _ITERATIONS, _EVERY),
            "openTSNE",
        ),
        Method(
            "tsne-warm",
            "t-SNE, continued",
            "tsne",
            "Each epoch starts from the picture of the epoch before, without exaggeration.",
            (_PERPLEXITY, _ITERATIONS, _EVERY),
            "openTSNE",
            warm=True,
        ),
        Method(
            "dynamic-tsne",
            "Dynamic t-SNE",
            "tsne",
            "All epochs at once: t-SNE's cost of each, plus λ for what a point moves between two.",
            (
                _PERPLEXITY,
                Parameter("lambda", "λ", 0.1, 0, 1000, "what moving between two epochs costs"),
                Parameter(
                    "iterations", "Iterations", 750, 1, 20000, "steps; 250 exaggerated", whole=True
                ),
                _EVERY,
            ),
            "torch",
            joint=True,
        ),
        Method(
            "umap",
            "UMAP",
            "umap",
            "Each epoch on its own, from the spectrum of its graph.",
            (_NEIGHBORS, _MIN_DIST, _EVERY),
            "umap-learn",
        ),
        Method(
            "umap-warm",
            "UMAP, continued",
            "umap",
            "Each epoch starts from the picture of the epoch before.",
            (_NEIGHBORS, _MIN_DIST, _EVERY),
            "umap-learn",
            warm=True,
        ),
        Method(
            "umap-8d",
            "UMAP in 8-D, toured",
            "umap",
            "UMAP into eight dimensions, continued from epoch to epoch; the Grand Tour shows all eight.",
            (_NEIGHBORS, _MIN_DIST, _EVERY),
            "umap-learn",
            dimensions=8,
            warm=True,
        ),
        Method(
            "pca",
            "PCA",
            "linear",
            "The two directions in which the points of all epochs together spread most.",
            (_EVERY,),
        ),
        Method(
            "grand-tour",
            "Grand Tour",
            "linear",
            "The view with which the tour starts: all handles equally long.",
            (_EVERY,),
        ),
    )
}


def method_named(name: str) -> Method:
    """Look a method up.

    Args:
        name: As in `METHODS`.

    Returns:
        The method.

    Raises:
        EmbedError: If there is none; it lists those there are.
    """
    if name not in METHODS:
        raise EmbedError(f'embed: no method "{name}"; there are {", ".join(METHODS)}')
    return METHODS[name]


def missing(names: Iterable[str]) -> str:
    """Say which library the methods of these names need that is not installed.

    Args:
        names: As in `METHODS`.

    Returns:
        A sentence with the command that installs it; empty if nothing is missing.
    """
    for method in map(method_named, names):
        library = method.library
        if importlib.util.find_spec(_MODULES.get(library, library)) is None:
            return (
                f"{method.title} needs {library}, which is not installed. In a checkout of the"
                f' project: pip install -c requirements.lock -e ".[{_EXTRAS[library]}]"'
            )
    return ""


def check(name: str, given: Mapping[str, Any], n: int, epochs: int) -> dict[str, float | int]:
    """Complete and check the parameters of a method, before anything starts.

    Args:
        name: Of the method.
        given: Parameters by name; those missing or None have their defaults.
        n: How many points are to be embedded.
        epochs: How many epochs there are.

    Returns:
        Every parameter of the method; whole numbers as int.

    Raises:
        EmbedError: If there is no such method or parameter, or a value will not do.
    """
    method = method_named(name)
    known = {p.name: p for p in method.parameters}
    unknown = sorted(k for k, v in given.items() if k not in known and v is not None)
    if unknown:
        raise EmbedError(
            f"embed: {method.title} has no parameter {unknown[0]!r}; it has {', '.join(known)}"
        )
    out = {
        p.name: _value(p, p.default if given.get(p.name) is None else given[p.name])
        for p in method.parameters
    }
    if "perplexity" in out and out["perplexity"] > (n - 1) / 3:
        raise EmbedError(
            f"Perplexity must be at most a third of the other points, {(n - 1) / 3:.3g} for {n}"
            f" points; {out['perplexity']:g} came. Take a smaller one, or more points."
        )
    if "n_neighbors" in out and out["n_neighbors"] >= n:
        raise EmbedError(
            f"Neighbours must be fewer than the points, of which there are {n};"
            f" {out['n_neighbors']} came."
        )
    if n < 4:
        raise EmbedError(f"embed: at least 4 points are needed, {n} came")
    if method.family == "umap" and n < method.dimensions + 2:
        raise EmbedError(f"{method.title} needs at least {method.dimensions + 2} points, {n} came.")
    if out["every"] > max(1, epochs - 1):
        raise EmbedError(
            f"Every k-th epoch: with {epochs} epochs k must be at most {max(1, epochs - 1)},"
            f" {out['every']} came."
        )
    return out


def check_seed(seed: Any) -> int:
    """Bring a seed into shape.

    Raises:
        EmbedError: If it is no whole number from 0 to 2^31 - 1.
    """
    value = _number(seed)
    if not 0 <= value <= MAX_SEED or value != int(value):
        raise EmbedError(f"Seed must be a whole number from 0 to {MAX_SEED}; {_came(seed)}.")
    return int(value)


def check_points(points: Any, of: int) -> int:
    """Bring the number of points to be drawn into shape.

    Raises:
        EmbedError: If it is no whole number from 4 to ``of``, all there are.
    """
    value = _number(points)
    if not 4 <= value <= of or value != int(value):
        raise EmbedError(
            f"Points must be a whole number from 4 to {of}, all there are; {_came(points)}."
        )
    return int(value)


def _value(parameter: Parameter, given: Any) -> float | int:
    p = parameter
    span = f"{p.low:g} or more" if p.high is None else f"from {p.low:g} to {p.high:g}"
    kind = "a whole number" if p.whole else "a number"
    value = _number(given)
    fits = p.low <= value < float("inf") and (p.high is None or value <= p.high)
    if not fits or (p.whole and value != int(value)):
        raise EmbedError(f"{p.title} must be {kind}, {span}; {_came(given)}.")
    return int(value) if p.whole else value


def _number(given: Any) -> float:
    """What a field says, NaN if that is no number."""
    try:
        return float("nan") if isinstance(given, bool) else float(given)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def _came(given: Any) -> str:
    if given is None or (isinstance(given, str) and not given.strip()):
        return "nothing came"
    if isinstance(given, str):
        return f"“{given}” came"
    return f"{given:g} came" if isinstance(given, float) else f"{given} came"
