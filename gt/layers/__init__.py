"""Kinds of layers: what each one is, and its forward pass in numpy."""
