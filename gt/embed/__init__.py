"""Pictures of a layer over the epochs: t-SNE, Dynamic t-SNE, UMAP, PCA and the tour's first view.

``plan`` checks a request before anything starts, ``embed`` computes it. Importing this package
imports none of the libraries that do the work.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gt.embed.compute import Job as Job
    from gt.embed.compute import Stopped as Stopped
    from gt.embed.compute import embed as embed
    from gt.embed.compute import measure_again as measure_again
    from gt.embed.compute import plan as plan
    from gt.embed.method import METHODS as METHODS
    from gt.embed.method import EmbedError as EmbedError
    from gt.embed.method import Method as Method
    from gt.embed.method import Parameter as Parameter
    from gt.embed.parameters import method_named as method_named
    from gt.embed.parameters import missing as missing

_HOME = {
    **dict.fromkeys(("Job", "Stopped", "embed", "measure_again", "plan"), "gt.embed.compute"),
    **dict.fromkeys(("METHODS", "EmbedError", "Method", "Parameter"), "gt.embed.method"),
    **dict.fromkeys(("method_named", "missing"), "gt.embed.parameters"),
}

__all__ = [
    "METHODS",
    "EmbedError",
    "Job",
    "Method",
    "Parameter",
    "Stopped",
    "embed",
    "measure_again",
    "method_named",
    "missing",
    "plan",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'gt.embed' has no attribute {name!r}")
