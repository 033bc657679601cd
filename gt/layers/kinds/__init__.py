"""The kinds of layers, a family or a part of one a file; each says its own to `gt.layers.kind.register`."""
