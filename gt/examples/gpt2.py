"""A GPT-2, made from a config: what it says comes next after the last token, with 12 tokens for classes."""

from pathlib import Path

import torch

import gt
from gt.examples.common import start

TOKENS, LENGTH = 12, 8


def main(out: Path, epochs: int, points: int) -> None:
    from transformers import GPT2Config, GPT2LMHeadModel

    # counting in ones, twos and threes, round a clock: (n, 8) and what comes next
    first, stride = torch.randint(TOKENS, (points, 1)), torch.randint(1, 4, (points, 1))
    hours = (first + stride * torch.arange(LENGTH + 1)) % TOKENS
    before, behind = hours[:, :-1], hours[:, -1]
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
        inputs={"input_ids": before},
        labels=behind,
        classes=[f"{hour} h" for hour in range(TOKENS)],
        columns={"in steps of": stride[:, 0]},
        output_axes="last",
        layers="all",
        axes={"transformer*": "last"},
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            model.train()
            for rows in torch.randperm(points).split(32):
                loss = model(input_ids=before[rows], labels=before[rows]).loss
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=15, points=600)
