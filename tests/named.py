"""Named views of the tests' digits, whatever those of the recorded ones are."""

from __future__ import annotations

import json
from pathlib import Path

import gt
from gt.kept.ship import VIEWS
from gt.views.kinds import NamedView, Preset

NAMED_VIEWS: list[NamedView] = [
    {
        "name": "Seven is learnt",
        "text": "Sevens leave the fours and nines.",
        "layer": "softmax",
        "handles": ["7", "9", "4"],
        "epochs": [10, 12],
        "show": [],
    },
    {
        "name": "Three against five",
        "text": "Nothing but threes and fives.",
        "layer": "softmax",
        "handles": ["3", "5"],
        "epochs": [25],
        "show": ["3", "5"],
    },
]

#: by the name of the run
PRESETS: dict[str, Preset] = {
    "mnist": {
        "name": "Late digits",
        "text": "Two digits are learnt late.",
        "epochs": [5, 10, 12],
        "classes": ["5", "8"],
        "handles": [],
    },
    "shapes": {
        "name": "Three shapes",
        "text": "A triangle of shapes.",
        "epochs": [0, 4],
        "classes": ["circle"],
        "handles": ["circle", "square", "triangle"],
    },
}


def write_views(folder: Path) -> None:
    """Put named views beside two of the tests' runs; the others get those that are made."""
    for name, tour in (("mnist", NAMED_VIEWS), ("shapes", [])):
        uid = gt.open_run(folder / name).uid
        views = {"uid": uid, "tour": tour, "compare": [PRESETS[name]]}
        (folder / name / VIEWS).write_text(json.dumps(views), "utf-8")
