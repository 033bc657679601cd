"""The pages that can be in a file, by their names: each says what it is of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gt.serve.library import Library
from gt.share import grand_tour
from gt.share.shared import Told

#: by the page's name: what it is of a run (by its name), and of a layer where the page shows one
PAGES: Mapping[str, Callable[[Library, str, str | None], Told]] = {
    "grand-tour": grand_tour.told,
}
