"""The page of words: every term that a page explains, with its sentence, as `gt.ui.components.terms` has them."""

from __future__ import annotations

import os.path

from gt.ui.components.terms import TERMS

HERE = "docs/reference"
HEAD = """\
# Words

What the words in the pages mean, a sentence each. In the app the sentence stands beside the word: point at it, touch
it, or go to it with Tab.

| word | what it means | more |
|---|---|---|
"""


def page() -> str:
    """The page's text."""
    rows = [
        f"| {one['title']} | {one['sentence']} | [{one['more']}]({_link(one['link'])}) |"
        for one in TERMS.values()
    ]
    return HEAD + "\n".join(rows) + "\n"


def _link(address: str) -> str:
    path, _, anchor = address.partition("#")
    return os.path.relpath(f"{path}.md", HERE) + (f"#{anchor}" if anchor else "")
