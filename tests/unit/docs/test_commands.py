"""What the tutorial and the how-to pages tell readers to type does what they say: each block is run.

A page's blocks run in their order, in an empty folder. A comment right before a fence, which readers do not see, says
what else is to be done with it:

- ``<!-- file: NAME -->``: it is saved under this name, as the text asks for, and run by a later block.
- ``<!-- serves -->``: it starts a server, which must answer, and is then ended.
- ``<!-- not run: REASON -->``: it is not run, and why.

A block without a comment is run: Bash as Bash, Python as a script.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

import gt.docs
from gt.docs.contents import ROOT as DOCS

PROJECT = Path(__file__).parents[3]
RUN = ("bash", "python")  # languages of which every block is run
REASON = 12  # characters that a reason has at least
#: pages none of whose commands can be run: they need a server, or a data set, of the reader's own
OF_OTHERS = ("how-to/deploy.md", "how-to/labels.md")
#: pages that speak of the run that the tutorial makes, and which of its runs stands for it: what takes long is done to
#: one of few epochs
OF_DIGITS = {
    "how-to/watch.md": "digits-linear",
    "how-to/embed.md": "digits-linear",
    "how-to/align.md": "digits-linear",
    "how-to/attack.md": "digits-linear",
    "how-to/runs.md": "digits-linear",
    "how-to/share.md": "digits-linear",
    "how-to/story.md": "digits-linear",
    "how-to/ship.md": "digits-begun",
}
PAGES = ["tutorial.md", *sorted(f"how-to/{path.name}" for path in (DOCS / "how-to").glob("*.md"))]


@dataclass(frozen=True)
class Block:
    """A fence of a page, and what the comment before it says."""

    language: str
    text: str
    mark: str
    value: str


def blocks(text: str) -> list[Block]:
    found, comment = [], ""
    for token in gt.docs.parse(text):
        if token.type == "fence":
            mark, _, value = comment.partition(":")
            found.append(Block(token.info.strip(), token.content, mark.strip(), value.strip()))
        said = re.fullmatch(r"<!--\s*(.*?)\s*-->", token.content.strip(), re.S)
        comment = said[1] if token.type == "html_block" and said else ""
    return found


def problem(block: Block) -> str:
    """What is wrong with how a block is marked; empty if nothing is."""
    marks = {"": not block.value, "serves": not block.value, "file": block.value}
    if block.mark == "not run":
        return "" if len(block.value) >= REASON else "not run needs a reason"
    return "" if marks.get(block.mark) else f"no such mark: {block.mark!r} {block.value!r}"


def perform(block: Block, folder: Path) -> None:
    if block.mark == "file":
        (folder / block.value).write_text(block.text, "utf-8")
    elif block.mark == "serves":
        serve(block.text.strip(), folder)
    elif block.language == "bash":
        shell(block.text, folder)
    else:
        run([sys.executable, "-c", block.text], folder)


def environment() -> dict[str, str]:
    """Of the shell: this environment's commands come first, nothing opens a browser."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "PYTHONPATH": str(PROJECT), "BROWSER": "true", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **own, "GT_CACHE_DIR": "cache"}


def shell(text: str, folder: Path) -> str:
    return run(["bash", "-euo", "pipefail", "-c", text], folder)


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def serve(line: str, folder: Path) -> None:
    """Start a server with a free port, look at a page, end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [*line.split(), "--port", str(port)]
    words[0] = shutil.which(words[0], path=environment()["PATH"]) or words[0]
    with subprocess.Popen(
        words, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            answers(server, port)
        finally:
            server.terminate()


def answers(server: subprocess.Popen[str], port: int) -> None:
    assert server.stdout is not None
    said = ""
    while "Open http" not in said:
        line = server.stdout.readline()
        assert line, f"the server ended before it said an address:\n{said}"
        said += line
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/training", timeout=60) as answer:
        assert answer.status == 200


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the tutorial was followed to its end; beside its runs one that has only begun."""
    folder = tmp_path_factory.mktemp("tutorial")
    for block in blocks(gt.docs.source("tutorial.md")):
        if block.language in RUN and block.mark != "not run":
            perform(block, folder)
    long, short = '"digits-linear", 12', '"digits-begun", 2'
    learn = (folder / "learn.py").read_text("utf-8")
    assert learn.count(long) == 1
    run([sys.executable, "-c", learn.replace(long, short), "without-last-relu"], folder)
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_run_or_says_why_not(page: str) -> None:
    wrong = [(one.text, problem(one)) for one in blocks(gt.docs.source(page)) if problem(one)]
    assert not wrong
    bare = [one.text for one in blocks(gt.docs.source(page)) if not one.language]
    assert not bare, "every fence says its language; text is one"


def test_the_tutorial_does_what_it_says(digits: Path) -> None:
    spelt = [one for one in blocks(gt.docs.source("tutorial.md")) if one.mark == "file"]
    assert [one.value for one in spelt] == ["learn.py", "ask.py"]
    first, mended = (gt.open_run(digits / "runs" / name) for name in ("digits", "digits-linear"))
    assert mended.history.accuracy[-1].min() > 0.8, "what is mended learns"
    assert first.history.accuracy[-1].max() < mended.history.accuracy[-1].min()
    assert (digits / "runs/digits/embeddings").is_dir()
    assert (digits / "runs/digits/alignments").is_dir()


@pytest.mark.parametrize("page", [page for page in PAGES if page != "tutorial.md"])
def test_a_how_to_does_what_it_says(
    page: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    told = [one for one in blocks(gt.docs.source(page)) if one.language in RUN]
    wanted = [one for one in told if one.mark != "not run"]
    if (
        page in OF_DIGITS
    ):  # which stands for the reader's run there: the tutorial's short one does as well
        made = request.getfixturevalue("digits") / "runs" / "digits-linear"
        shutil.copytree(made, tmp_path / "runs" / "digits")
    for block in wanted:
        perform(block, tmp_path)
    assert wanted or page in OF_OTHERS or not told, (
        "of what is done in the browser nothing is typed"
    )


def test_an_unmarked_block_that_fails_is_noticed(tmp_path: Path) -> None:
    [good, bad, unsaid, odd] = blocks(
        "```bash\ntrue\n```\n\n```bash\nfalse\n```\n\n<!-- not run: no -->\n```bash\nx\n```\n\n"
        "<!-- later -->\n```python\n1\n```\n"
    )
    perform(good, tmp_path)
    with pytest.raises(AssertionError):
        perform(bad, tmp_path)
    assert not problem(good) and problem(unsaid) and problem(odd)
