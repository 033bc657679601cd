"""The browser's modules in one script: a file that is opened by itself can import nothing.

Some modules speak with the world around the page: the server, Dash, plotly, the address. In a file others stand in
their places (``SWAPPED``), with the same exports; all other modules are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from gt.dashboard import ASSETS
from gt.serve import modules
from gt.serve.bundle import Bundle

MAIN = "alone/main.mjs"  # which is around the pages
BEGIN = "alone/begin.mjs"  # which unpacks all others
#: what stands in the place of what, in ``assets/js``
SWAPPED: Mapping[str, str] = {
    "core/ask.mjs": "alone/ask.mjs",
    "core/dash.mjs": "alone/dash.mjs",
    "core/go_to.mjs": "alone/go_to.mjs",
    "core/here.mjs": "alone/here.mjs",
    "gl/scene.mjs": "alone/scene.mjs",
    "core/visit.mjs": "alone/visit.mjs",
    "picture/video.mjs": "alone/video.mjs",
}


def bundle(entries: Mapping[str, str]) -> str:
    """The modules of pages with all that they need, as one script that has the pages opened.

    Args:
        entries: By a page's name its module in ``assets/js``, such as ``alone/tour.mjs``, which exports ``open``.

    Returns:
        The text of a script of type ``module``.

    Raises:
        ValueError: If a module says what this form has no place for.
    """
    return _bundle(MAIN, tuple(entries.items()), modules.look().version)


def first() -> str:
    """What unpacks that script, as a script of type ``module``."""
    return _bundle(BEGIN, (), modules.look().version)


@lru_cache(maxsize=8)
def _bundle(main: str, entries: tuple[tuple[str, str], ...], version: str) -> str:
    """Of the modules as they are now, which their version stands for."""
    made = Bundle(ASSETS / "js", SWAPPED)
    around = made.add(main)
    named = [(page, made.add(entry)) for page, entry in entries]
    pages = ", ".join(f'"{page}": {name}.open' for page, name in named)
    text = f"{made.text}\n{around}.start({{ {pages} }});\n"
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
