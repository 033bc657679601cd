"""The project as one who has no checkout gets it: built, installed into an environment of its own, started there.

The environment sees the packages that the tests have, and neither the checkout nor how it was installed: paths in a
``.pth`` file are searched, but the ``.pth`` files of an editable installation that lie there are not read.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
PATIENCE_S = 120


def ran(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command that must not fail; what it said is in the error."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


@dataclass(frozen=True)
class Built:
    """What is passed on."""

    wheel: Path
    sdist: Path
    again: Path
    """A wheel made of the sdist."""


def build(folder: Path) -> Built:
    """Build wheel and sdist of the checkout, and a wheel of that sdist, by what pyproject.toml names."""
    wheel = (*PIP, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir")
    ran(*wheel, folder / "wheel", ROOT)
    ran(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder)
    [sdist] = folder.glob("*.tar.gz")
    ran(*wheel, folder / "again", sdist)
    [made], [again] = ((folder / name).glob("*.whl") for name in ("wheel", "again"))
    return Built(made, sdist, again)


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the wheel in it, and an empty folder to start from."""

    python: Path
    packages: Path
    empty: Path
    cache: Path

    @property
    def gt(self) -> Path:
        """The command."""
        return self.python.with_name("gt")

    def variables(self) -> dict[str, str]:
        """Those of whoever has nothing of ours: a home and a cache of their own."""
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("GT_", "PYTHON", "PYTEST"))
        }
        return kept | {"XDG_CACHE_HOME": str(self.cache), "HOME": str(self.cache)}

    def files(self) -> dict[str, tuple[int, int]]:
        """Size and time of everything that is installed."""
        found = (p for p in self.packages.rglob("*") if p.is_file())
        return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in found}


def install(wheel: Path, folder: Path) -> Environment:
    """Make an environment and install the wheel in it, without what it depends on: that is seen, see above."""
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv" / "bin" / "python"
    # compiled, whatever the environment asks of pip: what is written there later is of the project's own doing
    ran(*PIP, "--python", python, "install", "--compile", "--no-deps", "--no-index", wheel)
    [packages] = (folder / "venv" / "lib").glob("python*/site-packages")
    seen = [path for path in sys.path if Path(path).name == "site-packages"]
    (packages / "tests.pth").write_text("\n".join(seen), "utf-8")
    for name in ("empty", "cache"):
        (folder / name).mkdir()
    return Environment(python, packages, folder / "empty", folder / "cache")


@contextlib.contextmanager
def started(environment: Environment) -> Iterator[str]:
    """``gt serve --no-browser`` in the empty folder; yields its address without a last slash."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = environment.cache / "log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            [environment.gt, "serve", "--no-browser", "--port", str(port)],
            cwd=environment.empty,
            env=environment.variables(),
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    assert server.stdout is not None
    try:
        found = None
        for line in server.stdout:  # ends with the server
            if found := re.search(r"Open (http://\S+?)/ ", line):
                break
        assert found, f"gt serve ended: {log.read_text('utf-8')}"
        yield found[1]
    finally:
        server.terminate()
        server.wait(PATIENCE_S)
        server.stdout.close()
