"""The runs a server shows, and what is kept beside them: looked for anew, since others make and take away meanwhile.

What is said of them to the browser is in `gt.serve.announcements`, and their tensors are in `gt.serve.tensors`.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gt.cache.store import Store, size_limit
from gt.dashboard import SHIPPED
from gt.errors import ReadOnlyError, RunError, UnknownNameError, UnknownRunError
from gt.kept import attacks, room
from gt.kept.alignment import Alignment
from gt.kept.artifact import Artifact, kinds
from gt.kept.attacks import Attacks, is_attack
from gt.kept.embedding import Embedding
from gt.run.read import Run
from gt.run.task import MULTILABEL, one_class
from gt.serve import layers
from gt.serve.shelf import Seen, Shelf, is_live
from gt.serve.unshown import short, unshown

log = logging.getLogger(__name__)

SIMPLEST = ("mnist", "fashion-mnist", "cifar10")  # of what many know, in the order to learn from
WHO = re.compile(r"^(open_\w+|attack_of|write_run): ")  # which part of the program complains


class Library:
    """All runs found in some folders, with what is kept beside them and beside the cache.

    Args:
        folders: Runs, or folders of runs; of two with one name the second is called ``name-2``.
        store: The cache that all workers share.
        keep_in: Those of the folders that are a reader's own; new runs go into the first that can be written.
        read_only: Whether nothing may be written but the cache.

    Attributes:
        store: The cache.
        own: The folders of ``keep_in``.
        read_only: As given.
    """

    def __init__(
        self,
        folders: Iterable[Path | str],
        store: Store,
        keep_in: Sequence[Path | str] = (),
        *,
        read_only: bool = False,
    ) -> None:
        self.store = store
        self.own = tuple(Path(folder) for folder in keep_in)
        self.read_only = read_only
        named = (kind for kind in kinds() if kind.NAMED)
        self._beside: dict[type[Artifact], Path] = {one: store.beside(one.FOLDER) for one in named}
        self._started = time.time()
        self._shelf = Shelf([Path(f) for f in folders])
        self._meeting = threading.Lock()
        self._seen = self._shelf.look()
        self._runs = _trainings(self._seen)
        self._logged = {
            said for _, said in self._seen.problems
        }  # whoever starts a server logs these
        self._attacks = Attacks(
            filter(is_attack, self._seen.runs),
            self._runs,
            store.beside(attacks.FOLDER),
            self.own,
        )
        self.make_room()

    def look(self, *, anew: bool = False) -> Seen:
        """What is in the folders now, see `gt.serve.shelf.Shelf.look`.

        Args:
            anew: Look now, however lately that was done.
        """
        seen = self._shelf.look(anew=anew)
        if seen is self._seen:
            return seen
        with self._meeting:
            if seen is not self._seen:
                runs = _trainings(seen)
                self._attacks.meet(filter(is_attack, seen.runs), runs)
                self._runs, self._seen = runs, seen
                self._log(said for _, said in seen.problems)
        return seen

    @property
    def runs(self) -> dict[str, Run]:
        """The trainings that are there now, by name, the one to open first first; attacks have a page of their own."""
        self.look()
        return self._runs

    @property
    def problems(self) -> list[tuple[Path, str]]:
        """What is in the folders and cannot be used now, and why."""
        return list(self.look().problems)

    @property
    def waiting(self) -> list[Run]:
        """Runs that have no epoch yet."""
        return list(self.look().waiting)

    def make_room(self) -> None:
        """Hold what pages had computed and is kept beside the cache to its limit; see `gt.kept.room`."""
        room.make_room(self._workplaces(), size_limit(), self._started)

    @property
    def titles(self) -> dict[str, str]:
        """What people call each training, by its name; its folder is added where titles are the same."""
        all_titles = [run.title for run in self.runs.values()]
        return {
            name: run.title
            if all_titles.count(run.title) == 1
            else f"{run.title} ({run.path.parent.name}/{run.path.name})"
            for name, run in self.runs.items()
        }

    @property
    def attack_titles(self) -> dict[str, str]:
        """What people call each attack that is there now, by its name, which is added where titles are the same."""
        found = self._attacks.all()
        titles = [run.title for run in found.values()]
        return {
            name: run.title if titles.count(run.title) == 1 else f"{run.title} ({name})"
            for name, run in found.items()
        }

    def run(self, name: str) -> Run:
        """Look a run up by its name, a training or an attack.

        Raises:
            UnknownRunError: If there is none; the message lists those there are.
        """
        found = self.runs.get(name) or self._attacks.get(name)
        if found is None:  # perhaps it has just come
            self.look(anew=True)
            found = self._runs.get(name) or self._attacks.get(name)
        if found is None:
            known = ", ".join([*self.runs, *self._attacks.all()]) or "no run at all"
            raise UnknownRunError(f'no run "{name}"; this server has {known}')
        return found

    def not_shown(self) -> list[tuple[str, str]]:
        """What is in the folders and cannot be shown now, and why; the log has it with whole paths.

        Returns:
            Short names, "mnist/embeddings", and reasons, without the place on this machine.
        """
        found = unshown(self)
        self._log(said for _, said in found)
        return [self.told(path, said) for path, said in found]

    def told(self, path: Path, said: str) -> tuple[str, str]:
        """A short name for a path, and what is wrong there without the place on this machine."""
        return _named(self.short(path), WHO.sub("", self.short(said)))

    def check_may_write(self, what: str) -> None:
        """Raise ``ReadOnlyError`` where the server may write nothing.

        Args:
            what: Is refused: "nothing is computed".
        """
        if self.read_only:
            raise ReadOnlyError(f"This server is read-only: {what}.")

    def said(self, error: Exception) -> str:
        """What an error says to a reader, without the place of the runs on this machine."""
        if isinstance(error, OSError) and error.strerror:
            return self.short(f"{error.filename or 'a file'} cannot be read: {error.strerror}")
        return self.short(str(error))

    def short(self, text: object) -> str:
        """A path, or a text with paths, without the folders that hold the runs and the cache."""
        runs = [*self.runs.values(), *self._attacks.all().values()]
        paths = [*(run.path for run in runs), *(path for path, _ in self.problems)]
        return short(text, [self.store.folder.parent, *(path.parent for path in paths)])

    def attacks(self) -> dict[str, Run]:
        """The attacks that are there now, by name."""
        return self._attacks.all()

    def attack_problems(self) -> list[tuple[Path, str]]:
        """Attacks that could not be used when they were last looked for, and why."""
        return list(self._attacks.problems.items())

    def _log(self, problems: Iterable[str]) -> None:
        """Tell of problems, of each once: they are met whenever a page is opened."""
        for problem in problems:
            if problem not in self._logged:
                self._logged.add(problem)
                log.warning("%s", problem)

    def attack_workplace(self, name: str) -> Path:
        """Where attacks on a run that are asked for in the browser are put when they are finished.

        Raises:
            KeyError: If there is no such run.
        """
        return self._attacks.place / self.run(name).uid

    def kept(self, run: Run) -> bool:
        """Whether an attack is in a folder of runs, and not with the cache alone."""
        return self._attacks.kept(run)

    def keep(self, name: str) -> Path:
        """Copy an attack from its workplace into a folder of runs, see `gt.kept.attacks.Attacks.keep`.

        Raises:
            KeyError: If there is no such run.
            RunError: If it cannot be kept, or nothing may be; it says why.
        """
        self.check_may_write("nothing is kept")
        return self._attacks.keep(self.run(name))

    def places(self, run: Run) -> dict[type[Artifact], tuple[Path, Path]]:
        """Where artifacts of a run are, by their kind: in its own folder, and beside the cache.

        A run's own folder may be read-only, or somebody else's.
        """
        return {
            kind: (run.path / kind.FOLDER, beside / run.uid)
            for kind, beside in self._beside.items()
        }

    def workplace(self, name: str, kind: type[Artifact] = Embedding) -> Path:
        """Where artifacts of a run that are asked for in the browser are kept.

        Raises:
            KeyError: If there is no such run.
        """
        return self.places(self.run(name))[kind][1]

    def embeddings(self, name: str) -> list[Embedding]:
        """The finished embeddings of a run, its own first; those of other activations are left out.

        One that was computed when the run had fewer epochs is among them, and is of those.

        Raises:
            KeyError: If there is no such run.
        """
        run = self.run(name)
        out: dict[str, Embedding] = {}
        for folder in self.places(run)[Embedding]:
            found, problems = Embedding.find(folder)
            self._log(problems)
            for one in found:
                if self._is_of(run, one):
                    out.setdefault(one.name, one)
        return list(out.values())

    def _is_of(self, run: Run, one: Embedding) -> bool:
        """Whether an embedding is of what a run has now, or had when it had fewer epochs."""
        try:
            return one.is_of(run)
        except (RunError, OSError) as error:  # no such layer, or it cannot be read any more
            self._log([f"{run.path}: {error}"])
            return False

    def embedding(self, name: str, embedding: str) -> Embedding:
        """Look an embedding of a run up by its name.

        Raises:
            KeyError: If there is no such run, or no such embedding of it.
        """
        found = {one.name: one for one in self.embeddings(name)}
        if embedding not in found:
            known = ", ".join(found) or "none yet"
            raise UnknownNameError(
                f'{self.run(name).title} has no embedding "{embedding}"; it has {known}'
            )
        return found[embedding]

    def alignments(self, name: str) -> list[Alignment]:
        """The alignments of a run's layers, its own first.

        Raises:
            KeyError: If there is no such run.
        """
        return layers.alignments(self.run(name), self.alignment_workplace(name))[0]

    def alignment_problems(self, name: str) -> list[str]:
        """What is wrong with alignments of a run that cannot be shown.

        Raises:
            KeyError: If there is no such run.
        """
        return layers.alignments(self.run(name), self.alignment_workplace(name))[1]

    def alignment(self, name: str, alignment: str | None) -> Alignment:
        """Look an alignment of a run up by its name; the first for None.

        Raises:
            KeyError: If there is no such run, or no such alignment of it.
        """
        return layers.named(self.run(name), self.alignments(name), alignment)

    def alignment_workplace(self, name: str) -> Path:
        """Where alignments that are asked for in the browser are kept, as `workplace`."""
        return self.workplace(name, Alignment)

    def note_use(self, path: Path) -> None:
        """Remember that what lies beside the cache is used; what is the reader's own is left as it is."""
        if path.parent.parent in self._workplaces():
            room.note_use(path)

    def _workplaces(self) -> list[Path]:
        """The folders beside the cache."""
        return [*self._beside.values(), self._attacks.place]


def _trainings(seen: Seen) -> dict[str, Run]:
    """Those that are no attacks: a reader's own before those that ship; of each, the simplest data first."""
    runs = [run for run in seen.runs if not is_attack(run)]
    return {run.name: run for run in sorted(runs, key=_place)}


def _place(run: Run) -> tuple[bool, int]:
    known, name = len(SIMPLEST), run.path.name
    ships = run.path.parent.resolve() == SHIPPED.resolve()
    return ships, SIMPLEST.index(name) if name in SIMPLEST else known


def _named(name: str, said: str) -> tuple[str, str]:
    """A name and a reason; where the reason begins with a longer name, that one and the rest."""
    head, _, rest = said.partition(": ")
    within = head == name or (head.startswith(f"{name}/") and " " not in head[len(name) :])
    return (head, rest) if rest and within else (name, said)


def measured_over(run: Run) -> str:
    """Over what a run's loss and accuracy were measured: "over the whole splits"; empty where it does not say."""
    said = run.made.get("history")
    return said if isinstance(said, str) else ""


def _of_what(run: Run) -> str:
    """What a run tells apart, in a few words: classes, labels, or the values that it gives."""
    what = "class" if one_class(run.task) else "label" if run.task == MULTILABEL else "output"
    n = len(run.axes)
    return f"{n} {what if n == 1 else what + ('es' if what == 'class' else 's')}"


def summaries(library: Library) -> list[dict[str, Any]]:
    """What the cards of the overview say of each run: plain numbers and words.

    Returns:
        One dict a run: name, title, n, epochs, classes, layers, the number of the last epoch, the accuracy of both
        splits in it (None where it was not measured) and what that is called ("good"), their loss, over what these are,
        empty where the run does not say, "what" it tells apart ("10 classes"), the "unit" of its epochs, and whether it
        is being recorded now.
    """
    found = []
    titles = library.titles
    for run in library.runs.values():
        accuracy, loss = (
            [float(x) if np.isfinite(x) else None for x in part[-1]] if len(part) else [None, None]
            for part in (run.history.accuracy, run.history.loss)
        )
        found.append(
            {
                "name": run.name,
                "title": titles[run.name],
                "n": run.n,
                "epochs": len(run.epochs),
                "classes": len(run.classes),
                "what": _of_what(run),
                "unit": run.unit,
                "good": "labels right" if run.task == MULTILABEL else "accuracy",
                "layers": [one.name for one in run.layers],
                "epoch": int(run.epochs[-1]) if len(run.epochs) else None,
                "history": measured_over(run),
                "train": accuracy[0],
                "test": accuracy[1],
                "train_loss": loss[0],
                "test_loss": loss[1],
                "live": is_live(run),
            }
        )
    return found
