"""Asking for an attack: what is refused before anything starts, who attacks, how it ends, what keeps it."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from dash import html
from plotly.utils import PlotlyJSONEncoder

from gt import ids
from gt.attack import eligible, once
from gt.attack.method import METHODS
from gt.jobs import background, processes, wiring
from gt.jobs.carry_out import carry_out, failed, telling
from gt.jobs.form import panel
from gt.jobs.job import Form
from gt.jobs.kinds.attack import JOB
from gt.kept.attack import KEY, AttackRecipe, attack_of
from gt.run import Run, open_run, write_run
from gt.ui.adversarial import keep
from gt.ui.tour import page as tour_page
from tests.app import jobs
from tests.app.conftest import text
from tests.insects import COMMAND

attackable = pytest.importorskip("tests.attackable")
one_thread = attackable.one_thread

WIRED = wiring.Wired(JOB)
FIELDS = {
    "run": "shapes",
    "source": "0",
    "target": "1",
    "method": "pgd-linf",
    "epsilon": "0.3",
    "step": "0.1",
    "steps": "4",
    "count": "8",
    "seed": "0",
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A run that can be attacked, one without its network, one without images."""
    folder = tmp_path_factory.mktemp("recordings")
    attackable.record(folder / "shapes")
    made = {"command": COMMAND}
    attackable.record(folder / "outputs", layers="outputs", title="Outputs", made=made)
    write_run(folder / "blind", np.zeros((1, 4, 2)), [0, 1, 0, 1], title="Blind")
    return folder


@pytest.fixture
def dash_app(recorded, tmp_path, monkeypatch):
    """An app with the panel and the select that it works with, and a folder to keep attacks in."""
    mine = tmp_path / "mine"
    mine.mkdir()

    def around():
        select = tour_page.select(ids.ADVERSARIAL_RUN, "Attack", {}, "")
        return [select, panel(JOB, more=[keep.button()])]

    app = jobs.app_of(JOB, tmp_path, [recorded, mine], around, monkeypatch, keep_in=[mine])
    keep.register(app)
    return app


def filled(**given):
    """The arguments that a form hands to its callbacks."""
    form = FIELDS | given
    fields = [form[one.name] for one in JOB.fields()]
    return (*fields, "", form.get("idle", True))


def start(*filled):
    """Press Start in a tab that has ordered nothing yet."""
    return jobs.start(WIRED, filled)


def refusal(**given):
    return jobs.refusal(WIRED, filled(**given), words)


def words(component):
    return " ".join(text(json.loads(json.dumps(component, cls=PlotlyJSONEncoder))).split())


PIXELS = "(pixels count from 0 to 1)"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"epsilon": "1.5"}, f"Epsilon must be a number, from 0 to 1 {PIXELS}; “1.5” came."),
        ({"epsilon": "-0.1"}, "“-0.1” came."),
        ({"epsilon": "nan"}, "“nan” came."),
        ({"epsilon": "wide"}, "“wide” came."),
        ({"epsilon": ""}, "nothing came."),
        ({"epsilon": "1001", "method": "pgd-l2"}, f"from 0 to 1000 {PIXELS}; “1001” came."),
        ({"step": "0"}, f"Step size must be a number, above 0 and at most 1 {PIXELS}; “0” came."),
        ({"step": None}, "Step size must be a number, above 0 and at most 1"),
        ({"steps": "0"}, "Steps must be a whole number, from 1 to 1000; “0” came."),
        ({"steps": "1001"}, "“1001” came."),
        ({"steps": "2.5"}, "“2.5” came."),
        ({"steps": "9" * 400}, "Steps must be a whole number"),
        ({"count": "0"}, "Points must be a whole number, from 1 to 16; “0” came."),
        ({"count": "17"}, "from 1 to 16; “17” came."),
        ({"seed": "-1"}, "Seed must be a whole number, from 0 to 2147483647; “-1” came."),
        ({"source": "1"}, "Source and target must be different classes; both are cross."),
        ({"source": "3"}, "Source must be one of the classes bar, cross, blank."),
        ({"target": "all"}, "Target must be one of the classes bar, cross, blank."),
        ({"target": None}, "Target must be one of the classes"),
        ({"source": ["0"]}, "Source must be one of the classes"),
        ({"method": "cw"}, "Method must be one of iterated FGSM, PGD, L∞, PGD, L2."),
        ({"method": ["fgsm"]}, "Method must be one of"),
        ({"run": "gone"}, 'no run "gone"'),
        ({"run": "../../etc"}, 'no run "../../etc"'),
        ({"run": None}, "There is no run here whose network can be attacked."),
        ({"run": ["shapes"]}, "no run"),
        ({"run": "blind"}, "Blind was recorded without its images."),
    ],
)
def test_what_cannot_be_attacked_is_refused_with_the_reason(server, given, said):
    assert said in words(refusal(**given))


def test_a_run_without_its_network_gets_the_command_that_records_it(server):
    reason, between, code = refusal(run="outputs")
    assert "it was recorded without its weights" in reason and "records it" in between
    assert isinstance(code, html.Code) and code.children.startswith(f"{COMMAND} --every 2 ")
    assert "--layers all" in code.children


def test_a_file_with_the_network_makes_up_for_missing_weights(recorded, tmp_path):
    from gt.record.network_file import save_weights

    shutil.copytree(recorded / "outputs", tmp_path / "outputs")
    assert "without its weights" in eligible.unfit(open_run(tmp_path / "outputs"))
    save_weights(open_run(recorded / "shapes"), tmp_path / "outputs" / "network.safetensors")
    assert eligible.unfit(open_run(tmp_path / "outputs")) == ""


def test_layers_that_do_not_just_follow_each_other_are_no_network(tmp_path, monkeypatch):
    """A sum that is not recorded, between layers that could each be built."""
    from torch import nn

    from tests.graphs import record_graph
    from tests.recordings import spread

    model = nn.ModuleDict({"a": nn.Linear(5, 4), "b": nn.Linear(4, 4), "out": nn.Linear(4, 3)})

    def joined(tape):
        a = tape.module("a", 0)
        return tape.module("out", tape.add("/add", a, tape.module("b", a), keep=False))

    def plain(tape):
        return tape.module("out", tape.module("b", tape.module("a", 0)))

    made = [
        record_graph(tmp_path / forward.__name__, model, spread(30, (5,)), forward)
        for forward in (joined, plain)
    ]
    monkeypatch.setattr(Run, "images", np.zeros((30, 5), np.uint8))
    assert "do not just follow each other" in eligible.unfit(made[0])
    assert eligible.unfit(made[1]) == ""


def test_without_pytorch_the_lab_says_what_installs_it(server, monkeypatch):
    order = start(*filled())[0]
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name == "torch" else there(name, *a)
    )
    said, _, code = refusal()
    assert said.startswith("Attacks need PyTorch, which is not installed.")
    assert isinstance(code, html.Code)
    assert code.children == 'pip install -c requirements.lock -e ".[record]"'
    said = (Path(__file__).parents[2] / "gt/docs/how-to/attack.md").read_text("utf-8")
    assert code.children.replace('"', "'") in said
    assert offered(server).values["run"] == "shapes", "what needs no PyTorch goes on"
    ended, _ = carried_out(order)
    assert ended["state"] == "failed" and ended["message"].endswith(f"{code.children}")


def test_importing_the_lab_imports_no_pytorch():
    code = "import sys; import gt.jobs.kinds.attack, app; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def offered(library, changed=(), shown="", **given):
    """What the form offers once fields were changed, or as it is opened."""
    values = dict.fromkeys(FIELDS) if not changed else FIELDS
    return JOB.offer(library, Form(values | given, (shown,), changed=frozenset(changed)))


def test_the_form_offers_the_runs_that_can_be_attacked_and_says_why_others_cannot(server):
    offer = offered(server)
    assert offer.values["run"] == "shapes"
    assert {one["value"]: one["disabled"] for one in offer.options["run"]} == {
        "blind": True,
        "outputs": True,
        "shapes": False,
    }
    said = words(offer.blocks["unfit"])
    assert "Why not Blind, Outputs?" in said and f"{COMMAND} --every 2" in said
    assert not offered(server, run="shapes").values, "what was filled stays"
    for one in (offer, offered(server, {"run"})):  # as it is opened, or the run was chosen
        labels = [label["label"] for label in one.options["source"]]
        assert labels == ["All classes", "bar", "cross", "blank"]
        assert one.options["target"][0]["label"] == "Any other class"
        chosen = [one.values[name] for name in ("source", "target", "method", "count")]
        assert chosen == ["all", "any", "pgd-linf", "48"]
        settings = [one.values[name] for name in ("epsilon", "step", "steps")]
        assert settings == ["0.03", "0.004", "25"]
        assert one.notes["epsilon"] == METHODS["pgd-linf"].text
        assert one.notes["count"].startswith("of 48 that the network gets right")
    method = offered(server, {"method"}, method="pgd-l2")
    assert "whole image" in method.notes["epsilon"] and method.values["steps"] == "25"
    assert offered(server, {"run"}, run="gone").options["source"] == []


def test_the_form_says_how_many_points_there_are_and_how_far_the_steps_get(server):
    assert WIRED.check(True, *filled()) == ("", False, "")
    assert WIRED.check(False, *filled()) == (wiring.no_update,) * 3
    assert offered(server, {"source"}).notes == {
        "count": "of 16 that the network gets right, out of the run’s own 16 test points of class bar"
    }
    assert (
        offered(server, {"target"}, source="all", target="2")
        .notes["count"]
        .endswith("32 test points of other classes than blank")
    )
    _, _, hint = WIRED.check(True, *filled(steps="2"))
    assert hint == "2 steps of 0.1 get 0.2 far, less than epsilon."
    assert WIRED.check(True, *filled(idle=False)) == ("", True, wiring.BUSY)
    assert start(*filled(idle=False))[4] == wiring.BUSY
    assert [start(*filled(seed="5", method=m))[0]["seed"] for m in ("fgsm", "pgd-l2")] == [
        0,
        5,
    ]


def test_digits_are_offered_the_article_s_attack(tmp_path):
    digits = [str(i) for i in range(10)]
    made = {"recipe": {"dataset": "mnist"}}
    outputs = np.eye(10)[None]
    run = write_run(tmp_path / "mnist", outputs, np.arange(10), classes=digits, made=made)
    assert eligible.usual(run) == ("8", "0", "fgsm")
    usual = eligible.usual_settings(run, "fgsm")
    assert (usual.epsilon, usual.step, usual.steps) == (0.3, 0.01, 50)


def carried_out(order):
    """Work on an order as the process does; returns the result and what was told on the way."""
    told = []
    return carry_out(told.append, background.place(dict(order))), told


def test_an_order_is_carried_out_and_its_attack_is_chosen_and_kept(server, tmp_path):
    order, _, ended, is_open, problem, message = start(*filled(count=" 8 "))
    assert (is_open, problem, message) == (False, "", "") and ended is wiring.no_update
    recipe = AttackRecipe("pgd-linf", 0.3, 0.1, 4, "bar", "cross", 8, 40)
    assert order == order | recipe.to_json() | {"work": "attack", "run": "shapes"}
    ended, told = carried_out(order)
    assert ended["state"] == "done", ended
    place = server.attack_workplace("shapes")
    assert [path.name for path in place.iterdir()] == ["shapes-bar-to-cross-pgd-linf"]
    options, name, said = WIRED.show(ended, "")
    assert [one["value"] for one in options] == [name]
    made = server.run(name)
    assert made.uid == ended["made"] and made.made[KEY]["of"]["uid"] == server.run("shapes").uid
    found = attack_of(made)
    turned = found.succeeded[-1].sum()
    assert words(said).startswith(f"{turned} of 8 are taken for cross after 4 steps: done in ")
    assert found.recipe == recipe and found.steps.tolist() == [0, 1, 2, 3, 4]
    [aligned] = server.alignments(name)
    assert (aligned.recipe.reference, len(aligned.ids)) == (0, 48)
    assert [one.name for one in aligned.states][-2:] == ["logits", "softmax"]
    assert [layer.name for layer in made.layers] == ["logits", "softmax"], "a small run"
    command = made.made["command"]
    assert command.startswith("gt attack shapes --method pgd-linf --epsilon 0.3 --step 0.1")

    assert told[0] == [0, "Starting", "0 %", False]
    shares = [percent for percent, *_ in told]
    assert shares == sorted(shares) and shares[-1] <= 100

    # the same again is there already; another name is found for what is not the same
    assert "there already" in WIRED.check(True, *filled())[2]
    order, _, again, *_ = start(*filled())
    assert order is wiring.no_update and (again["state"], again["made"]) == ("ready", made.uid)
    assert WIRED.show(again, "")[1] == name
    assert "Roughly" in WIRED.check(True, *filled(seed="1"))[2]
    other, _ = carried_out(start(*filled(seed="1", steps="1"))[0])
    assert WIRED.show(other, "")[1] == f"{name}-2"
    assert offered(server, shown=name, run=None).values["run"] == "shapes"
    said = words(refusal(run=name))
    assert said.endswith("is an attack itself; attack the run that it is on.")

    # it is with the cache alone until it is kept
    assert keep.hide_keep("") is True and keep.hide_keep(name) is False
    hidden, said = keep.keep(1, name)
    assert hidden is True and words(said) == f"Kept in {tmp_path / 'mine' / name}"
    assert attack_of(open_run(tmp_path / "mine" / name)).recipe == recipe
    assert keep.hide_keep(name) is True
    shutil.rmtree(tmp_path / "mine")
    hidden, said = keep.keep(1, f"{name}-2")
    assert hidden is wiring.no_update and words(said).startswith("Not kept: a folder of runs")
    hidden, said = keep.keep(1, "gone")
    assert hidden is wiring.no_update and 'no run "gone"' in words(said)


def test_a_made_up_order_is_refused(server, monkeypatch):
    order = start(*filled())[0]
    for given, said in [
        ({"epsilon": 7.0}, "epsilon must be 0 or more and at most 1"),
        ({"target": "bar"}, "target must be another class than source"),
        ({"source": "dog"}, "source must be one of the classes bar, cross, blank"),
        ({"method": "rm"}, "method must be one of"),
        ({"steps": "4"}, "steps must be a whole number"),
        ({"steps": 10**6}, "steps must be at most 1000"),
        ({"count": 10**6}, "there must be 1000000 points of class bar"),
        ({"run": "outputs"}, "it was recorded without its weights"),
    ]:
        ended, _ = carried_out(order | given)
        assert ended["state"] == "failed" and ended["made"] == ""
        assert ended["message"].startswith("The attack failed: ") and said in ended["message"]
    for given in ({"run": "/etc"}, {"work": "delete"}):
        with pytest.raises(KeyError):
            background.place(order | given)
    placed = background.place(order | {"path": "/etc", "folder": "/etc"})
    assert placed["path"] == str(server.run("shapes").path)
    assert placed["folder"] == str(server.attack_workplace("shapes"))
    place = server.attack_workplace("shapes")
    assert not place.exists() or not list(place.iterdir()), "nothing is left of them"
    died = failed(JOB, Exception(f"{processes.DIED}: see the log"))
    assert died["state"] == "failed" and "perhaps memory was short" in died["message"]
    assert WIRED.show(died, "")[1] is wiring.no_update


def test_what_was_cancelled_is_not_listed_and_the_same_order_goes_on(server, monkeypatch):
    """The process is killed, so nothing of it runs any more: here it ends with what nobody catches."""
    order = start(*filled())[0]

    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(once, "align_run", killed)
        with pytest.raises(Killed):
            carried_out(order)
    place = server.attack_workplace("shapes")
    [left] = place.iterdir()
    assert left.name.startswith(".") and server.attack_titles == {}
    begun = open_run(left / "attack").uid
    ended, _ = carried_out(order)
    assert (ended["state"], ended["made"]) == ("done", begun), "the recording was gone on with"
    assert [path.name for path in place.iterdir()] == ["shapes-bar-to-cross-pgd-linf"]

    # what is left of an order that is not asked for again goes when another is carried out
    with monkeypatch.context() as patch:
        patch.setattr(once, "align_run", killed)
        with pytest.raises(Killed):
            carried_out(order | {"seed": 1})
    assert any(path.name.startswith(".") for path in place.iterdir())
    carried_out(order | {"seed": 2, "steps": 1})
    assert not any(path.name.startswith(".") for path in place.iterdir())


def test_what_fails_begins_anew_when_it_is_asked_for_again(server, monkeypatch):
    order = start(*filled(steps="1"))[0]
    with monkeypatch.context() as patch:
        patch.setattr(once, "align_run", lambda *_, **__: 1 / 0)
        ended, _ = carried_out(order)
    assert ended["message"] == (
        "The attack failed: nobody foresaw this (ZeroDivisionError); the log of the server says more."
    )
    assert not list(server.attack_workplace("shapes").iterdir())
    assert carried_out(order)[0]["state"] == "done"


def test_a_reader_hears_of_what_says_nothing_itself():
    told, enough = [], threading.Event()

    def heard(news):
        told.append(news)
        if len(told) > 3:
            enough.set()

    with telling(heard, "Starting") as tell:
        tell(12.4, "Silent")
        assert enough.wait(60)
    assert told[-1] == [12, "Silent", "12 %", False]


def test_names_are_words_for_folders(recorded):
    run = open_run(recorded / "shapes").renamed("fashion")
    run.classes = ("T-shirt/top", "上着", "bag")
    named = {
        (None, None): "fashion-all-fgsm",
        ("T-shirt/top", "上着"): "fashion-t-shirt-top-to-1-fgsm",
        ("bag", None): "fashion-bag-fgsm",
    }
    for (source, target), name in named.items():
        recipe = AttackRecipe("fgsm", 0.3, 0.1, 1, source, target, 1, 1)
        assert once.name_of(run, recipe) == name


# how the parts are wired


def test_the_panel_has_all_that_its_callbacks_name(client):
    jobs.has_all_that_its_callbacks_name(client, JOB, {ids.ADVERSARIAL_RUN})


def test_cancel_ends_the_process_and_says_so(server, dash_app, client):
    jobs.ends_when_cancelled(dash_app, client, JOB, start(*filled(steps="500"))[0])
    assert server.attack_titles == {}
