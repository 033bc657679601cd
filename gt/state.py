"""The payload of every ``dcc.Store`` that the browser writes or a job answers in, field by field.

JSON throughout; nothing large goes through them. What the server announces is in `gt.serve.payloads`; which
payload is whose, in `gt.serve.stores`.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from gt.views.kinds import PresetOf

Family = str  # `embed-family-store`: "tsne", "umap" or "embedding", the page on which embeddings are shown


class Selection(TypedDict):
    """`selection-store`: the points picked by hand, one selection for the whole app."""

    run: str
    ids: list[int]


class GroupOf(TypedDict):
    """A reader's group, as far as it is in what is asked for."""

    name: str
    ids: list[int]


class Request(TypedDict):
    """`csv-store`: what the browser asks the server to write into a file."""

    run: str
    layer: str
    epoch: int  # an epoch's number, not its index
    ids: list[int]
    groups: list[GroupOf]  # all that the reader has of the run, in their order
    nonce: int  # makes asking twice two requests


class AskedClass(TypedDict):
    """`training-asked-store`: a class that a reader has searched, to have a row and lines of its own."""

    run: str
    label: int  # its number


class Mount(TypedDict):
    """`mount-store`: what a page's module is handed; element ids are spelt in gt/ids.py alone."""

    ids: dict[str, str]  # by the module's own words
    base: str  # the prefix under which the app is served


class Term(TypedDict):
    """What a word that a newcomer meets means."""

    title: str
    sentence: str
    link: str  # below the address of the app, without a slash at its beginning: "docs/explanation/alignment#the-idea"
    more: str  # what the link is called


class ShellMount(Mount):
    """`shell-mount-store`: what the shell's module is handed."""

    runs: list[str]  # ids of the selects of runs, of whichever page ...
    attacks: list[str]  # ... and of those of attacks
    terms: dict[str, Term]  # by the word in `data-gt-term`


class PageMount(Mount):
    """`mount-store` of a page whose module must be told which page it is."""

    page: str  # its name, its `data-gt-page`


class CompareMount(Mount):
    """`compare-mount-store`: what the comparison's module is handed."""

    presets: list[PresetOf]
    texts: dict[str, str]  # definitions of measures, by their names


class ViewQuestion(TypedDict):
    """`question-store`: a view of a network's layers that the reader asks for, see `gt.measure.views.find_view`."""

    run: str
    alignment: NotRequired[str]  # what is looked at: this ...
    layer: NotRequired[str]  # ... or a layer alone
    kind: str  # see `gt.measure.views.find_view.KINDS`
    nonce: int  # makes asking twice two questions
    state: NotRequired[float]  # 0 the input; in between with a fraction
    epoch: NotRequired[float]  # its number, not its index
    classes: NotRequired[list[int]]  # two
    ids: NotRequired[list[int]]  # of points
    epochs: NotRequired[list[float]]  # two, from and to
    states: NotRequired[list[float]]  # two, from and to
    naive: NotRequired[bool]  # each state in axes of its own
    path: NotRequired[dict[str, str]]  # whose states are counted, see LayersPath
    columns: NotRequired[list[tuple[float, float]]]  # (k, 2), of the present view
    chance: NotRequired[
        bool
    ]  # only what the same search reaches where there is nothing to be found


class LayersPath(TypedDict):
    """`layers-path-store`: the way through a network with branches that the reader chose."""

    run: str
    alignment: str
    path: dict[str, str]  # by the name of a joint that of the state it is entered from


class Unasked(TypedDict):
    """`layers-unasked-store`: a run that is to be aligned without being asked."""

    run: str
    alignment: str  # to be made anew; "" where there is none yet


class ViewAnswer(TypedDict):
    """`answer-store`: the view that was found, or why there is none."""

    columns: list[
        tuple[float, float]
    ]  # (k, 2): the first two columns of the tour matrix; none of what chance reaches
    text: str  # a sentence with what was measured
    ids: list[int]  # of points to select
    nonce: str | int | None  # of the question
    error: NotRequired[str]  # a sentence, where nothing was found


class Ready(TypedDict):
    """`compare-ready-store`: that the first picture of a comparison stands."""

    run: str


class JobOrder(TypedDict):
    """`job-…-order-store`: what every order for a job has, besides what its job adds, see ``gt.jobs.job.Job.order``."""

    work: str  # name of the job, see gt.jobs.job
    run: str
    nonce: str  # makes asking twice two orders


class JobResult(TypedDict):
    """`job-…-result-store`: how an order ended."""

    work: str  # name of the job
    state: str  # "done", "ready" (it was there already) or "failed"
    message: str  # for the reader
    run: str
    page: str  # on which what was made is shown
    made: str  # name of the embedding or alignment, uid of the attack; empty where there is none
    nonce: str
