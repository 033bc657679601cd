"""What is in the folders of a server and cannot be shown, and why: in words for readers, who may be anywhere."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gt.run.read import Run

if TYPE_CHECKING:
    from gt.serve.library import Library


def unshown(library: Library) -> list[tuple[Path, str]]:
    """Runs, embeddings, alignments and attacks that cannot be shown now, with the reason.

    Looked for anew each time: what was whole when the server was started may have been damaged or taken away since.
    """
    library.look(anew=True)
    found = library.problems
    attacks = library.attacks()
    for run in library.runs.values():
        found += _beside(library, run)
    for run in attacks.values():
        found += _beside(library, run)
    found += library.attack_problems()
    return list(dict.fromkeys(found))


def _beside(library: Library, run: Run) -> Iterator[tuple[Path, str]]:
    """What is kept of a run, in its folder and beside the cache, and cannot be opened."""
    for kind, folders in library.places(run).items():
        for folder in folders:
            yield from ((folder, problem) for problem in kind.find(folder)[1])


def short(text: object, folders: Iterable[Path]) -> str:
    """A path, or a text with paths in it, with some folders left out: a reader may be anywhere, and need not know."""
    said = str(text)
    known = {
        str(one) for folder in folders for one in (folder, folder.absolute(), folder.resolve())
    }
    for folder in sorted(known, key=len, reverse=True):
        if folder not in (".", os.sep):
            said = said.replace(f"{folder.rstrip(os.sep)}{os.sep}", "")
    return said
