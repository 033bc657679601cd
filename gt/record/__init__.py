"""Recording networks while they learn: data sets, models, training, ``Recorder``."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gt.record.recorder import Recorder as Recorder

__all__ = ["Recorder"]


def __getattr__(name: str) -> Any:
    if name == "Recorder":
        return import_module("gt.record.recorder").Recorder
    raise AttributeError(f"module 'gt.record' has no attribute {name!r}")
