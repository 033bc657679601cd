"""``/adversarial``: an attack, step by step, in every layer."""
