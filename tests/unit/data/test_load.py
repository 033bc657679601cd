"""Arrays in files become runs; nothing is unpickled."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from gt.data import RunError
from gt.data.load import kind_by_name, load_arrays, load_one, pick

OUTPUTS = np.arange(12, dtype=np.float32).reshape(2, 3, 2)


def test_each_kind_of_file(tmp_path):
    np.save(tmp_path / "a.npy", OUTPUTS)
    np.savez(tmp_path / "a.npz", logits=OUTPUTS, y=[0, 1, 0])
    save_file({"probs": OUTPUTS}, tmp_path / "a.safetensors")
    np.testing.assert_array_equal(load_arrays(tmp_path / "a.npy")["outputs"], OUTPUTS)
    found = load_arrays(tmp_path / "a.npz")
    assert set(pick(found)) == {"outputs", "labels"} and kind_by_name(found) == "logits"
    found = load_arrays(tmp_path / "a.safetensors")
    assert kind_by_name(found) == "probabilities"
    np.testing.assert_array_equal(pick(found)["outputs"], OUTPUTS)


def test_python_objects_are_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object))
    with pytest.raises(RunError, match="without Python objects"):
        load_arrays(tmp_path / "a.npy")


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".safetensors"])
def test_damaged_files_are_named(tmp_path, suffix):
    file = tmp_path / f"bad{suffix}"
    file.write_bytes(b"no array at all")
    with pytest.raises(RunError, match=f"bad{suffix}"):
        load_arrays(file)


def test_missing_and_unknown_files(tmp_path):
    with pytest.raises(RunError, match="no file"):
        load_arrays(tmp_path / "x.npy")
    (tmp_path / "x.csv").write_text("1,2")
    with pytest.raises(RunError, match=r"must end in \.npy, \.npz or \.safetensors"):
        load_arrays(tmp_path / "x.csv")


def test_one_array_of_a_file(tmp_path):
    np.savez(tmp_path / "a.npz", targets=[1, 2], other=[3])
    np.testing.assert_array_equal(load_one(tmp_path / "a.npz", "labels"), [1, 2])
    with pytest.raises(RunError, match="must hold splits"):
        load_one(tmp_path / "a.npz", "splits")
    np.save(tmp_path / "b.npy", [4, 5])
    np.testing.assert_array_equal(load_one(tmp_path / "b.npy", "ids"), [4, 5])
    (tmp_path / "names.txt").write_text("cat\ndog\n\n")
    assert load_one(tmp_path / "names.txt", "classes").tolist() == ["cat", "dog"]


def test_two_arrays_for_one_thing():
    with pytest.raises(RunError, match="outputs and logits"):
        pick({"outputs": OUTPUTS, "logits": OUTPUTS})
