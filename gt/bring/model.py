"""What a network gives for images: its last layer, by PyTorch and, for a network's name, torchvision.

A model is the name of one of torchvision's (its published weights and the way it wants its images come along), or
``module:function``, a function of one's own without arguments that makes a ``torch.nn.Module``; that one gets images of
224 x 224 pixels, less the mean and by the deviation of ImageNet. A network that wants others is made with a function
that makes a tensor of an image of Pillow: a pair. It is code that runs: for a command line alone.
"""

from __future__ import annotations

import importlib
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gt.bring import pictures
from gt.bring.source import WHERE, BringError

SIDE, BATCH = 224, 32
PATIENCE_S = 30  # for a host that weights are fetched from, and does not answer
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
            some = paths[start : start + BATCH]
            try:
                given = network(torch.stack([prepared(path) for path in some]))
            except BringError:
                raise
            except Exception as error:  # of code of one's own, whatever it raises
                raise BringError(
                    f"--model {model}: must take its images, it raised {type(error).__name__}: {error}; a function of"
                    f" your own may make a pair, the network and what makes a tensor of an image of Pillow (without,"
                    f" images are of {SIDE} x {SIDE} pixels)",
                    by=WHERE,
                ) from error
            if not isinstance(given, torch.Tensor) or given.ndim < 2 or len(given) != len(some):
                came = getattr(given, "shape", None)
                raise BringError(
                    f"--model {model}: must give one tensor, a row an image, it gave {type(given).__name__}"
                    + (f" of shape {tuple(came)}" if came is not None else ""),
                    by=WHERE,
                )
            found.append(given.flatten(1).float().cpu().numpy())
    values = np.concatenate(found)
    return values, names if len(names) == values.shape[1] else (), model


def _published(name: str) -> tuple[Any, Callable[[Path], Any], tuple[str, ...]]:
    """A network of torchvision with its weights, how it wants an image, and the names of its classes."""
    import torch

    try:
        models = importlib.import_module("torchvision.models")
    except ImportError as error:
        raise BringError(
            f"--model {name}: a network by its name is one of torchvision, which is not installed; pip install"
            " torchvision, or give module:function of your own",
            by=WHERE,
        ) from error
    except Exception as error:  # one that was built for another PyTorch
        raise BringError(
            f"--model {name}: torchvision must fit PyTorch, it raised {type(error).__name__}: {error}; install both"
            " anew, from one index",
            by=WHERE,
        ) from error
    weights = None
    usual = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE_S)
    try:
        weights = models.get_model_weights(name).DEFAULT
        network = models.get_model(name, weights=weights)
    except (ValueError, KeyError) as error:
        raise BringError(
            f"--model {name}: must be one of torchvision's models, it has none of that name",
            by=WHERE,
        ) from error
    except (OSError, RuntimeError) as error:  # RuntimeError: it is not what was to come
        raise BringError(
            f"--model {name}: its weights could not be fetched ({error}); put {weights.url if weights else 'them'}"
            f" into {Path(torch.hub.get_dir()) / 'checkpoints'}, or give module:function of your own",
            by=WHERE,
        ) from error
    finally:
        socket.setdefaulttimeout(usual)
    transform = weights.transforms()
    names = tuple(map(str, weights.meta.get("categories", ())))
    return network, lambda path: transform(_coloured(path)), names


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
    transform = None
    if isinstance(made, tuple) and len(made) == 2 and callable(made[1]):
        made, transform = made
    if not isinstance(made, torch.nn.Module):
        raise BringError(
            f"--model {name}: must make a torch.nn.Module, it made {type(made).__name__}", by=WHERE
        )

    def prepared(path: Path) -> Any:
        if transform is not None:
            return transform(_coloured(path))
        image = pictures.fitted(_coloured(path), (SIDE, SIDE))
        values = (np.asarray(image, np.float32) / 255 - MEAN) / DEVIATION
        return torch.from_numpy(values.astype(np.float32).transpose(2, 0, 1).copy())

    return made, prepared, ()


def _coloured(path: Path) -> Any:
    with pictures.opened(path) as image:
        return pictures.plain(image, path).convert("RGB")
