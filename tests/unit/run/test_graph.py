"""The graph of a network in a run: written and read back, and refused where it cannot be one."""

from __future__ import annotations

import json

import numpy as np
import pytest

from gt.errors import RunError, TruncatedRunError
from gt.run import Layer, RunWriter, open_run
from gt.run.graph import Graph, Node, chain_of
from gt.run.points import check_points

RESIDUAL = Graph(
    (
        Node("input", "Input", shape=(4,), layer="input"),
        Node(
            "linear",
            "Linear",
            (0,),
            (4,),
            "linear",
            parameters={"weight": "linear.weight"},
            layer="linear",
        ),
        Node("/add", "Add", (0, 1), (4,), operation="add", reason="nobody asked for it"),
        Node("linear:2", "Linear", (2,), (4,), "linear", call=2, config={"in_features": 4}),
    ),
    3,
)


def test_a_graph_is_read_as_it_was_written():
    assert Graph.from_json(json.loads(json.dumps(RESIDUAL.to_json()))) == RESIDUAL


def test_a_graph_knows_who_uses_what():
    assert RESIDUAL.users == ((1, 2), (2,), (3,), ())
    assert RESIDUAL.of_layer == {"input": 0, "linear": 1}
    assert RESIDUAL.at["/add"] == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda g: g["nodes"][1].update(inputs=[1]), "inputs"),
        (lambda g: g["nodes"][1].update(name="input"), "differ"),
        (lambda g: g.update(output=4), "output"),
        (lambda g: g.update(nodes=[]), "nodes"),
        (lambda g: g["nodes"][0].update(shape=[-1]), "shape"),
        (lambda g: g["nodes"][1].update(parameters={"weight": 3}), "parameters"),
        (lambda g: g["nodes"][3].update(call=0), "call"),
    ],
)
def test_what_is_no_graph_is_refused(change, said):
    stored = json.loads(json.dumps(RESIDUAL.to_json()))
    change(stored)
    with pytest.raises((RunError, KeyError, TypeError, ValueError), match=said):
        Graph.from_json(stored)


def run_with(path, graph):
    layers = [Layer("input", "Input", (4,), constant=True), Layer("linear", "Linear", (4,))]
    layers += [Layer("logits", "Logits", (2,))]
    points = check_points(3, 2, np.array([0, 1, 0]))
    RunWriter.create(path, points, layers, graph=graph).close()
    return path


def test_a_run_keeps_its_graph(tmp_path):
    assert open_run(run_with(tmp_path / "run", RESIDUAL)).graph == RESIDUAL


def test_layers_of_a_run_without_a_graph_follow_each_other(tmp_path):
    run = open_run(run_with(tmp_path / "run", None))
    assert run.graph == chain_of(run.layers)
    assert run.graph.chain and [node.inputs for node in run.graph.nodes] == [(), (0,), (1,)]


def test_a_graph_that_names_layers_that_are_not_there_is_refused(tmp_path):
    path = run_with(tmp_path / "run", RESIDUAL)
    meta = path / "zarr.json"
    said = json.loads(meta.read_text())
    said["attributes"]["graph"]["nodes"][1]["layer"] = "other"
    meta.write_text(json.dumps(said))
    with pytest.raises(TruncatedRunError, match="nodes of the graph must name layers"):
        open_run(path)
