"""Components of the pages, and their ``register(app)``; no mathematics."""
