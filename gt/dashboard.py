"""Where the dashboard's own files are: ``app.py``, ``pages/``, ``assets/`` and the runs that ship.

In a checkout they lie beside the package. An installed package has them inside, where the build puts them
(``pyproject.toml``), with the runs that a wheel has room for.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).resolve().parent
_INSTALLED = PACKAGE / "_dashboard"

FOLDER = _INSTALLED if _INSTALLED.is_dir() else PACKAGE.parent
PAGES = FOLDER / "pages"
ASSETS = FOLDER / "assets"
SHIPPED = FOLDER / "precomputed"
METHOD = SHIPPED / "method"  # the moved point of the page Method


def load() -> ModuleType:
    """The module ``app``, from wherever it lies.

    Raises:
        FileNotFoundError: If it does not.
    """
    file = FOLDER / "app.py"
    if not file.is_file():
        raise FileNotFoundError(
            f"{file} must be there, it is not; install the project again, or pip install -e . in a checkout of it"
        )
    spec = importlib.util.spec_from_file_location("app", file)
    assert spec is not None and spec.loader is not None
    app = importlib.util.module_from_spec(spec)
    sys.modules["app"] = app
    spec.loader.exec_module(app)
    return app
