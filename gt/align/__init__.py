"""Linear parts of a network's layers as operators, and their leading singular triplets.

An operator is what a layer does to a point, less its offset, without ever being written out: a row
vector goes in, a row vector comes out. The pair of orthonormal bases in which it is a plain scaling
comes from products with it and its transpose alone, so width is no limit.
"""

from gt.align.convolution import Convolution
from gt.align.kinds import Step, linear_part, register
from gt.align.operator import Dense, Diagonal, Operator
from gt.align.pooling import Pooling
from gt.align.triplets import Triplets, leading_triplets

__all__ = [
    "Convolution",
    "Dense",
    "Diagonal",
    "Operator",
    "Pooling",
    "Step",
    "Triplets",
    "leading_triplets",
    "linear_part",
    "register",
]
