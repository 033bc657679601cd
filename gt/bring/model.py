"""What a network gives for images: its last layer, by PyTorch and, for a network's name, torchvision.

A model is the name of one of torchvision's (its published weights and the way it wants its images come along), or
``module:function``, a function of one's own without arguments that makes a ``torch.nn.Module``; that one gets images of
224 x 224 pixels, less the mean and by the deviation of ImageNet. It is code that runs: for a command line alone.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gt.bring import pictures
from gt.bring.source import WHERE, BringError

SIDE, BATCH = 224, 32
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, red, green, blue


def outputs(model: str, paths: Sequence[Path]) -> tuple[np.ndarray, tuple[str, ...], str]:
    """What the last layer of a model gives for images.

    Args:
        model: See above.
        paths: Of images.

    Returns:
        ``(n, k)`` float32, the names of the k values where the model says them, and the model in words.

    Raises:
        BringError: If PyTorch or torchvision is missing, there is no such model, or it gives something else.
    """
    try:
        import torch
    except ImportError as error:
        raise BringError(
            f"--model {model}: needs PyTorch, which is not installed; install the extra record: pip install"
            " 'nn-grand-tour[record]'",
            by=WHERE,
        ) from error
    network, prepared, names = _own(model) if ":" in model else _published(model)
    network.eval()
    found = []
    with torch.inference_mode():
        for start in range(0, len(paths), BATCH):
            batch = torch.stack([prepared(path) for path in paths[start : start + BATCH]])
            given = network(batch)
            if not isinstance(given, torch.Tensor):
                raise BringError(
                    f"--model {model}: must give one tensor, it gave {type(given).__name__}",
                    by=WHERE,
                )
            found.append(given.flatten(1).float().cpu().numpy())
    values = np.concatenate(found)
    return values, names if len(names) == values.shape[1] else (), model


def _published(name: str) -> tuple[Any, Callable[[Path], Any], tuple[str, ...]]:
    """A network of torchvision with its weights, how it wants an image, and the names of its classes."""
    try:
        models = importlib.import_module("torchvision.models")
    except ImportError as error:
        raise BringError(
            f"--model {name}: a network by its name is one of torchvision, which is not installed; pip install"
            " torchvision, or give module:function of your own",
            by=WHERE,
        ) from error
    try:
        weights = models.get_model_weights(name).DEFAULT
        network = models.get_model(name, weights=weights)
    except (ValueError, KeyError) as error:
        raise BringError(
            f"--model {name}: must be one of torchvision's models, it has none of that name",
            by=WHERE,
        ) from error
    except OSError as error:
        raise BringError(
            f"--model {name}: its weights could not be fetched ({error})", by=WHERE
        ) from error
    transform = weights.transforms()
    names = tuple(map(str, weights.meta.get("categories", ())))
    return network, lambda path: transform(_coloured(path)), tuple(dict.fromkeys(names))


def _own(name: str) -> tuple[Any, Callable[[Path], Any], tuple[str, ...]]:
    """A network that a function makes."""
    import torch

    module, _, function = name.partition(":")
    try:
        made = getattr(importlib.import_module(module), function)()
    except Exception as error:  # of code of one's own, whatever it raises
        raise BringError(
            f"--model {name}: must be module:function that makes a network, it raised {type(error).__name__}: {error}",
            by=WHERE,
        ) from error
    if not isinstance(made, torch.nn.Module):
        raise BringError(
            f"--model {name}: must make a torch.nn.Module, it made {type(made).__name__}", by=WHERE
        )

    def prepared(path: Path) -> Any:
        image = pictures.fitted(_coloured(path), (SIDE, SIDE))
        values = (np.asarray(image, np.float32) / 255 - MEAN) / DEVIATION
        return torch.from_numpy(values.astype(np.float32).transpose(2, 0, 1).copy())

    return made, prepared, ()


def _coloured(path: Path) -> Any:
    with pictures.opened(path) as image:
        return pictures.plain(image, path).convert("RGB")
