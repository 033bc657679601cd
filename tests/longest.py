"""Which files of tests take longest, so that none of them is begun when all others have ended.

CI runs files side by side, each in one process, in this order (``--no-loadscope-reorder``): those that are named here
first, then all others as they are collected.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import pytest

#: by what a run on two cores says of them, roughly; below half a minute the order does not matter
LONGEST = (
    "tests/app/test_examples.py",
    "tests/unit/docs/test_commands.py",
    "tests/unit/embed/test_degenerate.py",
    "tests/browser/test_compute.py",
    "tests/browser/test_export_file.py",
    "tests/browser/test_story.py",
    "tests/browser/test_layers.py",
    "tests/browser/test_telling.py",
    "tests/browser/test_pages.py",
    "tests/browser/test_installed.py",
    "tests/browser/test_export_pages.py",
    "tests/browser/test_compare.py",
    "tests/browser/test_embed_pages.py",
    "tests/browser/test_firefox.py",
    "tests/unit/align/test_align_run.py",
    "tests/browser/test_adversarial.py",
    "tests/browser/test_lab.py",
    "tests/browser/test_network.py",
    "tests/browser/test_live.py",
    "tests/browser/test_axe.py",
    "tests/unit/test_node.py",
    "tests/app/test_attack_job.py",
    "tests/app/test_processes.py",
    "tests/browser/test_policy.py",
    "tests/browser/test_prefix.py",
)
Item = TypeVar("Item", bound=pytest.Item)


def first(items: Iterable[Item]) -> list[Item]:
    """Tests with those of the longest files first; else their order stays."""
    place = {file: i for i, file in enumerate(LONGEST)}
    return sorted(items, key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))
