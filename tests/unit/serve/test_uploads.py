"""Files come piece by piece into a folder of their own, and nothing of them is left behind."""

import os
import time

import pytest

from gt.errors import UnknownNameError
from gt.files import alive
from gt.serve.uploads import LARGEST, LEFT_S, MOST_AT_ONCE, WAITING, UploadError, Uploads

ENDINGS = [".csv", ".npy"]


@pytest.fixture
def uploads(tmp_path):
    return Uploads(tmp_path / "uploads")


def begun(uploads, *sizes, name="a"):
    files = [{"name": f"{name}{i}.csv", "size": size} for i, size in enumerate(sizes)]
    return uploads.begin(files, ENDINGS)


def test_pieces_become_the_files_that_were_said(uploads):
    one = begun(uploads, 5, 3)
    assert uploads.take(one, 0, 0, b"abc") == 3
    assert uploads.take(one, 1, 0, b"xyz") == 3
    with pytest.raises(UploadError, match=r"a0\.csv has not come whole"):
        uploads.whole(one)
    assert uploads.take(one, 0, 3, b"de") == 5
    assert [path.read_bytes() for path in uploads.whole(one)] == [b"abcde", b"xyz"]
    assert Uploads(uploads.folder).whole(one) == uploads.whole(one)  # another worker's


@pytest.mark.parametrize(
    ("at", "piece", "said"),
    [
        (0, b"x", "begin at byte 3"),
        (4, b"x", "byte 3"),
        (3, b"", "byte 3"),
        (3, b"xyz", "more came"),
    ],
)
def test_what_is_not_the_next_piece_is_refused_and_what_is_there_stays(uploads, at, piece, said):
    one = begun(uploads, 5)
    uploads.take(one, 0, 0, b"abc")
    with pytest.raises(UploadError, match=said):
        uploads.take(one, 0, at, piece)
    uploads.take(one, 0, 3, b"de")
    assert uploads.whole(one)[0].read_bytes() == b"abcde"


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "a/b.csv",
        "a\\b.csv",
        ".a.csv",
        "..",
        "a\x00.csv",
        "a\n.csv",
        "x" * 200 + ".csv",
        " a.csv",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(uploads, name):
    with pytest.raises(UploadError, match="name must have"):
        uploads.begin([{"name": name, "size": 1}], ENDINGS)
    assert not uploads.folder.exists()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "1 to"),
        ([("a.exe", 1)], r"must end in \.csv, \.npy"),
        ([("a.csv", 0)], "is empty"),
        ([("a.csv", LARGEST), ("b.csv", 1)], "200 MB can be brought"),
        ([("a.csv", 1), ("A.CSV", 1)], "different names"),
    ],
)
def test_what_cannot_be_taken_is_told_before_it_is_sent(uploads, files, said):
    with pytest.raises(UploadError, match=said):
        uploads.begin([{"name": name, "size": size} for name, size in files], ENDINGS)
    assert not uploads.folder.exists()


@pytest.mark.parametrize("name", ["0" * 32, "..", "", "../tensors", "A" * 32])
def test_what_is_no_upload_is_not_known(uploads, name):
    begun(uploads, 1)
    for ask in (uploads.whole, uploads.state, uploads.cancel):
        with pytest.raises(UnknownNameError, match="not here any more"):
            ask(name)
    with pytest.raises(UnknownNameError):
        uploads.take(name, 0, 0, b"x")


def test_only_so_many_come_at_once_and_one_that_is_called_off_makes_room(uploads):
    names = [begun(uploads, 1) for _ in range(MOST_AT_ONCE)]
    with pytest.raises(UploadError, match="already"):
        begun(uploads, 1)
    uploads.cancel(names[0])
    assert begun(uploads, 1) not in names


@pytest.mark.skipif(os.name == "nt", reason="rights are POSIX")
def test_others_of_the_machine_cannot_look_into_it(uploads):
    one = begun(uploads, 1)
    uploads.take(one, 0, 0, b"x")
    for path in (uploads.folder, uploads.folder / one, uploads.folder / one / "files"):
        assert path.stat().st_mode & 0o077 == 0


def test_what_nobody_went_on_with_is_taken_away(uploads):
    one = begun(uploads, 1)
    uploads.sweep(time.time() + LEFT_S - 60)
    os.utime(uploads.folder / one, (0, 0))  # long ago, and then a page asks how it is
    assert uploads.state(one) == WAITING
    assert time.time() - (uploads.folder / one).stat().st_mtime < LEFT_S
    uploads.sweep(time.time() + LEFT_S + 60)
    assert list(uploads.folder.iterdir()) == []


def test_what_is_being_written_is_not_and_is_told_of_when_its_server_has_ended(
    uploads, monkeypatch
):
    one = begun(uploads, 1)
    uploads.tell(one, {**WAITING, "phase": "writing", "said": "Reading"})
    uploads.sweep(time.time() + 2 * LEFT_S)
    assert uploads.state(one)["phase"] == "writing"
    uploads.cancel(one)
    assert uploads.cancelled(one) and (uploads.folder / one).exists()  # its writer takes it away
    monkeypatch.setattr(alive, "found", lambda *_: None)
    assert uploads.state(one)["phase"] == "failed"
    uploads.sweep(time.time() + 2 * LEFT_S)
    assert list(uploads.folder.iterdir()) == []
