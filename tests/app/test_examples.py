"""Each example trains, records what it says it does, can be aligned, and every page opens for its run."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module

import numpy as np
import pytest

import gt
import gt.docs
from gt.attack.eligible import unfit
from tests.app.conftest import PAGES
from tests.app.pages import Pages

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore:.*LeafSpec:FutureWarning")  # Lightning's

OF_RUNS = [path for path in PAGES if path not in ("/", "/method", "/story", "/docs")]


@dataclass(frozen=True)
class Case:
    """What an example is run with, and what must come of it.

    Attributes:
        example: Its name.
        epochs: It trains for.
        points: It has.
        task: Of its run.
        layers: Some of those that are recorded, with their shapes.
        joints: All nodes of the graph where ways meet.
        needs: A library beside torch.
        learns: Whether its loss is surely smaller after so few epochs.
    """

    example: str
    epochs: int = 3
    points: int = 120
    task: str = "classification"
    layers: dict = field(default_factory=dict)
    joints: tuple = ()
    needs: str = "torch"
    learns: bool = True


def of_blocks(text, blocks):
    return tuple(text.format(block) for block in blocks)


def encoder(i):
    """Where ways meet in a layer of nn.TransformerEncoder."""
    layer = f"encoder.layers.{i}"
    return (f"{layer}.self_attn", f"{layer}/add", f"{layer}/add:2")


CASES = {
    "mnist-example": Case(
        "mnist",
        points=40,
        layers={"conv1": (32, 26, 26), "/relu": (32, 26, 26), "/relu:3": (128,), "fc1": (128,)},
    ),
    "resnet18": Case(
        "resnet18",
        points=60,
        layers={"layer1.0": (16, 14, 14), "layer4.1": (128, 2, 2)},
        joints=of_blocks("layer{}/add", ["1.0", "1.1", "2.0", "2.1", "3.0", "3.1", "4.0", "4.1"]),
        learns=False,  # its means and variances have hardly begun to follow
    ),
    "vit": Case("vit", layers={"patches": (32,), "/cat": (32,)}, joints=encoder(0) + encoder(1)),
    "vit-tokens-first": Case(
        "vit", layers={"encoder.layers.1.norm2": (32,)}, joints=encoder(0) + encoder(1)
    ),
    "lstm": Case("lstm", layers={"lstm": (32,)}),
    "packed-gru": Case(
        "packed_gru",
        layers={"embed": (12, 16), "gru": (16,)},
        joints=("/index_select", "/pack_padded_sequence"),  # by the sentences' lengths
    ),
    "bert": Case(
        "bert",
        layers={"input: input_ids": (12,), "bert.encoder.layer.0.attention.output/add": (32,)},
        joints=of_blocks(
            "bert.encoder.layer.{}",
            [
                f"{i}.{name}"
                for i in (0, 1)
                for name in (
                    "attention.self/scaled_dot_product_attention",
                    "attention.output/add",
                    "output/add",
                )
            ],
        ),
        needs="transformers",
    ),
    "gpt2": Case(
        "gpt2",
        layers={"transformer.h.0/add": (32,), "transformer.ln_f": (32,)},
        joints=of_blocks(
            "transformer.h.{}",
            [
                f"{i}{name}"
                for i in (0, 1)
                for name in (".attn/scaled_dot_product_attention", "/add", "/add:2")
            ],
        ),
        needs="transformers",
    ),
    "autoencoder": Case("autoencoder", task="none", layers={"code": (6,), "outputs": (196,)}),
    "conv-autoencoder": Case(
        "conv_autoencoder", task="none", layers={"code": (8,), "encoder.2": (16, 7, 7)}
    ),
    "regression": Case("regression", task="regression", layers={"3": (32,), "outputs": (3,)}),
    "multilabel": Case("multilabel", task="multilabel", layers={"0": (16, 8, 8), "sigmoid": (3,)}),
    "one-logit": Case("one_logit", task="binary", layers={"1": (32,), "logits": (2,)}),
    "two-inputs": Case(
        "two_inputs",
        layers={"input: 0": (1, 14, 14), "input: 1": (2,), "/cat": (40,)},
        joints=("/cat",),
    ),
    "segmentation": Case(
        "segmentation",
        points=60,
        layers={"below.3": (16,), "/cat": (16,), "logits": (4,)},
        joints=("/cat",),
    ),
    "ddp": Case("ddp", layers={"1": (32,)}),
    "with-lightning": Case("with_lightning", layers={"net.1": (32,)}, needs="lightning"),
    "hf-trainer": Case(
        "hf_trainer",
        layers={"distilbert.transformer.layer.1.output_layer_norm": (32,)},
        joints=of_blocks(
            "distilbert.transformer.layer.{}",
            [
                f"{i}{name}"
                for i in (0, 1)
                for name in (".attention/scaled_dot_product_attention", "/add", "/add:2")
            ],
        ),
        needs="transformers",
    ),
    "compiled": Case("compiled", layers={"1": (32,), "2": (32,)}),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("examples")


def recorded(folder, name):
    """The run of an example, which is trained if it was not yet."""
    case = CASES[name]
    pytest.importorskip(case.needs)
    if not (folder / name).exists():
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            module = import_module(f"gt.examples.{case.example}")
            module.main(folder, case.epochs, case.points)
    return gt.open_run(folder / name)


@pytest.mark.parametrize("name", CASES)
def test_an_example_learns_and_is_recorded(folder, name):
    case, run = CASES[name], recorded(folder, name)
    run.check()
    assert run.task == case.task
    assert run.epochs[0] == 0 and len(run.epochs) > case.epochs
    shapes = {layer.name: layer.shape for layer in run.layers}
    assert case.layers.items() <= shapes.items(), shapes
    before, behind = run.history.loss[[0, -1], 0]
    assert np.isfinite(behind) and (behind < before or not case.learns)


@pytest.mark.parametrize("name", CASES)
def test_the_graph_of_an_example_is_the_network(folder, name):
    run = recorded(folder, name)
    drawn = [node for node in run.graph.nodes if len(node.inputs) > 1]
    assert tuple(node.name for node in drawn) == CASES[name].joints
    recorded_ones = {node.layer for node in run.graph.nodes} - {None}
    assert {layer.name for layer in run.layers if layer.array} <= recorded_ones


@pytest.mark.parametrize("name", CASES)
def test_the_layers_of_an_example_can_be_aligned(folder, name):
    from gt.align.align_run import align_run, plan

    run = recorded(folder, name)
    made = align_run(run, plan(run, k=4, points=30, every=3), command="gt align")
    assert made.fits(run)


@pytest.mark.parametrize("name", CASES)
def test_the_documentation_says_which_can_be_attacked(folder, name):
    text = gt.docs.source("how-to/any-network.md")
    [row] = [line for line in text.splitlines() if f"[{CASES[name].example}]" in line]
    can = not unfit(recorded(folder, name))
    assert row.endswith("| yes |" if can else "| no |")


def test_every_page_opens_for_every_example(folder, tmp_path, nothing_shipped):
    import app

    made = [name for name in CASES if (folder / name).exists()]
    assert made
    pages = Pages(app.create_app([folder], tmp_path / "cache"))
    failed = {
        (name, path): answer.status_code
        for name in made
        for path in OF_RUNS
        if (answer := pages.raw(path, f"?run={name}")).status_code != 200
    }
    assert not failed
