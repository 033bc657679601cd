"""What a method of embedding is, and the table of all there are: one description for shell, pages, store and charts.

A method is one file in `gt/embed/methods` that says `register(Method(...))`. It names the library that it needs and
imports it only where it computes, so that this table can be read where no such library is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from gt.discover import Table
from gt.errors import ToldError

Data = Callable[[int], np.ndarray]
"""Gives the points of the i-th epoch, ``(n, p)`` float64."""
State = Mapping[str, np.ndarray]
"""Arrays from which an optimisation goes on."""


class EmbedError(ToldError):
    """An embedding cannot be computed as asked; the text says why and what would do."""


@dataclass(frozen=True)
class Parameter:
    """One number that a method can be told.

    Attributes:
        name: As in the store, the shell (``--name``, with dashes) and the page.
        title: For people.
        default: What it is unless told.
        low, high: The smallest and largest value; ``high`` None: no limit but that of ``unfit``.
        text: What it does, in a few words.
        whole: Whether it is a whole number.
        unfit: Says why a value does not do for so many points; empty if it does.
    """

    name: str
    title: str
    default: float
    low: float
    high: float | None
    text: str
    whole: bool = False
    unfit: Callable[[float, int], str] = lambda value, n: ""


EVERY = Parameter("every", "Every k-th recorded epoch", 1, 1, None, "1 takes all", whole=True)


class Fit(Protocol):
    """A picture of one epoch."""

    def __call__(
        self,
        x: np.ndarray,
        given: Mapping[str, float],
        *,
        seed: int,
        start: np.ndarray | None,
    ) -> np.ndarray:
        """Picture ``(n, d)`` of points ``(n, p)`` float64, from ``start`` ``(n, d)`` where there is one."""
        ...


class Joint(Protocol):
    """Pictures of all epochs at once, in many steps."""

    def __call__(
        self,
        data: Data,
        epochs: int,
        given: Mapping[str, float],
        *,
        seed: int,
        kept: State | None,
        keep: Callable[[Callable[[], State]], None],
        tell: Callable[[int, int, str], None],
    ) -> Generator[None, None, np.ndarray]:
        """Yield after every step, and return ``(epochs, n, d)``.

        Args:
            data: The points of each epoch.
            epochs: How many there are.
            given: Parameters.
            seed: Of whatever is random.
            kept: What was kept when the work was stopped; None to begin.
            keep: Is offered the state after every step, and asks for it now and then.
            tell: Is told how many of how many steps are done, and what is being done.
        """
        ...


@dataclass(frozen=True)
class Method:
    """One way to make pictures of the epochs of a layer; of ``fit``, ``basis`` and ``joint`` it has one.

    Attributes:
        name: For machines; file names and addresses have it.
        title: For people.
        family: "tsne", "umap" or "linear": the page on which it is at home.
        text: What it does with the epochs, in one sentence.
        place: Among all methods, in lists; the first one of a family gives the family its title.
        color: Of its line where methods are compared, "#rrggbb"; told apart from the others by every eye, see
            tests/js/palette.test.mjs.
        parameters: What it can be told; that epochs can be left out goes without saying.
        library: Package whose version decides the result, besides numpy's.
        module: What the package is imported as, where that is another name.
        extra: Of this project, which installs it.
        beside: Further packages whose versions decide.
        dimensions: Of the picture.
        least: Points that it needs.
        warm: Each epoch starts from the result of the one before.
        shown: Whether ``/compare`` shows it at first.
        unsaid: Steps before those that it is told, for estimates of the time.
        fit: Makes the picture of one epoch, or …
        basis: … gives the ``(p, 2)`` directions onto which all epochs are projected, from data and epochs, or …
        joint: … makes all pictures as one optimisation.
    """

    name: str
    title: str
    family: str
    text: str
    place: int
    color: str
    parameters: tuple[Parameter, ...] = ()
    library: str = "numpy"
    module: str = ""
    extra: str = ""
    beside: tuple[str, ...] = ()
    dimensions: int = 2
    least: int = 4
    warm: bool = False
    shown: bool = False
    unsaid: int = 0
    fit: Fit | None = None
    basis: Callable[[Data, int], np.ndarray] | None = None
    joint: Joint | None = None

    @property
    def defaults(self) -> dict[str, float]:
        """Every parameter's default by its name."""
        return {p.name: p.default for p in self.parameters}


IMPORTED = "imported"  # what stands for the method of an embedding that was brought
METHODS: Table[Method] = Table("gt.embed.methods")


def register(one: Method) -> None:
    """Add a method; the last one of a name holds.

    Raises:
        ValueError: If its name is kept for embeddings that are imported.
    """
    if one.name.split("-")[0] == IMPORTED:
        raise ValueError(
            f'register: a method\'s name must not begin with "{IMPORTED}", {one.name!r} came;'
            " embeddings that are imported have such names"
        )
    METHODS.register(replace(one, parameters=(*one.parameters, EVERY)))


def family(name: str) -> list[Method]:
    """The methods of a family, in their places."""
    return [one for one in METHODS.values() if one.family == name]


def families() -> dict[str, str]:
    """Families whose pictures have a page, and their titles; those of linear methods are toured instead."""
    paged = (one.family for one in METHODS.values() if one.basis is None)
    return {name: family_title(name) for name in dict.fromkeys(paged)}


def family_title(name: str) -> str:
    """What people call a family: as its first method."""
    return family(name)[0].title
