"""Compute an embedding of a run's layer over its epochs: resumable, cancellable, once.

Every epoch's picture is kept as soon as there is one, so that a stopped computation goes on where it
was. The result is of the points that were asked for and says how many of how many those are; the
positions of methods that are not linear are rounded to 16 significant bits before anything is
measured on them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from gt.embed.method import METHODS, EmbedError, State
from gt.embed.parameters import check, check_points, check_seed, method_named
from gt.kept.embedding import Embedding, Recipe, write_embedding
from gt.kept.ship import round_bits
from gt.kept.workshop import Workshop
from gt.run import wide
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.run.saying import in_unit

CODE = 1  # version of everything here that decides a result
CHECKPOINT = 20.0  # seconds between two checkpoints of a joint optimisation
MEMORY = 6 * 2**30  # bytes that the affinities of a joint optimisation may take
MEASURING = "Measuring what moved"  # the last part of the work
WAIT = 0.5  # seconds between two looks at another's computation

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what is being done)."""


class Stopped(Exception):
    """The computation was asked to stop; what was done is kept."""


@dataclass(frozen=True)
class Job:
    """A checked request: everything known before anything is computed.

    Attributes:
        recipe: What the result depends on.
        rows: ``(n,)`` int64, the points, as rows of the run.
        of: How many points the split has.
        indices: Of the epochs.
        name: What the result is called among the embeddings of its run.
    """

    recipe: Recipe
    rows: np.ndarray
    of: int
    indices: tuple[int, ...]
    name: str


def plan(
    run: Run,
    method: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    layer: str | None = None,
    split: str = "test",
    seed: Any = 0,
    points: Any = None,
) -> Job:
    """Check a request and say what it comes to; nothing is computed.

    Args:
        run: The run.
        method: As in `gt.embed.METHODS`.
        parameters: Of the method, by name; those missing have their defaults.
        layer: Name of a layer; the last when None.
        split: "train" or "test".
        seed: Whole number, 0 to 2^31 - 1.
        points: How many points to draw at random from the split; all when None.

    Returns:
        What `embed` takes.

    Raises:
        EmbedError: For the first thing that will not do, with the reason.
        NoRunError: If the run has no such layer.
    """
    found = method_named(method)
    if split not in SPLITS:
        raise EmbedError(f'split must be "train" or "test", "{split}" came', by="embed")
    name = run.layer(layer or run.last).name
    rows = np.flatnonzero(run.splits == SPLITS.index(split))
    of = len(rows)
    if not len(run.epochs):
        raise EmbedError(f"{run.title} must have one {run.unit}, it has none yet", by="embed")
    if not of:
        other = SPLITS[1 - SPLITS.index(split)]
        raise EmbedError(f"{run.title} has no {split} points to embed; choose the split {other}.")
    if run.layer(name).constant:
        raise EmbedError(f'Layer "{name}" is the same in every {run.unit}; choose another.')
    seed = check_seed(seed)
    if points is not None:
        points = check_points(points, of)
        points = None if points == of else points
    if points is not None:
        rows = np.sort(np.random.default_rng(seed).choice(rows, points, replace=False))
    values = check(method, parameters or {}, len(rows), len(run.epochs), run.unit)
    indices = _every(len(run.epochs), int(values["every"]))
    if found.joint and (need := 4 * len(indices) * len(rows) ** 2) > MEMORY:
        raise EmbedError(
            f"{found.title} of {len(rows)} points and {len(indices)} {run.unit}s needs"
            f" {need / 2**30:.0f} GB, {MEMORY / 2**30:.0f} are allowed; take fewer points or every"
            f" k-th {run.unit}."
        )
    recipe = Recipe(run.uid, run.fingerprint(name), name, split, method, values, seed, points, CODE)
    usual = values == check(method, {}, max(len(rows), 200), 10**6) and seed == 0
    plain = usual and name == run.last and split == "test" and points is None
    called = method if plain else f"{method}-{recipe.key[:8]}"
    return Job(recipe, rows, of, indices, called)


def _every(e: int, k: int) -> tuple[int, ...]:
    """Every k-th epoch index, and the last."""
    return tuple(sorted({*range(0, e, k), e - 1}))


def embed(
    run: Run,
    job: Job,
    folder: Path | None = None,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
    command: str | None = None,
) -> Embedding:
    """Compute an embedding, or go on with one, or return the one there is.

    If another process is computing the very same, this waits for its result.

    Args:
        run: The run that was planned with.
        job: What `plan` returned.
        folder: Where embeddings are kept; the run's own folder of them when None.
        progress: Told after every step.
        stop: Asked after every step.
        command: What was typed, for the record.

    Returns:
        The embedding, which is kept by then.

    Raises:
        Stopped: If ``stop`` said so; asking again goes on from there.
        ImportError: If the library of the method is not installed; the text says what to install.
    """
    tell = _saying(progress, run.unit)
    shop = Workshop(
        folder if folder is not None else run.path / Embedding.FOLDER, job.name, job.recipe.key
    )
    while True:
        if (ready := shop.done(Embedding)) is not None:
            shop.clear()
            return ready
        with shop.owned() as mine:
            if mine:
                # finished by another since that look, perhaps
                return shop.done(Embedding) or _made(run, job, shop, tell, stop, command)
        if stop():
            raise Stopped
        tell(0, 1, "Waiting for the same computation, under way elsewhere")
        time.sleep(WAIT)


def measure_again(run: Run, kept: Embedding, *, progress: Progress | None = None) -> Embedding:
    """Measure an embedding anew, from the positions that it has, and keep it in its place.

    Args:
        run: Whose it is.
        kept: The embedding.
        progress: Told after every epoch.

    Returns:
        The embedding with its new measures; all else is as it was.

    Raises:
        EmbedError: If the run has other values by now, or has lost epochs or points of it.
    """
    recipe = kept.recipe
    place = {int(number): i for i, number in enumerate(run.epochs)}
    if not kept.is_of(run):
        raise EmbedError(
            f'embedding "{kept.name}" must be of the values that {run.title} has in {recipe.layer},'
            " it is of others; compute it again",
            by="measures",
        )
    indices = tuple(place[int(one)] for one in kept.epochs)
    job = Job(recipe, kept.rows(run), kept.of, indices, kept.name)
    positions = kept.positions()
    measures = measures_of(run, job, positions, _saying(progress, run.unit), lambda: False)
    return write_embedding(
        kept.path.parent,
        kept.name,
        recipe=recipe,
        epochs=kept.epochs,
        ids=kept.ids,
        of=kept.of,
        positions=positions,
        measures=measures,
        versions=kept.versions,
        made=kept.made,
        imported=kept.imported,
    )


def _saying(progress: Progress | None, unit: str) -> Progress:
    """Tells what is told of epochs in a run's unit."""

    def tell(done: int, total: int, what: str) -> None:
        if progress is not None:
            progress(done, total, in_unit(what, unit))

    return tell


def _made(
    run: Run,
    job: Job,
    shop: Workshop,
    tell: Progress,
    stop: Callable[[], bool],
    command: str | None,
) -> Embedding:
    """Compute what is not done yet, measure it and keep it."""
    began = time.monotonic()
    fresh = not any(shop.path.glob("*.npz"))
    positions = _positions(run, job, shop, tell, stop)
    measures = measures_of(run, job, positions, tell, stop)
    seconds = round(time.monotonic() - began, 1) if fresh else None  # not of parts
    date = time.strftime("%Y-%m-%d", time.gmtime())
    made = write_embedding(
        shop.folder,
        shop.name,
        recipe=job.recipe,
        epochs=run.epochs[list(job.indices)],
        ids=run.ids[job.rows],
        of=job.of,
        positions=positions,
        measures=measures,
        versions=_versions(job.recipe.method),
        made={"command": command, "seconds": seconds, "date": date},
    )
    shop.finish()
    return made


def layer_data(run: Run, job: Job) -> Callable[[int], np.ndarray]:
    """The points of a job at its i-th epoch, ``(n, p)`` float64.

    Of a wide layer they are what keeps its distances: within an epoch, or, for methods that lay all epochs into one
    space, or may do so, between them too.
    """
    method = METHODS.get(job.recipe.method)
    between = method is None or method.basis is not None or method.joint is not None

    def data(i: int) -> np.ndarray:
        layer = job.recipe.layer
        values = wide.distance_values(run, layer, job.indices[i], between=between)[job.rows]
        return values.astype(np.float64)

    return data


def _positions(
    run: Run, job: Job, shop: Workshop, tell: Progress, stop: Callable[[], bool]
) -> np.ndarray:
    method = method_named(job.recipe.method)
    steps = _epoch_steps if method.joint is None else _joint_steps
    out: list[np.ndarray] = []
    for _ in steps(layer_data(run, job), job, shop, tell, out):
        if stop():
            raise Stopped
        if out and method.joint is None:  # at once, not after all the others
            _finite(out[-1], run, job, len(out) - 1)
    with np.errstate(over="ignore"):
        exact = np.stack(out).astype(np.float32)
    for i, y in enumerate(exact):
        _finite(y, run, job, i)
    # what is linear shows the smallest motion, late in training far below the rounding's step
    return round_bits(exact) if method.basis is None else exact


def _finite(y: np.ndarray, run: Run, job: Job, i: int) -> None:
    """Raise ``EmbedError`` for a picture that cannot be drawn; it names the epoch."""
    with np.errstate(over="ignore"):
        drawn = np.isfinite(y.astype(np.float32)).all()
    if drawn:
        return
    title, layer = method_named(job.recipe.method).title, job.recipe.layer
    raise EmbedError(
        f"{title} gave positions that are not finite at {run.unit} {run.epochs[job.indices[i]]}, where the values"
        f" of {layer} reach {np.abs(layer_data(run, job)(i)).max():.3g}; other parameters may do better,"
        " or the softmax."
    )


def _epoch_steps(
    data: Callable[[int], np.ndarray],
    job: Job,
    shop: Workshop,
    tell: Progress,
    out: list[np.ndarray],
) -> Iterator[None]:
    recipe, e = job.recipe, len(job.indices)
    method = method_named(recipe.method)
    tell(0, e, f"{method.title}, epoch 1 of {e}" if method.basis is None else "Reading")
    basis = None if method.basis is None else method.basis(data, e)
    for i in range(e):
        kept = None if basis is not None else shop.get(f"epoch-{i:05d}")
        if kept is not None:
            y = kept["y"]
        else:
            x = data(i)
            if basis is not None:
                y = x @ basis
            else:
                y = _one_epoch(x, recipe, out[-1] if method.warm and out else None)
                shop.put(f"epoch-{i:05d}", y=y)
        out.append(y)
        tell(i + 1, e, f"{method.title}, epoch {min(i + 2, e)} of {e}")
        yield


def _one_epoch(x: np.ndarray, recipe: Recipe, start: np.ndarray | None) -> np.ndarray:
    fit = method_named(recipe.method).fit
    assert fit is not None, f"{recipe.method} must have fit, basis or joint"
    return fit(x, recipe.parameters, seed=_seed(recipe), start=start)


def _seed(recipe: Recipe) -> int:
    """Of what is computed here, which always has one."""
    assert recipe.seed is not None, f"{recipe.method} must have a seed"
    return recipe.seed


def _joint_steps(
    data: Callable[[int], np.ndarray],
    job: Job,
    shop: Workshop,
    tell: Progress,
    out: list[np.ndarray],
) -> Iterator[None]:
    recipe, joint = job.recipe, method_named(job.recipe.method).joint
    assert joint is not None
    last = time.monotonic()

    def keep(state: Callable[[], State]) -> None:
        nonlocal last
        if time.monotonic() - last > CHECKPOINT:
            shop.put("state", **state())
            last = time.monotonic()

    made = yield from joint(
        data,
        len(job.indices),
        recipe.parameters,
        seed=_seed(recipe),
        kept=shop.get("state"),
        keep=keep,
        tell=tell,
    )
    out.extend(made)


def measures_of(
    run: Run, job: Job, positions: np.ndarray, tell: Progress, stop: Callable[[], bool]
) -> dict[str, np.ndarray]:
    """Measure pictures ``(e, n, d)`` of the points and epochs of a job; ``tell`` and ``stop`` as of `embed`."""
    from gt.measure.embeddings import correspondence

    def watch(done: int, total: int) -> None:
        tell(done, total, MEASURING)
        if stop():
            raise Stopped

    found = correspondence.measure_all(layer_data(run, job), positions, progress=watch)
    return {name: np.asarray(getattr(found, name), np.float32) for name in correspondence.NAMES}


def _versions(method: str) -> dict[str, str]:
    found = method_named(method)
    names = {"numpy", "nn-grand-tour", found.library, *found.beside}
    out = {}
    for name in sorted(names):
        try:
            out[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            out[name] = "unknown"
    return out
