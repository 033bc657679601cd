"""Asking for an alignment: what is refused before anything starts, who computes, and how it ends."""

from __future__ import annotations

import json

import pytest
from dash import dcc, html
from plotly.utils import PlotlyJSONEncoder

from gt import ids
from gt.jobs import background, processes, wiring
from gt.jobs.carry_out import carry_out, failed, result
from gt.jobs.form import panel
from gt.jobs.job import Form
from gt.jobs.kinds import align
from gt.jobs.kinds.align import JOB
from gt.serve import announcements
from tests.app import jobs
from tests.app.conftest import text
from tests.insects import COMMAND

WIRED = wiring.Wired(JOB)
FIELDS = {"split": "test", "points": "500", "reference": "4", "k": "32", "run": "layers"}


@pytest.fixture
def dash_app(recorded_insects, tmp_path, monkeypatch):
    """An app with the panel and the two selects that it works with."""
    selects = [dcc.Dropdown(id=ids.LAYERS_RUN), dcc.Dropdown(id=ids.LAYERS_ALIGNMENT)]
    return jobs.app_of(
        JOB, tmp_path, [recorded_insects], lambda: [*selects, panel(JOB)], monkeypatch
    )


def filled(**given):
    """The arguments that a form hands to its callbacks."""
    form = FIELDS | given
    return (*form.values(),) if "idle" in form else (*form.values(), True)


def start(*filled):
    """Press Start in a tab that has ordered nothing yet."""
    return jobs.start(WIRED, filled)


def refusal(**given):
    return jobs.refusal(WIRED, filled(**given), str)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"k": "0"}, "Coordinates must be a whole number, from 1 to 64; “0” came."),
        ({"k": "65"}, "from 1 to 64; “65” came."),
        ({"k": "two"}, "“two” came."),
        ({"k": ""}, "nothing came."),
        ({"points": "0"}, "Points must be a whole number, 1 or more; “0” came."),
        ({"points": "1.5"}, "“1.5” came."),
        ({"points": None}, "nothing came."),
        ({"reference": "1"}, "one of the epochs 0 to 4 that are recorded, got 1"),
        ({"reference": "-2"}, "Reference must be a whole number, 0 or more; “-2” came."),
        ({"reference": "last"}, "“last” came."),
        ({"split": "both"}, "split must be train or test, got 'both'"),
        ({"split": ["test"]}, "split must be train or test"),
        ({"split": None}, "split must be train or test"),
        ({"run": "gone"}, 'no run "gone"; this server has layers, outputs'),
        ({"run": "../../etc"}, 'no run "../../etc"'),
        ({"run": None}, "no run"),
        ({"run": ["layers"]}, "no run"),
    ],
)
def test_what_cannot_be_aligned_is_refused_with_the_reason(server, given, said):
    assert said in refusal(**given)


def test_a_run_without_hidden_layers_gets_the_command_that_records_them(server):
    reason, between, code = refusal(run="outputs")
    assert "was recorded with logits and softmax alone" in reason and "records them" in between
    assert isinstance(code, html.Code)
    assert code.children.startswith(f"{COMMAND} --every 2 ") and "--layers all" in code.children
    assert code.children.endswith("--out runs/outputs-layers")


def test_a_run_of_another_maker_gets_the_recorder_s_call(tmp_path):
    import numpy as np

    from gt.kept.describe import layered_command
    from gt.run import write_run

    run = write_run(tmp_path / "mine", np.zeros((1, 4, 2)), [0, 1, 0, 1])
    command = layered_command(run)
    assert command.startswith("gt.Recorder(model, path") and 'layers="all"' in command


def test_a_good_form_can_be_sent(server):
    assert WIRED.check(True, *filled()) == ("", False, "")
    assert WIRED.check(False, *filled()) == (wiring.no_update,) * 3
    order, last, ended, is_open, problem, message = start(*filled(points=" 12 ", k="5"))
    assert (is_open, problem, message) == (False, "", "") and ended is wiring.no_update
    assert last == {"align": order}, "which the tab's session remembers"
    order = dict(order)
    nonce = order.pop("nonce")
    assert order == {
        "work": "align",
        "run": "layers",
        "split": "test",
        "points": 12,
        "k": 5,
        "reference": 4,
    }
    assert start(*filled())[0]["nonce"] != nonce


def test_one_computation_at_a_time_in_a_tab(server):
    assert WIRED.check(True, *filled(idle=False)) == ("", True, wiring.BUSY)
    assert start(*filled(idle=False))[4] == wiring.BUSY


def test_the_form_offers_what_the_run_has_and_keeps_what_was_typed(server):
    def offered(run, filled_for=None):
        return JOB.offer(server, Form({}, (run,), filled_for=filled_for))

    offer = offered("layers")
    assert offer.title == "Align Insects"
    assert offer.values == {"split": "test", "reference": "4"}
    assert [one["label"] for one in offer.options["split"]] == [
        "Test: 24 points",
        "Train: 24 points",
    ]
    assert offer.notes["reference"].endswith("one of 3 epochs, 0 to 4")
    again = offered("layers", offer.filled_for)
    assert not again.values and not again.options and again.title is wiring.no_update
    assert offered("outputs", offer.filled_for).title == "Align Insects, outputs"
    assert offered("gone", offer.filled_for).options["split"] == []


def words(component):
    return " ".join(text(json.loads(json.dumps(component, cls=PlotlyJSONEncoder))).split())


def carried_out(order):
    """Work on an order as the process does; returns the result and what was told on the way."""
    told = []
    return carry_out(told.append, background.place(dict(order))), told


def test_an_order_is_carried_out_and_its_alignment_is_chosen(server):
    order = start(*filled(reference="2", k="6"))[0]
    ended, told = carried_out(order)
    assert ended["state"] == "done", ended
    assert ended["message"].startswith("Aligned 7 states and 3 epochs: done in ")
    [made] = server.alignments("layers")
    assert made.path.parent == server.alignment_workplace("layers")
    assert (made.recipe.reference, made.k, ended["made"]) == (2, 6, made.name)
    assert told[0] == [0, "Aligning: reading the run", "0 %", False]
    assert all(0 <= percent <= 100 and not hidden for percent, _, _, hidden in told)
    options, value, said = WIRED.show(ended, "layers")
    assert value == made.name
    assert options == [{"value": made.name, "label": "about epoch 2, 6 coordinates"}]
    assert words(said) == ended["message"]
    announced = announcements.announce_layers(server, "layers", value)["alignment"]
    assert (announced["reference"], announced["k"]) == (2, 6)


def test_what_is_there_already_is_shown_at_once(server):
    ended, _ = carried_out(start(*filled())[0])
    assert "aligned like this already" in WIRED.check(True, *filled())[2]
    order, _, again, is_open, *_ = start(*filled())
    assert order is wiring.no_update and is_open is False
    assert (again["state"], again["made"]) == ("ready", ended["made"])
    assert again["nonce"] != ended["nonce"]
    assert WIRED.show(again, "layers")[1] == ended["made"]
    assert WIRED.check(True, *filled(k="7"))[2] == ""


def test_a_result_of_another_run_is_told_not_shown(server):
    ended = result(JOB, {"run": "outputs"}, "done", "Done in 3 s.", "test")
    options, value, said = WIRED.show(ended, "layers")
    assert options is value is wiring.no_update
    assert words(said) == "Done in 3 s. See Insects, outputs"
    bad = result(JOB, {"run": "layers"}, "failed", "No.")
    assert WIRED.show(bad, "layers")[1] is wiring.no_update
    newer = result(JOB, {"run": "layers"}, "done", "Done.", "of-epochs-unknown-here")
    options, value, said = WIRED.show(newer, "layers")
    assert value is wiring.no_update and "start it again" in words(said)


def test_a_failure_says_why(server, monkeypatch):
    order = start(*filled())[0]
    ended, _ = carried_out(order | {"reference": 3})
    assert (ended["state"], ended["made"]) == ("failed", "")
    assert ended["message"].startswith("Aligning failed: reference must be one of the epochs")
    monkeypatch.setattr(align, "align_run", lambda *_, **__: 1 / 0)
    ended, _ = carried_out(order)
    assert ended["message"].startswith("Aligning failed: nobody foresaw this (ZeroDivisionError)")
    died = failed(JOB, Exception(f"{processes.DIED}: see the log"))
    assert died["state"] == "failed" and "perhaps memory was short" in died["message"]
    assert "embed" not in died["message"]


def test_the_place_of_an_alignment_is_known_to_the_server_alone(server):
    given = {"work": "align", "run": "layers", "path": "/etc", "folder": "/etc"}
    placed = background.place(given)
    assert placed["path"] == str(server.run("layers").path)
    assert placed["folder"] == str(server.alignment_workplace("layers"))
    assert background.place({"work": "embed", "run": "layers"})["folder"] == str(
        server.workplace("layers")
    )
    for work in ("delete", "", None, ["align"]):
        with pytest.raises(KeyError, match="a page asks for align or attack or embed"):
            background.place(given | {"work": work})


# how the parts are wired


def test_the_panel_has_all_that_its_callbacks_name(client):
    jobs.has_all_that_its_callbacks_name(client, JOB, {ids.LAYERS_RUN, ids.LAYERS_ALIGNMENT})


def test_cancel_ends_the_process_and_says_so(server, dash_app, client):
    jobs.ends_when_cancelled(dash_app, client, JOB, start(*filled())[0])
    assert not server.alignments("layers")
