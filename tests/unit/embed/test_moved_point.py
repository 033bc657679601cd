"""One point that moves among others that do not: how the example is made, kept and read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gt import cli
from gt.embed import EmbedError, moved_point

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "precomputed" / "method"


@pytest.fixture(scope="module")
def small():
    """A grid of nine places; a linear method stands for both, which takes no time to compile."""

    def embed(method, x, start, iterations):
        return x @ np.linalg.svd(x - x.mean(0), full_matrices=False)[2][:2].T

    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moved_point, "_embed", embed)
        made = moved_point.compute(lambda *step: told.append(step), steps=3)
    return made, told


def test_the_points_lie_about_three_corners_and_the_plane_goes_through_all_three():
    points, groups, plane, middle = moved_point.make_points(np.random.default_rng(0))
    np.testing.assert_allclose(plane @ plane.T, np.eye(2), atol=1e-12)
    for group, corner in enumerate(np.eye(moved_point.DIMENSIONS)[:3]):
        in_plane = middle + (corner - middle) @ plane.T @ plane
        np.testing.assert_allclose(in_plane, corner, atol=1e-12)
        own = points[groups == group]
        assert (
            np.linalg.norm(own.mean(0) - corner)
            < 0.15
            < np.linalg.norm(own - corner, axis=1).mean()
        )


def test_every_place_has_a_picture_of_every_point_and_progress_ends_at_the_end(small):
    made, told = small
    assert {name: p.shape for name, p in made.pictures.items()} == {
        "tsne": (3, 3, 76, 2),
        "umap": (3, 3, 76, 2),
    }
    assert all(np.isfinite(picture).all() for picture in made.pictures.values())
    assert [step[0] for step in told] == list(range(1, 19)) and told[-1][1] == 18
    assert made.steps.tolist() == [-moved_point.REACH, 0, moved_point.REACH]


def test_a_picture_is_moved_onto_the_first_as_a_whole_and_its_own_change_stays():
    rng = np.random.default_rng(1)
    first = rng.normal(size=(20, 2))
    turn = np.array([[0.6, 0.8], [0.8, -0.6]])  # a mirror image too
    moved = first.copy()
    moved[-1] += 0.7
    np.testing.assert_allclose(
        moved_point._fitted(first, 5 * moved @ turn + [3, -2]), moved, atol=1e-12
    )


def test_what_is_kept_is_read_again_as_it_was_but_for_the_rounding(small, tmp_path):
    made, _ = small
    size = moved_point.write(made, tmp_path)
    assert size == sum(file.stat().st_size for file in tmp_path.iterdir())
    again = moved_point.read(tmp_path)
    for name in ("points", "groups", "plane", "middle", "steps"):
        np.testing.assert_array_equal(getattr(again, name), getattr(made, name))
    for name, picture in made.pictures.items():
        np.testing.assert_allclose(again.pictures[name], picture, rtol=2**-10, atol=1e-4)
    assert again.made == made.made


def test_what_is_missing_or_damaged_says_what_to_do(small, tmp_path):
    with pytest.raises(EmbedError, match=r"no moved-point.npz in .*; gt method makes it"):
        moved_point.read(tmp_path)
    moved_point.write(small[0], tmp_path)
    file = tmp_path / "moved-point.npz"
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(EmbedError, match=r"is damaged .*; gt method makes it again"):
        moved_point.read(tmp_path)


def test_the_shipped_answers_say_what_the_page_says_of_them():
    """Where the point goes evenly from one group to the next, t-SNE and UMAP leap, and others move."""
    shipped = moved_point.read(SHIPPED)
    assert shipped.made["seed"] == moved_point.SEED and len(shipped.steps) == moved_point.STEPS
    points, *_ = moved_point.make_points(np.random.default_rng(moved_point.SEED))
    np.testing.assert_array_equal(shipped.points, points)
    row = 5  # below the middle, where two of the groups are
    step = shipped.steps[1] - shipped.steps[0]
    for picture in shipped.pictures.values():
        motion = np.linalg.norm(np.diff(picture[:, row], axis=0), axis=-1)
        assert motion[:, -1].max() > 5 * step
        assert np.median(motion[:, :-1].mean(1)) > 0.01
    assert sum(f.stat().st_size for f in SHIPPED.iterdir()) < 1_500_000


def test_the_command_computes_the_example_and_says_where_it_is(
    small, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(moved_point, "compute", lambda progress: small[0])
    assert cli.main(["method", "--out", str(tmp_path / "kept"), "--quiet"]) == 0
    assert f"{tmp_path / 'kept'}: " in capsys.readouterr().out
    assert moved_point.read(tmp_path / "kept").made == small[0].made


def test_the_command_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert cli.main(["method", "--out", str(tmp_path)]) == 2
    assert "needs openTSNE, which is not installed" in capsys.readouterr().err
