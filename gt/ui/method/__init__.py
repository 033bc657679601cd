"""``/method``: the idea, explained."""
