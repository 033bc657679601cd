"""Named views of the tests' digits, whatever those of the recorded ones are."""

from gt.ui.views import NamedView

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
