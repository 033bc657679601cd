"""``/compare``: all methods beside each other."""
