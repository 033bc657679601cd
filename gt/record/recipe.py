"""How the three runs are made, and what is recorded of any training unless one says otherwise.

Nothing here needs torch, so ``gt record --help`` does not.
"""

from __future__ import annotations

from dataclasses import dataclass

EPOCHS = 99  # and epoch 0, the untrained network: 100 states
POINTS_PER_CLASS = 100  # of each class in each split
EVERY = 1  # epoch is recorded
LAYERS = "outputs"
DTYPE = "float16"  # of hidden layers
DEVICE = "cpu"


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a training does.

    Attributes:
        dataset: Which of ``DATASETS``.
        seed: Of the first weights and of the order of the examples.
        lr: Learning rate of plain SGD.
        batch_size: Examples in a step; the last of an epoch may be smaller.
        epochs: How many passes over the training set.
    """

    dataset: str
    seed: int
    lr: float
    batch_size: int
    epochs: int = EPOCHS

    @property
    def command(self) -> str:
        """The command that makes this run again."""
        return (
            f"gt record {self.dataset} --epochs {self.epochs} --seed {self.seed}"
            f" --lr {self.lr:g} --batch-size {self.batch_size}"
        )


# Small steps, so that the first epochs can be watched: all points start around the centre. MNIST: with seed 17 the
# ReLU behind the last layer silences classes 5 and 1, every logit of theirs being clipped; they come back one at a
# time, when the others have long been learnt. Fashion-MNIST: with seed 7 no class is silenced for long, and three kinds
# of shoe, then three of tops, are first confused all three with each other. CIFAR-10: many small steps learn the
# training set by heart.
RECIPES = {
    "mnist": Recipe("mnist", seed=17, lr=0.0005, batch_size=64),
    "fashion-mnist": Recipe("fashion-mnist", seed=7, lr=0.0005, batch_size=64),
    "cifar10": Recipe("cifar10", seed=0, lr=0.02, batch_size=32),
}
