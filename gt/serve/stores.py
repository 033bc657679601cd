"""Which payload goes through which ``dcc.Store``: of `gt.serve.payloads` and `gt.state`, by the store's id."""

from collections.abc import Mapping
from typing import Any

from gt import ids
from gt.serve.payloads import (
    Announcement,
    AttackAnnouncement,
    Comparison,
    DocsMount,
    Failed,
    LabelsReport,
    LayersAnnouncement,
    Live,
    MethodMount,
    Motion,
    NetworkAnnouncement,
    RunsMount,
    StoryMount,
    TrainingReport,
    TwoRunsAnnouncement,
    TwoRunsAnswer,
)
from gt.state import (
    AskedClass,
    CompareMount,
    Family,
    JobOrder,
    JobResult,
    LayersPath,
    Mount,
    PageMount,
    Ready,
    Request,
    Selection,
    ShellMount,
    TwoRunsQuestion,
    Unasked,
    ViewAnswer,
    ViewQuestion,
)

#: of every store, by its id; None for one that holds nothing, where a callback of the browser must write somewhere
PAYLOADS: Mapping[str, Any] = {
    ids.SELECTION_STORE: Selection,
    ids.RUN_STORE: str,  # the run that was chosen last, on whichever page
    ids.SHELL_MOUNT_STORE: ShellMount,
    ids.SHELL_SINK: None,
    ids.LIVE_STORE: Live,
    ids.HOME_ANNOUNCEMENT_STORE: Announcement,
    ids.HOME_MOUNT_STORE: Mount,
    ids.HOME_SINK: None,
    ids.TOUR_ANNOUNCEMENT_STORE: Announcement,
    ids.TOUR_MOUNT_STORE: PageMount,
    ids.CSV_STORE: Request,
    ids.CSV_PROBLEM_STORE: str,  # why the file could not be written
    ids.CSV_SINK: None,
    ids.TOUR_QUESTION_STORE: ViewQuestion,
    ids.TOUR_ANSWER_STORE: ViewAnswer,
    ids.TOUR_ANSWER_SINK: None,
    ids.TOUR_CHOICE_SINK: None,
    ids.TOUR_SINK: None,
    ids.EMBED_FAMILY_STORE: Family,
    ids.EMBED_ANNOUNCEMENT_STORE: Announcement,
    ids.EMBED_SINK: None,
    ids.COMPARE_STORE: Comparison | Failed,
    ids.COMPARE_MOUNT_STORE: CompareMount,
    ids.COMPARE_READY_STORE: Ready,
    ids.COMPARE_TRANSITION_STORE: Motion,
    ids.COMPARE_SINK: None,
    ids.COMPARE_CHOICE_SINK: None,
    ids.COMPARE_SCATTER_SINK: None,
    ids.LAYERS_ANNOUNCEMENT_STORE: LayersAnnouncement,
    ids.LAYERS_PATH_STORE: LayersPath,
    ids.LAYERS_UNASKED_STORE: Unasked,
    ids.LAYERS_QUESTION_STORE: ViewQuestion,
    ids.LAYERS_ANSWER_STORE: ViewAnswer,
    ids.LAYERS_SINK: None,
    ids.LAYERS_ANSWER_SINK: None,
    ids.NETWORK_ANNOUNCEMENT_STORE: NetworkAnnouncement,
    ids.NETWORK_MOUNT_STORE: PageMount,
    ids.NETWORK_SINK: None,
    ids.ADVERSARIAL_ANNOUNCEMENT_STORE: AttackAnnouncement,
    ids.ADVERSARIAL_QUESTION_STORE: ViewQuestion,
    ids.ADVERSARIAL_ANSWER_STORE: ViewAnswer,
    ids.ADVERSARIAL_SINK: None,
    ids.ADVERSARIAL_ANSWER_SINK: None,
    ids.TWO_RUNS_ANNOUNCEMENT_STORE: TwoRunsAnnouncement,
    ids.TWO_RUNS_QUESTION_STORE: TwoRunsQuestion,
    ids.TWO_RUNS_ANSWER_STORE: TwoRunsAnswer,
    ids.TWO_RUNS_SINK: None,
    ids.TWO_RUNS_ANSWER_SINK: None,
    ids.METHOD_STORE: MethodMount,
    ids.METHOD_SINK: None,
    ids.RUNS_STORE: RunsMount,
    ids.RUNS_SINK: None,
    ids.STORY_STORE: StoryMount,
    ids.STORY_SINK: None,
    ids.DOCS_STORE: DocsMount,
    ids.DOCS_SINK: None,
    ids.TRAINING_ASKED_STORE: AskedClass,
    ids.TRAINING_STORE: TrainingReport | Failed,
    ids.TRAINING_MOUNT_STORE: Mount,
    ids.TRAINING_SINK: None,
    ids.TRAINING_LABELS_STORE: LabelsReport | Failed,
    ids.TRAINING_LABELS_SINK: None,
    ids.TRAINING_ORDER_SINK: None,
    ids.JOBS_STORE: dict[
        str, JobOrder
    ],  # the last order of each job in this browser, by the job's name
}

#: of a job's stores, by the part
JOB_PAYLOADS: Mapping[ids.JobPart, Any] = {
    "order-store": JobOrder,
    "result-store": JobResult,
    "filled-store": str,  # what the form was filled for: the name of a run
}
