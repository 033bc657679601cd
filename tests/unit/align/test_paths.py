"""What is drawn of a graph, what lies between two states, and the ways through it: of graphs of words alone."""

from __future__ import annotations

import pytest

from gt.align.paths import Drawn, drawn, settled, walk
from gt.run.graph import Graph, Node, chain_of
from gt.run.layer import Layer


def network(text: str, left_out: str = "") -> Drawn:
    """A graph from lines "name kind input,input"; all of it is recorded but for the names that are left out."""
    nodes: list[Node] = []
    at: dict[str, int] = {}
    for name, kind, *rest in (line.split() for line in text.strip().splitlines()):
        inputs = tuple(at[one] for one in rest[0].split(",")) if rest else ()
        at[name] = len(nodes)
        layer = None if name in left_out.split() else name
        nodes.append(Node(name, kind, inputs, (4,), layer=layer))
    layers = [Layer(node.layer, node.kind, (4,)) for node in nodes if node.layer]
    return drawn(Graph(tuple(nodes), len(nodes) - 1), layers)


def edges(found: Drawn) -> dict[str, str]:
    names = [layer.name for layer in found.layers]
    return {
        f"{names[e.before]}>{names[e.behind]}": f"{e.sort} {e.role}".strip() for e in found.edges
    }


def main(found: Drawn) -> list[str]:
    return [found.layers[i].name for i in found.main]


BLOCK = """
x Input
conv Linear x
act ReLU conv
f Linear act
y Add x,f
out Linear y
"""


def test_the_main_path_goes_through_the_branch_and_a_shortcut_is_drawn() -> None:
    found = network(BLOCK)
    assert main(found) == ["x", "conv", "act", "f", "y", "out"]
    assert edges(found) == {
        "x>conv": "operation", "conv>act": "operation", "act>f": "operation",
        "x>y": "addition skip", "f>y": "addition branch", "y>out": "operation",
    }  # fmt: skip
    both = [edge.terms for edge in found.edges if edge.sort == "addition"]
    assert both == [((0, 1.0), (3, 1.0))] * 2


def test_a_branch_can_be_chosen_at_each_joint() -> None:
    found = network(BLOCK)
    names = [layer.name for layer in found.layers]
    assert [names[i] for i in walk(names, found.edges, {"y": "x"})] == ["x", "y", "out"]
    assert settled(names, found.edges, {"y": "x"}) == {"y": "x"}
    for nothing in ({"y": "f"}, {"y": "out"}, {"other": "x"}, {"y": "nobody"}):
        assert walk(names, found.edges, nothing) == found.main
        assert settled(names, found.edges, nothing) == {}


def test_a_term_that_is_not_recorded_leaves_the_sum_exact_and_the_shortcut_is_walked() -> None:
    found = network(BLOCK, "conv act f")
    assert edges(found) == {"x>y": "addition skip", "y>out": "operation"}
    assert found.edges[0].between == ("conv", "act", "f") and found.edges[0].terms == ()
    assert edges(network(BLOCK, "f"))["act>y"] == "several"


def test_without_the_sum_there_are_several_things_between() -> None:
    found = network(BLOCK, "y")
    assert edges(found) == {
        "x>conv": "operation", "conv>act": "operation", "act>f": "operation",
        "x>out": "several", "f>out": "several",
    }  # fmt: skip
    assert main(found) == ["x", "conv", "act", "f", "out"]


def test_what_repeats_its_input_is_looked_through_and_what_does_not_is_not() -> None:
    through = BLOCK.replace("y Add x,f", "drop Dropout f\ny Add x,drop").replace(
        "Linear y", "Linear y"
    )
    assert edges(network(through, "drop"))["f>y"] == "addition branch"
    bent = through.replace("Dropout", "ReLU")
    assert edges(network(bent, "drop"))["f>y"] == "several"


def test_sums_of_several_terms_and_differences() -> None:
    text = "x Input\na Linear x\nb Linear a\ns Add x,a\nt Add s,b\nu Subtract t,x"
    found = network(text, "s")
    t = [edge for edge in found.edges if found.layers[edge.behind].name == "t"]
    assert [(edge.sort, edge.role) for edge in t] == [
        ("addition", "skip"), ("addition", "skip"), ("addition", "branch"),
    ]  # fmt: skip
    assert dict(t[0].terms) == {0: 1.0, 1: 1.0, 2: 1.0}
    u = [edge for edge in found.edges if found.layers[edge.behind].name == "u"]
    assert {edge.before: edge.factor for edge in u} == {0: -1.0, 3: 1.0}


def test_a_state_added_to_itself_is_a_factor() -> None:
    found = network("x Input\ny Add x,x")
    assert [(edge.sort, edge.factor, edge.terms) for edge in found.edges] == [
        ("addition", 2.0, ((0, 2.0),))
    ]


def test_a_sum_of_two_projections_has_no_shortcut() -> None:
    found = network("x Input\na Linear x\nb Linear x\ny Add a,b")
    assert edges(found)["a>y"] == edges(found)["b>y"] == "addition beside"
    assert main(found) == ["x", "a", "y"]  # as long: the first argument


def test_another_shape_is_not_added() -> None:
    nodes = (
        Node("x", "Input", (), (4,), layer="x"),
        Node("p", "Input", (), (1,), layer="p"),
        Node("y", "Add", (0, 1), (4,), layer="y"),
    )
    layers = [Layer("x", "Input", (4,)), Layer("p", "Input", (1,)), Layer("y", "Add", (4,))]
    found = drawn(Graph(nodes, 2), layers)
    assert [edge.sort for edge in found.edges] == ["addition", "several"]
    assert found.edges[0].terms == ()


def test_lengths_and_places_of_a_packed_sequence_are_no_branch() -> None:
    """As torch traces it: words are counted, sorted and packed by that, and the hidden states put back in order."""
    nodes = (
        Node("words", "Input", (), (4,), layer="words"),
        Node("lengths", "Input", (), (), layer="lengths"),
        Node("embed", "Embedding", (0,), (4, 3), layer="embed"),
        Node("/ne", "Mask", (0,), (4,), operation="ne"),
        Node("/sum", "Sum", (3,), (), operation="sum"),
        Node("/sort", "Sort", (4,), (), operation="sort"),
        Node("/index_select", "Index", (2, 5), (4, 3), operation="index_select"),
        Node("/pack", "Pack", (6, 1), None, operation="pack_padded_sequence"),
        Node("gru", "GRU", (7,), (4, 3), layer="gru"),
        Node("/index_select:2", "Index", (8, 5), (3,), operation="index_select", layer="picked"),
        Node("head", "Linear", (9,), (2,), layer="head"),
    )
    layers = [Layer(one.layer, one.kind, one.shape or (1,)) for one in nodes if one.layer]
    found = drawn(Graph(nodes, 10), layers)
    assert main(found) == ["words", "embed", "gru", "picked", "head"]
    assert list(edges(found)) == ["words>embed", "embed>gru", "gru>picked", "picked>head"]
    assert found.edges[1].between == ("/index_select", "/pack")


def test_what_the_output_does_not_depend_on_is_not_drawn() -> None:
    found = network("x Input\nside Linear x\nout Linear x")
    assert [layer.name for layer in found.layers] == ["x", "out"]


def test_layers_that_follow_from_others_are_behind_them() -> None:
    nodes = (
        Node("x", "Input", (), (4,), layer="x"),
        Node("fc", "Linear", (0,), (4,), layer="logits"),
    )
    layers = [
        Layer("x", "Input", (4,)), Layer("logits", "Linear", (4,)),
        Layer("softmax", "Softmax", (4,), softmax_of="logits"),
    ]  # fmt: skip
    assert main(drawn(Graph(nodes, 1), layers)) == ["x", "logits", "softmax"]


def test_a_chain_is_as_it_was() -> None:
    layers = [Layer(name, "Linear", (4,)) for name in "abc"]
    found = drawn(chain_of(layers), layers)
    assert found.chain and found.main == (0, 1, 2)
    assert edges(found) == {"a>b": "operation", "b>c": "operation"}


@pytest.mark.parametrize("deep", [5, 1500])
def test_a_deep_network_is_drawn(deep: int) -> None:
    """Longer than Python may call itself."""
    found = network("n0 Input\n" + "\n".join(f"n{i} ReLU n{i - 1}" for i in range(1, deep)))
    assert len(found.main) == deep
    few = network(
        "n0 Input\n" + "\n".join(f"n{i} ReLU n{i - 1}" for i in range(1, deep)),
        " ".join(f"n{i}" for i in range(1, deep - 1)),
    )
    assert edges(few) == {f"n0>n{deep - 1}": "several"}
