"""Padding, where a mask among the inputs tells of it: it is in no mean, and none of it is the last token."""

import numpy as np
import pytest

import gt

torch = pytest.importorskip("torch")
padding = pytest.importorskip("gt.record.padding")
nn = torch.nn
N, T, D, K = 6, 5, 4, 3
LENGTHS = torch.tensor([5, 1, 3, 2, 4, 0])  # one has nothing but padding
MASK = torch.arange(T) < LENGTHS[:, None]


class Reader(nn.Module):
    """Takes a mask by one of its names."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.embed, self.mix = nn.Embedding(13, D), nn.Linear(D, D)
        self.attention = nn.MultiheadAttention(D, 2, batch_first=True)
        self.head = nn.Linear(D, K)

    def forward(self, ids, attention_mask=None, src_key_padding_mask=None):
        h = self.mix(self.embed(ids))
        h = h + self.attention(h, h, h)[0]
        return self.head(h)


def words():
    return torch.randint(0, 13, (N, T), generator=torch.Generator().manual_seed(4))


def by_hand(values, how, mask=MASK):
    """Row by row, and nothing else than that."""
    out = []
    for row, counts in zip(values, mask.numpy(), strict=True):
        there = np.flatnonzero(counts) if counts.any() else np.arange(T)
        out.append(row[there].mean(0) if how == "mean" else row[there[-1]])
    return np.array(out)


def hidden(net, ids):
    net.eval()
    with torch.no_grad():
        return net.mix(net.embed(ids)).numpy(), net(ids).numpy()


GIVEN = {
    "attention_mask": lambda ids: {"ids": ids, "attention_mask": MASK.long()},
    "added to the scores": lambda ids: {"ids": ids, "attention_mask": (~MASK).float() * -1e4},
    "src_key_padding_mask": lambda ids: {"ids": ids, "src_key_padding_mask": ~MASK},
    "by position": lambda ids: (ids, MASK.float()),
}


@pytest.mark.parametrize("named", GIVEN)
@pytest.mark.parametrize("how", ["mean", "last"])
def test_padding_is_left_out_and_the_plan_says_so(tmp_path, named, how):
    net, ids = Reader(), words()
    given = {"inputs": GIVEN[named](ids), "layers": ["mix"], "axes": {"mix": how}}
    more = {"task": "none", "dtype": "float32", "output_axes": how, "batch_size": 4}
    with gt.Recorder(net, tmp_path / "r", **given, **more) as rec:
        rec.record(0)
    run, (values, outputs) = gt.open_run(tmp_path / "r"), hidden(net, ids)
    np.testing.assert_allclose(run.activations("mix", 0), by_hand(values, how), atol=1e-6)
    np.testing.assert_allclose(run.activations("outputs", 0), by_hand(outputs, how), atol=1e-6)
    assert f"{how} without padding of (5, 4)" in str(rec.plan())
    [row] = [row for row in gt.record.plan(net, **given).rows if row.recorded == "mix"]
    assert row.why == f"{how} without padding of (5, 4)"
    assert run.layer("mix").config["axes"] == f"{how} without padding"
    assert f"{how} without padding" in run.made["outputs"]


def test_padding_before_the_words_and_one_token_by_its_number(tmp_path):
    net, ids, left = Reader(), words(), MASK.flip(1)
    axes = {"mix": "last", "embed": "token=-1", "attention": "cls", "/add": "mean"}
    given = {"inputs": {"ids": ids, "attention_mask": left}, "layers": list(axes), "axes": axes}
    with gt.Recorder(net, tmp_path / "r", **given, task="none", dtype="float32") as rec:
        rec.record(0)
    run, (values, _) = gt.open_run(tmp_path / "r"), hidden(net, ids)
    np.testing.assert_allclose(run.activations("mix", 0), values[:, -1], atol=1e-6)
    np.testing.assert_allclose(run.activations("embed", 0), net.embed(ids)[:, -1].detach())
    assert [run.layer(name).config["axes"] for name in axes] == [
        "last without padding", "token=-1", "cls", "mean without padding"
    ]  # fmt: skip
    h = torch.from_numpy(values)
    added = (h + net.attention(h, h, h)[0]).detach().numpy()
    np.testing.assert_allclose(run.activations("/add", 0), by_hand(added, "mean", left), atol=1e-6)


def test_tokens_of_heads(tmp_path):
    class Heads(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.head = nn.Embedding(13, D), nn.Linear(D, K)

        def forward(self, ids, attention_mask):
            h = self.embed(ids).unflatten(2, (2, D // 2)).transpose(1, 2)
            self.seen = nn.functional.scaled_dot_product_attention(h, h, h)
            return self.head(self.seen.transpose(1, 2).flatten(2)[:, 0])

    net, name = Heads(), "/scaled_dot_product_attention"
    given = {"inputs": {"ids": words(), "attention_mask": MASK}, "layers": [name]}
    more = {"axes": {name: "mean"}, "task": "none", "dtype": "float32"}
    with gt.Recorder(net, tmp_path / "r", **given, **more) as rec:
        rec.record(0)
    seen = net.seen.transpose(1, 2).detach().numpy()
    found = gt.open_run(tmp_path / "r").activations(name, 0)
    np.testing.assert_allclose(found, by_hand(seen, "mean"), atol=1e-6)


def test_what_is_no_mask_or_leaves_nothing_out_changes_nothing():
    net, ids = Reader(), words()
    given = {"layers": ["mix"], "axes": {"mix": "mean"}}
    full, other = torch.ones(N, T, dtype=torch.long), ~MASK.roll(1, 0)
    for inputs in (
        ids,
        {"ids": ids, "attention_mask": full},
        {"ids": ids, "attention_mask": MASK[:, :4].long()},  # of other tokens
        {"ids": ids, "attention_mask": MASK.long(), "src_key_padding_mask": other},  # two say two
    ):
        [row] = [row for row in gt.record.plan(net, inputs, **given).rows if row.recorded == "mix"]
        assert row.why == "mean of (5, 4)"


def test_rows_of_half_precision_stay_so():
    values = torch.randn(N, T, D).bfloat16()
    values[~MASK] = torch.nan
    values[-1] = 1
    found = padding.mean(values, MASK)
    assert found.dtype == torch.bfloat16 and found.isfinite().all()
