"""The networks of the three runs, as in the article.

Source: Li, Zhao and Scheidegger, "Visualizing Neural Networks with the Grand Tour", Distill 2020,
doi:10.23915/distill.00025. The softmax is not part of the modules: the loss takes what comes before
it.
"""

from __future__ import annotations

from collections import OrderedDict

from torch import nn


def make_model(dataset: str) -> nn.Sequential:
    """Make the network for a data set; torch's global generator draws the first weights.

    It takes ``(n, c, h, w)`` float32 and gives ``(n, 10)`` logits. For MNIST and Fashion-MNIST
    these come out of a ReLU, which is why classes are learnt suddenly and late: one whose logit is
    clipped for all examples gets no gradient.
    """
    return _cifar() if dataset == "cifar10" else _mnist()


def _mnist() -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, 10, 5),
            pool1=nn.MaxPool2d(2),
            relu1=nn.ReLU(),
            conv2=nn.Conv2d(10, 20, 5),
            pool2=nn.MaxPool2d(2),
            relu2=nn.ReLU(),
            flatten=nn.Flatten(),
            linear1=nn.Linear(320, 50),
            relu3=nn.ReLU(),
            linear2=nn.Linear(50, 10),
            relu4=nn.ReLU(),
        )
    )


def _cifar() -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(3, 6, 5),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(6, 16, 5),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            linear1=nn.Linear(400, 120),
            relu3=nn.ReLU(),
            linear2=nn.Linear(120, 84),
            relu4=nn.ReLU(),
            linear3=nn.Linear(84, 10),
        )
    )
