"""What the page Runs says of everything in the server's folders; what takes longer comes behind the first picture."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

from gt.bring.opened import is_opened
from gt.embed.method import METHODS
from gt.errors import RunError
from gt.files.measured import size_and_time
from gt.kept.alignment import Alignment
from gt.kept.describe import outputs_alone
from gt.kept.embedding import Embedding
from gt.kept.stories import Kept, read_stories
from gt.kept.story import View
from gt.kept.weights import open_checkpoints
from gt.measure.network.one_image import source_of
from gt.run import prints
from gt.run.read import Run
from gt.run.saying import name_of
from gt.serve import owned
from gt.serve.library import Library
from gt.serve.owned import Found
from gt.serve.payloads import ListedRun, Opens, RunDetails, RunDetailsOf, RunList, TrashedRun
from gt.serve.shelf import is_live

log = logging.getLogger(__name__)
#: those that show one run, in the navigation's order: by their path, as the navigation calls them
PAGES = {
    "grand-tour": "Grand Tour",
    "tsne": "t-SNE",
    "umap": "UMAP",
    "embedding": "Imported",
    "compare": "Compare",
    "layers": "Layers",
    "adversarial": "Adversarial",
    "training": "Training",
    "network": "Network",
    "two-runs": "Two runs",
}


def listed(library: Library, prefix: str) -> RunList:
    """All that is in the folders now, without a look into what is large.

    Args:
        library: Has the runs.
        prefix: Under which the app is served, with a slash at its end.
    """
    library.look(anew=True)
    into, found = owned.into(library), owned.everything(library)
    return {
        "runs": [_listed(library, one, prefix) for one in found if one.is_run],
        "empty": [{"name": one.name, "said": one.problem} for one in found if not one.is_run],
        "trash": [_trashed(one) for one in owned.trashed(library)],
        "read_only": library.read_only,
        "into": into.resolve().name if into is not None else None,
    }


def details(library: Library, prefix: str) -> RunDetailsOf:
    """What is in each folder, looked into; a folder that vanishes meanwhile is left out.

    Args:
        library: Has the runs.
        prefix: As of `listed`.
    """
    found: dict[str, RunDetails] = {}
    for one in owned.everything(library):
        if one.is_run:
            try:
                found[owned.key_of(one.path)] = _details(library, one, prefix)
            except OSError as error:
                log.info("%s cannot be looked into: %s", one.path, error)
    return {"of": found}


def _listed(library: Library, one: Found, prefix: str) -> ListedRun:
    said: ListedRun = {
        "key": owned.key_of(one.path),
        "kind": "unshown",
        "name": one.name,
        "title": one.name,
        "folder": f"{name_of(one.path.parent)}/{name_of(one.path)}",
        "uid": "",
        "task": "",
        "n": 0,
        "epochs": 0,
        "unit": "epoch",
        "layers": 0,
        "written": _written(one.path),
        "live": False,
        "problem": one.problem,
        "fixed": owned.why_fixed(library, one),
        "opens": [],
    }
    run = one.run
    if run is None:
        return said
    waits = not len(run.epochs)
    said["kind"] = "waiting" if waits else "attack" if one.attack else "training"
    said["title"], said["uid"], said["task"] = run.title, run.uid, run.task
    said["n"], said["unit"] = run.n, run.unit
    said["epochs"], said["layers"], said["live"] = len(run.epochs), len(run.layers), is_live(run)
    said["opens"] = _links(one, _opens(one), prefix)
    return said


def _opens(one: Found, more: Collection[str] = ()) -> list[str]:
    """The paths of pages that can show a run whatever is kept beside it, and of more; the first one first."""
    if one.run is None or not len(one.run.epochs):
        return []
    if one.attack:
        return ["adversarial"]
    always = {"grand-tour", "compare", "two-runs"} | (set() if is_opened(one.run) else {"training"})
    return [path for path in PAGES if path in always or path in more]


def _links(one: Found, paths: Iterable[str], prefix: str) -> list[Opens]:
    name = quote(one.name, safe="")
    queries = {path: f"?{'a' if path == 'two-runs' else 'run'}={name}" for path in paths}
    return [
        {"page": PAGES[path], "href": f"{prefix}{path}{query}"} for path, query in queries.items()
    ]


def _details(library: Library, one: Found, prefix: str) -> RunDetails:
    size = size_and_time(one.path)[0]
    if one.run is None:
        return {"size": size, "beside": [], "problem": "", "opens": [], "stories": []}
    counts: dict[str, int] = {}
    families: set[str] = set()
    problems: list[str] = []
    for kind, folders in library.places(one.run).items():
        names = set()
        for folder in folders:
            found, wrong = kind.find(folder)
            problems += [" ".join(filter(None, library.told(folder, said))) for said in wrong]
            names |= {artifact.path.name for artifact in found}
            families |= {_family(artifact) for artifact in found if isinstance(artifact, Embedding)}
        counts[kind.FOLDER] = len(names)
    beside = [_counted(count, folder) for folder, count in counts.items() if count]
    beside += ["weights"] if _has_weights(one.run) else []
    more = families & {"tsne", "umap", "embedding"}
    more |= {"layers"} if counts.get(Alignment.FOLDER) or not outputs_alone(one.run) else set()
    more |= {"network"} if _has_network(one.run) else set()
    opens = _links(one, _opens(one, more), prefix)
    told, wrong = read_stories(one.run)
    problems += [library.short(said) for said in wrong]
    return {
        "size": size,
        "beside": beside,
        "problem": " ".join(problems),
        "opens": opens,
        "stories": [
            {"title": kept.story.title, "href": story_link(one.name, kept, prefix)} for kept in told
        ],
    }


def story_link(name: str, kept: Kept, prefix: str) -> str:
    """Where a story is read: at its first view; one that has none, on its own page.

    Args:
        name: Of its run, as it is now.
        kept: The story.
        prefix: As of `listed`.
    """
    named = f"story={quote(kept.name, safe='')}"
    if not kept.story.views:
        return f"{prefix}story?run={quote(name, safe='')}&{named}"
    first = kept.story.views[0]
    return f"{prefix}{first.page}?{query_now(first, name)}&{named}&at=1"


def query_now(view: View, name: str) -> str:
    """The query of a view of a run that may be called otherwise now."""
    own = ("run", "a") if view.page == "two-runs" else ("run",)
    parts = parse_qsl(view.query, keep_blank_values=True)
    missing = [(own[-1], name)] if not any(key in own for key, _ in parts) else []
    return urlencode([*missing, *((key, name if key in own else value) for key, value in parts)])


def _counted(count: int, folder: str) -> str:
    """How many of a kind: "1 embedding", "3 embeddings"; a kind's folder is called after many."""
    return f"{count} {folder if count != 1 else folder.removesuffix('s')}"


def _family(embedding: Embedding) -> str:
    method = METHODS.get(embedding.recipe.method)
    return method.family if method is not None else "embedding"


def _has_weights(run: Run) -> bool:
    if run.weight_list:
        return True
    try:
        return open_checkpoints(run) is not None
    except RunError:
        return False


def _has_network(run: Run) -> bool:
    try:
        return source_of(run) is not None
    except RunError:  # damaged checkpoints, of which the page Network tells
        return False


def _written(path: Path) -> float | None:
    try:
        return prints.stamp(path / "zarr.json")[0] / 1e9
    except OSError:
        return None


def _trashed(one: owned.Trashed) -> TrashedRun:
    return {
        "key": one.key,
        "title": one.title,
        "name": one.path.name,
        "until": one.until.timestamp(),
    }
