"""Tables: what each column becomes, whatever the encoding, what is between cells, and what is in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from gt.bring import look, write
from gt.errors import RunError

FLOWERS = "width,height,species\n" + "".join(
    f"{i % 7},{i % 5},{('rose', 'lily')[i % 2]}\n" for i in range(20)
)


@pytest.fixture
def put(tmp_path: Path):
    def put(text: str | bytes, name: str = "t.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return put


def roles(seen):
    return {one.name: one.role for one in seen.columns}


def refused(path, *said, **options):
    with pytest.raises(RunError) as stopped:
        look(path, **options)
    for text in said:
        assert text in str(stopped.value), str(stopped.value)
    return str(stopped.value)


def test_numbers_become_coordinates_and_a_species_the_label(put):
    seen = look(put(FLOWERS))
    assert (seen.n, seen.p, seen.groups) == (20, 2, 2)
    assert roles(seen) == {"width": "coordinate", "height": "coordinate", "species": "label"}
    assert seen.rows[1] == ("1", "1", "lily")
    assert "called as labels are" in seen.table() and "width" in seen.table()


def test_a_run_of_it_has_the_columns_names_and_the_numbers_as_they_came(put, tmp_path):
    run = write(look(put(FLOWERS)), tmp_path / "run", title="Flowers")
    assert run.task == "none" and run.axes == ("width", "height") and run.title == "Flowers"
    assert run.classes == ("lily", "rose") and run.labels[:2].tolist() == [1, 0]
    assert [one.name for one in run.columns] == ["width", "height"]
    assert run.columns[0].values[:3].tolist() == [0, 1, 2]
    values = run.activations("outputs", 0)
    assert np.allclose(values.mean(axis=0), 0, atol=1e-6)
    assert np.allclose(values[1] - values[0], [1, 1])
    assert run.made["opened"]["label"] == "species"


def test_a_run_is_not_written_where_something_is(put, tmp_path):
    seen = look(put(FLOWERS))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine").write_text("x")
    with pytest.raises(RunError, match="must be new or empty"):
        write(seen, tmp_path / "run")
    assert [one.name for one in (tmp_path / "run").iterdir()] == ["mine"]


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"]
)
def test_every_encoding_is_read(put, codec):
    data = "größe,b\n1,2\n3,5\n".encode(codec)
    assert list(roles(look(put(data)))) == ["größe", "b"]


@pytest.mark.parametrize("between", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_whatever_is_between_cells_is_found(put, between, end):
    lines = ["a,b,c", *(f"{i},{i * i},{-i}" for i in range(5))]
    seen = look(put(end.join(lines).replace(",", between)))
    assert list(roles(seen)) == ["a", "b", "c"] and seen.n == 5


def test_decimals_behind_a_comma_are_numbers(put):
    seen = look(put("a;b\n1,5;2,5\n2,5;3\n"))
    assert seen.p == 2 and np.allclose(np.diff(seen.prepared.values[0], axis=0), [[1, 0.5]])


def test_a_table_without_names_gets_some(put):
    seen = look(put("1.5,2,a\n2.5,1,b\n3.5,7,a\n4,1,b\n"))
    assert list(roles(seen)) == ["column 1", "column 2", "column 3"] and seen.n == 4
    assert seen.prepared.points.classes == ("a", "b")


def test_the_numbers_of_pandas_columns_are_names_and_its_index_numbers_the_rows(put):
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(6, 3)))
    seen = look(put(frame.to_csv()))
    assert seen.n == 6 and seen.p == 3
    assert roles(seen) == {
        "column 1": "point",
        "0": "coordinate",
        "1": "coordinate",
        "2": "coordinate",
    }


def test_quoted_cells_hold_what_they_hold(put):
    seen = look(put('x,note\n1,"a, ""b""\nnext line"\n2,plain\n4,plain\n'), label="none")
    assert seen.n == 3
    assert seen.prepared.points.columns[1].names[0].startswith('a, "b"')


def test_names_that_come_twice_are_told_apart(put):
    seen = look(put("a,a,a (2)\n1,2,3\n2,4,1\n"))
    assert len(set(roles(seen))) == 3
    assert "comes twice" in " ".join(seen.notes)


def test_no_name_can_turn_the_line_or_hide(put):
    seen = look(put("a\u202eb,c\x07d\n1,2\n2,1\n"))
    assert list(roles(seen)) == ["a b", "c d"]


def test_one_column_is_a_line_and_no_error(put, tmp_path):
    seen = look(put("height\n1\n2\n3\n"))
    assert (seen.n, seen.p, seen.scale) == (3, 1, "none")
    assert write(seen, tmp_path / "run").axes == ("height",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("a,b\n", "row below its names"),
        ("a,b\n1,2\n1,2,3\n", "row 3 has 3 cells"),
        ("a,b\nx,y\nz,w\n", "column of numbers"),
        (b"a,b\n1,2\n\0\n", "line 3 has a byte 0"),
        ('a,b\n1,"2\n3,4\n5,6\n', "row 2 goes on to the end"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(put, text, said):
    refused(put(text), "t.csv", said)


def test_what_is_missing_names_its_place_and_can_be_left_out(put):
    path = put("a,b\n1,2\n,3\n3,1\n" + "4,5\n" * 20)
    refused(path, "row 3 of “a” is missing", "--not-finite drop")
    seen = look(path, not_finite="drop")
    assert seen.n == 22 and any("1 of 23 points" in one for one in seen.notes)


@pytest.mark.parametrize(
    ("cell", "said"),
    [("inf", "is infinite"), ("1e300", "is 1e+300, too large"), ("oops", "is “oops”")],
)
def test_a_cell_that_is_no_finite_number_is_named(put, cell, said):
    path = put("a,b\n" + "1,2\n3,4\n" * 10 + f"5,{cell}\n")
    refused(path, f"row 22 of “b” {said}")
    assert look(path, not_finite="drop").n == 20


def test_a_column_that_many_rows_lack_is_no_coordinate(put):
    seen = look(put("a,b\n" + "1,\n3,4\n" * 10))
    assert roles(seen)["b"] == "value" and "50%" in seen.table()


def test_the_same_name_for_two_points_is_refused_with_both_rows(put):
    text = "id,a,b\n7,1,2\n8,2,1\n7,3,3\n"
    refused(put(text), "rows 2 and 4 of “id” are both “7”", "--point none")
    assert look(put(text), point="none").n == 3


def test_ids_are_the_points_numbers(put):
    seen = look(put("id,a,b\n7,1,2\n9,2,1\n"))
    assert seen.prepared.points.ids.tolist() == [7, 9]


def test_what_is_said_decides(put):
    path = put(FLOWERS)
    assert roles(look(path, label="none"))["species"] == "value"
    assert look(path, label="none").groups == 1
    assert roles(look(path, coords="wid*")) == {
        "width": "coordinate",
        "height": "value",
        "species": "label",
    }
    assert roles(look(path, coords=["height"], label="width"))["width"] == "label"
    refused(path, "“size” is none; it has width, height, species", coords="size")
    refused(path, "“size” is none", label="size")
    refused(path, "it is text", coords="species", label="none")
    refused(path, "named as two", coords="width", label="width")
    refused(path, "scale must be one of", scale="odd")


def test_unlike_units_are_brought_to_one_and_like_ones_left(put):
    rng = np.random.default_rng(0)
    unlike = pd.DataFrame({"cm": rng.normal(0, 1, 50), "gram": rng.normal(500, 200, 50)})
    seen = look(put(unlike.to_csv(index=False)))
    assert seen.scale == "standard" and "spread unlike" in seen.why_scale
    assert np.allclose(seen.prepared.values[0].std(axis=0), 1, atol=1e-5)
    alike = look(put(FLOWERS))
    assert alike.scale == "none" and "spread alike" in alike.why_scale
    robust = look(put(unlike.to_csv(index=False)), scale="robust").prepared.values[0]
    low, high = np.quantile(robust, [0.25, 0.75], axis=0)
    assert np.allclose(high - low, 1, atol=1e-5) and np.allclose(
        np.median(robust, axis=0), 0, atol=1e-6
    )


def test_the_same_points_at_several_times_are_epochs(put, tmp_path):
    rows = [
        f"{name},{year},{at + len(name)},{at * 2}"
        for at, year in enumerate((1990, 1995, 2000))
        for name in ("a", "bb", "ccc")
    ]
    seen = look(put("who,year,x,y\n" + "\n".join(reversed(rows)) + "\n"))
    assert (seen.n, seen.p, seen.epochs, seen.unit) == (3, 2, 3, "step")
    assert roles(seen)["year"] == "time" and roles(seen)["who"] == "point"
    run = write(seen, tmp_path / "run")
    assert run.epochs.tolist() == [1990, 1995, 2000]
    steps = run.activations("outputs", 1) - run.activations("outputs", 0)
    assert np.allclose(steps / steps[:1], 1)  # all moved alike


def test_dates_are_numbered_and_points_that_are_not_always_there_left_out(put):
    text = (
        "who,date,x\n"
        + "".join(f"{w},2024-01-0{d},{d}\n" for w in "abcde" for d in (1, 2))
        + "f,2024-01-01,3\n"
    )
    seen = look(put(text))
    assert seen.n == 5 and seen.epochs == 2
    assert any("2024-01-01" in one and "step 0" in one for one in seen.notes)
    assert any("1 points are left out" in one for one in seen.notes)


def test_a_point_twice_at_one_time_is_refused(put):
    text = "who,epoch,x\na,0,1\na,0,2\nb,0,2\nb,1,3\na,1,5\n"
    refused(put(text), "rows 2 and 3 are the same point", time="epoch", point="who")


def test_columns_of_parquet_and_arrow(tmp_path):
    table = pa.table(
        {
            "vector": [[1.0, 2.0, 3.0], [4.0, 5.0, 7.0], [0.0, 1.0, 0.0]],
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
            "taken": pa.array([0, 1, None], pa.timestamp("s", "UTC")),
            "good": [True, False, None],
            "price": pa.array([1, 2, 3], pa.decimal128(9, 2)),
            "nested": [{"a": 1}, {"a": 2}, {"a": 3}],
        }
    )
    parquet.write_table(table, tmp_path / "t.parquet")
    with (
        pa.OSFile(str(tmp_path / "t.arrow"), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as file,
    ):
        file.write_table(table)
    for name in ("t.parquet", "t.arrow"):
        seen = look(tmp_path / name)
        assert seen.p == 3 and roles(seen)["kind"] == "label"
        assert seen.prepared.axes == ("1", "2", "3")
        assert any("nested" in one for one in seen.notes)
        kinds = {one.name: one.kind for one in seen.prepared.points.columns}
        assert kinds["taken"] == "date" and kinds["good"] == "category"


def test_a_parquet_that_claims_more_than_there_is_memory_is_refused_before_it_is_read(
    tmp_path, monkeypatch
):
    from gt.bring import memory

    path = tmp_path / "t.parquet"  # run lengths: 200 million numbers in a few kilobytes
    big = pa.table({"a": pa.array(np.zeros(10**6)), "b": pa.array(np.zeros(10**6))})
    parquet.write_table(big, path)
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(memory, "LIMIT", 10**7)
    refused(path, "t.parquet", "leave out rows")


def test_lists_that_claim_more_than_there_is_memory_are_refused_before_they_are_read(
    tmp_path, monkeypatch
):
    from gt.bring import memory

    path = tmp_path / "t.parquet"
    lists = pa.FixedSizeListArray.from_arrays(pa.array(np.zeros(10**6)), 1000)
    parquet.write_table(pa.table({"vector": lists}), path)
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(memory, "LIMIT", 10**7)
    refused(path, "t.parquet", "leave out rows")


def test_ten_thousand_columns_are_seen_in_their_leading_principal_coordinates(put, tmp_path):
    rng = np.random.default_rng(0)
    wide = rng.normal(size=(300, 3)) @ rng.normal(size=(3, 10_000))
    rows = "\n".join(",".join(f"{x:.4g}" for x in row) for row in wide)
    seen = look(put(",".join(f"g{i}" for i in range(10_000)) + "\n" + rows + "\n"))
    assert seen.p == 256 and seen.prepared.axes[0] == "PC 1"
    assert any("10,000 coordinates" in one and "100.0%" in one for one in seen.notes)
    assert "g0 … g9999 (10,000)" in seen.table() and len(seen.table()) < 2000
    found = seen.prepared.values[0]
    true = wide - wide.mean(axis=0)
    distances = [np.linalg.norm(one[3] - one[17]) for one in (found, true)]
    assert distances[0] == pytest.approx(distances[1], rel=1e-3)


def test_missing_labels_are_a_group_of_their_own(put):
    seen = look(put("a,label\n" + "1,x\n2,y\n3,\n" * 5))
    assert seen.prepared.points.classes == ("x", "y", "no label")
    assert seen.prepared.points.labels[:3].tolist() == [0, 1, 2]


def test_groups_are_in_their_natural_order(put):
    seen = look(put("a,group\n" + "".join(f"{i},run {i % 12}\n" for i in range(48))))
    assert seen.prepared.points.classes[1:3] == ("run 1", "run 2")


def test_an_unknown_ending_says_what_is_known(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    refused(tmp_path / "a.xlsx", ".csv", ".parquet")
    refused(tmp_path / "gone.csv", "no file")
    refused([], "none was named")
