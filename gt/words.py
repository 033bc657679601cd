"""Words that the markup and the browser's modules share: ``data-gt-part`` and ``data-gt-action``, each spelt once.

A part is a place that a module draws in or reads; an action is what a button asks the page's module for. The modules
have these words as types (see `tests.payload_types`), so that both sides are held to this list.
"""

from __future__ import annotations

from typing import Literal

Part = Literal[
    # the shell, and every page
    "aloud", "bar", "menu", "toasts",
    # a stage
    "figures", "gauge", "handles", "images", "meter", "ring", "stops", "told",
    "touch",
    # pages of points
    "epoch", "filters", "groups", "key", "legend", "loading", "near", "selection", "speed", "view-tells", "view-text",
    "views",
    # Compare
    "grid", "highlights", "measure-text", "movers", "preset-text", "presets", "rows", "transition",
    "transition-text", "transition-title", "wrap",
    # Layers and Adversarial
    "about", "curves", "detours", "drag-text", "find", "negation", "numbers", "origin", "strip",
    # Two runs
    "two-arrows", "two-facts", "two-answers", "two-layers", "two-plane", "two-timeline",
    # Network
    "blocks", "chosen", "lens", "note", "picked", "picker", "said", "some",
    # Training; the strip is there too
    "all-events", "class-search", "curves-title", "moved-text", "pair", "readout", "taken-title",
    # ... and which labels to look at
    "labels", "labels-first", "labels-key", "labels-list", "labels-map", "labels-order", "labels-pairs", "labels-ring",
    "labels-said", "labels-tool", "labels-touch",
    # Home
    "caption",
    # a page in a file
    "pictured",
    # Method: its figures ...
    "convolution", "drawn-lengths", "fit-and-spread", "glossary", "matrix", "moved", "padding", "passing", "pooling",
    "pythagoras", "rotation", "technical",
    # ... and what is in them
    "basis", "controls", "conv-matrix", "figure", "image", "kernel", "left", "lengths", "lines", "look", "output",
    "passed-on", "right", "side", "sigma", "squares", "sum", "triangle",
    # Runs
    "runs-bring", "runs-list", "runs-said", "runs-tools", "runs-trash",
    # Stories
    "story-tools", "story-views",
    # Docs
    "docs-contents", "docs-marks", "docs-search",
]  # fmt: skip

#: parts that there are several of, each with a name behind it: the confusion of a split, an entry of the glossary
PartOf = Literal["confusion", "entry"]

Action = Literal[
    # the shell
    "full", "jump", "keys", "look-close", "look-open", "menu", "present", "side", "theme",
    # stages
    "show-all", "stop-back", "stop-end", "stop-on", "stop-play",
    # pages of points
    "clear", "csv", "dots", "file", "fit", "group", "how", "link", "matrix", "names", "picture", "play", "points",
    "random", "redo", "reseed", "reset", "save-view", "search", "show-me", "step-back", "step-on", "tell", "tool",
    "tour", "undo", "zoom",
    # Compare
    "combine",
    # Layers and Adversarial
    "added", "drag", "means", "naive", "pairs", "play-states", "state-back", "state-on", "trails",
    # Two runs
    "ask-layers", "ask-plane", "overlay",
    # Network
    "hold", "select",
    # Training
    "class", "select-event", "select-ranking", "show-first",
    # Method
    "home", "put-back", "show-walk", "straight", "turn", "walk",
    # Docs
    "docs-contents", "docs-copy",
]  # fmt: skip
