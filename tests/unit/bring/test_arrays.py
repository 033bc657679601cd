"""Arrays in files: of any order of bytes and axes, alone or together, and none that does harm."""

from __future__ import annotations

import numpy as np
import pytest

from gt.bring import look, write
from gt.errors import RunError
from tests.unit.bring.files import N, bomb, npy, npz, safetensors

X = np.random.default_rng(0).normal(size=(N, 4))


@pytest.fixture
def put(tmp_path):
    def put(data, name="a.npy"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return put


def shown(seen):
    return seen.prepared.values


@pytest.mark.parametrize("kind", ["<f8", ">f8", ">f4", "<f2"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_any_order_of_bytes_and_axes_is_the_same_picture(put, kind, order):
    seen = look(put(npy(np.asarray(X.astype(kind), order=order))))
    assert seen.p == 4 and seen.scale == "none" and "one unit" in seen.why_scale
    assert np.allclose(shown(seen)[0], X - X.mean(axis=0), atol=5e-3 if kind == "<f2" else 1e-5)


def test_a_row_of_numbers_is_a_line_and_two_columns_a_plane(put):
    assert look(put(npy(X[:, 0]))).p == 1
    assert look(put(npy(X[:, :2]))).p == 2


def test_three_axes_are_epochs(put, tmp_path):
    film = np.stack([X, X + 1, 2 * X])
    seen = look(put(npy(film)))
    assert (seen.epochs, seen.n, seen.p) == (3, N, 4)
    run = write(seen, tmp_path / "run")
    assert run.epochs.tolist() == [0, 1, 2]
    assert np.allclose(run.activations("outputs", 1) - run.activations("outputs", 0), 1, atol=1e-5)


def test_bytes_are_images_by_their_pixels(put):
    pixels = np.random.default_rng(0).integers(0, 256, (N, 5, 6), dtype=np.uint8)
    seen = look(put(npy(pixels)))
    assert seen.p == 30 and seen.prepared.points.images.shape == (N, 5, 6, 1)


def test_records_are_columns(put):
    a = np.zeros(5, [("width", "f4"), ("kind", "U3"), ("height", ">i2")])
    a["width"], a["kind"], a["height"] = np.arange(5), ["a", "b", "a", "b", "a"], 5 - np.arange(5)
    seen = look(put(npy(a)))
    assert seen.prepared.axes == ("width", "height") and seen.groups == 2


def test_arrays_together_are_coordinates_labels_and_values(put):
    names = np.array(["é", "b"] * (N // 2))
    data = npz(X=X, y=np.arange(N) % 3, name=names, other=np.zeros((2, 2)))
    seen = look(put(data, "a.npz"))
    assert seen.p == 4 and seen.groups == 3
    assert any("other" in one for one in seen.notes)
    seen = look(put(safetensors(embedding=X, label=np.arange(N) % 2), "a.safetensors"))
    assert seen.p == 4 and seen.groups == 2


def test_epochs_of_an_archive_have_their_numbers(put):
    seen = look(
        put(npz(outputs=np.stack([X, X]), epochs=np.array([3, 9]), y=np.arange(N) % 2), "a.npz")
    )
    assert seen.prepared.epochs == (3, 9) and seen.groups == 2


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (npy(np.zeros((0, 3))), "a.npy", "must have points"),
        (npy(np.array("text")), "a.npy", "must have points"),
        (npy(np.array(["a", "b"])), "a.npy", "of text"),
        (npy(X.astype(complex)), "a.npy", "numbers or text, it is complex128"),
        (npy(np.zeros((2, 2, 2, 2))), "a.npy", "reshape it"),
        (npy(X)[:-5], "a.npy", "whole .npy file"),
        (b"", "a.npy", "whole .npy file"),
        (npz(), "a.npz", "it has nothing"),
        (npz(a=np.array(["x"])), "a.npz", "of text"),
        (bomb(), "a.npz", "bytes"),
        (b"PK\3\4" + bytes(50), "a.npz", "whole .npz file"),
    ],
)
def test_what_cannot_be_drawn_is_refused(put, data, name, said):
    with pytest.raises(RunError, match=r"a\.np") as stopped:
        look(put(data, name))
    assert said in str(stopped.value)


def test_objects_are_never_unpickled(put, tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "done"), "w"))

    path = put(b"")
    np.save(path, np.array([Evil()], dtype=object), allow_pickle=True)
    with pytest.raises(RunError, match="Python objects"):
        look(path)
    assert not (tmp_path / "done").exists()


def test_names_in_an_archive_are_no_paths(put, tmp_path):
    seen = look(put(npz(**{"../../x": X, "/etc/y": np.arange(N)}), "a.npz"))
    assert seen.p == 4
    assert [one.name for one in tmp_path.iterdir()] == ["a.npz"]


def test_very_large_numbers_are_scaled_without_overflow(put):
    seen = look(put(npy(X * 1e25)), scale="standard")
    assert np.allclose(shown(seen)[0].std(axis=0), 1, atol=1e-5)


def test_what_does_not_spread_is_in_the_middle(put):
    a = np.c_[X, np.full(N, 7.0)]
    for scale in ("none", "standard", "robust"):
        assert np.allclose(shown(look(put(npy(a)), scale=scale))[0][:, 4], 0, atol=1e-6)
