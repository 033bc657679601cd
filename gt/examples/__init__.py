"""Networks of many kinds, each trained and recorded in one short file: ``python -m gt.examples`` lists them.

Each is what one would write oneself. The data are drawn, or come with the project; nothing is downloaded.
"""

from importlib.util import find_spec

#: what each needs beside the extra ``record``
EXTRAS = {
    "bert": "hf",
    "gpt2": "hf",
    "hf_trainer": "hf",
    "with_lightning": "lightning",
}


def needs(extra: str) -> str:
    """What is to be typed to have an extra."""
    return f"pip install -c requirements.lock -e '.[{extra}]'"


if find_spec("torch") is None:
    raise ModuleNotFoundError(
        f"gt.examples: PyTorch must be installed, it is not; {needs('record')}"
    )
