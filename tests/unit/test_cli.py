"""The command line: what works says what to do next, what cannot work says why in one line."""

import importlib.util
import shutil
import sys
from dataclasses import replace

import numpy as np
import pytest

import gt
from gt import cli, dashboard
from gt.kept.embedding import find_embeddings, write_embedding
from tests.small_run import without_checks

N, K = 20, 3


@pytest.fixture
def arrays(tmp_path):
    rng = np.random.default_rng(0)
    file = tmp_path / "everything.npz"
    np.savez(
        file,
        logits=rng.normal(size=(4, N, K)),
        y=rng.integers(0, K, N),
        splits=np.arange(N) % 2,
        classes=["ant", "bee", "cat"],
        images=rng.integers(0, 255, (N, 4, 4), dtype=np.uint8),
        lr=[0.1] * 4,
    )
    return file


def failed(capsys, *argv):
    """Run a command that must fail; returns its one line of error."""
    assert cli.main([str(a) for a in argv]) == 2
    error = capsys.readouterr().err.strip()
    assert "Traceback" not in error
    return error


def test_help_has_examples_and_needs_no_torch(capsys):
    for command in ([], *([name] for name in cli.COMMANDS)):
        with pytest.raises(SystemExit) as stopped:
            cli.main([*command, "--help"])
        assert stopped.value.code == 0
    out = capsys.readouterr().out
    assert "gt record mnist" in out and "gt import everything.npz" in out


def test_without_a_command_it_says_what_one_can_do(capsys):
    assert cli.main([]) == 0
    out = capsys.readouterr().out
    for name, (_, line) in cli.COMMANDS.items():
        assert f"  {name} " in out and line.split()[0] in out
    assert "gt record mnist" in out


def test_every_command_is_named_as_it_is_typed():
    for name in cli.COMMANDS:
        command = cli.GT.get_command(None, name)
        assert command.name == name and command.help, name


def test_import_then_info(arrays, tmp_path, capsys):
    out = tmp_path / "runs" / "mine"
    assert cli.main(["import", str(arrays), "--out", str(out), "--title", "Insects"]) == 0
    said = capsys.readouterr().out
    assert "Insects" in said and f"gt serve --runs {out}" in said
    run = gt.open_run(out)
    assert run.classes == ("ant", "bee", "cat") and len(run.epochs) == 4
    assert cli.main(["info", str(out), "--check"]) == 0
    said = capsys.readouterr().out
    for text in (
        "20: 10 train, 10 test",
        "3: ant, bee, cat",
        "4 x 4 x 1",
        "4: 0 to 3",
        "all arrays",
    ):
        assert text in said


def test_import_brings_columns(arrays, tmp_path, capsys):
    n = len(np.load(arrays)["y"])
    days = np.datetime64("2024-01-01") + np.arange(n)
    table = tmp_path / "columns.csv"
    table.write_text("taken,age\n" + "".join(f"{day},{i}\n" for i, day in enumerate(days)))
    command = ["import", str(arrays), "--out", str(tmp_path / "run"), "--columns", str(table)]
    assert cli.main(command) == 0
    columns = gt.open_run(tmp_path / "run").columns
    assert [(one.name, one.kind) for one in columns] == [("taken", "date"), ("age", "number")]
    table.write_text("age\n1\n2\n")
    command[3] = str(tmp_path / "other")
    assert f"column 'age' must have shape ({n},)" in failed(capsys, *command)


def test_import_of_several_files(tmp_path, capsys):
    np.save(tmp_path / "o.npy", np.full((2, 4, 2), 0.5))
    np.save(tmp_path / "l.npy", [0, 1, 0, 1])
    files = [tmp_path / "o.npy", "--labels", tmp_path / "l.npy", "--out", tmp_path / "r"]
    assert cli.main(["import", *map(str, files), "--classes", "no,yes"]) == 0
    run = gt.open_run(tmp_path / "r")
    assert run.classes == ("no", "yes") and [x.name for x in run.layers] == ["softmax"]
    assert "probabilities, recognised by their values" in capsys.readouterr().out


def test_errors_are_one_line(arrays, tmp_path, capsys):
    assert "no folder" in failed(capsys, "info", tmp_path / "nix")
    assert "no file" in failed(capsys, "import", tmp_path / "nix.npz", "--out", tmp_path / "r")
    np.savez(tmp_path / "a.npz", things=[1])
    line = failed(capsys, "import", tmp_path / "a.npz", "--out", tmp_path / "r")
    assert "must hold outputs, it holds things" in line
    np.save(tmp_path / "o.npy", np.ones((2, 4, 2)))
    assert "labels" in failed(capsys, "import", tmp_path / "o.npy", "--out", tmp_path / "r")
    out = tmp_path / "taken"
    out.mkdir()
    (out / "file").write_text("x")
    assert "new or empty" in failed(capsys, "import", arrays, "--out", out)
    assert "MANIFEST" in failed(capsys, "manifest", tmp_path, "--check")
    assert "no folder" in failed(capsys, "manifest", tmp_path / "nowhere")


@pytest.mark.parametrize(
    "argv",
    [
        ["record", "imagenet"],
        ["record", "mnist", "--epochs", "0"],
        ["record", "mnist", "--lr", "-1"],
        ["record", "mnist", "--batch-size", "x"],
        ["info"],
        ["record", "mnist", "--dtype", "int8"],
        ["info", "a", "b"],
        ["info", "a", "--chek"],
        ["serve", "--port", "many"],
        ["paint"],
    ],
)
def test_wrong_usage_exits_2(argv, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(argv)
    assert stopped.value.code == 2
    assert "usage: gt" in capsys.readouterr().err


def test_record_says_what_is_missing(tmp_path, capsys, monkeypatch):
    pytest.importorskip("torch")
    line = failed(capsys, "record", "mnist", "--data-dir", tmp_path, "--out", tmp_path / "r")
    assert "train-images-idx3-ubyte" in line and "--data-dir" in line
    line = failed(capsys, "record", "mnist", "--device", "abacus", "--data-dir", tmp_path)
    assert "--device must be one that torch can use here, got 'abacus'" in line
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda n: None if n == "torch" else find(n))
    line = failed(capsys, "record", "mnist")
    assert 'pip install "nn-grand-tour[record]"' in line


def small(name):
    """A data set of 10 x 100 examples in each split, and nothing on disk."""
    from gt.record.datasets import Dataset, Split

    def split(seed):
        rng = np.random.default_rng(seed)
        images = rng.integers(0, 255, (1000, 28, 28, 1), dtype=np.uint8)
        return Split(images, np.arange(1000) % 10)

    names = tuple(map(str, range(10)))
    return Dataset(name, "Small", names, split(0), split(1), (0.5,), (0.25,))


def test_record_stops_and_goes_on(tmp_path, capsys, monkeypatch):
    pytest.importorskip("torch")
    from gt.record import datasets, train

    monkeypatch.setattr(datasets, "load", lambda name, data_dir=None: small(name))
    trained = train._train_epoch
    calls = []

    def stop_at_second(*args):
        calls.append(0)
        if len(calls) == 2:
            raise KeyboardInterrupt
        trained(*args)

    monkeypatch.setattr(train, "_train_epoch", stop_at_second)
    out = tmp_path / "r"
    argv = ["record", "mnist", "--epochs", "2", "--out", str(out), "--quiet"]
    assert cli.main(argv) == 130
    assert "The same command goes on" in capsys.readouterr().err
    assert gt.open_run(out).epochs.tolist() == [0, 1]
    assert cli.main(argv) == 0
    assert f"gt serve --runs {out}" in capsys.readouterr().out
    assert gt.open_run(out).epochs.tolist() == [0, 1, 2] and gt.open_run(out).n == 2000
    assert cli.main(argv) == 0
    assert "complete already" in capsys.readouterr().out
    assert "asked for was seed 123" in failed(capsys, *argv, "--seed", "123")


def test_ship_and_manifest(arrays, tmp_path, capsys):
    cli.main(["import", str(arrays), "--out", str(tmp_path / "mine")])
    folder = tmp_path / "shipped"
    assert cli.main(["ship", str(tmp_path / "mine"), "--to", str(folder)]) == 0
    assert (folder / "MANIFEST.json").exists() and gt.open_run(folder / "mine").n == N
    assert cli.main(["manifest", str(folder), "--check"]) == 0
    assert "20 points, 4 epochs" in capsys.readouterr().out
    assert "remove it first" in failed(capsys, "ship", tmp_path / "mine", "--to", folder)


def test_serve_needs_the_app_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(dashboard, "FOLDER", tmp_path)
    error = failed(capsys, "serve")
    assert error.startswith(f"gt serve: {tmp_path / 'app.py'} must be there") and "install" in error


@pytest.fixture
def run(arrays, tmp_path, capsys):
    out = tmp_path / "runs" / "mine"
    assert cli.main(["import", str(arrays), "--out", str(out), "--title", "Insects"]) == 0
    capsys.readouterr()
    return out


def test_embed_lists_its_methods_and_the_defaults_of_their_parameters(capsys):
    from gt.embed import METHODS

    with pytest.raises(SystemExit) as stopped:
        cli.main(["embed", "--help"])
    assert stopped.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    for method in METHODS.values():
        assert f"{method.name} {method.title}. {method.text}" in said
        for one in method.parameters:
            assert f"--{one.name.replace('_', '-')} X" in said
    assert "steps of the optimisation (500; dynamic-tsne: 750)" in said


def test_embed_keeps_what_it_made_with_the_run_and_makes_it_once(run, capsys):
    command = ["embed", str(run), "--method", "pca", "--method", "grand-tour", "--every", "2"]
    assert cli.main([*command, "--quiet"]) == 0
    said = capsys.readouterr().out
    assert said.count("10 of 10 test points, 3 epochs, rank correlation") == 2
    found, problems = find_embeddings(run / "embeddings")
    assert not problems and {one.recipe.method for one in found} == {"pca", "grand-tour"}
    assert found[0].made["command"] == "gt embed mine --method pca --method grand-tour --every 2"
    before = [(one.path / "zarr.json").stat().st_mtime_ns for one in found]
    assert cli.main([*command, "--quiet"]) == 0
    assert before == [(one.path / "zarr.json").stat().st_mtime_ns for one in found]


def test_measures_are_taken_again_of_the_positions_that_are_kept(run, capsys):
    assert cli.main(["embed", str(run), "--method", "pca", "--quiet"]) == 0
    [[one], _] = find_embeddings(run / "embeddings")
    positions, kept = one.positions(), {name: value.copy() for name, value in one.measures.items()}
    wrong = {name: np.full_like(value, 0.5) for name, value in kept.items()}
    whole = {f: getattr(one, f) for f in ("recipe", "epochs", "ids", "of", "versions", "made")}
    write_embedding(one.path.parent, one.name, positions=positions, measures=wrong, **whole)
    assert cli.main(["measures", str(run), "--again"]) == 0
    [[again], _] = find_embeddings(run / "embeddings")
    assert again.made == one.made and again.positions().tobytes() == positions.tobytes()
    for name, value in kept.items():
        assert again.measures[name].tobytes() == value.tobytes(), name
    write_embedding(
        one.path.parent,
        one.name,
        positions=positions,
        measures=wrong,
        **whole | {"recipe": replace(one.recipe, fingerprint="0" * 64)},
    )
    capsys.readouterr()
    assert cli.main(["measures", str(run), "--again"]) != 0
    assert "it is of others; compute it again" in capsys.readouterr().err


def test_embed_shows_progress_unless_it_is_to_be_quiet(run, capsys):
    assert cli.main(["embed", str(run), "--method", "pca"]) == 0
    assert "Insects, PCA" in capsys.readouterr().err
    assert cli.main(["embed", str(run), "--method", "pca", "--seed", "1", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["tsne"], "Perplexity must be at most a third of the other points, 3 for 10 points"),
        (["tsne", "--perplexity", "0"], "Perplexity must be a number, 1 or more; 0 came"),
        (["umap", "--n-neighbors", "0"], "Neighbours must be a whole number, 2 or more"),
        (["umap", "--n-neighbors", "10"], "Neighbours must be fewer than the points"),
        (["pca", "--points", "11"], "from 4 to 10, all there are; 11 came"),
        (["pca", "--seed", "-1"], "Seed must be a whole number from 0"),
        (["pca", "--layer", "fc9"], 'no layer "fc9"; this run has logits, softmax'),
        (["pca", "--every", "9"], "with 4 epochs k must be at most 3, 9 came"),
    ],
)
def test_embed_refuses_with_the_reason_before_anything_starts(run, capsys, options, said):
    assert said in failed(capsys, "embed", run, "--method", *options)
    assert not (run / "embeddings").exists()


def test_embed_with_all_methods_refuses_before_the_first_starts(run, capsys):
    assert "Perplexity must be" in failed(capsys, "embed", run, "--method", "all")
    assert not (run / "embeddings").exists()


def test_embed_names_the_library_that_is_missing(run, capsys, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    error = failed(capsys, "embed", run, "--method", "tsne", "--perplexity", "2")
    assert "t-SNE needs openTSNE, which is not installed" in error and '".[embed]"' in error
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "tqdm", None)
    error = failed(capsys, "embed", run, "--method", "pca")
    assert "needs tqdm" in error and '".[embed]"' in error


def test_embed_of_no_run_says_so(tmp_path, capsys):
    assert "no folder" in failed(capsys, "embed", tmp_path / "nix", "--method", "pca")
    with pytest.raises(SystemExit) as stopped:
        cli.main(["embed", str(tmp_path), "--method", "magic"])
    assert stopped.value.code == 2 and "'magic' is not one of 'tsne'" in capsys.readouterr().err


# gt align


@pytest.fixture
def recordings(recorded_insects, tmp_path, monkeypatch):
    """A copy of them that a test may change; what was solved before is not known."""
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    return shutil.copytree(recorded_insects, tmp_path / "runs")


def alignments(run):
    from gt.kept.alignment import find_alignments

    found, problems = find_alignments(run / "alignments")
    assert not problems
    return found


def test_align_keeps_what_it_made_with_the_run_and_makes_it_once(recordings, capsys):
    run = recordings / "layers"
    assert cli.main(["align", str(run), "--quiet"]) == 0
    said = capsys.readouterr().out
    [made] = alignments(run)
    assert (
        "24 of 24 test points, 3 epochs, 7 states in 32 coordinates about epoch 4, 0.0 MB" in said
    )
    assert f"{made.path}:" in said and f"gt serve --runs {run}" in said
    assert made.made["command"] == "gt align layers"
    assert made.made["recorded"].startswith("gt record mnist")
    assert made.owner == made.recipe.uid == gt.open_run(run).uid
    before = (made.path / "zarr.json").stat().st_mtime_ns
    assert cli.main(["align", str(run), "--quiet"]) == 0
    again = capsys.readouterr().out
    assert "It was computed already." in again and "It was computed already." not in said
    assert (made.path / "zarr.json").stat().st_mtime_ns == before


def test_align_says_what_became_of_each_state(recordings, capsys):
    from tests.insects import STATES

    assert cli.main(["align", str(recordings / "layers"), "--quiet"]) == 0
    table = capsys.readouterr().out.split("\n\n")[1].splitlines()
    assert table[0].split("  ")[0] == "state"
    rows = {line.split()[0]: line.split() for line in table[1:]}
    assert list(rows) == STATES, "a layer that repeats the one before is no state of its own"
    assert rows["input"][1:] == ["Input", "25", "25", "100.0", "%"]
    assert rows["conv"][1:3] == ["Conv2d", "18"] and rows["conv"][6] == "singular"
    assert rows["relu"][6] == "value" and rows["softmax"][6] == "softmax"


def test_align_takes_options_and_its_command_makes_it_again(recordings, capsys, monkeypatch):
    monkeypatch.chdir(recordings)
    options = ["--reference", "2", "--k", "5", "--points", "12", "--split", "train", "--every", "2"]
    assert cli.main(["align", "layers", *options, "--quiet"]) == 0
    [made] = alignments(recordings / "layers")
    assert made.made["command"] == f"gt align layers {' '.join(options)}"
    recipe = made.recipe
    assert (recipe.reference, recipe.k, recipe.points) == (2, 5, 12)
    assert (recipe.split, recipe.every) == ("train", 2)
    assert made.epochs.tolist() == [0, 4] and len(made.ids) == 12
    capsys.readouterr()
    assert cli.main([*made.made["command"].split()[1:], "--quiet"]) == 0
    assert "12 of 24 train points" in (said := capsys.readouterr().out)
    assert "computed already" in said


def test_align_without_options_is_what_its_help_says(recordings, capsys):
    with pytest.raises(SystemExit):
        cli.main(["align", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    from gt.align.align_run import plan

    usual = plan(gt.open_run(recordings / "layers"))
    assert f"coordinates of each state ({usual.k})" in said
    assert f"evenly over the classes ({usual.points})" in said
    assert f"whose points ({usual.split})" in said
    assert f"every N-th recorded epoch ({usual.every})" in said
    assert usual.reference == 4 and "decide the bases (the last)" in said


def test_an_alignment_goes_into_a_smaller_recording_of_the_same_training(recordings, capsys):
    layers, small = recordings / "layers", recordings / "outputs"
    assert cli.main(["manifest", str(recordings)]) == 0
    assert cli.main(["align", str(layers), "--into", str(small), "--quiet"]) == 0
    said = capsys.readouterr().out
    assert f"gt serve --runs {small}" in said and f"gt manifest {recordings}" in said
    assert not alignments(layers)
    [made] = alignments(small)
    assert made.fits(gt.open_run(small)) and made.recipe.uid == gt.open_run(layers).uid
    assert made.made["command"] == "gt align layers --into outputs"
    assert cli.main(["align", str(layers), "--into", str(small), "--quiet"]) == 0
    assert "computed already" in capsys.readouterr().out
    assert cli.main(["info", str(small)]) == 0
    assert (
        f"alignments        {made.name}  24 of 24 test points, 3 epochs" in capsys.readouterr().out
    )


def nothing(run):
    pass


def spoilt(run):
    """Put a NaN where nobody looks before it is read."""
    array = next(one.array for one in gt.open_run(run).layers if one.name == "relu")
    without_checks(run)[array][1, 30, 0] = np.nan


@pytest.mark.parametrize(
    ("name", "options", "before", "said"),
    [
        (
            "outputs",
            [],
            nothing,
            "must have hidden layers to be aligned, it was recorded with logits",
        ),
        (
            "outputs",
            [],
            nothing,
            "gt record mnist --epochs 99 --seed 5 --lr 0.01 --batch-size 64 --e",
        ),
        (
            "layers",
            ["--reference", "1"],
            nothing,
            "one of the epochs 0 to 4 that are recorded, got 1",
        ),
        ("layers", ["--into", "arrays"], nothing, "must be a recording of the same training"),
        ("layers", ["--into", "nix"], nothing, "no folder"),
        ("nix", [], nothing, "no folder"),
        ("layers", [], spoilt, "layer 'relu', epoch 2: must be finite, it holds NaN"),
    ],
)
def test_align_says_in_one_line_what_cannot_be(
    recordings, capsys, monkeypatch, name, options, before, said
):
    monkeypatch.chdir(recordings)
    gt.write_run("arrays", np.random.default_rng(0).normal(size=(5, 48, 3)), np.arange(48) % 3)
    before(recordings / name)
    error = failed(capsys, "align", name, *options, "--quiet")
    assert said in error and "\n" not in error
    for run in ("layers", "outputs", "arrays"):
        assert not alignments(recordings / run)


@pytest.mark.parametrize(
    "option", [["--k", "0"], ["--points", "0"], ["--split", "both"], ["--k", "x"]]
)
def test_align_refuses_options_that_are_no_such_thing(recordings, capsys, option):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["align", str(recordings / "layers"), *option])
    assert stopped.value.code == 2 and option[0] in capsys.readouterr().err


def test_align_shows_progress_where_it_can(recordings, capsys, monkeypatch):
    run = str(recordings / "layers")
    assert cli.main(["align", run]) == 0
    assert "Insects, aligned: 100%" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert cli.main(["align", run, "--k", "4"]) == 0
    assert capsys.readouterr().err == ""


def test_align_shows_the_table_of_a_path_that_is_asked_for(tmp_path, monkeypatch, capsys):
    pytest.importorskip("torch")
    from tests.graphs import residual_cnn

    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    run = str(residual_cnn(tmp_path / "run").path)
    assert cli.main(["align", run, "--k", "8", "--quiet"]) == 0
    table = capsys.readouterr().out.split("\n\n")[1]
    assert "block0.conv2" in table and "addition" in table
    assert cli.main(["align", run, "--k", "8", "--path", "block0/add=/relu", "--quiet"]) == 0
    said = capsys.readouterr().out
    table = said.split("\n\n")[1]
    assert "block0.conv2" not in table and "block1.conv2" in table and "already" in said
    assert "16 states" in said
    assert cli.main(["align", run, "--k", "8", "--path", "fc=stem", "--quiet"]) != 0
    assert "'fc' is entered from /mean" in capsys.readouterr().err
