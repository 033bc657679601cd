"""Recording networks while they learn: data sets, models, training, ``Recorder``."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gt.record.planning import plan as plan
    from gt.record.recorder import Recorder as Recorder

__all__ = ["Recorder", "plan"]


def __getattr__(name: str) -> Any:
    if name == "Recorder":
        return import_module("gt.record.recorder").Recorder
    if name == "plan":
        return import_module("gt.record.planning").plan
    raise AttributeError(f"module 'gt.record' has no attribute {name!r}")
