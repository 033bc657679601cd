"""Every page opens for a run of every task, by epochs or by steps, with hidden layers or without."""

import pytest

from gt.run.task import TASKS
from tests import task_runs
from tests.app.conftest import PAGES
from tests.app.pages import Pages


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("tasks")
    for task in TASKS:
        task_runs.make(made / task, task, unit="step" if task in ("none", "binary") else "epoch")
        task_runs.make(made / f"{task}-alone", task, hidden=False, images=False)
    return made


@pytest.fixture
def pages(folder, tmp_path):
    import app

    return Pages(app.create_app([folder], tmp_path / "cache" / "tensors"))


@pytest.mark.parametrize("kind", ["{}", "{}-alone"])
@pytest.mark.parametrize("task", TASKS)
def test_every_page_opens_for_a_run_of_every_task(pages, task, kind):
    problems = {}
    for path in PAGES:
        answer = pages.raw(path, f"?run={kind.format(task)}")
        if answer.status_code != 200:
            problems[path] = answer.status_code
    assert not problems
