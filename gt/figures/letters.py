"""Text that plotly shows letter by letter.

To plotly every text of a figure (names, ticks, titles, hover) is mark-up: ``<b>`` and ``<br>`` are tags, ``&amp;`` is
an ampersand, ``%{x}`` is filled in, and ``$…$`` is TeX where a page has MathJax. Names come from data, and mean nothing
of the kind. Entities are what plotly turns back into letters last, after all else was looked for
(``convertEntities`` in its ``svg_text_utils``). HTML, CSV and what our own modules draw need none of this, and would
show the entities.
"""

from __future__ import annotations

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "%": "&#37;", "$": "&#36;"})


def letters(text: str) -> str:
    """A text for a plotly figure whose every letter is to be seen."""
    return text.translate(_ENTITIES)
