"""Recording networks while they learn: data sets, models, training, ``Recorder``."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gt.record.planning import plan as plan
    from gt.record.recorder import Recorder as Recorder
    from gt.record.schedule import log_spaced as log_spaced

_HOME = {
    "Recorder": "gt.record.recorder",
    "log_spaced": "gt.record.schedule",
    "plan": "gt.record.planning",
}

__all__ = ["Recorder", "log_spaced", "plan"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'gt.record' has no attribute {name!r}")
