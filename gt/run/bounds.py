"""How large the parts of a run may be: what a writer refuses, and a reader takes no memory for.

Generous for any run that can be shown, and small enough that a few bytes of description, damaged or
made by a stranger, cannot ask for more than a machine has.
"""

from __future__ import annotations

LARGEST_NUMBER = 2**53 - 1  # of a point or an epoch: what a browser tells apart from its neighbours
POINTS = 2**26
CLASSES = 2**16 - 1  # labels travel as two bytes
CHUNK_BYTES = 2**31 - 1  # of one chunk, unpacked; Blosc can do no more
EPOCH_BYTES = 2**34  # of one layer in one epoch, unpacked
NODES = 2**16  # of a graph
COLUMNS = 2**8  # of values that points have beside their label
FILES = 2**22  # of one array
DIMENSIONS = 16
CHECKS_BYTES = 2**28  # of the file that says which chunk belongs where: 30 million chunks
METADATA_BYTES = 2**26  # of one zarr.json
ENVELOPE_BYTES = 2**12  # of these what Zarr says of a group beside its attributes
NAME = 2**12  # characters of a title, or of the name of a class, layer or weight
DEPTH = 32  # of what a run says about itself, list in list
