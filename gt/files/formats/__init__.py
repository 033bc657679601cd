"""Formats of files that are imported, one a file; each says its own to `gt.files.readers.register`."""
