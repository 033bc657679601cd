"""How an example is started: its options, and what is said at its end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from gt.examples import EXTRAS, needs

Main = Callable[[Path, int, int], None]


def start(main: Main, *, epochs: int, points: int) -> None:
    """Train and record as the command line says.

    Args:
        main: ``main(out, epochs, points)`` writes the run of an example into the folder ``out``.
        epochs: As many, if the command line does not say.
        points: Likewise, of training and test points together.
    """
    file = Path(sys.modules["__main__"].__file__ or "example")
    parser = argparse.ArgumentParser(
        prog=f"python -m gt.examples.{file.stem}", description=sys.modules["__main__"].__doc__
    )
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of the run")
    parser.add_argument("--epochs", type=int, default=epochs, help=f"{epochs}, if not given")
    parser.add_argument("--points", type=int, default=points, help=f"{points}, if not given")
    given = parser.parse_args()
    torch.manual_seed(0)
    try:
        main(given.out, given.epochs, given.points)
    except ModuleNotFoundError as error:
        extra = needs(EXTRAS.get(file.stem, "record"))
        parser.exit(2, f"{parser.prog}: {error.name} must be installed, it is not; {extra}\n")
    print(f"Look at it:  gt serve --runs {given.out}")
