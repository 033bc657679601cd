"""The jobs there are: one a file of `gt.jobs.kinds`, found by looking there."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from gt.jobs import kinds
from gt.jobs.job import Job


@functools.cache
def jobs() -> Mapping[str, Job]:
    """All jobs by their names; each file of `gt.jobs.kinds` has one, as ``JOB``."""
    names = sorted(one.name for one in pkgutil.iter_modules(kinds.__path__))
    found = [importlib.import_module(f"{kinds.__name__}.{name}").JOB for name in names]
    return MappingProxyType({job.name: job for job in found})
