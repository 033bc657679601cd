"""Formats of files that are opened, one a file; each says its endings to `gt.bring.known.register`."""
