"""Every component id, spelt once. JavaScript is handed what it needs of them."""

from typing import Literal

# the shell around all pages
SELECTION_STORE = "selection-store"
RUN_STORE = "run-store"
SHELL_MOUNT_STORE = "shell-mount-store"
SHELL_SINK = "shell-sink-store"
LIVE_STORE = "live-store"  # the runs that there are now, whenever that changes
NAVBAR_LINKS = "navbar-links"

# /
HOME_ANNOUNCEMENT_STORE = "home-announcement-store"
HOME_MOUNT_STORE = "home-mount-store"
HOME_SINK = "home-sink-store"
HOME_GRAPH = "home-graph"
HOME_CARDS = "home-cards"
HOME_NOT_SHOWN = "home-not-shown"

# /grand-tour; all but run, layer, announcement, sink and graphs also on /tsne, /umap and /embedding
TOUR_RUN = "grand-tour-run"
TOUR_LAYER = "grand-tour-layer"
TOUR_COLOR = "grand-tour-color"
TOUR_PACE = "grand-tour-pace"
TOUR_CHOICE_SINK = "grand-tour-choice-sink-store"
TOUR_ANNOUNCEMENT_STORE = "grand-tour-announcement-store"
TOUR_MOUNT_STORE = "grand-tour-mount-store"
CSV_STORE = "csv-store"
CSV_PROBLEM_STORE = "csv-problem-store"
CSV_SINK = "csv-sink-store"
CSV_DOWNLOAD = "csv-download"
TOUR_QUESTION_STORE = "tour-question-store"
TOUR_ANSWER_STORE = "tour-answer-store"
TOUR_ANSWER_SINK = "tour-answer-sink-store"
TOUR_SINK = "grand-tour-sink-store"
TOUR_ALERT = "grand-tour-alert"
TOUR_TRAIN_GRAPH = "grand-tour-train-graph"
TOUR_TEST_GRAPH = "grand-tour-test-graph"

# /tsne, /umap and /embedding: the same ids, since only one of them is ever on the page
EMBED_RUN = "embed-run"
EMBED_METHOD = "embed-method"
EMBED_FAMILY_STORE = "embed-family-store"
EMBED_ANNOUNCEMENT_STORE = "embed-announcement-store"
EMBED_SINK = "embed-sink-store"
EMBED_ABOUT = "embed-about"
EMBED_PICTURE = "embed-picture"
EMBED_GRAPH = "embed-graph"

# /compare
COMPARE_RUN = "compare-run"
COMPARE_COLOR = "compare-color"
COMPARE_STORE = "compare-announcement-store"
COMPARE_MOUNT_STORE = "compare-mount-store"
COMPARE_SINK = "compare-sink-store"
COMPARE_CHOICE_SINK = "compare-choice-sink-store"
COMPARE_ALERT = "compare-alert"
COMPARE_OFFER = "compare-offer"
COMPARE_GRAPH = "compare-graph"
COMPARE_READY_STORE = "compare-ready-store"
COMPARE_MEASURE = "compare-measure"
COMPARE_LINES = "compare-lines-graph"
COMPARE_TABLE = "compare-table"
COMPARE_TRANSITION_STORE = "compare-transition-store"
COMPARE_SCATTER = "compare-scatter-graph"
COMPARE_SCATTER_SINK = "compare-scatter-sink-store"
COMPARE_CSV = "compare-csv"
COMPARE_DOWNLOAD = "compare-download"

# jobs, see gt.jobs: every part of a job's form and of its run is named by the job and the part
JOBS_STORE = "jobs-store"
JOB_PARAMETER = "job-parameter"  # the type of ids of fields that come and go
JobPart = Literal[
    "open",
    "form",
    "problem",
    "hint",
    "start",
    "progress",
    "bar",
    "doing",
    "percent",
    "cancel",
    "message",
    "filled-store",
    "order-store",
    "result-store",
]


def job(name: str, part: JobPart) -> str:
    """The id of a part of a job: "job-align-start"."""
    return f"job-{name}-{part}"


def job_field(name: str, field: str) -> str:
    """The id of a field of a job's form, of the note below it (``-note``), or of a block: "job-align-field-k"."""
    return f"job-{name}-field-{field}"


# /layers
LAYERS_RUN = "layers-run"  # the page's select of runs ...
LAYERS_ALIGNMENT = "layers-alignment"  # ... and of alignments: what is asked for, and what is shown
LAYERS_GRAPH = "layers-graph"
LAYERS_PICTURE = "layers-picture"
LAYERS_NONE = "layers-none"
LAYERS_NOTHING = "layers-nothing"
LAYERS_ANNOUNCEMENT_STORE = "layers-announcement-store"
LAYERS_PATH_STORE = "layers-path-store"
LAYERS_UNASKED_STORE = "layers-unasked-store"
LAYERS_ALIGN = "layers-align"  # the button that has a run aligned as usual
LAYERS_QUESTION_STORE = "layers-question-store"
LAYERS_ANSWER_STORE = "layers-answer-store"
LAYERS_SINK = "layers-sink"
LAYERS_ANSWER_SINK = "layers-answer-sink"

# /network
NETWORK_RUN = "network-run"
NETWORK_ALERT = "network-alert"
NETWORK_NONE = "network-none"
NETWORK_PICTURE = "network-picture"
NETWORK_ANNOUNCEMENT_STORE = "network-announcement-store"
NETWORK_MOUNT_STORE = "network-mount-store"
NETWORK_SINK = "network-sink-store"

# /adversarial
ADVERSARIAL_RUN = "adversarial-run"  # the page's select of attacks
ADVERSARIAL_GRAPH = "adversarial-graph"
ADVERSARIAL_PICTURE = "adversarial-picture"
ADVERSARIAL_KEEP = "adversarial-keep"
ADVERSARIAL_NONE = "adversarial-none"
ADVERSARIAL_ANNOUNCEMENT_STORE = "adversarial-announcement-store"
ADVERSARIAL_SINK = "adversarial-sink"
ADVERSARIAL_QUESTION_STORE = "adversarial-question-store"
ADVERSARIAL_ANSWER_STORE = "adversarial-answer-store"
ADVERSARIAL_ANSWER_SINK = "adversarial-answer-sink"

# /method
METHOD_STORE = "method-store"
METHOD_SINK = "method-sink-store"
METHOD_RUN = "method-run"
METHOD_SPECTRUM = "method-spectrum-graph"
METHOD_SAID = "method-said"

# /two-runs
TWO_RUNS_A = "two-runs-run-a"
TWO_RUNS_B = "two-runs-run-b"
TWO_RUNS_LAYER = "two-runs-layer"
TWO_RUNS_POINTS = "two-runs-points"
TWO_RUNS_A_GRAPH = "two-runs-a-graph"
TWO_RUNS_B_GRAPH = "two-runs-b-graph"
TWO_RUNS_REFUSED = "two-runs-refused"
TWO_RUNS_PICTURE = "two-runs-picture"
TWO_RUNS_ANNOUNCEMENT_STORE = "two-runs-announcement-store"
TWO_RUNS_SINK = "two-runs-sink-store"
TWO_RUNS_QUESTION_STORE = "two-runs-question-store"
TWO_RUNS_ANSWER_STORE = "two-runs-answer-store"
TWO_RUNS_ANSWER_SINK = "two-runs-answer-sink-store"
TWO_RUNS_DOWNLOAD = "two-runs-download"

# /training
TRAINING_RUN = "training-run"
TRAINING_SPLIT = "training-split"
TRAINING_ALERT = "training-alert"
TRAINING_LOSS = "training-loss-graph"
TRAINING_ACCURACY = "training-accuracy-graph"
TRAINING_MEASURED = "training-measured"
TRAINING_CLASSES = "training-classes"
TRAINING_STRIP = "training-strip-graph"
TRAINING_EVENTS = "training-events"
TRAINING_EXAMPLES = "training-examples"
TRAINING_STORE = "training-store"
TRAINING_ASKED_STORE = "training-asked-store"
TRAINING_MOUNT_STORE = "training-mount-store"
TRAINING_SINK = "training-sink-store"
TRAINING_MAP = "training-map-graph"
TRAINING_ORDER = "training-order"
TRAINING_LABELS_CSV = "training-labels-csv"
TRAINING_LABELS_DOWNLOAD = "training-labels-download"
TRAINING_LABELS_STORE = "training-labels-store"
TRAINING_LABELS_SINK = "training-labels-sink-store"
TRAINING_ORDER_SINK = "training-order-sink-store"

# what to look for, where it changes with the run; by the names of gt.ui.tour.advice
LOOK_FOR = {
    "tour": "tour-look-for",
    "layers": "layers-look-for",
    "compare": "compare-look-for",
    "embed": "embed-look-for",
    "training": "training-look-for",
    "home": "home-look-for",
}

# /runs
RUNS_STORE = "runs-store"
RUNS_SINK = "runs-sink-store"

# /story
STORY_STORE = "story-store"
STORY_SINK = "story-sink-store"

# /docs
DOCS_STORE = "docs-store"
DOCS_SINK = "docs-sink-store"

#: the selects of runs, and of attacks, whose choices come and go while a page is open
RUN_SELECTS = (
    TOUR_RUN,
    EMBED_RUN,
    COMPARE_RUN,
    LAYERS_RUN,
    NETWORK_RUN,
    METHOD_RUN,
    TRAINING_RUN,
    TWO_RUNS_A,
    TWO_RUNS_B,
)
ATTACK_SELECTS = (ADVERSARIAL_RUN,)
