"""Terms that a newcomer meets: one sentence each, and where it is explained; for pages and the documentation.

An element with ``data-gt-term`` shows the sentence while the pointer is on it, while it has the focus, or once it is
touched (`assets/js/pages/terms.mjs`).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, get_args

from dash import html

from gt.measure.embeddings.definitions import DEFINITIONS
from gt.state import Term

Word = Literal[
    "layer", "tour", "pace", "aligned", "naive", "rotate", "fit", "spread", "trails", "means", "added",
    "behind", "drawn-over", "scaled", "kept", "sigma", "density", "rho", "complete",
    "fisher", "lda-index", "what-is-hidden", "kurtosis", "holes", "central-mass", "movers", "gap", "chance",
    "lost-false", "cka", "procrustes", "plane-of-difference",
    "rank_correlation", "fitted_rank_correlation", "false_motion", "fitted_false_motion", "data_share",
    "trustworthiness", "continuity",
]  # fmt: skip


_ALIGNMENT = ("docs/explanation/alignment", "Alignment")
_COORDINATES = ("docs/explanation/alignment#which-coordinates", "Which coordinates")
_READING = ("docs/explanation/alignment#reading-the-table", "Reading the table")
_HOLD = ("docs/explanation/tour#taking-hold-of-it", "Taking hold of it")
_METER = ("docs/explanation/meter", "How much a frame tells")
_FIND = ("docs/how-to/find-a-view", "Find a view")
_CHANCE = ("docs/how-to/find-a-view#what-chance-is", "What chance is")
_INDICES = (
    "docs/how-to/find-a-view#how-holes-central-mass-and-outliers-are-searched-for",
    "How these are searched for",
)
_TWO_RUNS = ("docs/how-to/two-runs", "Compare two runs")
_MEASURES = ("docs/explanation/measures", "What moved, what seemed to move")


def _term(title: str, sentence: str, where: tuple[str, str]) -> Term:
    return {"title": title, "sentence": sentence, "link": where[0], "more": where[1]}


_OWN: dict[str, Term] = {
    "cka": _term(
        "CKA",
        "How alike the distances of the same points are in two layers: 1 for the same but for a turn and a size.",
        _TWO_RUNS,
    ),
    "procrustes": _term(
        "Procrustes",
        "How far two clouds of the same points stay apart once turn, place and size are taken out: 0 nothing, 1 all.",
        _TWO_RUNS,
    ),
    "plane-of-difference": _term(
        "Plane of most difference",
        "Of all planes the one that holds most of the squared distances between where two runs have the same points.",
        _TWO_RUNS,
    ),
    "density": _term(
        "Density",
        "The stronger a colour, the more points lie there; where classes meet, their colours mix.",
        ("docs/explanation/limits#very-many-points", "Very many points"),
    ),
    "layer": _term(
        "Layer",
        "Points are placed by this layer's values for each example; the softmax has the probabilities of the classes.",
        ("docs/first-look", "What to look at first"),
    ),
    "tour": _term(
        "Tour",
        "The picture turns slowly through views of the data from all sides; each is a linear projection, a shadow.",
        ("docs/explanation/tour", "The tour"),
    ),
    "pace": _term(
        "Pace",
        "So many recorded states pass in a second while they are played; between two of them points are interpolated.",
        ("docs/explanation/tour", "The tour"),
    ),
    "aligned": _term(
        "Aligned",
        "The turn from one layer's coordinates to the next is taken out, so that what moves is what the layer does.",
        _ALIGNMENT,
    ),
    "naive": _term(
        "Naive",
        "Each layer is drawn in its own coordinates, so that turns, which mean nothing, are seen too.",
        _ALIGNMENT,
    ),
    "rotate": _term(
        "Rotate",
        "A pull turns the plane of the selection's middle before and after; everything at right angles to it stays.",
        _HOLD,
    ),
    "fit": _term(
        "Fit",
        "A pull turns the picture so that the pulled points fit best where they are dragged to.",
        _HOLD,
    ),
    "spread": _term(
        "Spread",
        "A pull goes to the plane in which the pulled points are widest.",
        _HOLD,
    ),
    "trails": _term(
        "Trails",
        "Lines behind the selected points show where they were before, in earlier layers or at earlier times.",
        _ALIGNMENT,
    ),
    "means": _term(
        "Training means",
        "Class means of the other split: where training has pulled its own points.",
        _ALIGNMENT,
    ),
    "added": _term(
        "What is added",
        "At a sum, an arrow for each selected point, or for all, by what the branch adds to it.",
        ("docs/explanation/alignment#networks-with-branches", "Networks with branches"),
    ),
    "behind": _term(
        "Behind a layer",
        "What is drawn is what comes out of this layer, for every point.",
        _ALIGNMENT,
    ),
    "drawn-over": _term(
        "Drawn over",
        "Values are divided by the size of this state at the reference epoch, so that states of any size are drawn"
        " alike large.",
        _READING,
    ),
    "scaled": _term(
        "Scaled exactly",
        "In so many of the coordinates that are kept the layer's linear part is exactly a scaling, by the weights of"
        " the reference epoch.",
        _READING,
    ),
    "kept": _term(
        "Coordinates kept",
        "Of a state with more values only some directions are kept, and so much of the points' variance lies in these.",
        _COORDINATES,
    ),
    "sigma": _term(
        "σ, singular values",
        "By how much the layer's linear part stretches along each of its directions, the most first.",
        _ALIGNMENT,
    ),
    "rho": _term(
        "ρ of a frame, and seen so far",
        "Spearman's rank correlation between how far points move (of a still picture, how far pairs lie apart) in all"
        " coordinates and on the screen, in this frame and over all frames so far: 1 for the same order.",
        _METER,
    ),
    "complete": _term(
        "The complete tour",
        "Stops at planes at right angles to each other that together draw everything, those that draw most first; of"
        " more than 200 coordinates at the first 100 of them.",
        ("docs/explanation/meter#show-all-of-it", "Show all of it"),
    ),
    "fisher": _term(
        "Fisher's discriminant",
        "The direction along which the middles of two groups lie farthest apart for how much the groups spread; how"
        " many points it tells right is counted with each left out of the search in turn (leave-one-out).",
        _FIND,
    ),
    "lda-index": _term(
        "LDA index",
        "Large for a plane in which classes are small and far apart; how many points it tells right is counted in"
        " planes found without these points (5-fold cross-validation).",
        _FIND,
    ),
    "what-is-hidden": _term(
        "What is hidden",
        "The part of the points' variance that lies outside this plane; one axis stays, the other goes to where most"
        " of that part is, and a direction by chance is told beside it.",
        _FIND,
    ),
    "kurtosis": _term(
        "Kurtosis",
        "The mean fourth power of standardised values along a direction: 3 in a normal cloud, more where few points"
        " lie far out.",
        _INDICES,
    ),
    "holes": _term(
        "Holes index",
        "Large for a plane with few points in its middle: 1 on a wide ring, 0.791 in a normal cloud.",
        _INDICES,
    ),
    "central-mass": _term(
        "Central mass index",
        "1 less the holes index: large for a plane with most points in its middle and few far out, 0.209 in a normal"
        " cloud.",
        _INDICES,
    ),
    "movers": _term(
        "What moves most",
        "The plane that shows most of the squared motion of the 50 points that move farthest; the share that it shows"
        " is told.",
        _FIND,
    ),
    "gap": _term(
        "Training against test",
        "The plane in which the classes' middles of training and test points lie farthest apart; the squared gap is"
        " told over what chance makes.",
        _FIND,
    ),
    "chance": _term(
        "As good as … of 20 searches",
        "The same search was done 20 times where there is nothing to be found, with shuffled labels or in a normal"
        " cloud; that 0 of 20 are as good would happen once in 21 by chance.",
        _CHANCE,
    ),
    "lost-false": _term(
        "Lost and false neighbours",
        "Lost ones are near in the data and not in the picture, false ones near in the picture and not in the data.",
        ("docs/how-to/neighbours#lost-and-false-neighbours", "Lost and false neighbours"),
    ),
}  # fmt: skip


#: every term by its word; measures have the sentences that define them
TERMS: MappingProxyType[str, Term] = MappingProxyType(
    {
        **_OWN,
        **{name: _term(one.title, one.explanation, _MEASURES) for name, one in DEFINITIONS.items()},
    }
)
assert set(TERMS) == set(get_args(Word)), "every word has its term"


def explained(word: Word) -> dict[str, str]:
    """The attribute by which an element shows what a term means."""
    return {"data-gt-term": word}


def term(word: Word, text: str) -> html.Button:
    """A term in a text, which can be pointed at, touched and reached by keys."""
    return html.Button(text, type="button", className="gt-term", **explained(word))
