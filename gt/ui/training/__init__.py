"""``/training``: what changed when."""
