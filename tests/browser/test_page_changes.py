"""Changing pages leaves nothing behind: neither listeners nor nodes nor documents.

The first round is not counted: it loads what each page needs. One thing of it stays for good: the forms that slide in are
put beside the page (`ReactDOM.createPortal` into the body), and React listens there to all events that it
knows from the first such form on, 143 of them, once a document however many forms there will be.
"""

from __future__ import annotations

import time

from tests.browser.test_pages import go
from tests.browser.tour import PATIENCE_MS

PAGES = (
    *("t-SNE", "UMAP", "Compare", "Layers", "Network", "Training", "Adversarial", "Method"),
    *("Docs", "Overview", "Grand Tour"),
)
ROUNDS = 3
COUNTED = ("JSEventListeners", "Nodes", "Documents")


def test_thirty_page_changes_leave_no_listener_and_no_node(open_page):
    tour = open_page("/grand-tour?run=mnist", wait=True)
    devtools = tour.page.context.new_cdp_session(tour.page)
    devtools.send("Performance.enable")

    def counted():
        for _ in range(2):  # what the first round lets go may hold more
            devtools.send("HeapProfiler.collectGarbage")
        found = devtools.send("Performance.getMetrics")["metrics"]
        return {one["name"]: int(one["value"]) for one in found if one["name"] in COUNTED}

    def a_round():
        for page in PAGES:
            go(tour, page)
            tour.page.locator(".gt-nav-link.active").filter(has_text=page).wait_for()
            tour.page.wait_for_function("!document.querySelector('[data-dash-is-loading=true]')")
        tour.ready("grand-tour-train")

    def settled(most):
        """Counts as soon as none is above ``most``, or what they are after some patience."""
        until = time.monotonic() + PATIENCE_MS / 1000
        while any(counted()[name] > most[name] for name in COUNTED) and time.monotonic() < until:
            tour.page.wait_for_timeout(100)
        return counted()

    a_round()
    tour.page.wait_for_load_state("networkidle")
    a_round()
    second = counted()
    for _ in range(ROUNDS - 2):
        a_round()
    last = settled(second)
    assert all(last[name] <= second[name] for name in COUNTED), (second, last)
