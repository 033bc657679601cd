"""A GPT-2, made from a config: the token that it says comes next is the class; its last one is recorded."""

from pathlib import Path

import torch
import torch.nn.functional as F

import gt
from gt.examples.common import start

TOKENS, LENGTH = 12, 8


def main(out: Path, epochs: int, points: int) -> None:
    from transformers import GPT2Config, GPT2LMHeadModel

    # counting in ones, twos or threes, round a clock: (n, 8) hours, and of each that which comes next
    first, stride = torch.randint(TOKENS, (points, 1)), torch.randint(1, 4, (points, 1))
    hours = (first + stride * torch.arange(LENGTH + 1)) % TOKENS
    x, y = hours[:, :-1], hours[:, 1:]
    train = torch.arange(points) < 2 * points // 3
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=TOKENS,
            n_embd=32,
            n_layer=2,
            n_head=2,
            n_positions=LENGTH,
            bos_token_id=0,
            eos_token_id=0,
        )
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    with gt.Recorder(
        model,
        out / "gpt2",
        inputs={"input_ids": x},
        labels=y[:, -1],
        splits=["train" if one else "test" for one in train],
        classes=[f"{hour} h" for hour in range(TOKENS)],
        columns={"in steps of": stride[:, 0]},
        output_axes="last",
        layers="all",
        axes={"transformer*": "last"},
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            model.train()
            for rows in torch.randperm(int(train.sum())).split(32):
                logits = model(input_ids=x[train][rows]).logits
                loss = F.cross_entropy(logits.flatten(0, 1), y[train][rows].flatten())
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=15, points=600)
