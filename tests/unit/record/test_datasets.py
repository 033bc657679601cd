"""Data sets are found in folders and fetched; a file that is wrong is named, with what to do."""

import gzip
import io
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from gt.record import datasets, download
from gt.record.datasets import load, probe_ids
from gt.record.published import SOURCES, DatasetError

pytest.importorskip("pooch")
IMAGES = "mnist/train-images-idx3-ubyte"


@pytest.mark.parametrize("name", datasets.DATASETS)
def test_plain_files(data_dir, name):
    data = load(name, data_dir)
    side, channels = (32, 3) if name == "cifar10" else (28, 1)
    assert data.train.images.shape == (1040, side, side, channels)
    assert data.test.images.shape == (1010, side, side, channels)
    assert data.train.labels.dtype == np.int64 and len(data.classes) == 10
    for split in (data.train, data.test):  # the bright band is where the class says
        for image, label in zip(split.images[:20], split.labels[:20], strict=True):
            assert (image[2 * label + 2 : 2 * label + 5] == 250).all()


def test_gzipped_files_and_a_folder_without_subfolders(data_dir, tmp_path):
    flat = tmp_path / "flat"
    flat.mkdir()
    for file in (data_dir / "mnist").iterdir():
        (flat / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    assert load("mnist", flat).train.images.shape == (1040, 28, 28, 1)


def tar(contents, folder="cifar-10-batches-bin"):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in contents.items():
            if name.startswith(folder):
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def test_the_archive_of_cifar10(known, tmp_path):
    (tmp_path / "cifar-10-binary.tar.gz").write_bytes(tar(known))
    assert load("cifar10", tmp_path).test.images.shape == (1010, 32, 32, 3)
    (tmp_path / "cifar-10-binary.tar.gz").write_bytes(tar(known)[:5000])
    with pytest.raises(DatasetError, match=r"cifar-10-binary\.tar\.gz.*does not unpack"):
        load("cifar10", tmp_path)


def test_the_folder_from_the_environment(data_dir, monkeypatch):
    monkeypatch.setenv("GT_DATA_DIR", str(data_dir))
    assert len(load("fashion-mnist").train.labels) == 1040


def test_a_missing_file_is_named(data_dir):
    (data_dir / IMAGES).unlink()
    with pytest.raises(DatasetError, match=r"train-images-idx3-ubyte or .*\.gz.*none is there"):
        load("mnist", data_dir)
    with pytest.raises(DatasetError, match="there is no"):
        load("mnist", data_dir / "nowhere")
    with pytest.raises(DatasetError, match="no data set 'imagenet'; there are mnist"):
        load("imagenet", data_dir)


def test_the_python_version_of_cifar10_is_recognised(known, tmp_path):
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(b"x")
    with pytest.raises(DatasetError, match=r"Python version .* is not read, get the binary"):
        load("cifar10", tmp_path)


def test_truncated_and_other_files_are_named(data_dir, known):
    file = data_dir / IMAGES
    file.write_bytes(known[IMAGES][:-100])
    with pytest.raises(DatasetError, match=r"train-images-idx3-ubyte must be mnist/.*truncated"):
        load("mnist", data_dir)
    file.write_bytes(gzip.compress(known[IMAGES])[:-100])
    with pytest.raises(DatasetError, match="does not unpack"):
        load("mnist", data_dir)
    file.write_bytes(known["fashion-mnist/train-images-idx3-ubyte"])
    with pytest.raises(DatasetError, match="another file"):
        load("mnist", data_dir)


def test_probe_ids_are_balanced_and_fixed():
    labels = np.random.default_rng(0).integers(0, 5, 4000)
    ids = probe_ids(labels, 30)
    assert np.bincount(labels[ids]).tolist() == [30] * 5
    assert (np.diff(ids) > 0).all() and ids[-1] > 3500
    np.testing.assert_array_equal(ids, probe_ids(labels, 30))
    with pytest.raises(DatasetError, match="class 0 has 2 examples, 3"):
        probe_ids(np.array([0, 0, 1, 1, 1]), 3)


class Server:
    """A publisher on this machine: answers from a dict of path to bytes, or with a status."""

    def __init__(self):
        self.files, self.asked, self.fail_first = {}, [], {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                left = outer.fail_first.get(self.path, 0)
                if left:
                    outer.fail_first[self.path] = left - 1
                    self.send_error(503)
                elif self.path not in outer.files:
                    self.send_error(404)
                else:
                    body = outer.files[self.path]
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr("pooch.core.time.sleep", lambda _: None)  # between two tries
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


FILE = "train-images-idx3-ubyte.gz"
SOURCE = SOURCES["mnist"]


def fetch(server, cache, *folders):
    urls = [f"{server.url}/{folder}/" for folder in folders]
    return download.fetch(SOURCE, IMAGES, urls, cache)


def test_fetched_once_then_kept(known, server, tmp_path):
    server.files["/a/" + FILE] = gzip.compress(known[IMAGES])
    assert fetch(server, tmp_path, "a") == known[IMAGES]
    assert fetch(server, tmp_path, "a") == known[IMAGES]
    assert server.asked == ["/a/" + FILE]


def test_retries_then_the_next_address(known, server, tmp_path):
    server.files["/b/" + FILE] = gzip.compress(known[IMAGES])
    server.fail_first["/b/" + FILE] = 2
    assert fetch(server, tmp_path, "a", "b") == known[IMAGES]
    assert server.asked == ["/a/" + FILE, *["/b/" + FILE] * 3]


def test_a_truncated_download_is_not_kept(known, server, tmp_path):
    server.files["/a/" + FILE] = gzip.compress(known[IMAGES])[:-50]
    server.files["/b/" + FILE] = gzip.compress(known[IMAGES])
    assert fetch(server, tmp_path, "a", "b") == known[IMAGES]


def test_a_damaged_copy_in_the_cache_is_fetched_again(known, server, tmp_path):
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / FILE).write_bytes(b"half")
    server.files["/a/" + FILE] = gzip.compress(known[IMAGES])
    assert fetch(server, tmp_path, "a") == known[IMAGES]


def test_all_that_was_tried_is_named(known, server, tmp_path):
    with pytest.raises(DatasetError, match="none worked") as caught:
        fetch(server, tmp_path, "a", "b")
    assert f"{server.url}/a/{FILE}" in str(caught.value) and "--data-dir" in str(caught.value)
    assert "404" in str(caught.value)


def test_load_fetches_what_it_needs(known, server, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_user_cache", lambda: tmp_path)
    for name, content in known.items():
        if name.startswith("fashion-mnist"):
            server.files["/" + name.split("/")[1] + ".gz"] = gzip.compress(content)
    server.files["/cifar-10-binary.tar.gz"] = tar(known)
    urls = [f"{server.url}/"]
    assert len(load("fashion-mnist", urls=urls).test.labels) == 1010
    assert len(load("cifar10", urls=urls).test.labels) == 1010
    assert len(server.asked) == 5
