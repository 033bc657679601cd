"""``/grand-tour``, and what all pages with stages share."""
