"""An error says by whom and what, and composes both for people."""

from __future__ import annotations

import pickle

import pytest

from gt.errors import DamagedEpochError, RunError, ShapeError, ToldError, UnknownRunError
from gt.serve.said import reason


def test_the_part_that_says_so_is_apart_from_what_it_says():
    error = ShapeError("x must be wide, it is 3", by="attack")
    assert str(error) == "attack: x must be wide, it is 3"
    assert (error.by, error.what) == ("attack", "x must be wide, it is 3")
    assert reason(error) == error.what
    plain = RunError("mnist: no layer")
    assert str(plain) == plain.what == reason(plain) and plain.by == ""


def test_an_error_met_somewhere_is_of_its_own_kind_and_says_where():
    error = DamagedEpochError("chunk 3 is damaged", 4, 2).at("open_run: mine")
    assert type(error) is DamagedEpochError and (error.epoch, error.whole) == (4, 2)
    assert str(error).startswith("open_run: mine: chunk 3 is damaged; open_run(path, before=4)")
    assert str(ToldError("no", by="attack").at("attack_of: mine")) == "attack_of: mine: attack: no"


def test_an_error_comes_whole_out_of_another_process():
    error = pickle.loads(pickle.dumps(RunError("no such class", by="attack")))
    assert (str(error), error.by, error.what) == (
        "attack: no such class",
        "attack",
        "no such class",
    )


def test_a_name_that_nothing_has_is_a_key_error_and_a_sentence():
    with pytest.raises(KeyError) as caught:
        raise UnknownRunError('no run "gone"; this server has mnist')
    assert str(caught.value) == 'no run "gone"; this server has mnist' == reason(caught.value)
