"""The Grand Tour of a neural network: record a network while it learns, and watch it.

``gt.Recorder`` records a ``torch.nn.Module``, ``gt.write_run`` stores arrays one has already,
``gt.bring`` makes runs of data in files, ``gt.open_run`` reads any of them back, ``gt.write_embedding`` keeps an
embedding of one's own with a run, ``gt.show`` shows points in a notebook. Nothing heavy is imported before it is
used: ``import gt`` needs neither torch nor dash.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gt import bring as bring
    from gt import record as record
    from gt import run as run
    from gt.embed.imported import write_embedding as write_embedding
    from gt.record import Recorder as Recorder
    from gt.run import Run as Run
    from gt.run import RunError as RunError
    from gt.run import find_runs as find_runs
    from gt.run import open_run as open_run
    from gt.run import write_run as write_run
    from gt.share.show import show as show

__version__ = "0.1.0"

_HOME = {
    "Run": "gt.run",
    "RunError": "gt.run",
    "find_runs": "gt.run",
    "open_run": "gt.run",
    "write_embedding": "gt.embed.imported",
    "write_run": "gt.run",
    "Recorder": "gt.record",
    "show": "gt.share.show",
}
_PACKAGES = ("bring", "record", "run", "tour")
_ADAPTERS = ("hf", "lightning")  # need the library that they are for

__all__ = [
    "Recorder",
    "Run",
    "RunError",
    "find_runs",
    "open_run",
    "show",
    "write_embedding",
    "write_run",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name in (*_PACKAGES, *_ADAPTERS):
        return import_module(f"gt.{name}")
    raise AttributeError(f"module 'gt' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, *_PACKAGES})
