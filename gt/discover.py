"""Tables whose entries are files: every module of a folder is imported, and says for itself what it adds.

Layer kinds, methods of embedding, attacks and formats of files are such tables, so that one more of any of
them is one more file, and nothing that lists them.
"""

from __future__ import annotations

import functools
import pkgutil
from importlib import import_module


@functools.cache
def import_all(package: str) -> None:
    """Import every module that lies directly in a package, in the order of their names; once.

    Args:
        package: Its full name: "gt.layers.kinds".
    """
    for found in pkgutil.iter_modules(import_module(package).__path__):
        import_module(f"{package}.{found.name}")
