"""What people call an embedding: its method, and whatever of it is not as usual."""

from __future__ import annotations

from gt.data.embedding import Embedding
from gt.embed.parameters import METHODS


def title_of(one: Embedding) -> str:
    """Title of an embedding, alike on every page and in the shell."""
    recipe = one.recipe
    method = METHODS[recipe.method]
    told = [
        _told(parameter.name, parameter.title.lower(), recipe.parameters[parameter.name])
        for parameter in method.parameters
        if recipe.parameters.get(parameter.name, parameter.default) != parameter.default
    ]
    told += [f"layer {recipe.layer}"] if recipe.layer != "softmax" else []
    told += ["training points"] if recipe.split == "train" else []
    told += [f"{len(one.ids):,} of {one.of:,} points"] if len(one.ids) != one.of else []
    told += [f"seed {recipe.seed}"] if recipe.seed else []
    return f"{method.title} ({', '.join(told)})" if told else method.title


def _told(name: str, title: str, value: float) -> str:
    return f"every {value:g}" if name == "every" else f"{title} {value:g}"
