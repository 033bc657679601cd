"""The page Adversarial in a file: an attack, step by step, in every layer."""

from __future__ import annotations

from gt import ids
from gt.errors import RunError
from gt.serve.library import Library
from gt.share import still
from gt.share.head import head
from gt.share.told import Asked, Told
from gt.ui.adversarial import page as adversarial_page
from gt.ui.adversarial.note import announce_attack
from gt.ui.tour import page as tour_page

ENTRY = "alone/adversarial.mjs"


def told(library: Library, run: str, asked: Asked) -> Told:
    """What the page is in a file.

    Args:
        library: Has the attack.
        run: Name of the attack.
        asked: All of its points and steps; its alignment by name, the first where none is named.

    Raises:
        KeyError: If there is no such attack, or no such alignment.
        RunError: If its layers are not aligned, or less is asked for.
    """
    one, title = library.run(run), library.attack_titles[run]
    if asked.split or asked.every > 1:
        raise RunError(
            f"export: {title} must be whole, curves and detours are of all its points and steps; leave out --split and "
            "--every"
        )
    if not library.alignments(run):
        raise RunError(
            f"export: the layers of {title} must be aligned for the page, they are not; run gt align ATTACK "
            "--reference 0, then export again"
        )
    alignment = library.alignment(run, next(iter(asked.layers), None))
    return Told(
        name="Adversarial",
        title=title,
        main=adversarial_page.page(
            [head((ids.ADVERSARIAL_RUN, run, title), views=True)],
            adversarial_page.grid(
                ids.ADVERSARIAL_GRAPH,
                ids.ADVERSARIAL_PICTURE,
                adversarial_page.advice(),
                hidden=False,
                served=False,
            ),
            asked=run,
        ),
        mount=tour_page.mount(
            "adversarial", "", run=ids.ADVERSARIAL_RUN, layer=ids.ADVERSARIAL_RUN
        ),
        shown={run: announce_attack(library, run, alignment.name)},
        runs=[run],
        entry=ENTRY,
        still=still.layers(one, alignment),
        sentences=still.of_layers(one, alignment),
    )
