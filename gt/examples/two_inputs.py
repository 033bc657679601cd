"""Two inputs, a picture and a question about it: a tuple of tensors; two branches of the graph meet."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import gt
from gt.examples.common import start
from gt.examples.data import digits

QUESTIONS = ("is it even?", "is it above four?")


class Answers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Linear(196, 32)
        self.listen = nn.Linear(2, 8)
        self.think = nn.Linear(40, 32)
        self.say = nn.Linear(32, 2)

    def forward(self, picture: Tensor, question: Tensor) -> Tensor:
        seen = F.relu(self.look(picture.flatten(1)))
        heard = F.relu(self.listen(question))
        return self.say(F.relu(self.think(torch.cat([seen, heard], dim=1))))


def main(out: Path, epochs: int, points: int) -> None:
    data = digits(points, side=14)
    asked = torch.randint(2, (points,))
    questions = F.one_hot(asked, 2).float()
    answers = torch.where(asked == 0, data.y % 2 == 0, data.y > 4).long()
    train = data.train
    model = Answers()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    with gt.Recorder(
        model,
        out / "two-inputs",
        inputs=(data.x, questions),
        labels=answers,
        classes=["no", "yes"],
        splits=data.splits,
        columns={"question": [QUESTIONS[one] for one in asked], "digit": data.y},
        images=data.images,
        layers="all",
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            for rows in torch.randperm(int(train.sum())).split(20):
                said = model(data.x[train][rows], questions[train][rows])
                loss = F.cross_entropy(said, answers[train][rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=15, points=1000)
