"""Long names: cut in the middle, for what tells them apart is as often at the end as at the beginning."""

from __future__ import annotations

MARK = "\N{HORIZONTAL ELLIPSIS}"


def middle(name: str, most: int) -> str:
    """A name of at most so many characters: the middle of a longer one is left out.

    Args:
        name: As it is; who shows it has the whole in a tooltip.
        most: Characters, at least 3.

    Returns:
        What ``assets/js/core/names.mjs`` makes of it too.
    """
    if len(name) <= most:
        return name
    tail = (most - 1) // 2
    return name[: most - 1 - tail].rstrip() + MARK + name[len(name) - tail :].lstrip()
