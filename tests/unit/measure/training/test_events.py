"""Events in constructed trainings, of which it is known what happened, and in those that ship."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gt
from gt.errors import RunError
from gt.measure.training.course import DIAMETER, Course, by_class, course_of, predictions
from gt.measure.training.events import LEAST, SURPRISING, sudden_changes, surprise
from gt.measure.training.report import WHOSE
from gt.run import write_run
from tests.bench.events import drawn, labels_shuffled, times_shuffled

SHIPPED = Path(__file__).parents[4] / "precomputed"
JUMP = 30  # transition, that is into epoch 31


@pytest.fixture(scope="module")
def shipped() -> dict[str, Course]:
    return {
        name: course_of(gt.open_run(SHIPPED / name))
        for name in ("mnist", "fashion-mnist", "cifar10")
    }


def quiet(seed: int = 0, **sizes: int) -> Course:
    """Drift and noise; the network is undecided from first to last."""
    course = drawn(np.random.default_rng(seed), **sizes)
    return replace(course, predicted=np.full_like(course.predicted, len(course.classes)))


def jumping(course: Course, classes: list[int], at: int = JUMP, back: int | None = None) -> Course:
    """The course, but some classes are learnt in one transition, and lost again in another."""
    moved, predicted = course.moved.copy(), course.predicted.copy()
    rows = np.isin(course.labels, classes)
    moved[at, rows] = 1.2
    predicted[at + 1 : back and back + 1, rows] = course.labels[rows]
    if back is not None:
        moved[back, rows] = 1.1
    return replace(course, moved=moved, predicted=predicted)


@pytest.mark.parametrize("seed", range(8))
def test_a_class_that_jumps_is_found_on_top_of_drift_and_noise(seed: int) -> None:
    course = quiet(seed)
    [first, *others] = sudden_changes(jumping(course, [4]))
    assert (first.kind, first.before, first.epoch, first.classes) == (
        "learnt",
        JUMP,
        JUMP + 1,
        (4,),
    )
    assert first.right == (0, 1) and first.distance == pytest.approx(1.2) and first.score > 5
    usual = np.median(by_class(course.moved, course.labels, 10)[:, 4])
    assert first.times == pytest.approx(1.2 / usual, rel=0.05)
    assert len(others) <= 1  # what drift and noise have of their own


def test_a_class_that_comes_and_goes_is_learnt_and_forgotten() -> None:
    course = jumping(quiet(1), [2], 20, 50)
    found = [(one.kind, one.epoch) for one in sudden_changes(course) if one.classes == (2,)]
    assert found == [("learnt", 21), ("forgotten", 51)]
    predicted, moved = course.predicted.copy(), course.moved.copy()
    rows = course.labels == 2
    predicted[81:, rows], moved[80, rows] = 2, 1.0
    again = sudden_changes(replace(course, predicted=predicted, moved=moved))
    assert ("learnt again", 81) in [(one.kind, one.epoch) for one in again]


@pytest.mark.parametrize("k", [2, 3, 10])
def test_everything_at_once_is_one_event_of_the_whole_network(k: int) -> None:
    course = jumping(quiet(2, k=k), list(range(k)))
    [only] = [one for one in sudden_changes(course) if one.epoch == JUMP + 1]
    assert only.kind == "all" and only.classes == tuple(range(k))
    assert only.right == pytest.approx((0, 1)) and only.distance == pytest.approx(1.2)


def test_most_classes_at_once_are_one_event_and_the_still_ones_have_no_part_in_it() -> None:
    course = jumping(quiet(3), [0, 1, 2, 3, 5, 6, 7])
    [only] = [one for one in sudden_changes(course) if one.epoch == JUMP + 1]
    assert only.kind == "all" and only.classes == (0, 1, 2, 3, 5, 6, 7)


@pytest.mark.parametrize("seed", range(4))
def test_a_class_that_jumps_while_the_others_move_a_little_is_told_with_them(seed: int) -> None:
    course = quiet(seed)
    moved = course.moved.copy()
    moved[JUMP] *= 4  # all of them, ...
    calm = replace(course, moved=moved)
    [only] = [one for one in sudden_changes(calm) if one.epoch == JUMP + 1]
    assert only.kind == "all" and not only.apart
    at = [one for one in sudden_changes(jumping(calm, [4])) if one.epoch == JUMP + 1]
    own, others = at  # ... but one far more
    assert (own.kind, own.classes, own.right) == ("learnt", (4,), (0, 1))
    assert own.distance == pytest.approx(1.2) and own.score > 5
    assert others.kind == "all" and 4 in others.classes and others.apart == (4,)
    without = np.setdiff1d(others.classes, 4)
    assert others.distance == pytest.approx(
        calm.moved[JUMP, np.isin(course.labels, without)].mean()
    )
    assert others.right == (0, 0)


def test_a_class_that_moves_as_usual_while_the_others_rest_is_no_event() -> None:
    course = quiet(2)
    moved = course.moved.copy()
    moved[JUMP, course.labels != 4] /= 50
    found = surprise(replace(course, moved=moved))
    assert found.score[JUMP, 4] > SURPRISING
    assert all(one.epoch != JUMP + 1 for one in sudden_changes(replace(course, moved=moved), found))


def calm(rng: np.random.Generator) -> Course:
    """A training that scatters far less than a score allows for."""
    course = quiet(3)
    motions = np.exp(rng.normal(np.log(0.1), 0.02, (len(course.moved), 10)))[:, course.labels]
    spread = rng.uniform(0.99, 1.01, motions.shape)
    return replace(course, moved=(motions * spread).astype(np.float32))


@pytest.mark.parametrize(("times", "told"), [(1.8, []), (2.3, [JUMP + 1])])
def test_an_event_goes_twice_as_far_as_usual_however_sure_it_is(times: float, told: list) -> None:
    course = calm(np.random.default_rng(0))
    moved = course.moved.copy()
    moved[JUMP, course.labels == 4] *= times
    own = replace(course, moved=moved)
    assert surprise(own).score[JUMP, 4] > SURPRISING
    assert [one.epoch for one in sudden_changes(own)] == told
    moved = course.moved.copy()
    moved[JUMP] *= times
    of_all = replace(course, moved=moved)
    assert surprise(of_all).all_score[JUMP] > SURPRISING
    assert [one.epoch for one in sudden_changes(of_all)] == told


def test_an_event_late_in_a_training_that_calms_down_goes_beyond_its_median() -> None:
    course = calm(np.random.default_rng(1))
    m, at = len(course.moved), len(course.moved) - 8
    moved = course.moved * np.r_[np.full(m - 20, 3.0), np.ones(20)][:, None].astype(np.float32)
    moved[at, course.labels == 4] *= 5  # by far what is usual late, but under twice the median
    late = replace(course, moved=moved)
    found = surprise(late)
    assert found.score[at, 4] > SURPRISING and found.distance[at, 4] < 1.8 * found.usual[4]
    assert sudden_changes(late, found) == []


@pytest.mark.parametrize("back", [JUMP + 1, JUMP + 3, None])
def test_what_is_learnt_for_a_while_says_for_how_long(back: int | None) -> None:
    course = jumping(quiet(1), [2], JUMP, back)
    first = next(one for one in sudden_changes(course) if one.epoch == JUMP + 1)
    assert first.kind == "learnt"
    if back is None:
        assert first.lasted is None and first.until is None
    else:
        assert (first.lasted, first.until) == (back - JUMP, back + 1)


def test_what_is_forgotten_and_learnt_again_says_for_how_long(shipped: dict[str, Course]) -> None:
    cifar = {one.epoch: one for one in sudden_changes(shipped["cifar10"])}
    lost, back = cifar[83], cifar[84]
    assert (lost.kind, lost.lasted, lost.until) == ("forgotten", 1, 84)
    assert (back.kind, back.lasted, back.until) == ("learnt again", None, None)
    every_third = jumping(quiet(1), [2], 20, 22)
    spaced = replace(every_third, epochs=3 * every_third.epochs)
    [first, *_] = sudden_changes(spaced)
    assert (first.kind, first.epoch, first.lasted, first.until) == ("learnt", 63, 2, 69)


def test_a_minority_that_jumps_together_is_told_class_by_class() -> None:
    found = sudden_changes(jumping(quiet(4), [1, 8]))
    at = [one for one in found if one.epoch == JUMP + 1]
    assert {one.classes for one in at} == {(1,), (8,)} and {one.kind for one in at} == {"learnt"}


def test_false_alarms_are_as_rare_as_the_page_says(shipped: dict[str, Course]) -> None:
    rng = np.random.default_rng(5)

    def alarms(courses: list[Course]) -> float:
        return sum(one.kind != "all" for c in courses for one in sudden_changes(c)) / len(courses)

    assert alarms([quiet(100 + i) for i in range(30)]) < 0.5
    for name, whole in shipped.items():
        for points, splits in WHOSE.items():
            course = whole.of(np.isin(whole.splits, splits))
            assert alarms([times_shuffled(course, rng) for _ in range(10)]) < 0.2, (name, points)
            most = 1.0 if name == "fashion-mnist" else 0.3
            assert alarms([labels_shuffled(course, rng) for _ in range(10)]) < most, (name, points)


def test_nothing_at_all_has_no_event() -> None:
    course = quiet(6)
    still = replace(course, moved=np.zeros_like(course.moved))
    assert sudden_changes(still) == []
    assert np.isfinite(surprise(still).score).all()


def test_what_cannot_be_seen_is_no_event_however_unusual() -> None:
    course = quiet(7)
    tiny = replace(course, moved=course.moved * np.float32(1e-3))
    moved = tiny.moved.copy()
    moved[JUMP, tiny.labels == 4] = LEAST / 2
    jumped = replace(tiny, moved=moved)
    assert surprise(jumped).score[JUMP, 4] > SURPRISING
    assert sudden_changes(jumped) == []


def test_a_few_points_that_jump_do_not_make_their_class_one_that_did() -> None:
    course = quiet(8)
    moved = course.moved.copy()
    moved[JUMP, np.flatnonzero(course.labels == 4)[:3]] = 1.3
    assert all(one.epoch != JUMP + 1 for one in sudden_changes(replace(course, moved=moved)))


@pytest.mark.parametrize(("epochs", "k"), [(1, 3), (2, 3), (6, 3), (12, 1)])
def test_short_trainings_and_single_classes_are_no_problem(epochs: int, k: int) -> None:
    course = quiet(9, transitions=max(epochs - 1, 1), k=k)
    if epochs == 1:
        course = replace(
            course, epochs=course.epochs[:1], moved=course.moved[:0], predicted=course.predicted[:1]
        )
    found = surprise(course)
    assert found.distance.shape == found.score.shape == (epochs - 1, k)
    assert isinstance(sudden_changes(course, found), list)
    if epochs <= 6:
        assert sudden_changes(course) == [] and np.isnan(found.score).all()


def test_a_single_class_that_jumps_is_learnt() -> None:
    course = quiet(10, k=1)
    calm = replace(course, moved=course.moved / 10)
    [only] = sudden_changes(jumping(calm, [0]))
    assert (only.kind, only.classes, only.epoch) == ("learnt", (0,), JUMP + 1)


def test_a_class_without_points_has_no_part_in_anything() -> None:
    course = jumping(quiet(11), [4])
    course = course.of(course.labels != 7)
    found = surprise(course)
    assert np.isnan(found.distance[:, 7]).all() and np.isnan(found.usual[7])
    assert sudden_changes(course, found)[0].classes == (4,)
    assert sudden_changes(course.of(np.zeros(len(course.ids), bool))) == []


def test_the_order_of_points_and_of_classes_does_not_matter() -> None:
    course = jumping(quiet(12), [4])
    other = course.of(np.random.default_rng(0).permutation(len(course.ids)))
    for a, b in zip(sudden_changes(course), sudden_changes(other), strict=True):
        assert (a.kind, a.epoch, a.classes) == (b.kind, b.epoch, b.classes)
        assert a.score == pytest.approx(b.score)


def test_the_shipped_digits_5_and_1_come_first(shipped: dict[str, Course]) -> None:
    course = shipped["mnist"]
    for rows in (course.splits >= 0, course.splits == 0, course.splits == 1):
        first, second = sudden_changes(course.of(rows))[:2]
        found = [(one.kind, course.classes[one.classes[0]], one.epoch) for one in (first, second)]
        assert sorted(found) == [("learnt", "1", 28), ("learnt", "5", 21)]
        assert min(first.times, second.times) > 40 and min(first.score, second.score) > 5.5


def test_the_other_shipped_trainings_have_the_events_that_their_accuracy_shows(
    shipped: dict[str, Course],
) -> None:
    found = {
        name: [
            (one.kind, course.classes[one.classes[0]], one.epoch)
            for one in sudden_changes(course)
            if one.kind != "all"
        ]
        for name, course in shipped.items()
    }
    assert found["fashion-mnist"] == []  # every class is learnt slowly
    assert ("forgotten", "automobile", 83) in found["cifar10"]
    assert ("learnt again", "automobile", 84) in found["cifar10"]


def test_a_course_is_what_the_run_says(tmp_path: Path) -> None:
    shares = np.array(
        [
            [[1, 0, 0], [0.5, 0.5, 0], [0, 0, 1]],
            [[0, 1, 0], [0.5, 0.25, 0.25], [0, 0, 1]],
        ],
        np.float32,
    )
    run = write_run(tmp_path / "run", shares, [1, 0, 2], kind="probabilities", epochs=[3, 8])
    course = course_of(gt.open_run(tmp_path / "run") if run is None else run)
    assert course.moved[0] == pytest.approx([DIAMETER, np.sqrt(0.125), 0], abs=2e-3)
    assert course.predicted.tolist() == [[0, 3, 2], [1, 0, 2]]  # a tie is no prediction
    assert course.right.tolist() == [[False, False, True], [True, True, True]]
    assert predictions(np.zeros((2, 4))).tolist() == [4, 4]


def test_a_run_without_a_softmax_is_refused(tmp_path: Path) -> None:
    write_run(tmp_path / "run", np.eye(3, dtype=np.float32)[None], [0, 1, 2], kind="probabilities")
    run = gt.open_run(tmp_path / "run")
    run.layers = ()
    with pytest.raises(RunError, match="a layer must be softmax"):
        course_of(run)
