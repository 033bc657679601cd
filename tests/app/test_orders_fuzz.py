"""Orders and forms that nobody filled in: whatever comes gets a sentence, and nothing of the server's insides.

``GT_FUZZ_EXAMPLES=5000 python -m pytest tests/app/test_orders_fuzz.py`` tries more than the few of every day.
"""

from __future__ import annotations

import copy
import json
import os

import pytest
from dash.exceptions import PreventUpdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gt.cache.store import Store
from gt.jobs import background, wiring
from gt.jobs.carry_out import carry_out, failed, result
from gt.jobs.job import Form
from gt.jobs.kinds import align, attack, embed
from gt.jobs.known import jobs
from gt.jobs.order import OrderError, checked
from gt.run import RunError
from gt.serve import context
from gt.serve.library import Library
from gt.ui.adversarial import keep
from gt.ui.tour import find
from tests.app.conftest import EMBED
from tests.networks import write_networks

EXAMPLES = int(os.environ.get("GT_FUZZ_EXAMPLES", "60"))
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="GT_FUZZ_EXAMPLES" not in os.environ,  # the same few every day
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
DEEP: list = []
for _ in range(5000):
    DEEP = [DEEP]
ODD = [
    *(None, True, False, 0, -1, 1.5, 2**31, 2**53 + 1, 10**400, -(10**400), 1e308, -0.0),
    *(float("nan"), float("inf"), "", " ", "\x00", "x" * 10**5, "9" * 5000, "nan", "1e999", "²"),
    *("../../etc", "<b>", "mnist", "softmax", [], {}, [None], ["mnist"], {"a": {"b": []}}, DEEP),
]
WHATEVER = st.sampled_from(ODD) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
ALIGN = {
    **{"work": "align", "run": "mnist", "split": "test", "points": 50, "k": 10, "reference": 0},
    "nonce": "n",
}
ATTACK = {
    **{"work": "attack", "run": "mnist", "source": "0", "target": "1", "method": "fgsm"},
    **{"epsilon": 0.3, "step": 0.1, "steps": 4, "count": 8, "clean": 4, "seed": 0, "nonce": "n"},
}
GOOD = [EMBED, ALIGN, ATTACK]
PERPLEXITY = {"type": "job-parameter", "job": "embed", "name": "perplexity"}
#: forms that could be sent: their fields, and what their page shows
FILLED = {
    "embed": ["tsne", "softmax", "test", "40", "0", ["5"], [PERPLEXITY], "mnist", "tsne"],
    "align": ["test", "500", "4", "32", "mnist"],
    "attack": ["mnist", "0", "1", "8", "fgsm", "0.3", "0.1", "4", "0", ""],
}


@st.composite
def spoilt(draw, *good):
    """A good order in which something is missing, added or replaced; or something else altogether."""
    order = copy.deepcopy(draw(st.sampled_from(good or GOOD)))
    for _ in range(draw(st.integers(1, 3))):
        inner = order
        if isinstance(order.get("parameters"), dict) and draw(st.booleans()):
            inner = order["parameters"]
        name = draw(st.sampled_from([*inner, "other"]))
        if draw(st.integers(0, 4)):
            inner[name] = draw(WHATEVER)
        else:
            inner.pop(name, None)
    return order


@pytest.fixture
def server(dash_app):
    with dash_app.server.test_request_context():
        yield dash_app


def is_sentence(said):
    """Whether something may be shown to whoever asked."""
    text = said if isinstance(said, str) else str(said)
    assert text and len(text) < 2500, text[:3000]
    for inside in ("Traceback", 'File "', "/tmp/", "site-packages", ".py"):
        assert inside not in text, text
    return text


@many
@given(order=spoilt() | WHATEVER)
def test_whatever_is_ordered_is_placed_or_refused_with_a_sentence(server, order):
    try:
        [placed] = background._placed([order])
    except (OrderError, KeyError) as error:
        for job in jobs().values():
            assert is_sentence(failed(job, error)["message"])
        return
    assert set(placed) == {*checked(order), "path", "folder"}
    json.dumps(placed, allow_nan=False)


@many
@given(order=spoilt())
def test_whatever_is_carried_out_ends_with_a_sentence(server, order):
    try:
        [placed] = background._placed([order])
    except (OrderError, KeyError):
        return
    reached = []

    def compute_it(*_, **__):
        reached.append(placed)
        raise RunError(f"compute: {placed['path']} is as far as this test goes; no further")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embed, "embed", compute_it)
        patch.setattr(align, "align_run", compute_it)
        patch.setattr(attack, "attack_once", compute_it)
        patch.setattr(attack, "unfit", lambda run: "")
        ended = carry_out(lambda told: None, placed)
    assert ended["state"] == "failed"
    is_sentence(ended["message"])
    assert ended["message"].endswith("no further") == bool(reached)


@many
@given(data=st.data())
def test_whatever_a_form_says_it_is_refused_with_a_sentence_or_ordered(server, data):
    page = data.draw(st.sampled_from([*FILLED]))
    filled = list(FILLED[page])
    for _ in range(data.draw(st.integers(0, 3))):
        filled[data.draw(st.integers(0, len(filled) - 1))] = data.draw(WHATEVER)
    idle = data.draw(st.just(True) | WHATEVER)
    with pytest.MonkeyPatch.context() as patch:  # of which the small runs are not
        patch.setattr(attack, "unfit", lambda run: "")
        patch.setattr(attack, "check_torch", lambda: None)
        sent(wiring.Wired(jobs()[page]), filled, data.draw(WHATEVER), idle)


def sent(page, filled, last, idle):
    """Check a form and send it."""
    said, cannot, *_ = page.check(True, *filled, idle)
    order, kept, ended, is_open, problem, _ = page.start(1, *filled, last, idle)
    if is_open:
        is_sentence(problem)
        assert order is kept is ended is wiring.no_update
    elif order is not wiring.no_update:
        assert checked(order) and not cannot and not said
        assert kept[page.job.name] == order


@many
@given(run=WHATEVER, other=WHATEVER, third=WHATEVER)
def test_whatever_opens_a_form_it_opens(server, run, other, third):
    library = server.server.config[context.KEY]
    for name, job in jobs().items():
        wired = wiring.Wired(job)
        leading = [frozenset({one.name}) for one in wired.leading]
        for changed in (frozenset(), *leading):
            values = {one.name: other for one in wired.fields}
            form = Form(values, (run, third), {}, changed, filled_for=third)
            assert len(wired._told(job.offer(library, form))) == len(wired.offered()) - 1, name
        with pytest.raises(PreventUpdate):
            wired.show(run, other, third)
        wired.resume(server._background_manager, run, other)
    keep.hide_keep(run)
    assert keep.keep(1, run)[1].children  # which says where, to whoever keeps it
    wiring.fields.parameters(other, third)


def test_a_result_that_is_one_is_shown_whatever_page_is_open(server):
    page = wiring.Wired(embed.JOB)
    good = result(embed.JOB, {"run": "mnist", "family": "tsne"}, "done", "Done.", "tsne-1")
    for odd in ODD:
        with pytest.raises(PreventUpdate):
            page.show(
                good | {"message": odd if odd != "" and not isinstance(odd, str) else 1},
                "x",
                "tsne",
            )
        page.show(good | {"run": "gone"}, odd, odd)


QUESTIONS = [
    {
        **{"run": "shapes", "alignment": "test", "kind": kind, "state": 1, "epoch": 0, "nonce": 7},
        **{"classes": [0, 1], "ids": [0, 1, 2, 3], "epochs": [0, 4], "states": [0, 1]},
        "naive": False,
    }
    for kind in ("classes", "selection", "movers-epochs", "movers-layers", "gap")
]


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    """Runs whose layers are aligned, as a library."""
    folder = write_networks(tmp_path_factory.mktemp("networks"))
    return Library([folder], Store(folder.parent / "cache"))


def test_the_questions_that_are_spoilt_are_good_ones(networks):
    one = networks.alignments("shapes")[0]
    ids, epochs = one.ids[:8].tolist(), [int(one.epochs[0]), int(one.epochs[-1])]
    for question in QUESTIONS:
        question.update(alignment=one.name, epoch=epochs[0], epochs=epochs, ids=ids)
        said = find.answer(networks, question)
        assert "error" not in said, said


@many
@given(question=spoilt(*QUESTIONS) | WHATEVER)
def test_whatever_is_asked_for_a_view_gets_an_answer(networks, question):
    answer = find.answer(networks, question)
    json.dumps(answer)
    assert {"columns", "text", "ids", "nonce"} <= set(answer)
    if answer.get("error"):
        is_sentence(answer["error"])


def test_a_failure_that_nobody_foresaw_is_told_without_its_traceback(server, tmp_path):
    made = background.manager(tmp_path / "other" / "tensors", 1)
    told = {"msg": f"at {tmp_path}", "tb": f'Traceback\n  File "{tmp_path}/x.py"'}
    made.handle.set("key", {"background_callback_error": told})
    said = made.get_result("key", None)["background_callback_error"]
    assert said["tb"] == "" and is_sentence(said["msg"])


def test_what_ends_a_computation_is_told_without_folders(tmp_path):
    from gt.serve.said import duration, explained

    known = {
        RunError(f"open_run: {tmp_path}/mnist: must be a run"): "open_run: mnist: must be a run",
        RunError(r"open_run: C:\Users\me\mnist: must be"): "open_run: mnist: must be",
        RunError("1/2 of 3/4, and/or"): "1/2 of 3/4, and/or",
        OSError(28, "No space left on device", str(tmp_path)): "No space left on device",
        MemoryError(): "memory was short.",
        ZeroDivisionError(f"{tmp_path}"): "nobody foresaw this (ZeroDivisionError); the log of",
    }
    for error, said in known.items():
        assert explained(error, "a test").startswith(said)
    assert len(explained(RunError("x" * 10**6), "a test")) < 600
    assert duration(3) == "3 s"
