"""``python -m gt.examples``: the examples, with a line each."""

from __future__ import annotations

import ast
from pathlib import Path

FOLDER = Path(__file__).parent
COMMON = ("__init__", "__main__", "common", "data")


def examples() -> dict[str, str]:
    """What each example is about, by its name."""
    return {
        file.stem: (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0]
        for file in sorted(FOLDER.glob("*.py"))
        if file.stem not in COMMON
    }


if __name__ == "__main__":
    print("python -m gt.examples.NAME [--out runs] [--epochs N] [--points N]\n")
    for name, line in examples().items():
        print(f"  {name:<18}{line}")
