"""Folders: of the projector, of images, of runs; and many files that are epochs."""

from __future__ import annotations

import shutil
import socket
import sys
import types

import numpy as np
import pytest
from PIL import Image

from gt.bring import look, pbtxt, write
from gt.errors import RunError
from tests.unit.bring.files import DEMO, PBTXT, N, npy, png

X = np.random.default_rng(0).normal(size=(N, 4))


def refused(path, said, **options):
    with pytest.raises(RunError) as stopped:
        look(path, **options)
    assert said in str(stopped.value), str(stopped.value)


@pytest.fixture
def projector(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "projector_config.pbtxt").write_bytes(PBTXT)
    np.savetxt(folder / "tensors.tsv", X, delimiter="\t")
    rows = "".join(f"word {i}\t{i % 2}\n" for i in range(N))
    (folder / "metadata.tsv").write_text("word\tclass\n" + rows)
    tiles = np.arange(N, dtype=np.uint8)[:, None, None] * np.ones((1, 3, 4), np.uint8)
    sheet = np.zeros((12, 16), np.uint8)  # 4 rows of 4
    for i, tile in enumerate(tiles):
        sheet[3 * (i // 4) : 3 * (i // 4) + 3, 4 * (i % 4) : 4 * (i % 4) + 4] = tile
    Image.fromarray(sheet).save(folder / "sprite.png")
    return folder


def test_a_projector_s_folder_with_sprites(projector, tmp_path):
    seen = look(projector)
    assert (seen.n, seen.p, seen.groups, seen.title) == (N, 4, 2, "words")
    run = write(seen, tmp_path / "run")
    assert run.images.shape == (N, 3, 4, 1)
    assert [int(one[0, 0, 0]) for one in run.images] == list(range(N))
    assert run.columns[0].names[int(run.columns[0].values[3])] == "word 3"


def test_the_demo_s_layout(tmp_path):
    (tmp_path / "oss_demo_projector_config.json").write_bytes(DEMO)
    (tmp_path / "tensors.bytes").write_bytes(X.astype("<f4").tobytes())
    (tmp_path / "labels.tsv").write_text(
        "word\tcount\n" + "".join(f"w{i}\t{i}\n" for i in range(N))
    )
    seen = look(tmp_path)
    assert (seen.n, seen.p, seen.title) == (N, 4, "Word2Vec 10K")


def test_metadata_of_one_column_have_no_row_of_names(projector):
    (projector / "metadata.tsv").write_text("".join(f"{i % 3}\n" for i in range(N)))
    assert look(projector).groups == 3


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("../secret.tsv", "leads elsewhere"),
        ("/etc/passwd", "leads elsewhere"),
        ("a\\..\\..\\b", "leads elsewhere"),
        ("https://example.org/t.tsv", "is an address"),
        ("link.tsv", "a link leads elsewhere"),
        ("none.tsv", "none is there"),
    ],
)
def test_a_projector_reads_nothing_outside_its_folder(projector, tmp_path, path, said):
    (tmp_path / "secret.tsv").write_text("1\t2\n")
    (projector / "link.tsv").symlink_to(tmp_path / "secret.tsv")
    text = PBTXT.decode().replace("tensors.tsv", path.replace("\\", "\\\\"))
    (projector / "projector_config.pbtxt").write_text(text)
    refused(projector, said)


def test_what_is_wrong_with_a_projector_names_the_file(projector):
    (projector / "metadata.tsv").write_text("a\tb\nx\ty\n")
    refused(projector, "metadata.tsv must have 12 rows")
    (projector / "metadata.tsv").write_text("a\tb\n" + "x\ty\n" * 11 + "x\n")
    refused(projector, "row 13 has 1")
    (projector / "tensors.tsv").write_text("1\t2\n3\n")
    refused(projector, "tensors.tsv must be the tensors")
    (projector / "projector_config.pbtxt").write_text("embeddings { tensor_path")
    refused(projector, "projector_config.pbtxt must be")
    (projector / "projector_config.pbtxt").write_text("")
    refused(projector, "tensor_path")


def test_a_sprite_that_is_too_small_is_refused(projector):
    Image.new("L", (8, 8)).save(projector / "sprite.png")
    refused(projector, "has room for 4")


def test_text_of_protocol_buffers():
    said = pbtxt.parse(
        'a: "x" "y\\n" b < c: 1.5 c: true > embeddings { n: -3 } embeddings: { n: 4 } # end'
    )
    assert said == {"a": "xy\n", "b": {"c": True}, "embeddings": [{"n": -3}, {"n": 4}]}
    assert pbtxt.parse("tensor_shape: [3, 4]") == {"tensor_shape": [3, 4]}
    for bad in ("a", "a {", "}", "a: }", "{", "a: [1", "?", "a {" * 40):
        with pytest.raises(ValueError, match=r"line|closed|deep"):
            pbtxt.parse(bad)


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pets"
    for i in range(6):
        own = folder / ("cat" if i % 2 else "dog")
        own.mkdir(parents=True, exist_ok=True)
        (own / f"{i}.png").write_bytes(png(6, 5, seed=i))
    return folder


def test_a_folder_of_images_is_drawn_by_its_pixels(pictures, tmp_path):
    seen = look(pictures)
    assert (seen.n, seen.p) == (6, 5 * 6 * 3) and seen.prepared.points.classes == ("cat", "dog")
    run = write(seen, tmp_path / "run")
    first = np.asarray(Image.open(pictures / "cat" / "1.png"))
    assert np.array_equal(run.images[0], first)
    values = run.activations("outputs", 0)
    assert np.allclose(
        values[0] - values[3], (run.images[0].astype(float) - run.images[3]).ravel(), atol=1e-3
    )


def test_images_of_unlike_sizes_are_brought_to_one_and_what_is_none_left_out(pictures):
    (pictures / "cat" / "7.png").write_bytes(png(90, 40, mode="RGBA"))
    (pictures / "cat" / "8.png").write_bytes(b"no image")
    (pictures / "cat" / "9.txt").write_text("x")
    (pictures / "out.png").symlink_to(pictures / "cat" / "1.png")
    seen = look(pictures)
    assert seen.n == 7 and seen.prepared.points.images.shape == (7, 32, 32, 3)
    assert any("8.png" in one for one in seen.notes) and "32 x 32" in seen.kind


def test_an_image_that_claims_too_many_pixels_is_left_out(pictures, monkeypatch):
    from gt.bring import pictures as opened

    monkeypatch.setattr(opened, "PIXELS", 1000)
    (pictures / "dog" / "big.png").write_bytes(png(64, 64))
    assert any("big.png" in one for one in look(pictures).notes)


def test_images_at_paths_in_a_table_are_beside_it(pictures):
    table = pictures / "t.csv"
    table.write_text("a,image\n1,cat/1.png\n2,dog/2.png\n")
    seen = look(table)
    assert seen.prepared.points.images.shape == (2, 5, 6, 3)
    for path, said in (
        ("../x.png", "leads elsewhere"),
        ("cat/0.png", "none is there"),
        ("", "is empty"),
    ):
        table.write_text(f"a,image\n1,cat/1.png\n2,{path}\n")
        refused(table, f"row 3 of “image”{':' if path else ''}", image="image")
        refused(table, said, image="image")
        assert look(table, image="none").n == 2


def test_the_last_layer_of_a_network_of_one_s_own(pictures, monkeypatch):
    torch = pytest.importorskip("torch")

    def make():
        return torch.nn.Sequential(
            torch.nn.AvgPool2d(224), torch.nn.Flatten(), torch.nn.Linear(3, 5)
        )

    module = types.ModuleType("own_network")
    module.make = make
    monkeypatch.setitem(sys.modules, "own_network", module)
    seen = look(pictures, model="own_network:make")
    assert (seen.n, seen.p) == (6, 5) and "last layer of own_network:make" in seen.kind
    refused(pictures, "raised AttributeError", model="own_network:gone")
    module.made_nothing = lambda: 3
    refused(pictures, "made int", model="own_network:made_nothing")
    refused(pictures / "cat" / "1.png", "for a folder of images", model="own_network:make")


def test_what_a_model_needs_is_said(pictures, monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    monkeypatch.setitem(sys.modules, "torchvision.models", None)
    refused(pictures, "torchvision, which is not installed", model="resnet18")
    monkeypatch.setitem(sys.modules, "torch", None)
    refused(pictures, "needs PyTorch", model="resnet18")


def test_a_folder_of_something_else_says_what_it_could_be(tmp_path):
    (tmp_path / "a.csv").write_text("a\n1\n2\n")
    refused(tmp_path, f"{tmp_path}/*.csv")
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", "it has none")


def test_runs_are_found_and_not_written(projector, tmp_path):
    write(look(projector), tmp_path / "runs" / "one")
    for path in (tmp_path / "runs", tmp_path / "runs" / "one"):
        seen = look(path)
        assert seen.runs == (tmp_path / "runs" / "one",) and "one" in seen.table()
        with pytest.raises(RunError, match="a run already"):
            write(seen, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_many_files_are_epochs_in_the_order_of_their_names(tmp_path):
    paths = []
    for epoch in (10, 2, 1):
        path = tmp_path / f"epoch-{epoch}.csv"
        path.write_text(
            "id,x,y,kind\n" + "".join(f"{i},{i * epoch},{i},{'ab'[i % 2]}\n" for i in range(4))
        )
        paths.append(path)
    seen = look(paths)
    assert (seen.n, seen.epochs, seen.p, seen.title) == (4, 3, 2, "epoch")
    assert seen.prepared.epochs == (1, 2, 10) and seen.groups == 2
    assert seen.prepared.axes == ("x", "y")
    span = np.ptp(seen.prepared.values[:, :, 0], axis=1)
    assert np.allclose(span / span[0], [1, 2, 10])


def test_files_that_are_no_epochs_of_the_same_points_are_named(tmp_path):
    (tmp_path / "a1.npy").write_bytes(npy(X))
    (tmp_path / "a2.npy").write_bytes(npy(X[:-1]))
    refused([tmp_path / "a1.npy", tmp_path / "a2.npy"], "a2.npy must have 12 rows")
    (tmp_path / "a2.npy").write_bytes(npy(X[:, :2]))
    refused([tmp_path / "a1.npy", tmp_path / "a2.npy"], "must be like that of a1.npy")
    (tmp_path / "b1.csv").write_text("a,b\n1,2\n")
    (tmp_path / "b2.csv").write_text("a,c\n1,2\n")
    refused([tmp_path / "b1.csv", tmp_path / "b2.csv"], "differ in b, c")
    shutil.rmtree(tmp_path)


def test_a_network_that_wants_other_images_is_made_with_what_makes_them(pictures, monkeypatch):
    torch = pytest.importorskip("torch")
    made = types.ModuleType("gt_test_pair")
    flat = torch.nn.Flatten()
    made.pair = lambda: (flat, lambda image: torch.from_numpy(np.array(image.resize((2, 1)))))
    made.small = lambda: torch.nn.Sequential(flat, torch.nn.Linear(12, 2))
    made.mean = lambda: type("Mean", (torch.nn.Module,), {"forward": lambda _, x: x.mean()})()
    monkeypatch.setitem(sys.modules, "gt_test_pair", made)
    seen = look(pictures, model="gt_test_pair:pair")
    assert seen.p == 6  # two pixels of three colours
    refused(pictures, "cannot be multiplied", model="gt_test_pair:small")
    refused(pictures, "a row an image, it gave Tensor of shape ()", model="gt_test_pair:mean")


def test_weights_that_cannot_be_had_are_told_with_their_place(pictures, monkeypatch):
    pytest.importorskip("torch")
    usual = socket.getdefaulttimeout()
    weights = types.SimpleNamespace(url="https://weights.invalid/net-1.pth")
    models = types.ModuleType("torchvision.models")
    models.get_model_weights = lambda name: types.SimpleNamespace(DEFAULT=weights)

    def fetched(name, weights):
        assert socket.getdefaulttimeout()  # no host may keep one waiting for ever
        raise TimeoutError("timed out")

    models.get_model = fetched
    monkeypatch.setitem(sys.modules, "torchvision", types.ModuleType("torchvision"))
    monkeypatch.setitem(sys.modules, "torchvision.models", models)
    refused(pictures, "(timed out); put https://weights.invalid/net-1.pth into ", model="net")
    assert socket.getdefaulttimeout() == usual
