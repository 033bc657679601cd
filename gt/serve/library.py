"""The runs a server shows, and what it announces of them to the browser.

An announcement is a small JSON: which tensors there are, under which digest, with which scale and
offset. The tensors themselves are asked for one by one, and only announced ones can be.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gt.cache import wire
from gt.cache.store import Store, size_limit
from gt.errors import RunError, UnknownRunError
from gt.kept import attacks, room
from gt.kept.alignment import Alignment
from gt.kept.attacks import Attacks, is_attack
from gt.kept.embedding import FOLDER, Embedding, find_embeddings
from gt.run.read import Run, find_runs
from gt.serve import attack_wire, layers
from gt.serve.unshown import short, unshown
from gt.state import Announcement, LayersAnnouncement

log = logging.getLogger(__name__)

VERSION = "5"  # of the announcement and of the bytes behind it; part of every cache key
SPLITS = ("train", "test")
WHO = re.compile(r"^(open_\w+|attack_of|write_run): ")  # which part of the program complains
OUTPUTS = ("softmax", "logits")  # layers that say themselves what the network predicts


class Library:
    """All runs found in some folders, and the tensors announced of them.

    Args:
        folders: Runs, or folders of runs; of two with one name the second is called ``name-2``.
        store: The cache that all workers share.
        keep_in: Those of the folders into which attacks made in the browser may be kept.

    Attributes:
        runs: The trainings by name; attacks are apart from them, for a page of their own.
        problems: What could not be used when the server was started, and why.
    """

    def __init__(
        self,
        folders: Iterable[Path | str],
        store: Store,
        keep_in: Sequence[Path | str] = (),
    ) -> None:
        self.store = store
        self._embeddings, self._alignments = store.beside(FOLDER), store.beside(layers.FOLDER)
        self._started = time.time()
        found, self.problems = find_runs([Path(f) for f in folders])
        self.runs: dict[str, Run] = {run.name: run for run in found if not is_attack(run)}
        self._logged = {said for _, said in self.problems}  # whoever starts a server logs these
        self._attacks = Attacks(
            [run for run in found if is_attack(run)],
            self.runs,
            store.beside(attacks.FOLDER),
            [Path(folder) for folder in keep_in],
        )
        self.make_room()

    def make_room(self) -> None:
        """Hold what pages had computed and is kept beside the cache to its limit; see `gt.kept.room`."""
        folders = (self._embeddings, self._alignments, self._attacks.place)
        room.make_room(folders, size_limit(), self._started)

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
        return [_named(self.short(path), WHO.sub("", self.short(said))) for path, said in found]

    def said(self, error: Exception) -> str:
        """What an error says to a reader, without the place of the runs on this machine."""
        if isinstance(error, OSError) and error.strerror:
            return self.short(f"{error.filename or 'a file'} cannot be read: {error.strerror}")
        return self.short(str(error.args[0] if isinstance(error, KeyError) else error))

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
            RunError: If it cannot be kept; it says why.
        """
        return self._attacks.keep(self.run(name))

    def announce(self, name: str, layer: str) -> Announcement:
        """Say which tensors show a layer of a run over all its epochs.

        Raises:
            KeyError: If there is no such run, or no such layer in it.
        """
        run = self.run(name)
        if layer not in [one.name for one in run.layers]:
            known = ", ".join(one.name for one in run.layers)
            raise KeyError(f'{run.title} has no layer "{layer}"; it has {known}')
        what = f"{VERSION}/{run.name}/{run.uid}/{layer}/{run.fingerprint(layer)}"
        key = "announcement/" + hashlib.sha256(what.encode()).hexdigest()
        return self.store.json(
            key, lambda: self._announce(run, layer), lambda found: set(found) == _FIELDS
        )

    def try_announce(self, name: str, layer: str) -> tuple[Announcement | None, str]:
        """Announce a layer, or say why it cannot be: for pages, which go on without it.

        Returns:
            The announcement and ``""``, or None and a sentence for the reader.
        """
        try:
            return self.announce(name, layer), ""
        except (KeyError, ValueError, OSError) as error:
            log.warning("%s cannot be shown: %s", name, error)
            return None, self.said(error)

    def workplace(self, name: str) -> Path:
        """Where embeddings that are asked for in the browser are kept: beside the cache.

        A run's own folder may be read-only, or somebody else's.
        """
        return self._embeddings / self.run(name).uid

    def embeddings(self, name: str) -> list[Embedding]:
        """The finished embeddings of a run, its own first; those of other activations are left out.

        Raises:
            KeyError: If there is no such run.
        """
        run = self.run(name)
        out: dict[str, Embedding] = {}
        prints: dict[str, str] = {}
        for folder in (run.path / FOLDER, self.workplace(name)):
            found, problems = find_embeddings(folder)
            self._log(problems)
            for one in found:
                layer = one.recipe.layer
                if layer not in prints:
                    prints[layer] = self._print(run, layer)
                if one.recipe.fingerprint == prints[layer] and one.fits(run):
                    out.setdefault(one.name, one)
        return list(out.values())

    def _print(self, run: Run, layer: str) -> str:
        """The fingerprint of a layer; empty for one that is not there, or cannot be read any more."""
        try:
            return run.fingerprint(layer)
        except (RunError, OSError) as error:
            self._log([f"{run.path}: {error}"])
            return ""

    def embedding(self, name: str, embedding: str) -> Embedding:
        """Look an embedding of a run up by its name.

        Raises:
            KeyError: If there is no such run, or no such embedding of it.
        """
        found = {one.name: one for one in self.embeddings(name)}
        if embedding not in found:
            known = ", ".join(found) or "none yet"
            raise KeyError(f'{self.run(name).title} has no embedding "{embedding}"; it has {known}')
        return found[embedding]

    def announce_embedding(self, name: str, embedding: str | Embedding) -> Announcement:
        """Say which tensors show an embedding of a run over its epochs.

        It looks like the announcement of a layer whose coordinates are the picture's, about the
        middle of all epochs, with `outputs` for what the network says of each point.

        Args:
            name: Of the run.
            embedding: Its name, or itself where it was looked up already.

        Raises:
            KeyError: If there is no such run, or no such embedding of it.
        """
        run = self.run(name)
        one = self.embedding(name, embedding) if isinstance(embedding, str) else embedding
        self._note_use(one.path)
        what = (
            f"{VERSION}/{run.name}/{run.uid}/{one.name}/{one.recipe.key}/{one.made.get('seconds')}"
        )
        key = "announcement/" + hashlib.sha256(what.encode()).hexdigest()
        return self.store.json(
            key, lambda: self._announce_embedding(run, one), lambda found: set(found) == _FIELDS
        )

    def try_announce_embedding(
        self, name: str, embedding: str | Embedding
    ) -> tuple[Announcement | None, str]:
        """Announce an embedding, or say why it cannot be, as `try_announce` does."""
        try:
            return self.announce_embedding(name, embedding), ""
        except (KeyError, ValueError, OSError) as error:
            called = embedding if isinstance(embedding, str) else embedding.name
            log.warning("%s of %s cannot be shown: %s", called, name, error)
            return None, self.said(error)

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

    def alignment_workplace(self, name: str) -> Path:
        """Where alignments that are asked for in the browser are kept, as `workplace`."""
        return self._alignments / self.run(name).uid

    def announce_layers(self, name: str, alignment: str | None = None) -> LayersAnnouncement:
        """Say which tensors show all states of a run's network, over its epochs.

        Args:
            name: Of the run.
            alignment: Its name; the first when None.

        Raises:
            KeyError: If there is no such run, or no such alignment of it.
        """
        run = self.run(name)
        one = layers.named(run, self.alignments(name), alignment)
        self._note_use(one.path)
        self._note_use(run.path)
        what = f"{VERSION}/{run.name}/{run.uid}/{one.name}/{one.recipe.key}/{one.made}"
        key = "announcement/" + hashlib.sha256(what.encode()).hexdigest()

        def make() -> dict[str, Any]:
            sources = _source(run, SPLITS.index(one.recipe.split)) | {
                "alignment": one.name,
                "key": one.recipe.key,
            }
            splits = self._splits(run, {one.recipe.split: sources})
            said = self._said(run, one.name, one.k, 1.0, one.epochs, splits) | {"axes": []}
            for epoch in one.epoch_indices(run):
                outputs = run.activations("softmax", epoch)[one.rows(run)]
                source = sources | {"part": "slice", "layer": "softmax", "epoch": epoch}
                splits[one.recipe.split]["outputs"].append(self._slice(outputs, source))
            with self.store.together():
                return said | {"alignment": layers.note(self.store, one, sources)}

        return self.store.json(key, make, lambda found: set(found) == {*_FIELDS, "alignment"})

    def try_announce_layers(
        self, name: str, alignment: str | None = None
    ) -> tuple[LayersAnnouncement | None, str]:
        """Announce an alignment, or say why it cannot be, as `try_announce` does."""
        try:
            return self.announce_layers(name, alignment), ""
        except (KeyError, ValueError, OSError) as error:
            log.warning("the layers of %s cannot be shown: %s", name, error)
            return None, self.said(error)

    def tensor(self, digest: str) -> bytes | None:
        """Packed bytes of an announced tensor; None for anything else."""
        return self.store.tensor(digest, self._bytes) if wire.is_digest(digest) else None

    def offer(self, values: np.ndarray) -> dict[str, Any]:
        """Have an array fetched by the browser; should it be evicted first, it is asked for anew.

        Returns:
            A `gt.state.Tensor`.
        """
        url = self._url(np.ascontiguousarray(values), {"part": "offered"})
        return {"url": url, "shape": list(values.shape), "dtype": values.dtype.name}

    def _note_use(self, path: Path) -> None:
        """Remember that what lies beside the cache is used; what is the reader's own is left as it is."""
        beside = (self._embeddings, self._alignments, self._attacks.place)
        if path.parent.parent in beside:
            room.note_use(path)

    def _announce(self, run: Run, layer: str) -> dict[str, Any]:
        splits = self._splits(
            run, {label: _source(run, split) for split, label in enumerate(SPLITS)}
        )
        outputs = layer in OUTPUTS
        largest = 0.0
        for epoch in range(len(run.epochs)):
            values = _flat(run.activations(layer, epoch))
            lengths = np.linalg.norm(values.astype(np.float64), axis=1)  # of 1e30 beyond float32
            largest = max(largest, float(lengths.max(initial=0)))
            said = None if outputs else run.activations("softmax", epoch)
            for label, entry in splits.items():
                source = _source(run, SPLITS.index(label)) | {"layer": layer, "epoch": epoch}
                rows = run.splits == SPLITS.index(label)
                entry["slices"].append(self._slice(values[rows], source))
                if said is not None:
                    entry["outputs"].append(self._slice(said[rows], source | {"layer": "softmax"}))
        p = values.shape[1]
        radius = 1.0 if layer == "softmax" else largest or 1.0
        return self._said(run, layer, p, radius, run.epochs, splits) | {
            "axes": list(run.classes) if outputs else [str(i + 1) for i in range(p)],
        }

    def _announce_embedding(self, run: Run, one: Embedding) -> dict[str, Any]:
        split = SPLITS.index(one.recipe.split)
        splits = self._splits(run, {one.recipe.split: _source(run, split, one)})
        entry = splits[one.recipe.split]
        positions, rows = _about_middle(one.positions()), one.rows(run)
        for i, epoch in enumerate(one.epoch_indices(run)):
            source = _source(run, split, one)
            entry["slices"].append(self._slice(positions[i], source | {"part": "place", "at": i}))
            said = run.activations("softmax", epoch)[rows]
            source |= {"part": "slice", "layer": "softmax", "epoch": epoch}
            entry["outputs"].append(self._slice(said, source))
        d = positions.shape[2]
        reach = np.abs(positions) if d <= 2 else np.linalg.norm(positions, axis=2)
        radius = float(reach.max(initial=0)) or 1.0  # a flat picture fills its square
        said = self._said(run, one.name, d, radius, one.epochs, splits)
        return said | {
            "axes": [f"d{i + 1}" for i in range(d)] if d > 2 else None,  # no class names
            "embedding": note(one),
        }

    def _said(
        self,
        run: Run,
        layer: str,
        p: int,
        radius: float,
        epochs: np.ndarray,
        splits: dict[str, Any],
    ) -> dict[str, Any]:
        return {
            "run": run.name,
            "title": run.title,
            "uid": run.uid,
            "layer": layer,
            "layers": [{"name": one.name, "kind": one.kind} for one in run.layers],
            "p": p,
            "radius": radius,
            "axes": None,
            "classes": list(run.classes),
            "epochs": [int(e) for e in epochs],
            "splits": splits,
            "embedding": None,
        }

    def _splits(self, run: Run, sources: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """What is the same in every epoch of each split that has points."""
        splits: dict[str, Any] = {}
        for label, source in sources.items():
            if n := len(self._rows(run, source)):
                parts = {
                    part: self._part(run, source | {"part": part})
                    for part in ("ids", "labels", "images")
                }
                splits[label] = {"n": n, **parts, "slices": [], "outputs": []}
        return splits

    def _slice(self, values: np.ndarray, source: dict[str, Any]) -> dict[str, Any]:
        made = wire.quantise(values)
        return {
            "url": self._url(made.values, {"part": "slice", **source}),
            "scale": made.scale,
            "offset": made.offset,
        }

    def _part(self, run: Run, source: dict[str, Any]) -> dict[str, Any] | None:
        if source["part"] == "images" and run.images is None:
            return None
        values = self._values(source)
        return {"url": self._url(values, source), "shape": values.shape, "dtype": values.dtype.name}

    def _url(self, values: np.ndarray, source: dict[str, Any]) -> str:
        return f"tensors/{self.store.put_tensor(values.tobytes(), source)}"

    def _bytes(self, source: dict[str, Any]) -> bytes:
        return self._values(source).tobytes()

    def _rows(self, run: Run, source: dict[str, Any]) -> np.ndarray:
        """The points that a source is of, as rows of the run."""
        if "alignment" in source:
            return self._alignment_of(run, source).rows(run)
        if "embedding" not in source:
            return np.flatnonzero(run.splits == source["split"])
        return self._embedding_of(run, source).rows(run)

    def _embedding_of(self, run: Run, source: dict[str, Any]) -> Embedding:
        one = self.embedding(run.name, source["embedding"])
        if one.recipe.key != source["key"]:
            raise ValueError(f"{one.name} is another embedding than the one announced")
        return one

    def _alignment_of(self, run: Run, source: dict[str, Any]) -> Alignment:
        one = layers.named(run, self.alignments(run.name), source["alignment"])
        if one.recipe.key != source["key"]:
            raise ValueError(f"{one.name} is another alignment than the one announced")
        return one

    def _values(self, source: dict[str, Any]) -> np.ndarray:
        if source["part"] == "offered":
            raise ValueError("an array that was made for one question; ask it again")
        run = self.run(source["run"])
        if run.uid != source["uid"]:
            raise ValueError(f"{run.title} is another recording than the one announced")
        part = source["part"]
        if part in layers.PARTS:
            return layers.values(self._alignment_of(run, source), source)
        if part == "change":
            attack = attack_wire.read(run)
            chosen, _ = attack_wire.shown(attack, self._alignment_of(run, source))
            return attack_wire.change_slice(attack, source["step"], chosen).values
        if part == "place":
            positions = self._embedding_of(run, source).positions()
            return wire.quantise(_about_middle(positions)[source["at"]]).values
        rows = self._rows(run, source)
        if part == "slice":
            values = _flat(run.activations(source["layer"], source["epoch"]))
            return wire.quantise(values[rows]).values
        if part == "ids":
            return run.ids[rows].astype("<i4" if run.ids.max(initial=0) < 2**31 else "<f8")
        if part == "labels":
            return run.labels[rows].astype("<u2")
        assert run.images is not None  # announced only where there are some
        return np.ascontiguousarray(run.images[rows])


_FIELDS = set(Announcement.__annotations__)


def _source(run: Run, split: int, embedding: Embedding | None = None) -> dict[str, Any]:
    out: dict[str, Any] = {"run": run.name, "uid": run.uid, "split": split}
    if embedding is None:
        return out
    return out | {"embedding": embedding.name, "key": embedding.recipe.key}


def _about_middle(positions: np.ndarray) -> np.ndarray:
    """Positions ``(e, n, d)`` about one middle of all epochs: a picture has no origin of its own."""
    flat = positions.reshape(-1, positions.shape[2]).astype(np.float64)
    return positions - (flat.min(0) + flat.max(0)) / 2


def _named(name: str, said: str) -> tuple[str, str]:
    """A name and a reason; where the reason begins with a longer name, that one and the rest."""
    head, _, rest = said.partition(": ")
    within = head == name or (head.startswith(f"{name}/") and " " not in head[len(name) :])
    return (head, rest) if rest and within else (name, said)


def note(one: Embedding) -> dict[str, Any]:
    """What is said of an embedding beside its picture; see `gt.state.EmbeddingNote`."""
    recipe = one.recipe
    return {
        "name": one.name,
        "method": recipe.method,
        "layer": recipe.layer,
        "split": recipe.split,
        "n": len(one.ids),
        "of": one.of,
        "parameters": dict(recipe.parameters),
        "seed": recipe.seed,
        "versions": dict(one.versions),
        "seconds": one.made.get("seconds"),
    }


def _flat(values: np.ndarray) -> np.ndarray:
    return values.reshape(len(values), -1)


def measured_over(run: Run) -> str:
    """Over what a run's loss and accuracy were measured: "over the whole splits"; empty where it does not say."""
    said = run.made.get("history")
    return said if isinstance(said, str) else ""


def summaries(library: Library) -> list[dict[str, Any]]:
    """What the cards of the overview say of each run: plain numbers and words.

    Returns:
        One dict a run: name, title, n, epochs, classes, layers, the number of the last epoch, the accuracy of both
        splits in it (None where it was not measured), and over what that is, empty where the run does not say.
    """
    found = []
    titles = library.titles
    for run in library.runs.values():
        accuracy = np.asarray(run.history.accuracy, dtype=float)
        last = accuracy[-1] if len(accuracy) else np.full(2, np.nan)
        found.append(
            {
                "name": run.name,
                "title": titles[run.name],
                "n": run.n,
                "epochs": len(run.epochs),
                "classes": len(run.classes),
                "layers": [one.name for one in run.layers],
                "epoch": int(run.epochs[-1]) if len(run.epochs) else None,
                "history": measured_over(run),
                "train": float(last[0]) if np.isfinite(last[0]) else None,
                "test": float(last[1]) if np.isfinite(last[1]) else None,
            }
        )
    return found
