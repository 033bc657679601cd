"""Computations that a page asks for: their orders, their forms, and the processes that carry them out."""
