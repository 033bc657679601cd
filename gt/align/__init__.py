"""Linear parts of a network's layers as operators, and the bases in which they are plain scalings.

An operator is what a layer does to a point, less its offset, without ever being written out: a row
vector goes in, a row vector comes out. The pair of orthonormal bases in which it is a plain scaling
comes from products with it and its transpose alone, so width is no limit. `align` finds such bases for all
layers of a network at once, and the turns that make one continuous picture of it.
"""

from gt.align.bases import K, choose_bases, is_identity
from gt.align.network import Network, Transition, align
from gt.align.triplets import Triplets, leading_triplets
from gt.align.turn import Pair, carry, procrustes_pair, singular_pair
from gt.layers.kind import Step, linear_part
from gt.layers.operators import Convolution, Dense, Diagonal, Operator, Pooling

__all__ = [
    "Convolution",
    "Dense",
    "Diagonal",
    "K",
    "Network",
    "Operator",
    "Pair",
    "Pooling",
    "Step",
    "Transition",
    "Triplets",
    "align",
    "carry",
    "choose_bases",
    "is_identity",
    "leading_triplets",
    "linear_part",
    "procrustes_pair",
    "singular_pair",
]
