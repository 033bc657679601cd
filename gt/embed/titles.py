"""What people call an embedding: its method, and whatever of it is not as usual, or not known.

A store may come from elsewhere, and say less than one that was computed here: what it does not say is called unknown,
and never taken for the usual. One that was brought has the title that it was given, and says that it was imported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from gt.embed.method import EVERY as LEAVES_OUT
from gt.embed.method import METHODS
from gt.kept.embedding import Embedding
from gt.run.task import OUTPUTS

UNKNOWN = "unknown"
ELSEWHERE = "embedding"  # family, and page, of embeddings that were made elsewhere
LASTS = {
    names[-1] for names in OUTPUTS.values()
}  # layers that are embedded unless another is asked for
LETTERS = 56  # of a method that is not known here, whose name may be of any length
EVERY = LEAVES_OUT.name  # epochs are told by themselves


def title_of(one: Embedding) -> str:
    """Title of an embedding, alike on every page and in the shell."""
    recipe, brought = one.recipe, one.imported
    told = ["imported"] if brought else _settings(one)
    told += [f"layer {recipe.layer}"] if recipe.layer not in LASTS else []
    told += ["training points"] if recipe.split == "train" else []
    told += [f"{len(one.ids):,} of {one.of:,} points"] if len(one.ids) != one.of else []
    if recipe.seed != 0 and not brought:
        told += [f"seed {UNKNOWN if recipe.seed is None else recipe.seed}"]
    title = brought.title if brought else method_title(recipe.method)
    return f"{title} ({', '.join(told)})" if told else title


def titles_of(found: Iterable[Embedding]) -> dict[str, str]:
    """Titles by name, in the order of `in_order`; those that are called the same have their names too."""
    titles = {one.name: title_of(one) for one in in_order(found)}
    often = Counter(titles.values())
    return {name: t if often[t] == 1 else f"{t} [{name}]" for name, t in titles.items()}


def _settings(one: Embedding) -> list[str]:
    """What of a method's parameters and library is not as usual, or not known."""
    recipe, told = one.recipe, []
    known = {EVERY: 1, **(METHODS[recipe.method].defaults if recipe.method in METHODS else {})}
    for name, value in told_parameters(recipe.method, recipe.parameters):
        if name != EVERY and value is None:
            told.append(f"{_title(recipe.method, name)} {UNKNOWN}")
        elif value is not None and value != known.get(name):
            told.append(_told(name, _title(recipe.method, name), value))
    return told + (["library unknown"] if not library_of(recipe.method, one.versions) else [])


def family_of(one: Embedding) -> str:
    """The family of its method; `ELSEWHERE` of one that was brought, or whose method is not known here."""
    known = METHODS.get(one.recipe.method)
    return known.family if known else ELSEWHERE


def in_order(found: Iterable[Embedding]) -> list[Embedding]:
    """By method, in the order in which the methods are described, the plain ones first; last what is from elsewhere."""
    order = {method: place for place, method in enumerate(METHODS)}
    return sorted(found, key=lambda one: (order.get(one.recipe.method, len(order)), one.name))


def method_title(method: str) -> str:
    """What people call a method; one that is not known here is called what its store calls it."""
    if method in METHODS:
        return METHODS[method].title
    named = method if len(method) <= LETTERS else f"{method[: LETTERS - 1]}…"
    return f"{named}, a method unknown here"


def told_parameters(method: str, stored: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Every parameter that the method has or the store names, with what the store says, None for nothing."""
    known = [one.name for one in METHODS[method].parameters] if method in METHODS else []
    return [(name, stored.get(name)) for name in dict.fromkeys([*known, *stored])]


def library_of(method: str, versions: Mapping[str, str]) -> str:
    """The library that made an embedding, with its version, as far as the store says; empty where it does not.

    Where it names others than the one that computes the method here, all of them.
    """
    usual = METHODS[method].library if method in METHODS else ""
    named = [usual] if usual in versions else list(versions)
    return ", ".join(f"{name} {_version(versions[name])}" for name in named)


def parameter_text(value: Any) -> str:
    """A parameter's value in a few characters, "unknown" for None."""
    if value is None:
        return UNKNOWN
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _version(stored: str) -> str:
    return f"(version {UNKNOWN})" if stored in ("", UNKNOWN) else stored


def _title(method: str, name: str) -> str:
    titles = (
        {one.name: one.title.lower() for one in METHODS[method].parameters}
        if method in METHODS
        else {}
    )
    return titles.get(name, name)


def _told(name: str, title: str, value: Any) -> str:
    return (
        f"{EVERY} {parameter_text(value)}" if name == EVERY else f"{title} {parameter_text(value)}"
    )
