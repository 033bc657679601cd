"""Style sheets share one page: what one of them says of a class, no other may say again."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

CSS = Path(__file__).parents[2] / "assets" / "css"
#: said for all pages, and more closely for one
AGAIN = {".gt-problem"}


def owners(folder: Path) -> dict[str, set[str]]:
    """By class: the style sheets with a rule for it alone, whatever is around it."""
    found = defaultdict(set)
    for path in sorted(folder.glob("*.css")):
        if "bootstrap" in path.name:
            continue
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        for rule in re.findall(r"([^{}]+)\{", text):
            rule = re.sub(r"\([^()]*\)", "()", rule)  # of the classes in :is(...) none stands alone
            for one in map(str.strip, rule.split(",")):
                if re.fullmatch(r"\.gt-[\w-]+", one):
                    found[one].add(path.name)
    return found


def test_a_class_has_one_style_sheet():
    twice = {name for name, files in owners(CSS).items() if len(files) > 1}
    assert twice == AGAIN


def test_two_style_sheets_for_a_class_are_found(tmp_path):
    (tmp_path / "1.css").write_text(".gt-a { color: red } .gt-b .gt-a { top: 0 }")
    (tmp_path / "2.css").write_text(
        "@media print { .gt-b, .gt-a { color: blue } } .gt-c :is(.gt-d, .gt-e, .gt-a) { top: 1px }"
    )
    assert owners(tmp_path) == {".gt-a": {"1.css", "2.css"}, ".gt-b": {"2.css"}}
