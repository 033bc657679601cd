"""The size of a folder, and when something in it was written last."""

import os

from gt.files.measured import size_and_time


def test_files_count_once_however_often_they_are_linked(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "one").write_bytes(b"x" * 100)
    (tmp_path / "a" / "b" / "two").write_bytes(b"y" * 1000)
    os.link(tmp_path / "one", tmp_path / "a" / "again")
    (tmp_path / "elsewhere").symlink_to(tmp_path.parent)  # is not gone into
    link = (tmp_path / "elsewhere").lstat().st_size
    assert size_and_time(tmp_path)[0] == 1100 + link


def test_the_newest_time_is_that_of_whatever_was_written_last(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "old").write_text("")
    (tmp_path / "a" / "new").write_text("")
    for name, at in (("a/old", 1000), ("a/new", 3000), ("a", 2000), (".", 2500)):
        os.utime(tmp_path / name, (at, at))
    assert size_and_time(tmp_path)[1] == 3000


def test_nothing_has_no_size(tmp_path):
    assert size_and_time(tmp_path / "nothing") == (0, 0.0)
