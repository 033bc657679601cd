"""The callback for Hugging Face's Trainer, in the real one: tiny models from a config, nothing downloaded."""

import warnings

import numpy as np
import pytest

import gt

torch = pytest.importorskip("torch")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    from gt.hf import GrandTourCallback

pytestmark = pytest.mark.filterwarnings("ignore")  # of the library's own, about tiny trainings
N, VOCABULARY, TOKENS, K = 16, 20, 6, 2


class Sentences(torch.utils.data.Dataset):
    def __init__(self, n=N):
        generator = torch.Generator().manual_seed(3)
        self.lengths = torch.randint(3, TOKENS + 1, (n,), generator=generator).tolist()
        self.tokens = torch.randint(1, VOCABULARY, (n, TOKENS), generator=generator)

    def __len__(self):
        return len(self.lengths)

    def __getitem__(self, at):
        return {"input_ids": self.tokens[at][: self.lengths[at]].tolist(), "labels": at % K}


def padded(items):
    """A collator, which pads to the longest."""
    longest = max(len(one["input_ids"]) for one in items)
    rows = [one["input_ids"] + [0] * (longest - len(one["input_ids"])) for one in items]
    tokens = torch.tensor(rows)
    return {
        "input_ids": tokens,
        "attention_mask": (tokens > 0).long(),
        "labels": torch.tensor([one["labels"] for one in items]),
    }


def model():
    torch.manual_seed(4)
    config = transformers.BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=TOKENS,
        num_labels=K,
    )
    return transformers.BertForSequenceClassification(config)


def train(folder, callback, net=None, resume=None, **more):
    settings = {
        "num_train_epochs": 2,
        "per_device_train_batch_size": 4,
        "logging_strategy": "steps",
        "logging_steps": 2,
        "save_strategy": "no",
        "learning_rate": 0.01,
        **more,
    }
    arguments = transformers.TrainingArguments(
        output_dir=str(folder / "out"),
        report_to=[],
        use_cpu=True,
        disable_tqdm=True,
        seed=5,
        **settings,
    )
    trainer = transformers.Trainer(
        net or model(),
        arguments,
        train_dataset=Sentences(),
        eval_dataset=Sentences(8),
        data_collator=padded,
        callbacks=[callback] if callback else [],
    )
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.train(resume_from_checkpoint=resume)
    return trainer.model


def test_epochs_with_what_is_logged(tmp_path):
    seen = GrandTourCallback(
        tmp_path / "r", inputs=Sentences(), layers="outputs", loss=("loss", "eval_loss")
    )
    net = train(tmp_path, seen, eval_strategy="epoch")
    plain = train(tmp_path, None, eval_strategy="epoch")
    for a, b in zip(net.parameters(), plain.parameters(), strict=True):
        assert torch.equal(a, b)
    run = gt.open_run(tmp_path / "r")
    run.check()
    assert seen.recorder is None and run.epochs.tolist() == [0, 1, 2]
    batch = padded([Sentences()[at] for at in range(N)])
    net.eval()
    with torch.no_grad():
        logits = net(**batch).logits
    np.testing.assert_allclose(run.activations("logits", 2), logits, atol=1e-3)
    assert run.labels.tolist() == batch["labels"].tolist()
    assert np.isfinite(run.history.loss[1:]).all()
    few = padded([Sentences(8)[at] for at in range(8)])
    with torch.no_grad():
        loss = net(**few).loss.item()  # what eval_loss is of, in the last epoch
    assert run.history.loss[-1, 1] == pytest.approx(loss, rel=1e-3)


def test_steps_and_a_checkpoint(tmp_path):
    kept = {"save_strategy": "steps", "save_steps": 3, "save_total_limit": 3}

    def seen():
        return GrandTourCallback(tmp_path / "r", inputs=Sentences(), steps=2)

    train(tmp_path, seen(), max_steps=6, **kept)
    run = gt.open_run(tmp_path / "r")
    assert run.unit == "step" and run.epochs.tolist() == [0, 2, 4, 6]
    train(tmp_path, seen(), max_steps=9, resume=str(tmp_path / "out" / "checkpoint-6"), **kept)
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 2, 4, 6, 8]
    # from a checkpoint between two that are recorded
    train(tmp_path, seen(), max_steps=10, resume=str(tmp_path / "out" / "checkpoint-9"), **kept)
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 2, 4, 6, 8, 10]
    with pytest.raises(gt.RunError, match="overwrite=True replaces it"):
        train(tmp_path, seen())


def test_a_language_model_has_no_labels_of_points(tmp_path):
    torch.manual_seed(6)
    config = transformers.GPT2Config(
        vocab_size=VOCABULARY,
        n_positions=TOKENS,
        n_embd=8,
        n_layer=1,
        n_head=2,
        bos_token_id=1,
        eos_token_id=1,
    )
    net = transformers.GPT2LMHeadModel(config)

    def collator(items):
        batch = padded(items)
        return {**batch, "labels": batch["input_ids"]}

    seen = GrandTourCallback(
        tmp_path / "r",
        inputs=Sentences(),
        collator=collator,
        task="none",
        output_axes="last",
        steps=[0, 3],
        loss="loss",
    )
    trainer_args = {"max_steps": 3, "logging_steps": 1}
    settings = transformers.TrainingArguments(
        output_dir=str(tmp_path / "out"),
        report_to=[],
        use_cpu=True,
        disable_tqdm=True,
        save_strategy="no",
        **trainer_args,
    )
    trainer = transformers.Trainer(
        net, settings, train_dataset=Sentences(), data_collator=collator, callbacks=[seen]
    )
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.train()
    run = gt.open_run(tmp_path / "r")
    assert run.epochs.tolist() == [0, 3] and run.task == "none"
    logged = [
        one["loss"] for one in trainer.state.log_history if one["step"] == 3 and "loss" in one
    ]
    assert run.history.loss[-1, 0] == pytest.approx(logged[0], rel=1e-3)
