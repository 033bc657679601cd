"""Tour frames and direct manipulation, in pure numpy.

Every function has a twin of the same name, in camel case, in ``assets/js/tour``; both are checked
against the golden files in ``tests/golden``. Frames are ``(p, p)`` float64, rows are handles.
"""

from gt.tour.complete import Complete, complete_tour
from gt.tour.drag import drag_centroid, drag_handle
from gt.tour.drag_points import (
    Drag,
    create_drag,
    create_fit,
    create_rotate,
    create_spread,
    polar_factor,
    polar_rotation,
    principal_plane,
)
from gt.tour.frame import (
    complete_frame,
    gram_schmidt,
    identity,
    orthonormal_error,
    random_frame,
    star_frame,
)
from gt.tour.geodesic import Geodesic, create_geodesic
from gt.tour.grand_tour import GrandTour, create_grand_tour
from gt.tour.meter import (
    Meter,
    average_ranks,
    drawn_share,
    drawn_squares,
    pair_partners,
    plane_distance,
    rank_correlation,
)
from gt.tour.project import centroid, project_slice
from gt.tour.random import normals, uniform
from gt.tour.rotate import rotate_columns, rotate_plane, rotate_view

__all__ = [
    "Complete",
    "Drag",
    "Geodesic",
    "GrandTour",
    "Meter",
    "average_ranks",
    "centroid",
    "complete_frame",
    "complete_tour",
    "create_drag",
    "create_fit",
    "create_geodesic",
    "create_grand_tour",
    "create_rotate",
    "create_spread",
    "drag_centroid",
    "drag_handle",
    "drawn_share",
    "drawn_squares",
    "gram_schmidt",
    "identity",
    "normals",
    "orthonormal_error",
    "pair_partners",
    "plane_distance",
    "polar_factor",
    "polar_rotation",
    "principal_plane",
    "project_slice",
    "random_frame",
    "rank_correlation",
    "rotate_columns",
    "rotate_plane",
    "rotate_view",
    "star_frame",
    "uniform",
]
