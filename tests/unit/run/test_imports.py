"""``import gt`` is light: a forbidden module in it would be found, and none is."""

import subprocess
import sys

import pytest

FORBIDDEN = (
    *("torch", "dash", "plotly", "pandas", "tqdm", "pooch", "openTSNE", "umap", "sklearn"),
    *("scipy.sparse", "scipy.special"),
)


def loaded(statement):
    code = f"{statement}\nimport sys\nprint(*[m for m in {FORBIDDEN!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize(
    "statement",
    [
        "import gt",
        "import gt.run; gt.run.open_run",
        "import gt, gt.cli.import_embedding; gt.write_embedding",
        "import gt.record.datasets, gt.cli, gt.cli.record, gt.cli.embed, gt.cli.serve",
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


def imported(*argv):
    """The packages that ``gt`` has imported when it ends, with none of what Python itself brings."""
    code = "\n".join([
        "import sys",
        "before = set(sys.modules)",
        f"sys.argv = ['gt', *{argv!r}]",
        "from gt.cli import main",
        "try: main()",
        "except SystemExit: pass",
        "print()",
        "print(*(set(sys.modules) - before))",
    ])  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


@pytest.mark.parametrize("argv", [(), ("--help",)])
def test_what_one_can_do_is_said_by_click_and_by_no_command(argv):
    found = imported(*argv)
    outside = {name.partition(".")[0] for name in found} - set(sys.stdlib_module_names)
    assert outside == {"gt", "click"}
    own = {name for name in found if name.startswith("gt")}
    assert own == {"gt", "gt.cli", "gt.cli.command", "gt.cli.options", "gt.errors"}


def test_the_help_of_serving_needs_no_dash_and_numpy_only_what_computes():
    found = {name.partition(".")[0] for name in imported("serve", "--help")}
    assert not {"dash", "flask", "numpy", "waitress", "zarr"} & found
    assert "numpy" in imported("align", "--help"), "the test itself sees nothing"


def test_the_app_starts_without_what_only_some_of_its_pages_need():
    assert loaded("import app") == ["dash", "plotly"]
