"""One image through a network, and the weights that this takes."""
