"""A GRU of packed sequences: of each sentence, however long, its own last word counts."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import gt
from gt.examples.common import start
from gt.examples.data import TOPICS, WORDS, sentences


class Reader(nn.Module):
    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.embed = nn.Embedding(WORDS, width, padding_idx=0)
        self.gru = nn.GRU(width, width, batch_first=True)
        self.head = nn.Linear(width, len(TOPICS))

    def forward(self, words: Tensor) -> Tensor:
        lengths = (words != 0).sum(1).cpu()
        packed = nn.utils.rnn.pack_padded_sequence(
            self.embed(words), lengths, batch_first=True, enforce_sorted=False
        )
        _, hidden = self.gru(packed)
        return self.head(hidden[-1])


def main(out: Path, epochs: int, points: int) -> None:
    words, topics, train = sentences(points)
    x, y = words[train], topics[train]
    model = Reader()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    with gt.Recorder(
        model,
        out / "packed-gru",
        inputs=words,  # whole numbers stay whole numbers
        labels=topics,
        classes=TOPICS,
        splits=["train" if one else "test" for one in train],
        columns={"words": (words != 0).sum(1)},
        layers="all",
        axes={"gru": "last"},
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            for rows in torch.randperm(len(x)).split(32):
                loss = F.cross_entropy(model(x[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=10, points=900)
