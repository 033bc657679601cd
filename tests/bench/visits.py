"""Asking a server for everything that its pages ask for, once, without a browser.

Every page for every run, layer, picture and alignment that its selects offer; every tensor that any answer names; of
each network three epochs of three points, with kernels and small pictures; the measures of /compare and a view of each
kind for every alignment.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import Any
from urllib.parse import quote

from gt import ids

PAGES = {  # what of a page is chosen besides the run, by the name that its address has for it
    "/": {},
    "/grand-tour": {"layer": ids.TOUR_LAYER},
    "/tsne": {"method": ids.EMBED_METHOD},
    "/umap": {"method": ids.EMBED_METHOD},
    "/compare": {},
    "/layers": {"alignment": ids.LAYERS_ALIGNMENT},
    "/network": {},
    "/training": {},
    "/adversarial": {},
    "/method": {},
}
RUN = {"/adversarial": ids.ADVERSARIAL_RUN}
TENSOR = re.compile(r"tensors/[0-9a-f]{32}")
QUESTIONS = ("classes", "movers-epochs", "movers-layers", "gap")


class Visits:
    """Asks one server.

    Args:
        visitor: A `tests.bench.server.Visitor`.

    Attributes:
        layouts: Of the pages that were asked for, by path and query.
        tensors: All that any answer named so far.
        last: The last question to a callback, as it was posted.
    """

    def __init__(self, visitor: Any) -> None:
        self._visitor = visitor
        visitor.get("")
        self._known = json.loads(visitor.get("_dash-dependencies", "identity"))
        self.layouts: dict[tuple[str, str], Any] = {}
        self.tensors: dict[str, None] = {}
        self.last: dict[str, Any] = {}

    def page(self, path: str, search: str = "") -> Any:
        """The layout of a page, through the callback of Dash's pages."""
        if (path, search) not in self.layouts:
            found = self.call("_pages_content.children", {"pathname": path, "search": search})
            self.layouts[path, search] = found
        return self.layouts[path, search]

    def call(self, output: str, values: dict[str, Any], state: dict[str, Any] | None = None) -> Any:
        """Call the server's callback of an output; values by id or, where that is unknown, by property."""
        wired = next(
            one
            for one in self._known
            if output in one["output"].strip(".").split("...") and not one["clientside_function"]
        )
        names = [out.rsplit(".", 1) for out in wired["output"].strip(".").split("...")]
        outputs = [{"id": name, "property": part.split("@")[0]} for name, part in names]
        asked = {
            "output": wired["output"],
            "outputs": outputs if wired["output"].startswith("..") else outputs[0],
            "inputs": _filled(wired["inputs"], values),
            "state": _filled(wired["state"], state or {}),
            "changedPropIds": [f"{one['id']}.{one['property']}" for one in wired["inputs"]],
        }
        self.last = asked
        return self._noted(self._visitor.post("_dash-update-component", asked))

    def _noted(self, answer: Any) -> Any:
        self.tensors.update(dict.fromkeys(TENSOR.findall(json.dumps(answer))))
        return answer

    def every_page(self, path: str) -> None:
        """A page for every run, and for everything else that it lets choose."""
        runs = options(self.page(path), RUN.get(path, ids.TOUR_RUN)) or self.runs
        for run in runs:
            query = f"?run={quote(run)}"
            layout = self.page(path, query)
            for name, component in PAGES[path].items():
                for value in options(layout, component):
                    self.page(path, f"{query}&{name}={quote(value)}")

    @property
    def runs(self) -> list[str]:
        """The trainings that the tour offers."""
        return options(self.page("/grand-tour"), ids.TOUR_RUN)

    def every_tensor(self) -> None:
        """All tensors that were named since the last time."""
        for url in self.tensors:
            self._visitor.get(url)
        self.tensors.clear()

    def networks(self) -> None:
        """Three epochs of three points through each network, its kernels, and some small pictures."""
        for run in self.runs:
            note = store(self.page("/network", f"?run={run}"), ids.NETWORK_ANNOUNCEMENT_STORE)
            if not note:
                continue
            points = note["samples"][:3]
            self._visitor.get(f"thumbnails/{run}/{','.join(map(str, note['samples'][:60]))}")
            epochs = note["available"]
            for epoch in {epochs[0], epochs[len(epochs) // 2], epochs[-1]}:
                for point in points:
                    self._visitor.get(f"activations/{run}/{epoch}/{point}")
                for layer in note["layers"]:
                    if layer["kernels"]:
                        self._visitor.get(f"kernels/{run}/{epoch}/{quote(layer['name'])}")

    def measures(self) -> None:
        """The curves and the table of every measure that /compare offers, for every run."""
        for run in self.runs:
            said = store(self.page("/compare", f"?run={run}"), ids.COMPARE_STORE)
            ready = {"run": run, "split": said["split"]} if said else None
            for measure in options(self.page("/compare"), ids.COMPARE_MEASURE):
                self.call(
                    f"{ids.COMPARE_LINES}.figure",
                    {ids.COMPARE_READY_STORE: ready, ids.COMPARE_MEASURE: measure},
                )

    def questions(self) -> None:
        """A view of each kind, in the first, a middle and the last state of every alignment."""
        for (path, _), layout in list(self.layouts.items()):
            note = store(layout, ids.LAYERS_ANNOUNCEMENT_STORE) if path == "/layers" else None
            if not note:
                continue
            states, epochs = len(note["alignment"]["states"]), note["epochs"]
            for kind, state in itertools.product(QUESTIONS, (0, states // 2, states - 1)):
                asked = {
                    **{"run": note["run"], "alignment": note["layer"], "kind": kind},
                    **{"state": state, "epoch": epochs[-1], "classes": [0, 1], "nonce": 1},
                    **{"epochs": [epochs[0], epochs[-1]], "states": [0, states - 1]},
                }
                self.call(f"{ids.LAYERS_ANSWER_STORE}.data", {ids.LAYERS_QUESTION_STORE: asked})


def _filled(parts: list[dict[str, Any]], values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**one, "value": values.get(one["id"], values.get(one["property"]))} for one in parts]


def options(tree: Any, component: str) -> list[str]:
    """The values a select offers, wherever in a layout it is."""
    found = _props(tree, component)
    return [one["value"] for one in (found or {}).get("options", []) if not one.get("disabled")]


def store(tree: Any, component: str) -> Any:
    """What a store holds at first, wherever in a layout it is."""
    return (_props(tree, component) or {}).get("data")


def _props(tree: Any, component: str) -> dict[str, Any] | None:
    if isinstance(tree, list):
        return next(filter(None, (_props(one, component) for one in tree)), None)
    if not isinstance(tree, dict):
        return None
    if tree.get("id") == component:
        return tree
    return _props(list(tree.values()), component)
