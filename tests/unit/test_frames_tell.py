import numpy as np
import pytest

from gt import tour
from tests.frames_tell import FRAMES, STOPS, frames_tell, median


def motion(p, seed=1, n=80):
    return tour.normals(seed, 4, n * p).reshape(n, p) * np.linspace(2, 0.2, p)


def test_one_frame_tells_least_and_all_stops_everything():
    told = frames_tell(motion(32), seed=3)
    assert told.width == 32
    assert told.frame < told.toured[0] < told.toured[1] < told.whole
    assert list(told.stops) == sorted(told.stops) and told.stops[-1] < 1
    assert told.whole == pytest.approx(1)


def test_it_is_what_the_twins_of_the_page_say():
    rows = motion(10)
    told = frames_tell(rows, seed=2)
    meter = tour.Meter(rows)
    frame = tour.random_frame(10, 2)
    assert told.frame == meter.rho(frame)[0]
    whole = tour.complete_tour(rows)
    after = whole.seen(rows, np.arange(whole.stops) < STOPS[1])
    assert told.stops[1] == tour.rank_correlation(meter.squares, after)
    moving, drawn = tour.create_grand_tour(10, seed=2), 0
    for _ in range(FRAMES):
        drawn = drawn + tour.drawn_squares(rows, moving.matrix)
        moving.advance(1.0)
    assert told.toured[0] == pytest.approx(tour.rank_correlation(meter.squares, drawn), abs=1e-12)


def test_where_nothing_moves_or_all_alike_there_is_nothing_to_tell():
    assert frames_tell(np.zeros((5, 3)), 1) is None
    assert frames_tell(np.ones((5, 3)), 1) is None


def test_the_median_leaves_out_what_tells_nothing_and_wants_something():
    told = [frames_tell(motion(6, seed), seed) for seed in (1, 2, 3)]
    middle = median([*told, None])
    assert middle.frame == np.median([one.frame for one in told])
    assert middle.stops[0] == np.median([one.stops[0] for one in told])
    with pytest.raises(ValueError, match="median: at least one"):
        median([None])
