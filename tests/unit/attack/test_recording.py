"""A recorded attack holds what every layer did at every step, opens wherever it was stopped, and goes on."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gt
from gt import cli
from gt.align.align_run import align_run, plan
from gt.kept.attack import AttackRecipe, attack_of
from gt.run import ForeignStoreError, RunError, open_run
from gt.run.measure import hits
from tests.attacks import confidence

torch = pytest.importorskip("torch")
attackable = pytest.importorskip("tests.attackable")
one_thread = attackable.one_thread
from gt.attack.choice import attack_run, title_of, usual_clean  # noqa: E402
from gt.attack.recording import Examples, record_attack  # noqa: E402
from gt.attack.whole import building_of, whole_attack  # noqa: E402
from gt.record.network_file import save_weights  # noqa: E402
from gt.record.network_of import FILE, network_of  # noqa: E402

ROOT = Path(__file__).parents[3]
RECIPE = AttackRecipe("fgsm", 0.5, 0.05, 6, "bar", "cross", 10, 20)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return attackable.record(tmp_path_factory.mktemp("attacks") / "shapes")


@pytest.fixture(scope="module")
def made(run):
    return attack_run(run, run.path.parent / "attack", RECIPE, command="gt attack shapes")


def test_every_step_is_what_the_network_does_with_its_points(run, made):
    attack, model = attack_of(made), network_of(run).model
    assert made.epochs.tolist() == list(range(7)) and made.n == 30
    assert [x.name for x in made.layers] == [x.name for x in run.layers]
    assert not any(x.constant for x in made.layers)
    for step in (0, 1, 4, 6):
        x = torch.from_numpy(made.activations("input", step))
        with torch.no_grad():
            conv = model.get_submodule("conv")(x).numpy()
            logits = model(x).numpy()
        np.testing.assert_allclose(made.activations("conv", step), conv, atol=1e-5)
        np.testing.assert_allclose(made.activations("logits", step), logits, atol=1e-5)
        moved = (x - torch.from_numpy(made.activations("input", 0))) * attackable.STD
        assert moved.abs().max() <= min(0.5, 0.05 * step) + 1e-6
        pixels = x * attackable.STD + attackable.MEAN
        assert pixels.min() > -1e-6 and pixels.max() < 1 + 1e-6
        np.testing.assert_allclose(
            attack.change(step), moved[attack.rows].permute(0, 2, 3, 1), atol=0.5 / 32767 + 1e-6
        )
    made.check()


def test_points_that_stand_still_are_the_same_in_all_steps_and_stored_once(made):
    for layer in made.layers:
        first = made.activations(layer.name, 0)
        for step in (1, 6):
            values = made.activations(layer.name, step)
            np.testing.assert_array_equal(values[10:], first[10:], err_msg=layer.name)
            assert not np.array_equal(values[:10], first[:10])


def test_many_points_that_stand_still_share_their_files(run, tmp_path):
    images, labels = attackable.pictures(150, seed=4)
    network = network_of(run)
    x = network.inputs_of(images)
    ids = np.arange(150)
    moving = np.flatnonzero(labels == 0)[:3]
    still = np.setdiff1d(ids, moving)
    attacked, clean = (Examples(x[i], labels[i], ids[i], images[i]) for i in (moving, still))
    recipe = replace(RECIPE, count=3, clean=147, steps=3)
    low, high = network.pixels.bounds((8, 8), network.shape)
    given = {"attacked": attacked, "clean": clean, "classes": run.classes, "low": low, "high": high}
    made = record_attack(network.model, tmp_path / "a", recipe, **given)
    made.check()
    whole = network.logits(torch.from_numpy(made.activations("input", 3)))
    np.testing.assert_allclose(made.activations("logits", 3), whole, atol=1e-5)
    folder = made.path / "activations" / "001" / "c"
    links = {p.name: (p / "0/0/0").stat().st_ino for p in (folder / "0").iterdir()}
    for step in ("1", "2", "3"):
        now = {p.name: (p / "0/0/0").stat().st_ino for p in (folder / step).iterdir()}
        assert sorted(now) == ["0", "1", "2"]
        assert now["0"] != links["0"] and (now["1"], now["2"]) == (links["1"], links["2"])
    assert not list(made.path.rglob("*.partial"))


def test_without_hard_links_the_files_are_copied(run, tmp_path, monkeypatch):
    link = os.link

    def refused(source, target):
        if Path(target).suffix == ".partial":  # zarr's own have other names
            raise OSError("no links here")
        link(source, target)

    monkeypatch.setattr(os, "link", refused)
    monkeypatch.setattr("gt.attack.recording.LEAST_ROWS", 1)
    made = attack_run(run, tmp_path / "a", replace(RECIPE, steps=2))
    made.check()
    x = made.activations("conv", 2)
    np.testing.assert_array_equal(x[10:], made.activations("conv", 0)[10:])


def test_the_reader_says_who_was_attacked_and_what_came_of_it(run, made):
    attack = attack_of(made)
    assert attack_of(run) is None
    assert attack.recipe == RECIPE
    assert attack.of == {"run": "shapes", "uid": run.uid, "epoch": 1, "unit": "epoch"}
    assert (attack.sources == 0).all() and (attack.targets == 1).all()
    np.testing.assert_array_equal(made.ids[attack.rows], attack.ids)
    assert attack.attacked.sum() == 10 and set(attack.ids) <= set(run.ids[run.splits == 1])
    assert (made.splits == 1).all() and len(set(made.ids)) == 30
    assert np.bincount(made.labels[~attack.attacked]).tolist() == [6, 7, 7]
    logits = np.stack([made.activations("logits", i)[attack.rows] for i in range(7)])
    np.testing.assert_array_equal(attack.succeeded, logits.argmax(2) == 1)
    assert not attack.succeeded[0].any() and attack.success[-1] > 0.9
    shares = torch.from_numpy(logits).softmax(2).numpy().mean(1)
    np.testing.assert_allclose(attack.probabilities.mean(1)[:, :2], shares[:, :2], atol=1e-6)
    assert shares[-1, 1] > shares[0, 1] + 0.5
    with pytest.raises(RunError, match=r"0\.\.6, got 7"):
        attack.change(7)


def test_images_of_a_step_are_those_that_the_network_saw(made):
    attack = attack_of(made)
    np.testing.assert_array_equal(attack.images(0), attack.clean_images)
    for step in (0, 3, 6):
        x = made.activations("input", step)[attack.rows]
        pixels = 255 * (x * attackable.STD + attackable.MEAN)
        images = attack.images(step)
        assert images.dtype == np.uint8 and images.shape == (10, 8, 8, 1)
        assert np.abs(images[..., 0] - pixels[:, 0]).max() <= 0.51


@pytest.mark.parametrize("method", ["pgd-linf", "pgd-l2"])
def test_the_same_seed_gives_the_same_run_and_another_another(run, tmp_path, method):
    recipe = replace(RECIPE, method=method, source=None, target=None, steps=3, seed=4)
    before = torch.get_rng_state()
    one, same = (attack_run(run, tmp_path / name, recipe) for name in "ab")
    other = attack_run(run, tmp_path / "c", replace(recipe, seed=5))
    for layer in ("input", "conv", "logits"):
        a, b, c = (r.activations(layer, 3) for r in (one, same, other))
        np.testing.assert_array_equal(a, b)
        assert not np.array_equal(a, c)
    np.testing.assert_array_equal(one.activations("input", 0), other.activations("input", 0))
    assert torch.equal(before, torch.get_rng_state())
    attack = attack_of(one)
    assert (attack.targets == -1).all() and np.bincount(attack.sources).tolist() == [4, 3, 3]
    assert (attack.targets == -1).all() and not attack.succeeded[0].any()
    wanted = one.activations("logits", 3)[attack.rows].argmax(1) != attack.sources
    np.testing.assert_array_equal(attack.succeeded[3], wanted)
    size = np.linalg.norm(attack.change(3).reshape(10, -1), axis=1)
    assert size.max() <= 0.5 + 1e-3 or method == "pgd-linf"


def test_changes_by_more_than_half_of_all_whole_numbers_are_exact(tmp_path):
    """From -epsilon to epsilon in one step: 65,534 units, which wrap around in 16 bits and back."""
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 2)
    x = torch.full((2, 3), 0.5)
    recipe = AttackRecipe("pgd-linf", 0.25, 0.5, 4, None, None, 2, 0, seed=2)
    attacked = Examples(x, np.array([0, 1]), np.arange(2))
    given = {"attacked": attacked, "classes": ("a", "b"), "low": 0.0, "high": 1.0}

    class Turning(torch.nn.Module):
        """Its gradient turns round wherever an input passes one half."""

        def forward(self, x):
            return model((x - 0.5) ** 2)

    made = record_attack(Turning(), tmp_path / "a", recipe, **given)
    inputs = np.stack([made.activations("input", i) for i in range(5)])
    assert np.abs(np.diff(inputs, axis=0)).max() > 0.49
    attack = attack_of(made)
    for i in range(5):
        np.testing.assert_allclose(attack.change(i), inputs[i] - 0.5, atol=1e-5)


def test_with_epsilon_0_all_steps_are_the_first(run, tmp_path):
    made = attack_run(run, tmp_path / "a", replace(RECIPE, epsilon=0.0, steps=2))
    for layer in made.layers:
        np.testing.assert_array_equal(
            made.activations(layer.name, 2), made.activations(layer.name, 0)
        )
    attack = attack_of(made)
    assert not attack.change(2).any() and np.array_equal(attack.images(2), attack.clean_images)


def test_outputs_alone_can_be_recorded_and_have_the_same_values(run, made, tmp_path):
    small = attack_run(run, tmp_path / "a", RECIPE, layers="outputs")
    assert [x.name for x in small.layers] == ["logits", "softmax"]
    for step in (0, 6):
        np.testing.assert_array_equal(
            small.activations("logits", step), made.activations("logits", step)
        )
        np.testing.assert_array_equal(attack_of(small).images(step), attack_of(made).images(step))
    aligned = align_run(made, plan(made, reference=0, k=6), owner=small)
    assert aligned.fits(small) and aligned.epochs.tolist() == list(range(7))


def test_an_attack_is_aligned_about_its_clean_points(made):
    aligned = align_run(made, plan(made, reference=0, k=6), folder=made.path.parent / "aligned")
    assert len(aligned.ids) == 30 and aligned.recipe.reference == 0
    assert aligned.states[0].name == "input"
    where = np.array([aligned.ids.tolist().index(i) for i in attack_of(made).ids])
    first, last = (aligned.coordinates(0, epoch) for epoch in (0, 6))
    still = np.setdiff1d(np.arange(30), where)
    np.testing.assert_array_equal(first[still], last[still])
    assert (np.linalg.norm(last - first, axis=1)[where] > 0.05).all()


def test_a_cancelled_attack_has_its_steps_and_goes_on(run, made, tmp_path):
    told = []
    given = {"progress": lambda *said: told.append(said), "cancelled": lambda: told[-1][0] == 4}
    stopped = attack_run(run, tmp_path / "a", RECIPE, **given)
    assert {what.split(":")[-1] for _, _, what in told if "recording" in what} >= {
        " recording conv", " recording linear2",
    }  # fmt: skip
    assert [done for done, *_ in told] == sorted(done for done, *_ in told)
    assert told[0] == (0, 6, "looked at 16 of 16 examples")
    assert stopped.epochs.tolist() == [0, 1, 2, 3, 4] and len(attack_of(stopped).success) == 5
    whole = attack_run(run, tmp_path / "a", RECIPE)
    assert whole.uid == stopped.uid and len(whole.epochs) == 7
    for layer in ("input", "relu1", "logits"):
        np.testing.assert_array_equal(whole.activations(layer, 6), made.activations(layer, 6))
    with pytest.raises(RunError, match="another run already"):
        attack_run(run, tmp_path / "a", replace(RECIPE, epsilon=0.1))


KILLED = """
import os, signal, sys
from gt.run import open_run
from gt.kept.attack import AttackRecipe
from gt.attack.choice import attack_run

def progress(done, total, what):
    if what == "step 3: recording linear1":
        os.kill(os.getpid(), signal.SIGKILL)

recipe = AttackRecipe("fgsm", 0.5, 0.05, 6, "bar", "cross", 10, 20)
attack_run(open_run(sys.argv[1]), sys.argv[2], recipe, progress=progress)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_recording_opens_with_its_steps_and_goes_on(run, made, tmp_path):
    command = [sys.executable, "-c", KILLED, str(run.path), str(tmp_path / "a")]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    stopped = open_run(tmp_path / "a")
    stopped.check()
    assert stopped.epochs.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(attack_of(stopped).images(2), attack_of(made).images(2))
    whole = attack_run(run, tmp_path / "a", RECIPE)
    np.testing.assert_array_equal(whole.activations("logits", 6), made.activations("logits", 6))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_command_leaves_no_attack_that_opens_as_a_shorter_one_and_goes_on(
    run, made, tmp_path
):
    out = tmp_path / "a"
    script = KILLED.replace(
        "gt.attack.choice import attack_run", "gt.attack.whole import whole_attack"
    )
    script = script.replace("attack_run(open_run", "whole_attack(open_run").replace(
        "sys.argv[2]", "__import__('pathlib').Path(sys.argv[2])"
    )
    command = [sys.executable, "-c", script, str(run.path), str(out)]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert not out.exists()
    assert open_run(building_of(out)).epochs.tolist() == [0, 1, 2]
    told = []
    whole = whole_attack(run, out, RECIPE, progress=lambda done, total, what: told.append(what))
    assert not any("step 2: recording" in what for what in told)  # it went on
    assert any("step 3: recording" in what for what in told)
    assert whole.path == out and len(whole.epochs) == 7
    np.testing.assert_array_equal(whole.activations("logits", 6), made.activations("logits", 6))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_is_left_of_another_attack_is_in_nobody_s_way(run, tmp_path):
    out = tmp_path / "a"
    stop = {"progress": lambda *said: said, "cancelled": lambda: True}
    whole_attack(run, out, replace(RECIPE, epsilon=0.1), **stop)
    assert not out.exists() and building_of(out).exists()
    assert len(whole_attack(run, out, RECIPE).epochs) == 7
    shutil.copytree(out, building_of(out))  # whole, but never put in its place
    (building_of(out) / "zarr.json").write_text("{")
    shutil.rmtree(out)
    assert len(whole_attack(run, out, RECIPE).epochs) == 7
    with pytest.raises(ForeignStoreError, match="another run already"):
        whole_attack(run, out, replace(RECIPE, epsilon=0.1))


def test_any_module_is_attacked_without_images(tmp_path):
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(5, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
    x = torch.rand(6, 5)
    labels = model(x).argmax(1).numpy()
    attacked = Examples(x, labels, np.arange(6))
    recipe = AttackRecipe("pgd-l2", 2.0, 0.3, 6, None, None, 6, 0)
    given = {"attacked": attacked, "classes": ("a", "b"), "low": 0.0, "high": 1.0, "split": "train"}
    made = record_attack(model, tmp_path / "a", recipe, **given)
    attack = attack_of(made)
    assert (made.splits == 0).all() and attack.images(6) is None and attack.clean_images is None
    moved = made.activations("input", 6) - x.numpy()
    np.testing.assert_allclose(attack.change(6), moved, atol=1e-4)
    assert (
        attack.change(6).shape == (6, 5)
        and confidence(attack, attack.sources)[-1] < confidence(attack, attack.sources)[0]
    )
    with pytest.raises(RunError, match="says 5 attacked and 0 clean points, got 6 and 0"):
        record_attack(model, tmp_path / "b", replace(recipe, count=5), **given)
    with pytest.raises(RunError, match="all of the attacked points must be of the source 'a'"):
        mixed = replace(attacked, labels=np.arange(6) % 2)
        record_attack(
            model, tmp_path / "b", replace(recipe, source="a"), **{**given, "attacked": mixed}
        )
    assert not (tmp_path / "b").exists()


def test_damage_is_named(made, tmp_path):
    def damaged(name, change):
        path = tmp_path / name
        shutil.copytree(made.path, path)
        change(path)
        with pytest.raises(RunError) as raised:
            attack_of(open_run(path))
        return str(raised.value)

    def edit(path, change):
        file = path / "zarr.json"
        stored = json.loads(file.read_text())
        change(stored["attributes"])
        file.write_text(json.dumps(stored))

    assert "attack/change" in damaged("a", lambda path: shutil.rmtree(path / "attack" / "change"))
    assert "is missing" in damaged("f", lambda p: shutil.rmtree(p / "attack" / "change" / "c"))
    assert "'method'" in damaged(
        "b", lambda p: edit(p, lambda a: a["made"]["attack"].pop("method"))
    )
    assert "got 'x'" in damaged(
        "c", lambda p: edit(p, lambda a: a["made"]["attack"].update(method="x"))
    )
    assert "describe an attack" in damaged(
        "d", lambda p: edit(p, lambda a: a["made"].update(attack=3))
    )

    def other_ids(path):
        import zarr

        zarr.open_group(path, mode="r+")["attack/ids"][0] = 5

    assert "points of the run" in damaged("e", other_ids)


def test_too_few_points_are_said(run, tmp_path):
    with pytest.raises(
        RunError, match=r"must be 40 points of class bar .* have \d+ of 16; lower --count"
    ):
        attack_run(run, tmp_path / "a", replace(RECIPE, count=40))
    with pytest.raises(RunError, match=r"must be 39 clean points .* has 38; lower --clean"):
        attack_run(run, tmp_path / "a", replace(RECIPE, clean=39))
    with pytest.raises(RunError, match="--data-dir is for runs on mnist"):
        attack_run(run, tmp_path / "a", RECIPE, data_dir=tmp_path)
    with pytest.raises(
        RunError, match="source must be one of the classes bar, cross, blank, got 'cat'"
    ):
        attack_run(run, tmp_path / "a", replace(RECIPE, source="cat"))
    assert not (tmp_path / "a").exists()
    assert usual_clean(run, 10) == 38 and usual_clean(run, 60) == 0
    assert title_of(run, RECIPE) == "Shapes, 10 of bar to cross, iterated FGSM"


def test_more_examples_come_from_the_data_set(data_dir, tmp_path):
    from gt.record.datasets import load
    from gt.record.recipe import Recipe
    from gt.record.train import record_dataset

    path, data = tmp_path / "mnist", load("mnist", data_dir)
    given = {"per_class": (1, 4), "layers": "all", "dtype": "float32"}
    list(record_dataset(Recipe("mnist", 5, 0.05, 64, epochs=0), data, path, **given))
    run, test = open_run(path), data.test
    network = network_of(run)
    right = hits(network.logits(network.inputs_of(test.images)), test.labels)
    best = int(np.bincount(test.labels[right]).argmax())  # untrained, it takes most for the same
    target = str((best + 1) % 10)
    recipe = replace(RECIPE, source=str(best), target=target, count=12, clean=9, steps=1)
    made = attack_run(run, tmp_path / "a", recipe, data_dir=data_dir)
    attack = attack_of(made)
    expected = np.flatnonzero((test.labels == best) & right)[:12]
    np.testing.assert_array_equal(attack.ids, expected + 100_000)
    np.testing.assert_array_equal(attack.clean_images, test.images[expected])
    clean = made.ids[~attack.attacked]
    assert set(clean) <= set(run.ids[run.splits == 1]) - set(attack.ids)
    with pytest.raises(RunError, match=r"of class .* MNIST's test split"):
        attack_run(run, tmp_path / "b", replace(recipe, count=500), data_dir=data_dir)


def failed(capsys, *argv):
    assert cli.main(["attack", *map(str, argv)]) == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith("gt attack: ") and "\n" not in error
    return error


def test_the_command_attacks_and_says_what_to_do_next(run, made, tmp_path, capsys):
    out = tmp_path / "a"
    argv = ["attack", run.path, "--source", 0, "--target", "cross", "--epsilon", 0.5]
    argv += ["--step", 0.05, "--steps", 6, "--count", 10, "--clean", 20, "--out", out, "--quiet"]
    assert cli.main(list(map(str, argv))) == 0
    said = capsys.readouterr().out
    assert "10 of 10 are taken for cross after 6 steps (100.0 %)" in said
    assert f"gt align {out} --reference 0" in said and f"gt serve --runs {out}" in said
    again = open_run(out)
    np.testing.assert_array_equal(again.activations("logits", 6), made.activations("logits", 6))
    assert again.made["command"] == (
        "gt attack shapes --source 0 --target cross --method fgsm --epsilon 0.5 --step 0.05 --steps 6"
        " --count 10 --clean 20"
    )
    assert cli.main(["align", str(out), "--reference", "0", "--quiet"]) == 0
    assert cli.main(["info", str(out), "--check"]) == 0


def test_the_command_takes_the_networks_of_small_runs(run, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small = attackable.record(tmp_path / "small", layers="outputs").path
    options = ["--count", 5, "--steps", 2, "--method", "pgd-l2", "--quiet"]
    assert "must hold weights" in failed(capsys, small, *options)
    file = save_weights(run, tmp_path / "n.safetensors")
    argv = [
        "attack",
        small,
        "--weights",
        file,
        *options,
        "--layers",
        "conv,linear1",
        "--dtype",
        "float16",
    ]
    assert cli.main(list(map(str, argv))) == 0
    made = open_run(tmp_path / "runs" / "small-all-to-none")
    assert [x.name for x in made.layers] == ["conv", "linear1", "logits", "softmax"]
    assert made.n == 48 and attack_of(made).recipe.clean == 43
    save_weights(run, small / FILE)
    assert cli.main(list(map(str, ["attack", small, *options, "--out", tmp_path / "b"]))) == 0
    assert gt.open_run(tmp_path / "b").layers[0].name == "input"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--source", "7"], "source must be one of the classes bar, cross, blank, got '7'"),
        (["--source", "bar", "--target", "0"], "target must be another class than source"),
        (["--epsilon", "-1"], "epsilon must be"),
        (["--step", "inf"], "step must be"),
        (["--steps", "0"], "steps must be"),
        (["--count", "0"], "count must be"),
        (["--clean", "-3"], "clean must be"),
        (["--epoch", "9"], "--epoch must be one that shapes has recorded, got 9"),
        (["--weights", "nix"], "must be a file, there is none"),
        (["--layers", "conv9", "--count", "5"], 'no module "conv9"'),
        (["--data-dir", "."], "--data-dir is for runs on"),
    ],
)
def test_what_the_command_cannot_do_is_one_line(run, tmp_path, capsys, options, text):
    assert text in failed(capsys, run.path, *options, "--out", tmp_path / "a", "--quiet")
    assert not (tmp_path / "a").exists()


def test_a_file_of_weights_of_another_epoch_than_asked_for_is_refused(run, tmp_path, capsys):
    small = attackable.record(tmp_path / "small", layers="outputs")
    save_weights(run, small.path / FILE)
    said = failed(capsys, small.path, "--epoch", "0", "--out", tmp_path / "a", "--quiet")
    assert "the weights must be of epoch 0, as asked for, those here are of epoch 1" in said
    assert not (tmp_path / "a").exists()


def test_the_help_lists_the_methods(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["attack", "--help"])
    said = capsys.readouterr().out
    assert stopped.value.code == 0 and "pgd-linf" in said and "--source 8 --target 0" in said


def test_without_torch_the_command_says_what_installs_it(run, capsys, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "torch" else found(name)
    )
    assert 'pip install "nn-grand-tour[record]"' in failed(capsys, run.path)
