"""The ``gt`` command: one file a command, its options said beside the function that they are given to.

By click, because Flask brings it already, because options can be made of a table (the parameters of the embedding
methods), and because it alone is quick: on the machine where it was tried ``import click`` takes 20 ms beyond Python's
own start, typer 60 and cyclopts 80. A command's file is imported when that command is asked for, and what does the work
when it runs, so ``gt --help`` imports neither.
"""

from __future__ import annotations

from collections.abc import Sequence

from gt.cli.command import Commands, run

EXAMPLES = """examples:
  gt record mnist                      train the article's MNIST network and record it in runs/mnist
  gt record cifar10 --data-dir ~/data  with the publishers' files in ~/data
  gt flowers.csv                       look at a table, an array, images or runs that you have already
  gt import outputs.npz --out runs/mine
  gt import-embedding runs/mine umap.npy --name "UMAP, tuned"
  gt info runs/mnist
  gt embed runs/mnist --method tsne    t-SNE of every epoch, for the pages t-SNE and Compare
  gt align runs/mnist-layers           the way of the points through all layers, for the page Layers
  gt attack runs/mnist-layers --source 8 --target 0   eights become zeros, step by step
  gt serve --runs runs                 look at all runs in the folder runs
  gt export runs/mnist --out mnist.html   one file, alive without a server
"""

#: what one can do: the function, which has a file of its own, and one line
COMMANDS = {
    "record": ("record", "train a network on a data set and record it"),
    "open": ("open_files", "look at tables, arrays, images or runs; gt FILE does the same"),
    "import": ("import_arrays", "make a run of a network's outputs in files"),
    "import-embedding": (
        "import_embedding",
        "keep an embedding that exists already with a run",
    ),
    "info": ("info", "print what is in a run"),
    "embed": ("embed", "t-SNE, Dynamic t-SNE, UMAP or PCA of every epoch of a run"),
    "align": ("align", "the states of a run's network in coordinates that share one picture"),
    "attack": ("attack", "push images across a decision boundary and record every step"),
    "measures": (
        "measures",
        "whether the embeddings of a run moved what moved in the data",
    ),
    "method": ("method", "compute the moved point of the page Method"),
    "serve": ("serve", "look at runs in the browser"),
    "cache": ("cache", "look at what a server keeps ready, or empty it"),
    "export": ("export", "write a page of a run into one file that needs no server"),
    "weights": (
        "weights",
        "keep the weights of a recording with a smaller run of the same training",
    ),
    "ship": ("ship", "copy a finished run, small, to be passed on"),
    "manifest": ("manifest", "write or check the manifest of a folder of runs"),
}

GT = Commands(
    "gt",
    COMMANDS,
    opens="open",
    help="Record a neural network while it learns, and see it in the Grand Tour.",
    epilog=EXAMPLES,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status, 2 for input that cannot be used."""
    return run(GT, arguments)
