"""``/layers``: all states of a network in one picture."""
