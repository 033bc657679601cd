"""What a page is in a file: what was asked for, and what the page then says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import html


@dataclass(frozen=True)
class Asked:
    """What of a page is to be in a file.

    Attributes:
        layers: Which of what the page chooses among (layers, methods, alignments); the usual one where none is named.
        split: "train" or "test"; the points of both, where a page has both, when None.
        every: Of the epochs every so many; the first and the last always are in it.
        keep: Numbers of epochs that are in it whatever `every` says; of one between two both.
        only: Whether those, and what must be there for them, are all; `every` says nothing then.
        beside: Name of the run that stands beside the run, for pages of two.
    """

    layers: Sequence[str] = ()
    split: str | None = None
    every: int = 1
    keep: Sequence[float] = ()
    only: bool = False
    beside: str | None = None


@dataclass(frozen=True)
class Told:
    """What a page is in a file.

    Attributes:
        name: What the page is called where there are several.
        title: The run, and what is shown of it.
        main: The page's markup, from the same layout that the app shows.
        mount: What its module is handed.
        shown: What its module is told, as the app's browser is told it, by the names that its select offers; a file has
            the tensors that are named in it.
        runs: Names of those whose points are shown.
        entry: Its module in ``assets/js``, which exports how it is opened.
        still: HTML of pictures that stand still.
        sentences: Which say what they are of.
        leads: Pages that its links lead to, which are in the file too.
        answers: Answers of a server, by their addresses, as it would send them.
        left_out: Sentences on what of the run is not in the file.
    """

    name: str
    title: str
    main: html.Main
    mount: Mapping[str, Any]
    shown: Mapping[str, Mapping[str, Any]]
    runs: Sequence[str]
    entry: str
    still: str
    sentences: Sequence[str]
    left_out: Sequence[str] = ()
    leads: Sequence[str] = ()
    answers: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """Its ``data-gt-page``, which is also its path in the app."""
        return str(self.mount["page"])
