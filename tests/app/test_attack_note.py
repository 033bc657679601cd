"""What is announced of an attack, against what is stored of it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from gt.align.align_run import align_run, plan
from gt.cache import wire
from gt.cache.store import Store
from gt.kept.attack import AttackRecipe, attack_of
from gt.measure.attacks.curves import motion
from gt.measure.attacks.detours import detours
from gt.run.read import Run
from gt.serve import announcements, tensors
from gt.serve.library import Library
from gt.serve.payloads import AttackAnnouncement, AttackNote, DetoursNote
from gt.ui.adversarial.note import announce_attack, try_announce_attack

torch = pytest.importorskip("torch")
attackable = pytest.importorskip("tests.attackable")
one_thread = attackable.one_thread
from gt.attack.choice import attack_run  # noqa: E402
from gt.attack.recording import Examples, record_attack  # noqa: E402

RECIPE = AttackRecipe("fgsm", 0.5, 0.1, 4, "bar", "cross", 10, 20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A training and four attacks on it: to a class, to any, of no size at all, and without images."""
    folder = tmp_path_factory.mktemp("noted")
    run = attackable.record(folder / "shapes")
    made = attack_run(run, folder / "aimed", RECIPE, command="gt attack shapes")
    align_run(made, plan(made, reference=0, k=6))
    some = align_run(made, plan(made, reference=0, k=6, every=2, points=9), folder=folder / "other")
    some.path.rename(made.path / "alignments" / some.name)
    free = replace(RECIPE, method="pgd-l2", epsilon=1.0, source=None, target=None, steps=2)
    for name, recipe in (("free", free), ("still", replace(RECIPE, epsilon=0.0, steps=1))):
        made = attack_run(run, folder / name, recipe)
        align_run(made, plan(made, reference=0, k=6))
    x = torch.from_numpy(run.activations("input", 0)[run.splits == 1])
    labels, ids = run.labels[run.splits == 1], run.ids[run.splits == 1]
    blind = Examples(x[:6], labels[:6], ids[:6]), Examples(x[6:], labels[6:], ids[6:])
    made = record_attack(
        attackable.make(),
        folder / "blind",
        replace(RECIPE, source=None, target=None, steps=1, count=6, clean=len(x) - 6),
        attacked=blind[0],
        clean=blind[1],
        classes=attackable.CLASSES,
        low=-2.0,
        high=4.0,
    )
    align_run(made, plan(made, reference=0, k=6))
    return folder


@pytest.fixture
def library(folder, tmp_path):
    store = Store(tmp_path / "cache" / "tensors")
    yield Library([folder], store)
    store.close()


def read(library, entry, dtype=None, shape=None):
    raw = wire.unpack(tensors.packed(library, entry["url"].removeprefix("tensors/")))
    return np.frombuffer(raw, dtype or entry["dtype"]).reshape(shape or entry["shape"])


def change(library, note, step, attack):
    """The changes of a step as the browser computes them."""
    one = note["changes"][step]
    shape = (len(note["attacked"]), *attack.run.images.shape[1:])
    return read(library, one, "u1", shape).astype(float) * one["scale"] + one["offset"]


def test_an_announcement_has_the_fields_of_its_type_and_is_json(library):
    assert set(library.attack_titles) == {"aimed", "free", "still", "blind"}
    for name in library.attack_titles:
        said = announce_attack(library, name)
        types = (AttackAnnouncement, AttackNote, DetoursNote)
        layers = announcements.announce_layers(library, name)
        parts = (said, said["attack"], said["attack"]["detours"] or DetoursNote.__annotations__)
        wanted = [set(one.__annotations__) for one in types]
        wanted[0] |= set(layers)
        assert [set(part) for part in parts] == wanted
        assert json.loads(json.dumps(said, allow_nan=False)) == said
        assert {key: said[key] for key in layers} == layers


def test_what_it_is_is_what_was_asked_for(library):
    said = announce_attack(library, "aimed")["attack"]
    assert (said["of"], said["of_title"], said["epoch"]) == ("shapes", "Shapes", 1)
    assert (said["method"], said["norm"], said["epsilon"]) == ("iterated FGSM", "L∞", 0.5)
    assert (said["step"], said["steps"], said["command"]) == (0.1, 4, "gt attack shapes")
    assert (said["source"], said["target"], said["kept"]) == ("bar", "cross", True)
    said = announce_attack(library, "free")["attack"]
    assert (said["method"], said["norm"]) == ("PGD", "L2")
    assert said["source"] is said["target"] is None
    alone = Library([library.run("aimed").path], library.store)
    said = announce_attack(alone, "aimed")["attack"]
    assert (said["of"], said["of_title"]) == ("", "shapes")


@pytest.mark.parametrize("name", ["aimed", "free"])
def test_success_and_confidence_are_those_of_the_stored_outputs(library, name):
    said, run = announce_attack(library, name)["attack"], library.run(name)
    attack = attack_of(run)
    place = {int(one): i for i, one in enumerate(run.ids)}
    rows = [place[int(one)] for one in np.asarray(run.ids)[said["attacked"]]]
    assert set(rows) == set(attack.rows)
    p = np.stack([run.activations("softmax", i)[rows] for i in range(len(run.epochs))])
    own = run.labels[rows]
    taken = p.argmax(2) == 1 if name == "aimed" else p.argmax(2) != own
    np.testing.assert_array_equal(read(library, said["succeeded"]), taken)
    true, target = read(library, said["confidence"])
    np.testing.assert_array_equal(true, p[:, np.arange(len(rows)), own])
    if name == "aimed":
        np.testing.assert_array_equal(target, p[:, :, 1])
    else:
        assert np.isnan(target).all()


def test_motion_is_that_in_the_coordinates_that_are_drawn(library):
    said, attack = announce_attack(library, "aimed"), attack_of(library.run("aimed"))
    moved = read(library, said["attack"]["moved"])
    assert moved.shape == (len(said["alignment"]["states"]), 5, 10)
    found = motion(attack, library.alignments("aimed")[0])
    place = {int(one): i for i, one in enumerate(attack.ids)}
    shown = attack.run.ids[said["attack"]["attacked"]]
    order = [place[int(one)] for one in shown]
    np.testing.assert_allclose(moved, found[:, :, order], rtol=1e-6)
    assert (moved[:, 0] == 0).all() and (moved[:, 1:] > 0).all()


def test_detours_are_those_that_were_measured(library):
    said = announce_attack(library, "aimed")["attack"]["detours"]
    found = detours(attack_of(library.run("aimed")))
    for name in ("stray", "excess", "noise"):
        np.testing.assert_array_equal(said[name], getattr(found, name))
    assert (said["rho"], said["p_value"], said["n"]) == (found.rho, found.p_value, found.n)


def test_changes_are_near_what_is_stored_and_0_is_exactly_0(library):
    for name in ("aimed", "free"):
        said, attack = announce_attack(library, name)["attack"], attack_of(library.run(name))
        for step in range(len(attack.steps)):
            stored, there = attack.change(step), change(library, said, step, attack)
            half = said["changes"][step]["scale"] / 2
            np.testing.assert_allclose(there, stored, atol=half * (1 + 1e-6))
            assert (there[stored == 0] == 0).all()
            assert half <= np.abs(stored).max() / 254 * (1 + 1e-6) or not step
        assert np.abs(change(library, said, 0, attack)).max() == 0


def test_an_attack_of_no_size_moves_nothing(library):
    said, attack = announce_attack(library, "still"), attack_of(library.run("still"))
    note = said["attack"]
    assert (change(library, note, 1, attack) == 0).all()
    assert (read(library, note["moved"]) == 0).all() and not read(library, note["succeeded"]).any()
    assert note["detours"]["rho"] is None and note["detours"]["noise"] == [None] * 10


def test_only_what_is_in_the_picture_is_said_of(library):
    """An alignment with every second step, and few of the points."""
    one = next(x for x in library.alignments("aimed") if len(x.epochs) == 3)
    said, attack = announce_attack(library, "aimed", one.name), attack_of(library.run("aimed"))
    note, ids = said["attack"], one.ids[said["attack"]["attacked"]]
    assert 0 < len(ids) < 10 and set(ids) == set(one.ids) & set(attack.ids)
    assert said["epochs"] == [0, 2, 4] and len(note["changes"]) == 3
    chosen = np.array([attack.ids.tolist().index(one) for one in ids])
    np.testing.assert_array_equal(
        read(library, note["succeeded"]), attack.succeeded[::2][:, chosen]
    )
    there = change(library, note, 2, attack)
    np.testing.assert_allclose(there, attack.change(4)[chosen], atol=note["changes"][2]["scale"])
    assert read(library, note["moved"]).shape == (len(one.states), 3, len(ids))
    assert np.isfinite(read(library, note["moved"])).all()
    assert note["detours"]["stray"] == detours(attack).stray[chosen].tolist()


def test_without_images_there_are_no_changes_and_no_detours(library):
    said = announce_attack(library, "blind")["attack"]
    assert said["changes"] is None and said["detours"] is None
    assert read(library, said["succeeded"]).shape == (2, 6)


def test_announcing_twice_reads_the_attack_once(library, monkeypatch):
    first = announce_attack(library, "aimed")
    monkeypatch.setattr(Run, "activations", lambda *_: pytest.fail("the attack is read again"))
    assert announce_attack(library, "aimed") == first


def test_changes_are_made_when_they_are_asked_for_and_evicted_tensors_anew(library, folder):
    said = announce_attack(library, "aimed")["attack"]
    cache = library.store._cache
    urls = [one["url"][8:] for one in said["changes"]]
    assert not any(f"tensor/{url}" in cache for url in urls)
    measured = [said[name]["url"][8:] for name in ("succeeded", "confidence", "moved")]
    before = [tensors.packed(library, url) for url in measured]
    for url in measured:
        assert cache.delete(f"tensor/{url}")
    again = Library([folder], Store(library.store.folder))  # another worker
    assert all(tensors.packed(again, url) for url in urls)
    assert announce_attack(again, "aimed")["attack"] == said
    assert [tensors.packed(again, url) for url in measured] == before
    again.store.close()


def test_what_cannot_be_announced_is_said(library):
    cases = {"shapes": "Shapes is no attack", "gone": 'no run "gone"'}
    for name, text in cases.items():
        said, problem = try_announce_attack(library, name)
        assert said is None and text in problem
    said, problem = try_announce_attack(library, "aimed", "gone")
    assert said is None and 'has no alignment "gone"; it has test' in problem
    said, problem = try_announce_attack(library, "aimed")
    assert said is not None and problem == ""


def test_views_say_what_was_measured_and_name_what_there_is(library):
    for name in library.attack_titles:
        said, run = announce_attack(library, name), library.run(name)
        states = {one["name"] for one in said["alignment"]["states"]}
        assert said["views"][0]["name"] == "Across the softmax"
        for view in said["views"]:
            assert set(view["states"]) <= states and set(view["epochs"]) <= set(said["epochs"])
            assert len(view["states"]) == len(view["epochs"])
            assert set(view["handles"]) <= set(run.classes)
            assert bool(view["handles"]) != ("columns" in view)
    said = announce_attack(library, "aimed")
    across, before = said["views"]
    taken = read(library, said["attack"]["succeeded"])
    assert across["text"].startswith(f"{taken[-1].sum()} of 10 attacked points are taken for cross")
    assert across["handles"] == ["cross", "bar"] and across["epochs"][::2] == [0, 4]
    half = across["epochs"][1]
    assert 2 * taken[half].sum() >= taken[-1].sum() > 2 * taken[half - 1].sum()
    assert before["states"] == ["logits"] * 2 and before["epochs"] == [0, 4]
    free = announce_attack(library, "free")["views"][0]
    assert "are taken for another class at step 2" in free["text"] and len(free["handles"]) == 2


def test_before_the_softmax_the_boundary_is_level_in_the_middle(library):
    """Whoever is drawn above the middle has the larger output for the target."""
    run, one = library.run("aimed"), library.alignments("aimed")[0]
    columns = np.array(announce_attack(library, "aimed")["views"][1]["columns"])
    np.testing.assert_allclose(columns.T @ columns, np.eye(2), atol=1e-8)
    state = [state.name for state in one.states].index("logits")
    for step in range(5):
        height = one.turned(state, step) @ columns[:, 1]
        outputs = run.activations("logits", step)[one.rows(run)]
        margin = outputs[:, 1] - outputs[:, 0]
        clear = np.abs(margin) > 1e-2
        assert ((height > 0) == (margin > 0))[clear].all() and clear.sum() > 20
