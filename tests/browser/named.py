"""Named views of the tests' digits, whatever those of the recorded ones are."""

from gt.ui.compare.presets import Preset
from gt.ui.tour.views import NamedView

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

#: comparisons of the runs that the tests have, instead of those that ship; "run" is to be made its uid
PRESETS: list[Preset] = [
    {
        "run": "mnist",
        "name": "Late digits",
        "text": "Two digits are learnt late.",
        "epochs": [5, 10, 12],
        "classes": ["5", "8"],
        "handles": [],
    },
    {
        "run": "shapes",
        "name": "Three shapes",
        "text": "A triangle of shapes.",
        "epochs": [0, 4],
        "classes": ["circle"],
        "handles": ["circle", "square", "triangle"],
    },
]
