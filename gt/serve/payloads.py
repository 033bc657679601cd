# long: one table, in which a payload is looked up; what it is made of stands beside it
"""What the server says to the browser: announcements, notes and reports, field by field.

JSON throughout; arrays go by their address, as a `Tensor` or `Slice`. Plain types alone (TypedDict, Literal, list,
dict, NotRequired, None), so that other languages' types can be made of them. What else a ``dcc.Store`` holds is in
`gt.state`.
"""

from typing import Literal, NotRequired, TypedDict

from gt.layers.kind import Family as LayerFamily
from gt.views.kinds import AttackView, LayerView, NamedView, PresetOf

ColumnKind = Literal["number", "category", "date", "text", "url"]  # as gt.run.columns.KINDS
AddedRole = Literal["", "skip", "branch", "beside"]  # as gt.align.paths.Role


class Tensor(TypedDict):
    """A binary tensor to be fetched, little-endian, C order."""

    url: str  # relative to the app's root
    shape: list[int]
    dtype: str  # "uint8", "uint16", "int32", "float32", "float64"


class Slice(TypedDict):
    """One epoch of one layer for one split: uint16, shape (n, p); x = value * scale + offset."""

    url: str
    scale: float
    offset: float


class Split(TypedDict):
    """The probe points of one split."""

    n: int
    ids: Tensor  # (n,) int32, or float64 where ids exceed it
    labels: Tensor  # (n,) uint16, class numbers
    images: Tensor | None  # (n, h, w, c) uint8
    columns: Tensor | None  # (c, n) float64, further values of each point; NaN where one is missing
    targets: (
        Tensor | None
    )  # (n, k) uint8 or float32, what the outputs should be, where that is known
    slices: list[Slice]  # one an epoch, in the order of `epochs`
    outputs: list[
        Slice
    ]  # what the network gives in each epoch; empty where the layer itself says it


class ImportedNote(TypedDict):
    """What is known of an embedding that was brought: what its maker said, word for word."""

    title: str
    by: str | None  # how it was made, in a sentence; None where that was not said
    told: dict[str, str]  # further things that were said of how it was made


class EmbeddingNote(TypedDict):
    """What is said of an embedding beside its picture."""

    name: str  # unique among those of its run
    method: str  # see gt.embed.METHODS; may be one that is not known here
    layer: str  # of which it is
    split: str
    n: int  # points in the picture ...
    of: int  # ... of this many in the split
    parameters: dict[str, float]  # those that the store says
    seed: int | None  # None where the store does not say
    versions: dict[str, str]  # of the libraries that decided it, as far as the store says
    seconds: float | None  # that it took
    imported: ImportedNote | None  # None of one that was computed
    principal: (
        list[tuple[float, float]] | None
    )  # (p, 2), of more than two dimensions: the two leading principal axes over all epochs


class Failed(TypedDict):
    """What a page is told instead where nothing can be said of a run; why is on the page."""

    failed: str  # name of the run


class NamedLayer(TypedDict):
    """A recorded layer."""

    name: str
    kind: str  # "Conv2d"


class ColumnNote(TypedDict):
    """A further value of each point."""

    name: str
    kind: ColumnKind  # a date is a number: seconds since 1970 in UTC
    names: list[str]  # of the categories, which the values are positions in; empty for others
    texts: Tensor | None  # of texts and addresses the same as a list in JSON, uint8
    low: float | None  # of the numbers or dates that are there; None where none is, and for others
    high: float | None
    missing: int  # of how many points of the run it is not known


class OutputAxis(TypedDict):
    """One value of what the network gives."""

    name: str
    low: (
        float | None
    )  # of what it should be, else of what it is in the last epoch; None for classes and labels
    high: float | None


class ColoringChoice(TypedDict):
    """A way to colour the points, as an option of a select."""

    value: str  # see assets/js/points/colorings.mjs
    label: str


class Announcement(TypedDict):
    """`announcement-store`: what a page needs to know to show a layer of a run, or an embedding."""

    run: str
    title: str
    uid: str
    layer: str  # or the name of the embedding
    layers: list[NamedLayer]  # in network order
    p: int
    radius: float  # the largest norm of a point, or 1 for a softmax: the plot's unit
    axes: list[str] | None  # names of the handles; none for a picture that is flat already
    classes: list[str]  # of the points' groups
    task: str  # "classification", "binary", "multilabel", "regression" or "none"
    unit: str  # "epoch" or "step": what `epochs` counts
    opened: bool  # whether it is data that somebody opened, and no network's
    outputs: list[OutputAxis]  # the values that the network gives
    columns: list[ColumnNote]
    colorings: list[ColoringChoice]
    epochs: list[int]
    splits: dict[str, Split]  # "train", "test"; a split without points is absent
    embedding: EmbeddingNote | None  # of what it is, where it is no layer
    views: NotRequired[list[NamedView | LayerView | AttackView]]  # named ones, of the page's kind


class GrownSplit(TypedDict):
    """What was added to a split."""

    slices: list[Slice]
    outputs: list[Slice]


class Grown(TypedDict):
    """`/grown`: what a layer has beyond the epochs that were announced."""

    epochs: list[int]  # the numbers of those that were added
    radius: float  # of them alone
    splits: dict[str, GrownSplit]


class LiveRun(TypedDict):
    """A run as it is now, in few words."""

    name: str
    title: str
    uid: str
    epochs: int  # how many there are
    last: int | None  # the number of the last
    live: bool  # whether it is being recorded now
    attack: bool


class Live(TypedDict):
    """`/live`: the runs that are there now, which pages ask for again and again."""

    runs: list[LiveRun]  # in the order of the lists; those without an epoch are in none yet


class Opens(TypedDict):
    """A page that can show a run."""

    page: str  # as the navigation calls it
    href: str


class ListedRun(TypedDict):
    """What is in the folders of the server: a run, or what cannot be opened."""

    key: str  # by which it is renamed and deleted
    kind: Literal["training", "attack", "waiting", "unshown"]  # a run that waits has no epoch yet
    name: str  # in links
    title: str
    folder: str  # its own, behind the one that it is in: "runs/mine"
    uid: str  # "" of what cannot be opened, and of that the rest is empty, 0 or None
    task: str
    n: int
    epochs: int
    unit: str
    layers: int
    written: (
        float | None
    )  # when an epoch was last added, or the title changed: seconds since 1970, UTC
    live: bool
    problem: str  # why it cannot be shown, or not all of it
    fixed: str  # why it can be neither renamed nor deleted; "" where it can be
    opens: list[Opens]


class TrashedRun(TypedDict):
    """A run that was deleted and can be put back."""

    key: str
    title: str
    name: str  # of its folder
    until: float  # when it is taken away: seconds since 1970, UTC


class EmptyFolder(TypedDict):
    """A folder of the server in which there is no run."""

    name: str
    said: str  # why


class RunList(TypedDict):
    """`/runs/list`: all that is in the folders of the server."""

    runs: list[ListedRun]
    empty: list[EmptyFolder]
    trash: list[TrashedRun]
    read_only: bool
    into: str | None  # the folder that a file which is brought goes into; None where there is none


class RunsMount(TypedDict):
    """`runs-store`: what the page of all runs is handed."""

    base: str  # prefix under which the app is served
    list: RunList
    endings: list[str]  # of files that can be brought, with their dot
    largest: int  # bytes of what can be brought at once


class StoryLink(TypedDict):
    """A story that lies beside a run, in a list."""

    title: str
    href: str  # of its first view


class RunDetails(TypedDict):
    """What takes longer to say of a run."""

    size: int  # bytes of its folder
    beside: list[str]  # what is kept of it, counted: "3 embeddings"
    problem: str  # what of that cannot be opened
    opens: list[Opens]  # all pages that can show it
    stories: list[StoryLink]


class RunDetailsOf(TypedDict):
    """`/runs/details`: the same of all of them."""

    of: dict[str, RunDetails]  # by their keys


class Brought(TypedDict):
    """A file that is about to be brought."""

    name: str
    size: int  # bytes


class BringChoices(TypedDict):
    """`/uploads/…/look`: how files that were brought are to be read; "" to have it found by looking."""

    label: str  # name of the column that tells groups apart; "none" for none
    time: str  # likewise, of times
    point: str  # likewise, of what says which rows are the same point
    coords: str  # columns or patterns of them, with commas between
    scale: str  # "auto", "none", "standard" or "robust"
    not_finite: str  # "refuse" or "drop"


class PreviewColumn(TypedDict):
    """A column of a file that was brought."""

    name: str
    kind: str  # "number"
    role: str  # "coordinate"
    why: str
    example: str


class Preview(TypedDict):
    """What is in files that were brought, before anything is written of them."""

    kind: str  # "CSV with commas between"
    title: str
    n: int
    p: int
    epochs: int
    unit: str
    groups: int
    scale: str
    why_scale: str
    columns: list[PreviewColumn]  # the first ones ...
    of_columns: int  # ... of so many
    rows: list[list[str]]  # the first rows, a cell for each of the first columns
    notes: list[str]
    into: str  # the folder that it would go into


class BringState(TypedDict):
    """`/uploads/…`: how far files that were brought are on their way into a run."""

    phase: Literal["waiting", "writing", "done", "failed"]
    done: int  # parts of the work ...
    total: int  # ... of so many
    said: str  # what is being done, or why it failed
    run: str  # the name of the run that was made


class NetworkLayer(TypedDict):
    """A block of the network that one image goes through."""

    name: str
    kind: str
    family: LayerFamily  # of gt.layers.FAMILIES
    shape: list[int]  # of what it puts out
    kernels: bool  # whether its weights can be asked for


class Late(TypedDict):
    """A class that is learnt late."""

    epoch: int  # in which it is learnt
    label: int


class NetworkAnnouncement(TypedDict):
    """`network-announcement-store`: what the page of one image needs to know of a run."""

    run: str
    title: str
    uid: str
    classes: list[str]  # of the points' groups
    task: str  # as of an Announcement
    unit: str
    outputs: list[str]  # names of the values that the network gives
    epochs: list[int]
    available: list[int]  # epochs that can be shown; of any other the nearest of them is
    layers: list[NetworkLayer]  # from the input to the softmax, or those that were recorded
    samples: list[int]  # ids of some points of each class
    images: bool
    late: Late | None
    origin: str  # how the values come about, for people
    only: list[int] | None  # ids of the points that can be shown, where these are not all


class LayerState(TypedDict):
    """One state of a network: the data behind one of its layers."""

    name: str
    title: str
    kind: str  # of the layer: "Conv2d"
    family: LayerFamily  # whose colour, `--gt-kind-<family>`, and glyph it has
    family_title: str  # what a reader calls it
    shape: list[int]  # of one point
    width: int  # values of one point
    kept: str  # what the recording kept of a wide layer, for people; empty where that was all of it
    rank: int  # coordinates kept, at most k
    classes: bool  # whether the coordinates are the classes
    scale: float  # its size at the reference epoch, in units of the layer
    scales: list[float]  # its size in each epoch
    variance: list[float]  # share of the variance kept, in each epoch
    separation: list[float | None]  # share of the points nearest to their own class's centroid
    separation_by_class: list[list[float | None]]  # the same of each class; None for no points
    slices: list[Slice]  # one an epoch, (n, k), in the axes of the last state, over `scale`


class LayerTransition(TypedDict):
    """What lies between two neighbouring states."""

    kind: str  # of the layer
    how: str  # singular, pooling, diagonal, identity, value, softmax, addition, concatenation or procrustes
    role: AddedRole  # of an addition: that of the state before; empty for anything else
    factor: float  # of an addition: that of the state before
    between: list[str]  # nodes of the network between the two states that are not recorded
    sigma: list[float]  # leading singular values at the reference epoch, falling
    exact: int  # coordinates that are scaled, exactly, by the layer's linear part at the reference epoch
    residual: (
        list[float] | None
    )  # share of what is behind that no turn explains, in each epoch; procrustes alone
    moved: list[
        tuple[float, float]
    ]  # how far points move, in the mean, in each epoch: aligned, naive


class GraphState(TypedDict):
    """A recorded state of a network with branches, as a block of the strip."""

    name: str
    kind: str
    family: LayerFamily
    family_title: str
    shape: list[int]
    width: int
    place: int | None  # among the states of the path; None for one that is not on it


class GraphWay(TypedDict):
    """What leads from one state to another."""

    before: int  # of the graph's states
    behind: int
    how: str  # as in LayerTransition
    kind: str  # of the layer
    role: AddedRole
    between: list[str]
    walked: bool  # whether the path takes it


class NetworkGraph(TypedDict):
    """The recorded part of a network with branches."""

    states: list[GraphState]  # in the order of their calls
    ways: list[GraphWay]  # those into a state in the order of its arguments


class Opposite(TypedDict):
    """The class means of the other split."""

    split: str
    n: int  # points that they are of
    tensor: Tensor  # (states, epochs, classes, k) float32 as the slices are; NaN for no points


class AlignmentNote(TypedDict):
    """An alignment of a run's layers, see gt.kept.alignment."""

    name: str
    split: str
    n: int  # points in the picture ...
    of: int  # ... of this many in the split
    k: int  # coordinates
    reference: int  # number of the epoch that decided the bases
    seconds: float | None  # that it took
    command: str
    states: list[LayerState]
    transitions: list[LayerTransition]
    turns: Tensor  # (states, k, k) float64: own coordinates times it are in the last state's axes
    opposite: Opposite | None  # None where the recording has points of one split alone
    graph: (
        NetworkGraph | None
    )  # None where layers follow each other; else the states are those of a path through it
    path: dict[
        str, str
    ]  # by the name of a joint that of the state it is entered from; empty for the main path


class LayersAnnouncement(Announcement):
    """`layers-announcement-store`: the states of a run, in k coordinates that all share one frame."""

    alignment: AlignmentNote


class DetoursNote(TypedDict):
    """Whether attacked points that take a detour have a noisier perturbation, see gt.measure.attacks.detours."""

    stray: list[float]  # of each attacked point
    excess: list[float | None]
    noise: list[float | None]
    rho: float | None  # None where it cannot be said
    p_value: float | None
    n: int  # points that rho is over
    meanings: dict[str, str]  # what each of these is, for readers


class AttackNote(TypedDict):
    """What is said of an attack beside its picture; m points are attacked in e steps."""

    of: str  # the run that is attacked; empty where it is not here
    of_title: str  # what people call it
    of_unit: str  # "epoch" or "step": what it is recorded by
    epoch: int | None  # whose weights
    method: str  # for people: "iterated FGSM"
    epsilon: float  # pixels count from 0 to 1
    step: float
    steps: int
    norm: str  # in which epsilon is measured: "L∞" or "L2"
    source: str | None  # classes
    target: str | None
    command: str
    kept: bool  # whether it is in a folder of runs, and not with the cache alone
    attacked: list[int]  # (m,) places of the attacked among the split's points
    #: one a step: uint8 (m, h, w, c); change of a pixel = value * scale + offset
    changes: list[Slice] | None
    succeeded: Tensor  # (e, m) uint8
    confidence: Tensor  # (2, e, m) float32: of the true class, of the target; NaN for none
    moved: Tensor  # (states, e, m) float32: from its clean place, over the distance of classes; NaN for unknown
    meanings: dict[str, str]  # of success, source_confidence, target_confidence, moved
    detours: DetoursNote | None  # None where there are no images


class AttackAnnouncement(LayersAnnouncement):
    """`adversarial-announcement-store`: an attack; its epochs are the steps."""

    attack: AttackNote


class ComparedRun(TypedDict):
    """One of two runs that are compared."""

    name: str
    called: str  # beside the other: its title, or its name where both have one title
    n: int  # points that it has in all
    unit: str  # "epoch" or "step"
    epochs: list[int]  # which of its own stand behind the announcement's, one each
    last: int  # its last, which may not be compared


class AgreementNote(TypedDict):
    """What two networks say of the same points at one epoch: how many points."""

    both: int  # are right in both
    only_a: int
    only_b: int
    same_wrong: int  # have one wrong class in both
    other_wrong: int  # have two
    expected: float  # would have two answers if both gave each class's answers as often, and independently


class TwoRunsNote(TypedDict):
    """What is said of two runs beside their picture."""

    a: ComparedRun
    b: ComparedRun
    n: int  # common points that are shown
    said: list[str]  # what a reader must know of points and epochs
    named: bool  # whether the axes mean the same in both, so that nothing was turned
    widths: tuple[int, int]  # of the layer in a and in b
    held: tuple[float, float]  # share of each one's variance in the coordinates shown
    scale: float | None  # how much larger b's cloud is than a's
    kept: str  # what is kept of a layer that is too wide; "" of others
    left: list[float] | None  # by epoch, what the turn leaves; None where nothing was turned
    best: list[float] | None  # ... and what the best turn of that epoch alone would leave
    apart: list[
        list[float | None]
    ]  # by class and epoch, the mean distance of a point's two places; all points last
    agreement: list[AgreementNote] | None  # by epoch; None where points have no one class


class TwoRunsAnnouncement(Announcement):
    """`two-runs-announcement-store`: a layer of two runs in one frame; its splits are "a" and "b"."""

    two: TwoRunsNote


class ComparedLayer(TypedDict):
    """How alike a layer of two networks is at one epoch, and how alike it would be by chance."""

    layer: str
    widths: tuple[int, int]
    cka: float
    cka_chance: float  # the median of shuffles
    cka_as_good: int  # shuffles that reach as much
    distance: float  # Procrustes
    distance_chance: float
    distance_as_good: int
    of: int  # shuffles
    held: float  # share of variance in the coordinates of the distance, of the run of which it is smaller
    kept: bool  # whether only some coordinates are kept of it, in either run


class TwoRunsAnswer(TypedDict):
    """`two-runs-answer-store`: what was asked of two runs."""

    kind: str  # as of the question
    nonce: int
    text: str  # a sentence for the reader
    error: NotRequired[str]  # why there is no answer
    columns: NotRequired[list[list[float]]]  # (p, 2), of a plane
    layers: NotRequired[list[ComparedLayer]]


class Row(TypedDict):
    """A row that the comparison can show."""

    name: str  # of the embedding; "grand-tour" for the outputs themselves
    title: str
    note: str  # how many points of how many
    announcement: Announcement | None  # None: the outputs
    shown: bool  # at first


class Comparison(TypedDict):
    """`compare-announcement-store`: what can be set side by side for a run."""

    run: str
    split: str  # whose points are compared
    outputs: Announcement  # of what the network gives
    rows: list[Row]
    epochs: list[int]  # columns where no preset says others: those of what moves late
    preset: NotRequired[PresetOf | None]  # made of the run, where it brings none


class Motion(TypedDict):
    """`compare-transition-store`: how far each point moved from one epoch to the next."""

    run: str
    title: str  # of the embedding
    split: str
    layer: str  # that was embedded
    fitted: bool  # whether the whole picture's own motion was taken out
    epochs: tuple[int, int]
    ids: Tensor  # (n,) float64
    labels: Tensor  # (n,) uint16
    data: Tensor  # (n,) float64, in units of the layer
    screen: Tensor  # (n,) float64, in units of the picture


class MovedPicture(TypedDict):
    """What one method makes of the moved point, at every place."""

    name: str  # "tsne" or "umap"
    title: str
    tensor: Tensor  # (m, m, n + 1, 2) uint16, the moved point last
    scale: float
    offset: float


class MovedNote(TypedDict):
    """The moved point of the page Method, see `gt.embed.moved_point`."""

    n: int  # points that stay
    p: int  # dimensions
    steps: list[float]  # (m,) places along either side of the grid
    plane: list[list[float]]  # (2, p) where the point moves
    points: Tensor  # (n, p) float32, about the middle of the three groups
    groups: list[int]  # (n,)
    pictures: list[MovedPicture]


class MethodMount(TypedDict):
    """`method-store`: what the figures of the page Method need."""

    base: str  # prefix under which the app is served
    moved: MovedNote | None


class DocsMount(TypedDict):
    """`docs-store`: what a page of the documentation needs in the browser."""

    base: str  # prefix under which the app is served


class TrainingSplit(TypedDict):
    """The probe points of one split, and what the network said of them in every epoch."""

    n: int
    ids: Tensor  # (n,) int32, or float64 where ids exceed it
    labels: Tensor  # (n,) uint16
    images: Tensor | None  # (n, h, w, c) uint8
    predicted: (
        Tensor | None
    )  # (e, n) uint16; the number of classes where undecided; None where nothing is predicted


class TrainingEvent(TypedDict):
    """What moved when, and the address that shows it."""

    before: int  # numbers of two epochs
    epoch: int
    classes: list[int]
    ids: list[int]  # points that moved
    href: str  # in the Grand Tour


class ListedEvent(TypedDict):
    """An event of a list that is too long to be in the page at once."""

    epoch: int
    classes: list[int]
    title: str
    text: str


class TrainingReport(TypedDict):
    """`training-store`: what the page about a training needs in the browser."""

    run: str
    title: str
    uid: str
    classes: list[str]
    task: str  # as of an Announcement
    unit: str
    layer: str  # the last, whose points are said to move
    moved: str  # what the strip shows, in a sentence
    epochs: list[int]
    splits: dict[str, TrainingSplit]  # "train", "test"; a split without points is absent
    split: str  # whose points it is of: "all", "train" or "test"
    events: list[TrainingEvent]  # in the order of the list
    listed: list[ListedEvent]  # these and all further ones; empty where there are no further ones
    events_in_all: int  # found
    examples: dict[str, list[int]]  # ids of each ranking: flipping, late, never, forgotten


class LabelsTensors(TypedDict):
    """What a training made of each of n examples with a label, those of one split behind those of the other."""

    ids: Tensor  # (n,) int32, or float64 where ids exceed it
    labels: Tensor  # (n,) uint16
    places: Tensor  # (n,) int32, of the point among those of its split
    taken: Tensor  # (n,) uint16, the class with the largest mean probability; the number of classes where undecided
    values: Tensor  # (v, n) float32, in the order of the report's `values`
    orders: (
        Tensor  # (o, n) int32, places in these arrays in each order, what is to be looked at first
    )


class LabelsReport(TypedDict):
    """`training-labels-store`: which labels of a run to look at, and the map of its examples."""

    run: str
    classes: list[str]
    unit: str
    layer: str  # the last
    silence: str  # why nothing can be said, in a sentence; the rest is empty then
    said: str  # of which points and epochs this is, in a sentence
    epochs: list[int]  # that count
    splits: dict[str, int]  # how many examples there are of "train", "test", in this order
    orders: dict[str, str]  # what each order says, in sentences, in the order of the tensor
    values: list[str]  # names of the values of each example
    tensors: LabelsTensors | None


class NearQuestion(TypedDict):
    """To `/neighbours`: who is near some points in the data of a layer and epoch."""

    run: str
    embedding: str | None  # whose points are asked about; of neither, all of the run
    alignment: str | None
    split: str  # among whom: "all", "train" or "test"
    layer: str
    epoch: int  # its number
    ids: list[int]  # a point, or several, whose middle is meant
    metric: str  # "euclidean" or "cosine"
    k: int  # how many
    seen: list[
        int
    ]  # points that are near in a picture, of which to say how near they are in the data


class NearPoint(TypedDict):
    """How near a point is."""

    id: int
    distance: float | None  # None where it has none
    rank: int  # 1 and how many are nearer; 0 where it has no distance


class NearAnswer(TypedDict):
    """Of `/neighbours`: who is near, and among whom."""

    points: int  # whose middle it is of, 1 for one point itself
    of: int  # that were compared, all of them
    left_out: int  # that could not be: by cosine those at the origin
    tied: int  # further ones, exactly as near as the last
    near: list[NearPoint]  # the nearest first
    seen: list[NearPoint]  # those that were asked for and are among those compared
    silence: str  # why nothing can be said, in a sentence; the lists are empty then
    note: (
        str  # what is kept of a wide layer, and so how exact distances are; "" where they are exact
    )


class StoryNote(TypedDict):
    """An arrow from a text to something in the picture."""

    text: str
    #: {"point": id}, {"class": name}, {"group": name} or {"place": [x, y]}, fractions of the stage from left and top
    at: dict[str, int | str | list[float]]


class StoryView(TypedDict):
    """One view of a story."""

    page: str  # its path, without a slash
    query: str  # what stands behind the "?" of its address
    title: str
    text: NotRequired[str]  # the sentence
    note: NotRequired[StoryNote]
    picture: NotRequired[str]  # a data: address of a WebP or PNG
    alt: NotRequired[str]  # what the page says to those who hear it


class StoryData(TypedDict):
    """A story as it is stored, see `gt.kept.story`."""

    version: int
    uid: str  # of its run
    title: str
    views: list[StoryView]


class KeptStory(TypedDict):
    """`/stories/one`: a story that lies beside a run."""

    run: str  # name, as it is now
    name: str  # of its file, without ending
    revision: str  # another one whenever it was written
    story: StoryData


class ListedStory(TypedDict):
    """A story in the list of all."""

    name: str
    title: str
    views: int
    revision: str
    pictured: int  # number of the first view that has a picture, from 1; 0 for none
    href: str  # of its first view, where it is played from


class StoriesOfRun(TypedDict):
    """A run and the stories that lie beside it."""

    run: str  # name, in links
    title: str
    uid: str
    fixed: str  # why no story can be written beside it; "" where one can
    stories: list[ListedStory]
    problems: list[str]  # what is wrong with others


class StoryList(TypedDict):
    """`/stories/list`: all runs that can have stories."""

    runs: list[StoriesOfRun]


class SavedStory(TypedDict):
    """`/stories/save`: under which name it is kept, which is another one where somebody has written it meanwhile."""

    name: str
    revision: str


class StoryMount(TypedDict):
    """`story-store`: what the page of stories is handed."""

    base: str  # prefix under which the app is served
