"""The sentences of the named views of layers are held to the shipped alignments."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from gt.kept.alignment import open_alignment
from gt.measure.views.find_view import find, points
from gt.run import open_run
from gt.views.shown import layer_views
from gt.views.stored import read_views
from tests.unit.test_packaging import ROOT

TRAININGS = ("mnist", "fashion-mnist", "cifar10")
VIEWS = {run: read_views(open_run(ROOT / "precomputed" / run))["layers"] for run in TRAININGS}
ALL = [(run, view["name"]) for run in TRAININGS for view in VIEWS[run]]


def shipped(run):
    folder = ROOT / "precomputed" / run
    return open_run(folder), open_alignment(folder / "alignments" / "test")


def shares(run, one, view, stop):
    """Percent of the two groups that lie on their own side of the middle, on the view's horizontal axis."""
    labels = run.labels[one.rows(run)]
    number = run.classes.index
    names = [state.name for state in one.states]
    state, epoch = names.index(view["states"][stop]), view["epochs"][stop]
    where = names.index(view["found"]) if "found" in view else state
    if "pair" in view:
        a, b = (number(name) for name in view["pair"])
        groups = [labels == a, labels == b]
        question = {"kind": "classes", "classes": [a, b]}
    else:
        mine = np.isin(labels, [number(name) for name in view["apart"]])
        groups = [mine, ~mine]
        question = {"kind": "selection", "ids": one.ids[mine].tolist()}
    found = find(run, one, question | {"state": where, "epoch": epoch})
    if where == state:  # leave-one-out, as the page says it
        return [float(x) for x in re.findall(r"([\d.]+) %", found["text"])]
    x = points(one, state, epoch) @ np.array(found["columns"])[:, 0]
    middles = [x[group].mean() for group in groups]
    near = np.abs(x[:, None] - middles).argmin(1)
    return [100 * float((near[group] == g).mean()) for g, group in enumerate(groups)]


@pytest.mark.parametrize(("run", "name"), ALL)
def test_a_view_fits_its_run(run, name):
    there, one = shipped(run)
    view = next(view for view in VIEWS[run] if view["name"] == name)
    assert len(view["states"]) == len(view["epochs"])
    assert set(view["states"]) <= {state.name for state in one.states}
    assert set(view["epochs"]) <= set(one.epochs.tolist())
    assert {*view["show"], *view.get("pair", []), *view.get("apart", [])} <= set(there.classes)


@pytest.mark.parametrize("name", TRAININGS)
def test_views_belong_to_the_training_that_ships_and_to_its_alignment(name, tmp_path):
    from gt.cache.store import Store
    from gt.serve.library import Library

    one = shipped(name)[1]
    for view in VIEWS[name]:
        of = view["of"]
        assert (of["reference"], of["k"], of["points"]) == (
            one.recipe.reference,
            one.k,
            len(one.ids),
        )
    library = Library([ROOT / "precomputed" / name], Store(tmp_path / "cache"))
    assert layer_views(library, name, "test") == VIEWS[name]
    library.alignments = lambda _: [replace(one, ids=one.ids[:-1])]
    others = layer_views(library, name, "test")
    assert others and not any(
        "of" in view for view in others
    )  # made of this alignment, not those written


def view_of(run, name):
    return next(view for view in VIEWS[run] if view["name"] == name)


def test_the_line_between_5_and_1_is_lost_on_the_way_and_comes_back():
    run, one = shipped("mnist")
    view = view_of("mnist", "5 and 1 before they are learnt")
    said = [round(shares(run, one, view, stop)[0]) for stop in range(4)]
    assert said == [100, 98, 70, 98]
    assert all(f"{number} %" in view["text"] for number in said)
    labels = run.labels[one.rows(run)]
    logits = one.coordinates(10, one.epochs.tolist().index(18))
    for c in (5, 1):  # silenced: the class's own logit is clipped for nearly all of its points
        assert (logits[labels == c, c] <= 0).mean() > 0.95


def test_shoes_are_traced_back_as_far_as_the_sentence_says():
    run, one = shipped("fashion-mnist")
    view = view_of("fashion-mnist", "Shoes, traced back")
    said = [[round(x) for x in shares(run, one, view, stop)] for stop in range(3)]
    assert said == [[99, 99], [99, 94], [86, 76]]
    assert all(one in view["text"] for one in ("99 % of both", "99 % and 94 %", "86 % and 76 %"))


def test_each_layer_has_a_direction_of_its_own_that_sets_shoes_apart():
    run, one = shipped("fashion-mnist")
    view = view_of("fashion-mnist", "Shoes, layer by layer")
    said = [[f"{x:.3g} %" for x in shares(run, one, view, stop)] for stop in range(2)]
    assert said == [["98 %", "99.7 %"], ["99.3 %", "99.7 %"]]
    assert all(share in view["text"] for stop in said for share in stop)


def test_vehicles_and_animals_part_early():
    run, one = shipped("cifar10")
    view = view_of("cifar10", "Vehicles and animals")
    said = [shares(run, one, view, stop) for stop in range(3)]
    assert np.allclose(said, [[79, 81], [81, 92], [87, 92]], atol=0.6)
