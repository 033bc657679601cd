"""Tensors that are spread over processes: those of one process are put together, those of several refused."""

import numpy as np
import pytest

import gt
from gt.errors import RunError

torch = pytest.importorskip("torch")
if not (torch.distributed.is_available() and torch.distributed.is_gloo_available()):
    pytest.skip("this PyTorch has no gloo", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore:::torch")  # torch's own, of its backends
dist, nn = torch.distributed, torch.nn
N, D, K = 12, 4, 3


@pytest.fixture
def spread(tmp_path):
    """Brings up so many ranks, of which this process is the first; others are only said to be there."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor.parallel import (
        ColwiseParallel,
        RowwiseParallel,
        parallelize_module,
    )

    def start(net, size):
        if size == 1:
            store = dist.FileStore(str(tmp_path / "store"), 1)
            dist.init_process_group("gloo", rank=0, world_size=1, store=store)
        else:
            from torch.testing._internal.distributed.fake_pg import FakeStore

            dist.init_process_group("fake", rank=0, world_size=size, store=FakeStore())
        mesh = init_device_mesh("cpu", (size,))
        ways = {"0": ColwiseParallel(use_local_output=False), "2": RowwiseParallel()}
        return parallelize_module(net, mesh, ways)

    yield start
    dist.destroy_process_group()


def network():
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(D, 8), nn.ReLU(), nn.Linear(8, K))


def points():
    generator = torch.Generator().manual_seed(2)
    inputs = torch.randn(N, D, generator=generator)
    return {"inputs": inputs, "labels": np.arange(N) % K, "layers": "all", "dtype": "float32"}


def test_what_one_process_has_is_put_together(tmp_path, spread):
    from torch.distributed.tensor import DTensor

    plain, given = network(), points()
    net = spread(network(), 1)
    assert isinstance(net[0].weight, DTensor) and isinstance(net[0](given["inputs"]), DTensor)
    with gt.Recorder(net, tmp_path / "r", **given) as rec:
        rec.record(0)
    run = gt.open_run(tmp_path / "r")
    run.check()
    assert [layer.name for layer in run.layers] == ["input", "0", "1", "logits", "softmax"]
    x = given["inputs"]
    with torch.no_grad():
        for name, value in (("0", plain[0](x)), ("1", plain[:2](x)), ("logits", plain(x))):
            np.testing.assert_allclose(run.activations(name, 0), value, atol=1e-6)
    np.testing.assert_array_equal(run.weights(0)["0.weight"], plain[0].weight.detach())


def test_what_several_processes_have_is_refused(tmp_path, spread):
    net, given = spread(network(), 2), points()
    says = r"'0.weight' is spread over 2 processes \(tensor parallelism\).* load the weights into"
    with pytest.raises(RunError, match=says):
        gt.Recorder(net, tmp_path / "r", **given)
    with pytest.raises(RunError, match=says):
        gt.record.plan(net, given["inputs"])
    assert not (tmp_path / "r").exists()


def test_a_layer_that_is_spread_is_left_out_and_told(spread):
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import DTensor, Replicate

    class Spreads(nn.Module):
        def forward(self, x):
            mesh = init_device_mesh("cpu", (2,))
            return DTensor.from_local(x, mesh, [Replicate()], run_check=False)

    class Gathers(nn.Module):
        def forward(self, x):
            return x.to_local()

    spread(network(), 2)
    net = nn.Sequential(nn.Linear(D, 8), Spreads(), Gathers(), nn.Linear(8, K))
    table = gt.record.plan(net, points()["inputs"], layers="all")
    why = {row.name: row.why for row in table if not row.recorded}
    assert why["1"] == "each process has a part of it (a DTensor)"
