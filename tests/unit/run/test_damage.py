"""What is damaged, or in another's place, is noticed, named, and costs no more than it must."""

import itertools
import json
import os
import shutil
import struct
import tracemalloc

import numpy as np
import pytest
import zarr

import gt
from gt.kept import ship
from gt.run import DamagedEpochError, RunError, TruncatedRunError, disk
from tests.small_run import E, K, N, make


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make(tmp_path_factory.mktemp("made") / "run")


@pytest.fixture
def copy(made, tmp_path):
    return shutil.copytree(made, tmp_path / "run")


def chunks(path):
    """Files of activations and weights, which all have one size and type within their kind."""
    return {
        kind: sorted(p for p in (path / kind).rglob("*") if p.is_file() and p.name != "zarr.json")
        for kind in ("activations", "weights")
    }


def read_all(path):
    gt.open_run(path).check()


def test_a_whole_chunk_in_anothers_place_is_noticed(made, copy):
    read_all(copy)
    rng, tried = np.random.default_rng(0), 0
    for files in chunks(copy).values():
        pairs = list(itertools.permutations(files, 2))
        for at in rng.permutation(len(pairs))[:40]:
            there, taken = pairs[at]
            before = there.read_bytes()
            there.write_bytes(taken.read_bytes())
            with pytest.raises(DamagedEpochError, match="a chunk of another place"):
                read_all(copy)
            there.write_bytes(before)
            tried += 1
    assert tried == 80
    read_all(copy)


def test_two_chunks_that_changed_places_are_noticed(copy):
    for files in chunks(copy).values():
        one, two = files[0], files[-1]
        first = one.read_bytes()
        one.write_bytes(two.read_bytes())
        two.write_bytes(first)
        with pytest.raises(DamagedEpochError, match="a chunk of another place"):
            read_all(copy)
        two.write_bytes(one.read_bytes())
        one.write_bytes(first)


@pytest.mark.parametrize(
    "what", ["ids", "labels", "images", "splits", "checks", "history", "activations"]
)
def test_parts_of_another_run_are_noticed(copy, tmp_path, what):
    other = make(tmp_path / "other", seed=1)
    same = (copy / "splits/c/0").read_bytes() == (other / "splits/c/0").read_bytes()
    if (copy / what).is_dir():
        shutil.rmtree(copy / what)
        shutil.copytree(other / what, copy / what)
    else:
        shutil.copy(other / what, copy / what)
    if what == "splits" and same:
        return read_all(copy)  # equal bytes are no damage
    with pytest.raises(TruncatedRunError):
        read_all(copy)


def test_one_point_is_read_with_a_look_at_its_chunk_alone(copy):
    files = [copy / "activations/001/c/2" / str(chunk) / "0" for chunk in (0, 1)]
    files[0].write_bytes(files[1].read_bytes())
    run = gt.open_run(copy)
    run.point("a", 2, 6)
    with pytest.raises(DamagedEpochError, match="layer 'a', epoch 20"):
        run.point("a", 2, 1)


@pytest.mark.parametrize("file", ["activations/002/c/3/1/0", "weights/001/c/3/0/0"])
@pytest.mark.parametrize("how", ["missing", "empty", "zeros", "short"])
def test_a_damaged_epoch_leaves_those_before_it(copy, file, how):
    raw = (copy / file).read_bytes()
    content = {"empty": b"", "zeros": bytes(len(raw)), "short": raw[: len(raw) // 2]}
    (copy / file).unlink()
    if how != "missing":
        (copy / file).write_bytes(content[how])
    with pytest.raises(DamagedEpochError) as damage:
        read_all(copy)
    assert (damage.value.epoch, damage.value.whole) == (30, 3)
    text = str(damage.value)
    assert "epoch 30" in text and "open_run(path, before=30) opens the 3 whole before it" in text
    run = gt.open_run(copy, before=30)
    run.check()
    assert run.epochs.tolist() == [0, 10, 20]
    assert len(run.history.loss) == 3
    assert run.renamed("x").epochs.tolist() == [0, 10, 20]


@pytest.mark.parametrize("file", ["activations/002/c/4/1/0", "weights/000/c/4/0/0", "checks"])
def test_what_a_power_cut_takes_of_the_last_epoch_is_noticed_when_it_is_opened(copy, file):
    raw = (copy / file).read_bytes()
    (copy / file).write_bytes(raw[:-30] + bytes(30))
    with pytest.raises(DamagedEpochError, match="epoch 40") as damage:
        gt.open_run(copy)
    assert damage.value.whole == 4
    assert gt.open_run(copy, before=40).epochs.tolist() == [0, 10, 20, 30]


def test_history_is_each_epochs_own(copy):
    group = zarr.open_group(copy, mode="r+")
    group["history/accuracy"][2] = group["history/accuracy"][1] + 0.01
    with pytest.raises(DamagedEpochError, match="history of epoch 20"):
        gt.open_run(copy)
    assert len(gt.open_run(copy, before=20).history.loss) == 2


def test_the_library_shows_the_whole_epochs_and_says_what_is_wrong(copy, tmp_path):
    (copy / "activations/002/c/3/1/0").unlink()
    (copy / "weights/000/c/2/0/0").write_bytes(b"")
    shutil.copytree(copy, tmp_path / "none")
    (tmp_path / "none" / "activations/001/c/0/0/0").unlink()
    runs, problems = gt.find_runs([tmp_path])
    assert [(run.name, run.epochs.tolist()) for run in runs] == [("run", [0, 10])]
    assert [path.name for path, _ in problems] == ["none", "run"]
    assert "weights/000/c/2/0/0 must hold data" in problems[1][1]
    assert "before=20" in problems[1][1] and "before=" not in problems[0][1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_checks_that_are_no_file_or_endless_are_not_read(copy):
    file = copy / "checks"
    file.unlink()
    os.mkfifo(file)  # whoever opens it waits for a writer
    with pytest.raises(TruncatedRunError, match="checks must be a file of at most"):
        gt.open_run(copy)
    file.unlink()
    with file.open("wb") as stream:
        stream.truncate(3 * 2**30)  # takes no room
    tracemalloc.start()
    with pytest.raises(TruncatedRunError, match="checks must be a file of at most"):
        gt.open_run(copy)
    assert tracemalloc.get_traced_memory()[1] < 2**25
    tracemalloc.stop()


def test_runs_of_the_first_version_have_no_checks_and_are_read(copy):
    meta = json.loads((copy / "zarr.json").read_text())
    del meta["attributes"]["checks"]
    meta["attributes"]["version"] = 1
    (copy / "zarr.json").write_text(json.dumps(meta))
    (copy / "checks").unlink()
    read_all(copy)


def test_a_copy_to_be_shipped_knows_where_its_chunks_belong(made, tmp_path):
    small = ship.ship_run(made, tmp_path).path
    read_all(small)
    for array in ("activations", "weights"):
        one, two = sorted((small / array).glob("*/c/*/*/0"))[-2:]
        before = one.read_bytes()
        one.write_bytes(two.read_bytes())
        with pytest.raises(DamagedEpochError, match="a chunk of another place"):
            read_all(small)
        one.write_bytes(before)
    shard = small / "activations/001/c/0/0/0"
    raw = bytearray(shard.read_bytes())
    places = np.frombuffer(raw[-16 * E - 4 : -4], "<u8").reshape(E, 2).copy()
    places[[1, 2]] = places[[2, 1]]
    raw[-16 * E - 4 : -4] = places.tobytes()
    raw[-4:] = struct.pack("<I", crc32c(bytes(raw[-16 * E - 4 : -4])))
    shard.write_bytes(raw)
    with pytest.raises(DamagedEpochError, match=r"epoch 10.*a chunk of another place"):
        read_all(small)


def crc32c(data):
    import google_crc32c

    return google_crc32c.value(data)


def recheck(body):
    """A chunk with a check value that fits."""
    return body + struct.pack("<I", crc32c(body))


@pytest.mark.parametrize("where", ["run", "shipped"])
@pytest.mark.parametrize("claims", ["unpacked", "packed"])
def test_a_chunk_is_not_unpacked_to_more_than_its_size(made, tmp_path, monkeypatch, where, claims):
    if where == "run":  # as runs were packed before
        original = disk.codecs
        with monkeypatch.context() as patch:
            patch.setattr(disk, "codecs", lambda dtype, level: original(dtype, 3))
            path = make(tmp_path / "run")
    else:
        path = ship.ship_run(made, tmp_path).path
    meta = json.loads((path / "zarr.json").read_text())
    meta["attributes"]["checks"] = False  # a stranger's run need not have any
    (path / "zarr.json").write_text(json.dumps(meta))
    file = next(p for p in sorted((path / "activations/001/c/0").rglob("0")) if p.is_file())
    raw = bytearray(file.read_bytes())
    at = 0 if where == "run" else int(np.frombuffer(raw[-16 * E - 4 : -4], "<u8")[0])
    size = len(raw) if where == "run" else int(np.frombuffer(raw[-16 * E - 4 : -4], "<u8")[1])
    offset = at + (4 if claims == "unpacked" else 12)
    raw[offset : offset + 4] = struct.pack("<I", 2**31 - 17)
    raw[at : at + size] = recheck(bytes(raw[at : at + size - 4]))
    file.write_bytes(raw)
    run = gt.open_run(path)
    tracemalloc.start()
    with pytest.raises(DamagedEpochError, match=r"a chunk must unpack \d+ bytes to \d+, it says"):
        run.activations("a", 0)
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()


@pytest.mark.parametrize("count", [1, 60, 1000, 20_000])
def test_zstandard_is_unpacked_to_the_size_of_its_chunk_alone(tmp_path, count):
    group = zarr.create_group(tmp_path / "group")
    values = np.arange(count) % 7 + 1
    group["numbers"] = values  # as Zarr packs where nothing is said
    where = "test"
    read = disk.get_array(group, "numbers", where)
    np.testing.assert_array_equal(disk.read(read, ..., where), values)
    file = next(p for p in (tmp_path / "group" / "numbers" / "c").rglob("*") if p.is_file())
    for size in (0, values.nbytes - 1, values.nbytes + 1, 2 * 10**9):
        file.write_bytes(frame(size))
        tracemalloc.start()
        with pytest.raises(TruncatedRunError, match=f"it says {size}"):
            disk.read(read, ..., where)
        assert tracemalloc.get_traced_memory()[1] < 10**6
        tracemalloc.stop()
    for nothing in (b"", frame(8)[:5], b"(" * 40, b"\x28\xb5\x2f\xfd\0" + bytes(20)):
        file.write_bytes(nothing)
        with pytest.raises(TruncatedRunError, match="damaged"):
            disk.read(read, ..., where)


def frame(size):
    """The head of a frame of Zstandard that says to be of a size, and nothing behind it."""
    return b"\x28\xb5\x2f\xfd" + bytes([0b11100000]) + struct.pack("<Q", size) + bytes(20)


def describe(path, array, **change):
    file = path / array / "zarr.json"
    meta = json.loads(file.read_text())
    for key, value in change.items():
        meta[key] = value
    file.write_text(json.dumps(meta))


def chunked(*shape):
    return {"name": "regular", "configuration": {"chunk_shape": list(shape)}}


@pytest.mark.parametrize(
    ("array", "change"),
    [
        ("labels", {"shape": [10**12], "chunk_grid": chunked(10**12)}),
        ("labels", {"shape": [10**12], "chunk_grid": chunked(1)}),
        ("labels", {"shape": [10**18], "chunk_grid": chunked(10**17)}),
        ("labels", {"shape": [N, 1], "chunk_grid": chunked(N, 1)}),
        ("labels", {"shape": []}),
        ("labels", {"chunk_grid": chunked(0)}),
        ("labels", {"data_type": "float64"}),
        ("labels", {"data_type": "string", "codecs": [{"name": "vlen-utf8"}], "fill_value": ""}),
        ("ids", {"chunk_grid": chunked(-1)}),
        (
            "ids",
            {
                "codecs": [
                    {"name": "bytes", "configuration": {"endian": "little"}},
                    {"name": "gzip", "configuration": {"level": 1}},
                ]
            },
        ),
        ("images", {"shape": [N, 10**9, 10**9, 1], "chunk_grid": chunked(N, 10**9, 10**9, 1)}),
        ("images", {"shape": [N, 10**9, 1, 1], "chunk_grid": chunked(N, 1, 1, 1)}),
        ("activations/001", {"shape": [E, N, 10**12], "chunk_grid": chunked(1, N, 10**12)}),
        ("activations/001", {"shape": [10**18, N, K], "chunk_grid": chunked(1, 4, K)}),
        ("activations/001", {"chunk_grid": chunked(0, 4, K)}),
        ("activations/001", {"chunk_grid": chunked(1, 4)}),
        ("activations/001", {"data_type": "complex64"}),
        ("activations/001", {"node_type": "group"}),
        ("activations/001", {"codecs": "no"}),
        ("history/loss", {"shape": [E], "chunk_grid": chunked(E)}),
        ("history/loss", {"shape": [10**15, 2], "chunk_grid": chunked(10**15, 2)}),
        ("weights/000", {"shape": [E, K, K, 1], "chunk_grid": chunked(1, K, K, 1)}),
    ],
)
def test_descriptions_of_arrays_are_not_trusted(copy, array, change):
    describe(copy, array, **change)
    tracemalloc.start()
    with pytest.raises(RunError, match=array):
        read_all(copy)
    assert tracemalloc.get_traced_memory()[1] < 50 * 10**6
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"uid": "../../x"}, "uid must be 1 to 64 hexadecimal digits"),
        ({"uid": "/tmp/x"}, "uid must be"),
        ({"uid": ""}, "uid must be"),
        ({"uid": "a" * 65}, "uid must be"),
        ({"uid": "AB"}, "uid must be"),
        ({"uid": "ab\n"}, "uid must be"),
        ({"uid": 12}, "uid must be"),
        ({"epochs": [10**30]}, "epochs must be whole numbers of 0 to 9007199254740991"),
        ({"epochs": [-1]}, "epochs must be"),
        ({"epochs": [0.5]}, "epochs must be"),
        ({"epochs": [True]}, "epochs must be"),
        ({"epochs": [[0]]}, "epochs must be"),
        ({"epochs": "0"}, "epochs must be of list"),
        ({"epochs": {"0": 1}}, "epochs must be of list"),
        ({"title": 3}, "title must be of str"),
        ({"made": None}, "made must be of dict"),
        ({"made": [1]}, "made must be of dict"),
        ({"inputs": 7}, "inputs must be of str"),
        ({"classes": "abc"}, "classes must be of list"),
        ({"classes": ["a", "b", 3]}, "classes must be of str"),
        ({"classes": ["a", "b", "\ud800"]}, "lone surrogates"),
        ({"version": True}, "version must be a number"),
        ({"version": 1e300}, "version must be a number"),
        ({"layers": [None]}, "must describe a run"),
        ({"layers": {}}, "layers must be of list"),
        ({"weights": ["x"]}, "must describe a run"),
    ],
)
def test_entries_of_a_description_are_not_trusted(copy, change, text):
    edit(copy, **change)
    with pytest.raises(RunError, match=text):
        gt.open_run(copy)


def edit(path, **change):
    meta = json.loads((path / "zarr.json").read_text())
    meta["attributes"] |= change
    (path / "zarr.json").write_text(json.dumps(meta))


@pytest.mark.parametrize(
    "change",
    [
        {"array": "../../etc"},
        {"array": "/etc"},
        {"array": "."},
        {"array": ""},
        {"array": "activations/../ids"},
        {"array": "activations\\000"},
        {"array": 5},
        {"array": None},
        {"array": None, "softmax_of": "a"},
        {"array": None, "softmax_of": "softmax"},
        {"array": None, "softmax_of": "nothing"},
        {"shape": [10**30]},
        {"shape": [-1]},
        {"shape": [0]},
        {"shape": "3"},
        {"shape": [3.0]},
        {"name": None},
        {"name": "b"},
        {"kind": 5},
        {"config": 5},
        {"module": []},
    ],
)
def test_layers_are_not_trusted(copy, change):
    meta = json.loads((copy / "zarr.json").read_text())
    meta["attributes"]["layers"][1] |= change
    (copy / "zarr.json").write_text(json.dumps(meta))
    with pytest.raises(RunError):
        gt.open_run(copy)


def test_a_softmax_follows_from_no_circle(copy):
    meta = json.loads((copy / "zarr.json").read_text())
    for one, other in (("a", "b"), ("b", "a")):
        layer = next(x for x in meta["attributes"]["layers"] if x["name"] == one)
        del layer["array"]
        layer["softmax_of"] = other
    (copy / "zarr.json").write_text(json.dumps(meta))
    with pytest.raises(TruncatedRunError, match="layer 'a' must have an array, or follow from"):
        gt.open_run(copy)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10**6,
        '{"attributes": ' + '{"a":' * 10**5,
        "null",
        "[]",
        '{"attributes": null}',
        '{"attributes": {"format": "grand-tour-run", "version": 2}}',
        "\x00",
        '{"a": ' + "9" * 10**5 + "}",
        '{"attributes": {"format": "grand-tour-run", "version": NaN}}',
    ],
    ids=range(9),
)
def test_descriptions_that_are_none(copy, text):
    (copy / "zarr.json").write_text(text)
    with pytest.raises(RunError):
        gt.open_run(copy)


@pytest.mark.parametrize("depth", [50, 110, 900])
def test_deep_descriptions(copy, depth):
    deep = []
    for _ in range(depth):
        deep = [deep]
    edit(copy, made={"deep": deep})
    if depth < 100:
        assert gt.open_run(copy).made["deep"]
    else:
        with pytest.raises(TruncatedRunError, match=r"100 lists deep at most|lists in lists"):
            gt.open_run(copy)


def test_an_entry_that_is_a_group_of_another_kind(copy):
    meta = json.loads((copy / "zarr.json").read_text())
    (copy / "zarr.json").write_text(json.dumps(meta | {"node_type": "array"}))
    with pytest.raises(RunError):
        gt.open_run(copy)
    (copy / "zarr.json").write_text(json.dumps(meta | {"zarr_format": 9}))
    with pytest.raises(RunError):
        gt.open_run(copy)
