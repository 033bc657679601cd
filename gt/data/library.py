"""The runs a server shows, and what it announces of them to the browser.

An announcement is a small JSON: which tensors there are, under which digest, with which scale and
offset. The tensors themselves are asked for one by one, and only announced ones can be.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from gt.data import wire
from gt.data.run import Run, find_runs
from gt.data.store import Store
from gt.state import Announcement

log = logging.getLogger(__name__)

VERSION = "2"  # of the announcement and of the bytes behind it; part of every cache key
SPLITS = ("train", "test")


class Library:
    """All runs found in some folders, and the tensors announced of them.

    Args:
        folders: Runs, or folders of runs; of two with one name the second is called ``name-2``.
        store: The cache that all workers share.
    """

    def __init__(self, folders: Iterable[Path | str], store: Store) -> None:
        self.store = store
        found, self.problems = find_runs([Path(f) for f in folders])
        self.runs: dict[str, Run] = {run.name: run for run in found}

    @property
    def titles(self) -> dict[str, str]:
        """What people call each run, by its name; its folder is added where titles are the same."""
        all_titles = [run.title for run in self.runs.values()]
        return {
            name: run.title
            if all_titles.count(run.title) == 1
            else f"{run.title} ({run.path.parent.name}/{run.path.name})"
            for name, run in self.runs.items()
        }

    def run(self, name: str) -> Run:
        """Look a run up by its name.

        Raises:
            KeyError: If there is none; the message lists those there are.
        """
        if name not in self.runs:
            known = ", ".join(self.runs) or "no run at all"
            raise KeyError(f'no run "{name}"; this server has {known}')
        return self.runs[name]

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
            return None, str(error.args[0] if isinstance(error, KeyError) else error)

    def tensor(self, digest: str) -> bytes | None:
        """Packed bytes of an announced tensor; None for anything else."""
        return self.store.tensor(digest, self._bytes) if wire.is_digest(digest) else None

    def _announce(self, run: Run, layer: str) -> dict[str, Any]:
        splits: dict[str, Any] = {}
        for split, label in enumerate(SPLITS):
            if n := int((run.splits == split).sum()):
                parts = {part: self._part(run, part, split) for part in ("ids", "labels", "images")}
                splits[label] = {"n": n, **parts, "slices": []}
        largest = 0.0
        for epoch in range(len(run.epochs)):
            values = _flat(run.activations(layer, epoch))
            largest = max(largest, float(np.linalg.norm(values, axis=1).max(initial=0)))
            for label, entry in splits.items():
                entry["slices"].append(self._slice(run, values, layer, epoch, SPLITS.index(label)))
        return {
            "run": run.name,
            "title": run.title,
            "uid": run.uid,
            "layer": layer,
            "layers": [{"name": one.name, "kind": one.kind} for one in run.layers],
            "p": values.shape[1],
            "radius": 1.0 if layer == "softmax" else largest or 1.0,
            "classes": list(run.classes),
            "epochs": [int(e) for e in run.epochs],
            "splits": splits,
        }

    def _slice(
        self, run: Run, values: np.ndarray, layer: str, epoch: int, split: int
    ) -> dict[str, Any]:
        made = wire.quantise(values[run.splits == split])
        source = _source(run, "slice", split) | {"layer": layer, "epoch": epoch}
        return {
            "url": self._url(made.values, source),
            "scale": made.scale,
            "offset": made.offset,
        }

    def _part(self, run: Run, part: str, split: int) -> dict[str, Any] | None:
        if part == "images" and run.images is None:
            return None
        source = _source(run, part, split)
        values = self._values(source)
        return {"url": self._url(values, source), "shape": values.shape, "dtype": values.dtype.name}

    def _url(self, values: np.ndarray, source: dict[str, Any]) -> str:
        return f"tensors/{self.store.put_tensor(values.tobytes(), source)}"

    def _bytes(self, source: dict[str, Any]) -> bytes:
        return self._values(source).tobytes()

    def _values(self, source: dict[str, Any]) -> np.ndarray:
        run = self.run(source["run"])
        if run.uid != source["uid"]:
            raise ValueError(f"{run.title} is another recording than the one announced")
        rows = run.splits == source["split"]
        part = source["part"]
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


def _source(run: Run, part: str, split: int) -> dict[str, Any]:
    return {"run": run.name, "uid": run.uid, "part": part, "split": split}


def _flat(values: np.ndarray) -> np.ndarray:
    return values.reshape(len(values), -1)


def summaries(library: Library) -> list[dict[str, Any]]:
    """What the cards of the overview say of each run: plain numbers and words.

    Returns:
        One dict a run: name, title, n, epochs, classes, layers, and the last measured accuracy of
        both splits (None where it was not measured).
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
                "train": float(last[0]) if np.isfinite(last[0]) else None,
                "test": float(last[1]) if np.isfinite(last[1]) else None,
            }
        )
    return found
