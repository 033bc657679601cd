"""Arrays in files become runs; nothing is unpickled."""

import io
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
from numpy.lib import format as npy
from safetensors.numpy import save_file

from gt.files import readers as formats
from gt.run import RunError, load
from gt.run.load import kind_by_name, load_arrays, load_one, pick

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
    with pytest.raises(RunError, match=r"'outputs' must be .* without Python objects"):
        pick(load_arrays(tmp_path / "a.npy"))
    np.savez(tmp_path / "a.npz", outputs=OUTPUTS, notes=np.array([{"a": 1}], dtype=object))
    assert set(pick(load_arrays(tmp_path / "a.npz"))) == {"outputs"}  # notes are not read


def test_what_is_not_used_is_not_read(tmp_path, monkeypatch):
    np.savez_compressed(tmp_path / "a.npz", outputs=OUTPUTS, activations=np.zeros(10**6))
    monkeypatch.setattr(load, "LIMIT", 200)
    found = load_arrays(tmp_path / "a.npz")
    np.testing.assert_array_equal(pick(found)["outputs"], OUTPUTS)
    with pytest.raises(
        RunError, match=r"200 bytes at most once unpacked .* activations it is 8,000,048"
    ):
        found["activations"]


def head_of(shape):
    head = io.BytesIO()
    npy.write_array_header_1_0(head, {"descr": "<f4", "fortran_order": False, "shape": shape})
    return head.getvalue()


def bomb(path, claims, content, size=None):
    """An archive whose array says that it is large; ``size`` is what the archive says."""
    member = head_of(claims) + content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("outputs.npy", member)
    if size is not None:
        old, new = struct.pack("<I", len(member)), struct.pack("<I", size)
        path.write_bytes(path.read_bytes().replace(old, new))


@pytest.mark.parametrize("claims", [(2**40,), (2**62, 2**62), (-5, -5), (0, 2**62), ()])
def test_what_a_head_claims_is_not_taken(tmp_path, claims):
    bomb(tmp_path / "a.npz", claims, b"1234567")
    tracemalloc.start()
    with pytest.raises(RunError, match=r"'outputs' must be a whole .npz file of plain arrays"):
        pick(load_arrays(tmp_path / "a.npz"))
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()


def test_what_an_archive_unpacks_to_is_looked_at_first(tmp_path, monkeypatch):
    zeros = 32 * 10**6
    bomb(tmp_path / "a.npz", (zeros // 4,), bytes(zeros))
    assert (tmp_path / "a.npz").stat().st_size < zeros / 500
    monkeypatch.setattr(load, "LIMIT", 10**6)
    tracemalloc.start()
    with pytest.raises(RunError, match=r"1,000,000 bytes at most .* with outputs it is 32,000,000"):
        pick(load_arrays(tmp_path / "a.npz"))
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()
    with pytest.raises(RunError, match="cannot be read"):  # what it says to be is less than it is
        bomb(tmp_path / "b.npz", (3,), bytes(16), size=len(head_of((3,))) + 12)
        pick(load_arrays(tmp_path / "b.npz"))


def test_all_that_is_read_counts(tmp_path, monkeypatch):
    np.savez(tmp_path / "a.npz", outputs=OUTPUTS, labels=np.zeros(10, "i8"))
    monkeypatch.setattr(load, "LIMIT", OUTPUTS.nbytes + 79)
    with pytest.raises(RunError, match="with labels it is 128; leave out"):
        pick(load_arrays(tmp_path / "a.npz"))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<i2", "S3", "<U3", "?"])
def test_arrays_are_read_as_numpy_does(tmp_path, order, dtype):
    value = np.asarray(np.arange(6).reshape(2, 3).astype(dtype), order=order)
    np.save(tmp_path / "a.npy", value)
    np.savez_compressed(tmp_path / "a.npz", outputs=value)
    for name in ("a.npy", "a.npz"):
        read = load_arrays(tmp_path / name)["outputs"]
        np.testing.assert_array_equal(read, value)
        assert read.dtype == value.dtype


def test_names_of_classes_in_a_text_file(tmp_path):
    file = tmp_path / "names.txt"
    file.write_bytes("\ufeffcat\r\n  dog \r\n\r\n".encode())
    assert load_one(file, "classes").tolist() == ["cat", "dog"]
    file.write_bytes("cat".encode("utf-16"))
    with pytest.raises(RunError, match=r"names\.txt must be text in UTF-8"):
        load_one(file, "classes")


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".safetensors"])
def test_damaged_files_are_named(tmp_path, suffix):
    file = tmp_path / f"bad{suffix}"
    file.write_bytes(b"no array at all")
    with pytest.raises(RunError, match=f"bad{suffix}"):
        dict(load_arrays(file))


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


def test_a_format_is_one_registration(tmp_path, monkeypatch):
    """It is read, and named where another is refused, like those that are here."""
    monkeypatch.setattr(formats, "_table", dict(formats.readers()))

    def opened(path):
        values = np.array([float(one) for one in path.read_text().split(",")])
        return lambda name, admit: (admit(name, values.nbytes), values)[1], ["outputs"]

    formats.register(".commas", opened)
    (tmp_path / "a.commas").write_text("1,2.5")
    assert load_arrays(tmp_path / "a.commas")["outputs"].tolist() == [1, 2.5]
    (tmp_path / "b.commas").write_text("1,x")
    with pytest.raises(RunError, match=r"must be a whole \.commas file"):
        load_arrays(tmp_path / "b.commas")
    (tmp_path / "c.txt").write_text("")
    with pytest.raises(
        RunError, match=r"must end in \.commas, \.npy, \.npz or \.safetensors; numpy"
    ):
        load_arrays(tmp_path / "c.txt")


def test_columns_come_from_a_table(tmp_path):
    """Numbers where all cells are some; what is empty is missing, be it the only cell of its row."""
    file = tmp_path / "columns.csv"
    file.write_bytes('\ufeffage,caption\r\n3,"a, ""b""\nc"\r\n,\r\n-1e2,d\r\n'.encode())
    assert load.load_columns(file) == {"age": [3, None, -100], "caption": ['a, "b"\nc', None, "d"]}
    file.write_text("age\n1\n\n2 \n")
    assert load.load_columns(file) == {"age": [1, None, 2]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("age\n", "a row of names and one for each point"),
        ("age,age\n1,2\n", "must name its columns differently, got age, age"),
        ("age,place\n1,x\n2\n", "must have 2 cells in each row, as the first has, row 3 has 1"),
        ('age\n"1\n', "must be a table with commas between"),
        (b"age\n\xff\n", "must be text in UTF-8"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, text, says):
    file = tmp_path / "columns.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(RunError, match=says):
        load.load_columns(file)
