"""A recording without its hidden layers is the same run in all else."""

import numpy as np
import pytest

from gt.run import LockedRunError, RunWriter, open_run
from gt.run.slim import drop_hidden

attackable = pytest.importorskip("tests.attackable")
one_thread = attackable.one_thread


def test_outputs_points_and_alignments_stay_and_nothing_else(tmp_path):
    from gt.align.align_run import align_run, plan

    whole = attackable.record(tmp_path / "shapes")
    aligned = align_run(whole, plan(whole))
    outputs = [whole.activations("softmax", i) for i in range(2)]
    made = drop_hidden(whole.path)
    assert [layer.name for layer in made.layers] == ["logits", "softmax"] and not made.weight_list
    assert (made.uid, made.title, made.made) == (whole.uid, whole.title, whole.made)
    np.testing.assert_array_equal([made.activations("softmax", i) for i in range(2)], outputs)
    np.testing.assert_array_equal(made.images, whole.images)
    assert aligned.fits(made) and (made.path / "alignments" / aligned.name).is_dir()
    assert [path for path in (made.path / "activations").glob("*/")] == [
        made.path / str(made.layer("logits").array)
    ]
    assert not list((made.path / "weights").glob("*/"))
    made.check()
    assert [node.name for node in made.graph.nodes] == [node.name for node in whole.graph.nodes]
    assert [node.layer for node in made.graph.nodes if node.layer] == ["logits", "softmax"]

    (made.path / "activations" / "conv").mkdir()  # what an interruption left
    assert drop_hidden(made.path).uid == whole.uid
    assert not (made.path / "activations" / "conv").exists()
    open_run(made.path).check()


def test_what_is_being_recorded_is_left_as_it_is(tmp_path):
    run = attackable.record(tmp_path / "shapes")
    with RunWriter(run.path), pytest.raises(LockedRunError, match=r"slim: .* one writer at a time"):
        drop_hidden(run.path)
    assert [layer.name for layer in open_run(run.path).layers] == [
        layer.name for layer in run.layers
    ]
    drop_hidden(run.path)
