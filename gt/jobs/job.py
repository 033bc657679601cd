"""What a job is: something that takes long, is asked for in a form, and is carried out while the page goes on.

A job says what is its own, in one file of `gt.jobs.kinds`: the fields of its form, what they offer, what it checks,
what it works, where its result is seen. All else is written once: `gt.jobs.form` draws the form, `gt.jobs.wiring` joins
it to Dash, `gt.jobs.order` holds what comes back from a browser to its shape, and `gt.jobs.carry_out` carries it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from dash import no_update

from gt.run import Run
from gt.serve.library import Library
from gt.serve.said import reason

Tell = Callable[[float, str], None]  # percent, and what is being done
Place = tuple[str, str]  # id and property of a component


@dataclass(frozen=True)
class Field:
    """A field of a form.

    Attributes:
        name: Of its value; unique in the form.
        title: For people; empty for radio buttons, whose legend says it.
        kind: Whole numbers and numbers are typed as text, so that what is no number reaches the check, which says so.
        value: At first.
        options: At first, of what is chosen.
        help: A line below it.
        noted: Whether the line below it is the offer's.
        leads: Whether other fields follow it: a change of it is told to the offer.
    """

    name: str
    title: str
    kind: Literal["whole", "number", "select", "radio"]
    value: str = ""
    options: Sequence[Mapping[str, Any]] = ()
    help: str = ""
    noted: bool = False
    leads: bool = False


@dataclass(frozen=True)
class Block:
    """A part of a form that the offer fills.

    Attributes:
        name: Unique in the form.
        style: Its class.
        children: At first.
    """

    name: str
    style: str
    children: Any = None


@dataclass(frozen=True)
class Layout:
    """A form as it is drawn.

    Attributes:
        title: Above it.
        button: What opens it.
        icon: Before that.
        tooltip: Says what it is for.
        parts: Its fields and blocks, by the legend above them.
    """

    title: str
    button: str
    icon: str
    tooltip: str
    parts: Mapping[str, Sequence[Field | Block]]


@dataclass(frozen=True)
class Form:
    """What a form says; every value is as it came from a browser.

    Attributes:
        values: Of the fields, by their names.
        page: What the page shows, see ``Job.page``.
        parameters: Of the fields in its blocks, see `gt.jobs.form.parameter`.
        changed: Names of the leading fields that were changed; empty when the form is opened.
        filled_for: What the last offer said, None before the first.
    """

    values: Mapping[str, Any]
    page: tuple[Any, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    filled_for: Any = None


@dataclass(frozen=True)
class Offered:
    """What a form offers from now on; what is not named stays as it is.

    Attributes:
        values: Of fields.
        options: Of fields that are chosen from.
        notes: The lines below fields.
        blocks: What is in blocks.
        title: Above the form.
        filled_for: Comes back in ``Form.filled_for``: so what was typed stays when the form is opened for the same.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)
    blocks: Mapping[str, Any] = field(default_factory=dict)
    title: Any = no_update
    filled_for: Any = no_update


@dataclass(frozen=True)
class Done:
    """What came of an order.

    Attributes:
        message: For the reader.
        made: What it is called.
    """

    message: str
    made: str


@dataclass(frozen=True)
class Checked:
    """A form that can be sent.

    Attributes:
        order: The fields of the order, but for ``work`` and ``nonce``.
        there: What it would make, where that is there already.
        hint: Whatever else is worth knowing, such as how long it may take.
    """

    order: Mapping[str, Any]
    there: Done | None = None
    hint: str = ""


@dataclass(frozen=True)
class Shown:
    """How a page shows a result.

    Attributes:
        values: For ``Job.shows``, in their order; None to leave them.
        more: Said after the message.
        message: Instead of the result's own.
        bad: Whether it is told as a failure.
    """

    values: tuple[Any, ...] | None = None
    more: Sequence[Any] = ()
    message: str = ""
    bad: bool = False


def _reason(library: Library, form: Form, error: Exception) -> Any:
    return reason(error)


@dataclass(frozen=True)
class Job:
    """A job.

    Attributes:
        name: In ids and orders; letters alone.
        label: Of its part of the page, for those who hear the page.
        layout: Its form, for a variant of the page.
        order: The TypedDict of `gt.state` that its orders are.
        page: Where the page says what it shows: the form is checked with that.
        shows: Where the page shows results.
        place: Where results on a run are kept, which the server alone says.
        offer: What the form offers, as it is opened and when a leading field was changed.
        check: Whether the form can be sent; raises a ``KeyError``, ``ValueError`` or ``OSError`` that says why not.
        work: Carries out an order, which has the run's ``path`` and the ``folder`` of results by then; it raises what
            goes wrong. Imports what is heavy by itself.
        show: How a result of its own is shown.
        result_page: The name of the page on which the result of an order is seen.
        subject: What is computed, in a word that begins a sentence.
        begins: What is being done at first.
        kept: What becomes of work that was stopped: a sentence.
        cancel_title: The same, where it is stopped.
        ready: Says that what would be made is there already, without a full stop.
        variants: Of the page; the first draws every field there is.
        has_parameters: Whether a block holds fields, see `gt.jobs.form.parameter`.
        problem: What is said of why a form cannot be sent.
    """

    name: str
    label: str
    layout: Callable[[str], Layout]
    order: type
    page: tuple[Place, ...]
    shows: tuple[Place, ...]
    place: Callable[[Library, str], Path]
    offer: Callable[[Library, Form], Offered]
    check: Callable[[Library, Form], Checked]
    work: Callable[[Mapping[str, Any], Run, Tell], Done]
    show: Callable[[Library, Mapping[str, Any], tuple[Any, ...]], Shown]
    result_page: Callable[[Mapping[str, Any]], str]
    subject: Callable[[Mapping[str, Any]], str]
    begins: Callable[[Mapping[str, Any]], str]
    kept: str
    cancel_title: str
    ready: str
    variants: tuple[str, ...] = ("",)
    has_parameters: bool = False
    problem: Callable[[Library, Form, Exception], Any] = _reason

    def parts(self) -> list[Field | Block]:
        """All fields and blocks of the form, in their order."""
        return [one for parts in self.layout(self.variants[0]).parts.values() for one in parts]

    def fields(self) -> list[Field]:
        """All fields of the form, in their order."""
        return [one for one in self.parts() if isinstance(one, Field)]

    def blocks(self) -> list[Block]:
        """All blocks of the form, in their order."""
        return [one for one in self.parts() if isinstance(one, Block)]
