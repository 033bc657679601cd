"""Hugging Face's Trainer: a callback records; its data collator makes the batch of points."""

import tempfile
from pathlib import Path

from torch import nn

from gt.examples.common import start
from gt.examples.data import TOPICS, WORDS, sentences


def main(out: Path, epochs: int, points: int) -> None:
    from transformers import (
        DistilBertConfig,
        DistilBertForSequenceClassification,
        Trainer,
        TrainingArguments,
    )

    from gt.hf import GrandTourCallback

    words, topics, train = sentences(points)
    items = [
        {"input_ids": one, "attention_mask": (one != 0).long(), "labels": topic}
        for one, topic in zip(words, topics, strict=True)
    ]
    config = DistilBertConfig(  # type: ignore[call-arg]  # which has more settings than it says
        vocab_size=WORDS,
        dim=32,
        n_layers=2,
        n_heads=2,
        hidden_dim=64,
        max_position_embeddings=16,
        num_labels=len(TOPICS),
    )
    model: nn.Module = DistilBertForSequenceClassification(config)
    tour = GrandTourCallback(
        out / "hf-trainer",
        inputs=items,
        classes=TOPICS,
        splits=["train" if one else "test" for one in train],
        layers="all",
        axes={"distilbert*": "cls"},
    )
    data = [one for one, learn in zip(items, train, strict=True) if learn]
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder,
            num_train_epochs=epochs,
            per_device_train_batch_size=16,
            learning_rate=3e-3,
            use_cpu=True,
            report_to=[],
            save_strategy="no",
            logging_strategy="epoch",
            disable_tqdm=True,
        )
        Trainer(model, arguments, train_dataset=data, callbacks=[tour]).train()


if __name__ == "__main__":
    start(main, epochs=10, points=600)
