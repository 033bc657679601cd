"""Linear parts of layers as operators: what a layer does to a point, less its offset, never written out as a matrix."""

from gt.layers.operators.convolution import Convolution as Convolution
from gt.layers.operators.operator import Dense as Dense
from gt.layers.operators.operator import Diagonal as Diagonal
from gt.layers.operators.operator import Operator as Operator
from gt.layers.operators.placed import Placed as Placed
from gt.layers.operators.pooling import Pooling as Pooling
