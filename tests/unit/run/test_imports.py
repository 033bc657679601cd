"""``import gt`` is light: a forbidden module in it would be found, and none is."""

import subprocess
import sys

import pytest

FORBIDDEN = ("torch", "dash", "plotly", "tqdm", "pooch", "scipy.sparse", "scipy.special")


def loaded(statement):
    code = f"{statement}\nimport sys\nprint(*[m for m in {FORBIDDEN!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize(
    "statement",
    [
        "import gt",
        "import gt.run; gt.run.open_run",
        "import gt.record.datasets, gt.cli",
        "import gt.align, gt.layers.forward",
        "import gt.layers; gt.layers.kinds()",
        "from gt.attack.method import METHODS; list(METHODS)",
        "from gt.embed.method import METHODS; list(METHODS)",
        "import gt.kept.attack, gt.kept.embedding",
    ],
)
def test_nothing_heavy_is_imported(statement):
    assert loaded(statement) == []


def test_this_test_can_fail():
    assert "torch" in loaded("import gt; gt.Recorder")
