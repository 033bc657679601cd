"""A BERT, made from a config: inputs are a tokenizer's dict, the output is found by its name, logits."""

from pathlib import Path

import torch

import gt
from gt.examples.common import start
from gt.examples.data import TOPICS, WORDS, sentences


def main(out: Path, epochs: int, points: int) -> None:
    from transformers import BertConfig, BertForSequenceClassification

    words, topics, train = sentences(points)
    batch = {"input_ids": words, "attention_mask": (words != 0).long()}
    model = BertForSequenceClassification(
        BertConfig(  # type: ignore[call-arg]  # which has more settings than it says
            vocab_size=WORDS,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=16,
            num_labels=len(TOPICS),
        )
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    with gt.Recorder(
        model,
        out / "bert",
        inputs=batch,
        labels=topics,
        classes=TOPICS,
        splits=["train" if one else "test" for one in train],
        layers="all",
        axes={"bert.embeddings*": "cls", "bert.encoder*": "cls"},
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            model.train()
            for rows in torch.randperm(int(train.sum())).split(32):
                loss = model(
                    **{name: one[train][rows] for name, one in batch.items()},
                    labels=topics[train][rows],
                ).loss
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=10, points=600)
