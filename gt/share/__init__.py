"""A page in a file: the same modules, the same markup and the same tensors, in one piece that needs no server."""
