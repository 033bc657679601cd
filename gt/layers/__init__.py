"""Kinds of layers: one table of what each one is, and the forward pass in numpy of a chain of them.

A kind is one entry in one file of `gt.layers.kinds`: its linear part (for `gt.align`), its forward pass in numpy, how
PyTorch makes it, its settings, and the family in whose colour it is drawn.
"""

from gt.layers.kind import FAMILIES as FAMILIES
from gt.layers.kind import Kind as Kind
from gt.layers.kind import Step as Step
from gt.layers.kind import kind_of as kind_of
from gt.layers.kind import kinds as kinds
from gt.layers.kind import linear_part as linear_part
from gt.layers.kind import register as register
from gt.layers.kind import settings as settings
