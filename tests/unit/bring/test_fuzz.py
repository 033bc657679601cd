"""Whatever lies in a file: it is opened, or refused in a sentence, and nothing is left behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gt.bring import look, write
from gt.errors import RunError
from tests.unit.bring.files import PBTXT, WHOLE, png

FILES = 2000  # a run of this test
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "2.5",
            "-3e4",
            "1e999",
            "nan",
            "inf",
            "NA",
            "a",
            "b",
            "é",
            '"',
            "'",
            "1,5",
            "..",
            "\u202e",
            "0x1",
            "2024-01-01",
            "true",
        ]
    ),
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(str),
    st.text(max_size=5),
)
ENDS = (
    ".csv",
    ".tsv",
    ".txt",
    ".parquet",
    ".arrow",
    ".feather",
    ".npy",
    ".npz",
    ".safetensors",
    ".png",
    ".pbtxt",
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, bytes]:
    """Rows of cells, joined by whatever joins them, in whatever encoding."""
    width = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=12))
    if rows and draw(st.integers(0, 9)) == 0:
        rows[-1] = rows[-1][:-1]
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(
        draw(st.sampled_from([",", ";", "\t", "|", " "])).join(row) for row in rows
    )
    codec = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"]))
    return draw(st.sampled_from(["t.csv", "t.tsv", "t.txt"])), text.encode(codec, "replace")


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A whole file with some bytes changed, cut off or put in."""
    name, data = draw(st.sampled_from([*WHOLE.items(), ("p.pbtxt", PBTXT), ("i.png", png())]))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        put = draw(st.binary(max_size=4))
        length = draw(st.sampled_from([0, 1, len(put), 50, len(data)]))
        data = data[:at] + put + data[at + length :]
    return name, data


@st.composite
def arrays(draw: st.DrawFn) -> tuple[str, bytes]:
    """Arrays of any type and shape."""
    from hypothesis.extra import numpy as hnp

    from tests.unit.bring.files import npy, npz

    kinds = st.one_of(
        hnp.scalar_dtypes(), hnp.unicode_string_dtypes(max_len=3), hnp.byte_string_dtypes(max_len=3)
    )
    shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)
    made = hnp.arrays(kinds, shapes)
    if draw(st.booleans()):
        return "a.npy", npy(draw(made))
    names = draw(
        st.lists(
            st.sampled_from(["x", "y", "labels", "../x", "id", "epochs"]), max_size=3, unique=True
        )
    )
    return "a.npz", npz(**{name: draw(made) for name in names})


ANY = st.one_of(
    tables(),
    damaged(),
    damaged(),
    arrays(),
    st.tuples(st.sampled_from(ENDS).map(lambda end: f"x{end}"), st.binary(max_size=200)),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@settings(
    max_examples=FILES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    file=ANY,
    choice=st.sampled_from(["refuse", "drop"]),
    scale=st.sampled_from(["auto", "none", "standard", "robust"]),
    written=st.integers(0, 39),
)
def test_any_file_is_opened_or_refused(
    folder: Path, file: tuple[str, bytes], choice: str, scale: str, written: int
) -> None:
    name, data = file
    own = folder / "own"
    own.mkdir()
    path = own / ("projector_config.pbtxt" if name.endswith(".pbtxt") else name)
    try:
        path.write_bytes(data)
        asked = own if name.endswith((".pbtxt", ".png")) else path
        seen = look(asked, not_finite=choice, scale=scale)
        assert seen.table() and seen.prepared is not None
        assert np.isfinite(seen.prepared.values).all()
        if written == 0:
            run = write(seen, own / "run")
            assert run.n == seen.n and len(run.axes) == seen.p
    except RunError as error:
        assert len(str(error)) > 10
        assert [one.name for one in own.iterdir()] == [path.name]
    finally:
        shutil.rmtree(own)
