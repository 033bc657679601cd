"""``/network``: one image through a network."""
