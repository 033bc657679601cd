"""What a spreadsheet would compute stands behind an apostrophe; everything else is as it was."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gt
from gt.files.cells import defused

ROOT = Path(gt.__file__).parents[1]
COMPUTED = (
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\rx", "\nx", "  =1+1", "\u00a0=1",
    "\ufeff=1", "＝1+1", "-", "=", "+1+1", "-1.5.2", "--1", "-1 apple",
)  # fmt: skip
HARMLESS = (
    "cat", "", " cat", "a=b", "1+1", "p(=1)", "'=1", "-1.5", "+2", "-3e-4", "-.5", "1e5", "<b>", "5", "é", "#", "#N/A",
)  # fmt: skip


@pytest.mark.parametrize("text", COMPUTED)
def test_what_would_be_computed_is_a_text(text: str) -> None:
    table = defused(pd.DataFrame({"name": [text, "x"]}))
    assert table["name"].tolist() == [f"'{text}", "x"]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_would_not_is_as_it_was(text: str) -> None:
    assert defused(pd.DataFrame({"name": [text]}))["name"].tolist() == [text]


def test_numbers_stay_numbers_and_heads_and_index_are_cells_too() -> None:
    table = pd.DataFrame(
        {"=a": [-1.5, np.nan], "n": np.array([-3, 4]), "b": [True, False], "t": ["=1", None]},
        index=["=x", "y"],
    )
    before = table.copy()
    out = defused(table)
    pd.testing.assert_frame_equal(table, before)
    assert out.columns.tolist() == ["'=a", "n", "b", "t"] and out.index.tolist() == ["'=x", "y"]
    assert out.dtypes.tolist() == table.dtypes.tolist()
    read = pd.read_csv(io.StringIO(out.to_csv(index=False)))
    assert read["'=a"].tolist()[0] == -1.5 and read["n"].tolist() == [-3, 4]
    assert read["t"].tolist()[0] == "'=1"


def test_columns_of_one_name_and_of_categories_are_defused_too() -> None:
    table = pd.DataFrame([["=1", "=2"]], columns=["a", "a"])
    assert defused(table).iloc[0].tolist() == ["'=1", "'=2"]
    assert defused(pd.DataFrame({"c": pd.Categorical(["=1", "x"])}))["c"].tolist() == ["'=1", "x"]
    assert defused(pd.DataFrame()).empty


def test_every_file_of_the_project_that_writes_a_table_writes_a_defused_one() -> None:
    found = []
    for file in [*(ROOT / "gt").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("to_csv", "writerow", "writerows"):
                made = node.value
                assert isinstance(made, ast.Call) and ast.unparse(made.func) == "defused", file
                found.append(file.relative_to(ROOT).as_posix())
    assert sorted(found) == [
        "gt/cli/measures.py",
        "gt/ui/tour/export.py",
        "gt/ui/two_runs/answering.py",
        "pages/compare.py",
        "pages/training.py",
    ]
