"""Trainings as they are written: mixed precision, accumulated gradients, compiled and wrapped networks."""

import numpy as np
import pytest

import gt
from gt.errors import RunError

torch = pytest.importorskip("torch")
nn = torch.nn
N, D, K = 12, 4, 3


class Net(nn.Module):
    def __init__(self, inside=False):
        super().__init__()
        self.first, self.norm = nn.Linear(D, 8), nn.BatchNorm1d(8)
        self.drop, self.last = nn.Dropout(0.3), nn.Linear(8, K)
        self.inside = inside

    def forward(self, x):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.inside):
            return self.last(self.drop(torch.relu(self.norm(self.first(x)))))


def network(**more):
    torch.manual_seed(1)
    return Net(**more)


def points():
    generator = torch.Generator().manual_seed(2)
    inputs = torch.randn(N, D, generator=generator)
    return {"inputs": inputs, "labels": np.arange(N) % K, "layers": "all"}


def outputs_of(net):
    net.eval()
    with torch.no_grad():
        return net(points()["inputs"]).float().numpy()


def train(path, record, amp=False):
    """Two steps of gradients from two batches each, recorded at any moment of them."""
    net = network()
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
    scaler = torch.amp.GradScaler("cpu", enabled=amp)
    generator = torch.Generator().manual_seed(3)
    rec = gt.Recorder(net, path, **points()) if record else None
    moments = iter(range(100))

    def moment():
        if rec is not None:
            rec.record(step=next(moments))

    torch.manual_seed(4)
    for _ in range(2):
        for _ in range(2):
            with torch.autocast("cpu", torch.bfloat16, enabled=amp):
                moment()
                out = net(torch.randn(8, D, generator=generator))
                moment()
                loss = nn.functional.cross_entropy(out, torch.arange(8) % K) / 2
            moment()
            scaler.scale(loss).backward()
            moment()
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()
    if rec is not None:
        rec.close()
    return net, scaler


@pytest.mark.parametrize("amp", [False, True])
def test_recording_at_any_moment_changes_no_training(tmp_path, amp):
    net, scaler = train(tmp_path / "r", True, amp)
    plain, other = train(tmp_path / "r", False, amp)
    for name, value in plain.state_dict().items():
        assert torch.equal(net.state_dict()[name], value), name
    assert scaler.state_dict() == other.state_dict()
    assert gt.open_run(tmp_path / "r").epochs.tolist() == list(range(16))


def test_an_autocast_around_the_call_is_not_for_the_recording(tmp_path):
    net = network()
    with torch.autocast("cpu", torch.bfloat16):
        with gt.Recorder(net, tmp_path / "r", **points()) as rec:
            rec.record(0)
        assert torch.is_autocast_enabled("cpu")
    run = gt.open_run(tmp_path / "r")
    np.testing.assert_array_equal(run.activations("logits", 0), outputs_of(net))


def test_an_autocast_of_the_network_is_recorded_as_it_computes(tmp_path):
    net = network(inside=True)
    with gt.Recorder(net, tmp_path / "r", **points()) as rec:
        rec.record(0)
    found = gt.open_run(tmp_path / "r").activations("logits", 0)
    np.testing.assert_array_equal(found, outputs_of(net))
    net.inside = False
    assert not np.array_equal(found, outputs_of(net))


@pytest.mark.parametrize("how", ["DataParallel", "compiled DataParallel"])
def test_what_is_around_a_network_is_no_part_of_it(tmp_path, how):
    net = nn.DataParallel(network())
    model = torch.compile(net, backend="eager") if how.startswith("compiled") else net
    with gt.Recorder(model, tmp_path / "r", **points()) as rec:
        assert rec.model is net.module
        rec.record(0)
    run = gt.open_run(tmp_path / "r")
    assert [x.name for x in run.layers][:3] == ["input", "first", "norm"]
    assert len(gt.record.plan(model, points()["inputs"]).rows) == len(run.layers)


def lacks_a_compiler(error):
    """Whether it is that inductor has no C++ here to compile with, or no headers of Python."""
    from torch._inductor import exc

    while error is not None and not isinstance(error, exc.CppCompileError | exc.InvalidCxxCompiler):
        error = getattr(error, "inner_exception", None) or error.__cause__ or error.__context__
    return error is not None


@pytest.mark.filterwarnings(
    "ignore"
)  # importing inductor calls what torch itself says is deprecated
def test_inductor_compiles_nothing_again(tmp_path, monkeypatch, caplog):
    from torch._dynamo.testing import CompileCounterWithBackend
    from torch._inductor import config

    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "cache"))
    given, plain = points(), network()
    plain(given["inputs"])  # which moves its running means, as the compiled one's are moved
    expected = outputs_of(plain)
    # no pool of processes, which would stay; the settings know themselves how they are put back
    with config.patch(compile_threads=1, cpp_cache_precompile_headers=False):
        for in_place in (False, True):
            torch._dynamo.reset()
            counter, net = CompileCounterWithBackend("inductor"), network()
            if in_place:
                net.compile(backend=counter)
            model = net if in_place else torch.compile(net, backend=counter)
            try:
                model(given["inputs"])
            except Exception as error:
                if lacks_a_compiler(error):
                    pytest.skip(
                        "inductor needs a C++ compiler and Python's headers, one is not here"
                    )
                raise
            compiled = counter.frame_count
            assert compiled > 0
            with gt.Recorder(model, tmp_path / f"r{in_place}", **given) as rec:
                for epoch in range(2):
                    rec.record(epoch)
                    model(given["inputs"])
            assert counter.frame_count == compiled
            run = gt.open_run(tmp_path / f"r{in_place}")
            assert [layer.name for layer in run.layers][:3] == ["input", "first", "norm"]
            np.testing.assert_allclose(run.activations("logits", 0), expected, atol=1e-5)
    torch._dynamo.reset()
    assert not [one for one in caplog.records if one.name.startswith("gt")]


def test_flat_parameters_are_refused(tmp_path):
    kind = type("FullyShardedDataParallel", (nn.Module,), {"__module__": "torch.distributed.fsdp"})
    model = kind()
    model.module = network()
    with pytest.raises(RunError, match="shard it with torch"):
        gt.Recorder(model, tmp_path / "r", **points())


def test_an_encoder_with_a_padding_mask_in_evaluation(tmp_path):
    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
            self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
            self.last = nn.Linear(8, K)

        def forward(self, x, padding):
            return self.last(self.encoder(x, src_key_padding_mask=padding)[:, 0])

    torch.manual_seed(1)
    net = Encoder().eval()
    x, padding = torch.randn(N, 5, 8), torch.arange(5) > torch.arange(N)[:, None] % 4
    given = {**points(), "inputs": {"x": x, "padding": padding}}
    with gt.Recorder(net, tmp_path / "r", **given) as rec:
        rec.record(0)
    assert not net.training and torch.backends.mha.get_fastpath_enabled()
    with torch.no_grad():
        expected = net(x, padding).numpy()
    run = gt.open_run(tmp_path / "r")
    np.testing.assert_allclose(run.activations("logits", 0), expected, atol=1e-4)
