"""Computing: once, resumable, the same whether or not it was interrupted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gt.embed import Stopped, embed, plan
from gt.kept.embedding import find_embeddings, open_embedding

ROOT = Path(__file__).parents[3]
QUICK = {
    "tsne": {"perplexity": 5, "iterations": 30},
    "tsne-warm": {"perplexity": 5, "iterations": 30},
    "dynamic-tsne": {"perplexity": 5, "iterations": 40},
    "umap-warm": {"n_neighbors": 5},
}


@pytest.mark.parametrize("method", ["pca", "grand-tour", "tsne", "tsne-warm", "dynamic-tsne"])
def test_an_embedding_says_what_it_is_of(run, tmp_path, method):
    job = plan(run, method, QUICK.get(method), points=30)
    seen = []
    made = embed(run, job, tmp_path / "out", progress=lambda *now: seen.append(now), command="me")
    assert made.positions().shape == (4, 30, 2) and made.positions().dtype == np.float32
    assert np.isfinite(made.positions()).all()
    assert made.epochs.tolist() == run.epochs.tolist() and made.of == 40
    assert set(made.ids.tolist()) < set(run.ids.tolist())
    assert made.recipe == job.recipe and made.versions["numpy"] == np.__version__
    assert made.made["command"] == "me" and made.made["seconds"] >= 0
    assert set(made.measures) >= {"rank_correlation", "trustworthiness", "continuity"}
    assert all(0 <= done <= total for done, total, _ in seen) and len(seen) > 8
    assert [p.name for p in (tmp_path / "out").iterdir()] == [job.name]
    again = embed(run, job, tmp_path / "out", progress=lambda *now: pytest.fail("computed again"))
    assert again.path == made.path


class After:
    """Says stop after so many questions."""

    def __init__(self, count):
        self.left = count

    def __call__(self):
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize(
    ("method", "steps"), [("tsne", 2), ("tsne-warm", 3), ("umap-warm", 2), ("dynamic-tsne", 25)]
)
def test_a_stopped_computation_goes_on_and_ends_in_the_very_same(
    run, tmp_path, monkeypatch, method, steps
):
    monkeypatch.setattr("gt.embed.compute.CHECKPOINT", 0.0)
    job = plan(run, method, QUICK[method])
    whole = embed(run, job, tmp_path / "whole")
    with pytest.raises(Stopped):
        embed(run, job, tmp_path / "parts", stop=After(steps))
    [shop] = (tmp_path / "parts").iterdir()
    assert shop.name.startswith(".") and list(shop.glob("*.npz"))
    assert find_embeddings(tmp_path / "parts") == ([], [])
    seen = []
    made = embed(run, job, tmp_path / "parts", progress=lambda *now: seen.append(now[2]))
    assert made.positions().tobytes() == whole.positions().tobytes()
    for name, values in whole.measures.items():
        assert made.measures[name].tobytes() == values.tobytes()
    if method == "dynamic-tsne":
        assert "Iteration 1 of 40" not in seen and "Iteration 40 of 40" in seen


def test_a_damaged_epoch_is_computed_again(run, tmp_path):
    job = plan(run, "tsne-warm", QUICK["tsne-warm"])
    whole = embed(run, job, tmp_path / "whole")
    with pytest.raises(Stopped):
        embed(run, job, tmp_path / "parts", stop=After(2))
    [shop] = (tmp_path / "parts").iterdir()
    first, second = sorted(shop.glob("epoch-*.npz"))[:2]
    first.write_bytes(first.read_bytes()[:100])
    second.write_bytes(b"")
    made = embed(run, job, tmp_path / "parts")
    assert made.positions().tobytes() == whole.positions().tobytes()


def test_a_finished_embedding_that_is_damaged_is_computed_again(run, tmp_path):
    job = plan(run, "pca")
    made = embed(run, job, tmp_path / "out")
    before = made.positions()
    (made.path / "zarr.json").write_text("{")
    again = embed(run, job, tmp_path / "out")
    assert (again.positions() == before).all()
    assert open_embedding(made.path).recipe.key == job.recipe.key


def test_an_embedding_of_the_same_name_of_something_else_is_replaced(run, tmp_path):
    from tests.unit.embed.conftest import write_tiny_run

    other = write_tiny_run(tmp_path / "twin")
    first = embed(run, plan(run, "pca"), tmp_path / "out")
    second = embed(other, plan(other, "pca"), tmp_path / "out")
    assert first.path == second.path and second.recipe.uid == other.uid


def test_pca_is_scikit_learn_s_of_all_epochs_together(run, tmp_path):
    from sklearn.decomposition import PCA

    made = embed(run, plan(run, "pca", layer="logits"), tmp_path / "out")
    rows = made.rows(run)
    data = [run.activations("logits", i)[rows] for i in range(4)]
    theirs = PCA(2).fit(np.concatenate(data).astype(np.float64))
    for i, x in enumerate(data):
        ours, known = made.positions(i), theirs.transform(x)
        ours = ours - (np.concatenate(data).mean(0) @ theirs.components_.T) * np.sign(
            (ours * (x @ theirs.components_.T)).sum(0)
        )
        signs = np.sign((ours * known).sum(0))
        np.testing.assert_allclose(ours * signs, known, atol=2e-3 * np.abs(known).max())


def test_a_layer_of_one_coordinate_has_pictures_too(tmp_path):
    from gt.embed.methods.grand_tour import starting_view
    from gt.embed.methods.pca import principal_basis

    x = np.arange(6.0)[:, None]
    assert principal_basis(lambda i: x, range(1)).tolist() == [[1.0, 0.0]]
    assert starting_view(1).tolist() == [[1.0, 0.0]]


def test_two_processes_with_one_job_compute_it_once(run, tmp_path):
    """The second waits for the first and returns its result."""
    script = (
        "import sys; from pathlib import Path\n"
        "import gt.embed.compute as compute\n"
        "from gt.run.read import open_run\n"
        "one, steps = compute._one_epoch, []\n"
        "def watched(*given):\n"
        "    steps.append(1); return one(*given)\n"
        "compute._one_epoch = watched\n"
        "compute.WAIT = 0.05\n"
        "run = open_run(Path(sys.argv[1]))\n"
        "job = compute.plan(run, 'tsne', {'perplexity': 5, 'iterations': 60})\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "made = compute.embed(run, job, Path(sys.argv[2]))\n"
        "print(len(steps), made.made['seconds'] is not None)\n"
    )
    given = [sys.executable, "-c", script, str(run.path), str(tmp_path / "out")]
    both = [
        subprocess.Popen(given, cwd=ROOT, stdin=-1, stdout=-1, stderr=-1, text=True)
        for _ in range(2)
    ]
    for one in both:
        assert one.stdout.readline() == "ready\n"
    for one in both:
        one.stdin.write("\n")
        one.stdin.flush()
    said = []
    for one in both:
        out, err = one.communicate(timeout=120)
        assert one.returncode == 0, err
        said.append(out.split()[0])
    assert sorted(said) == ["0", "4"]


def test_a_killed_computation_blocks_nobody(run, tmp_path, monkeypatch):
    script = (
        "import sys, time; from pathlib import Path\n"
        "from gt.run.read import open_run\n"
        "from gt.embed import embed, plan\n"
        "run = open_run(Path(sys.argv[1]))\n"
        "job = plan(run, 'tsne', {'perplexity': 5, 'iterations': 30})\n"
        "def told(done, *_):\n"
        "    if done == 2: print('here', flush=True); time.sleep(600)\n"
        "embed(run, job, Path(sys.argv[2]), progress=told)\n"
    )
    given = [sys.executable, "-c", script, str(run.path), str(tmp_path / "out")]
    with subprocess.Popen(given, cwd=ROOT, stdout=-1, text=True) as killed:
        assert killed.stdout.readline() == "here\n"
        killed.kill()
    job = plan(run, "tsne", {"perplexity": 5, "iterations": 30})
    monkeypatch.setattr("gt.embed.compute.WAIT", "waited for one that is dead")  # is no time
    made = embed(run, job, tmp_path / "out")
    assert made.positions().shape == (4, 40, 2)
    assert made.made["seconds"] is None  # of a part only


def test_importing_the_package_imports_none_of_the_libraries():
    check = (
        "import sys, gt.embed\n"
        "sys.exit(len({'torch', 'openTSNE', 'umap', 'sklearn', 'numba'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT).returncode == 0
    assert (
        subprocess.run([sys.executable, "-c", "import sklearn; " + check], cwd=ROOT).returncode == 1
    )
