"""What to look for on a page of points, in three sentences that are true of the run's task and unit."""

from __future__ import annotations

from collections.abc import Mapping

from dash import Input, Output, State, callback
from dash.development.base_component import Component

from gt import ids
from gt.bring.opened import is_opened
from gt.run.read import Run
from gt.run.saying import in_unit
from gt.run.task import MULTILABEL, NONE, REGRESSION, one_class
from gt.serve import context
from gt.serve.library import Library
from gt.ui.components.look_for import look_for

CLASSES = "classes"  # of points that have one class each
BARE = "bare"  # of points that have neither classes nor columns
OPENED = "opened"  # of data that somebody opened
LINE, PLANE = "line", "plane"  # of such data with one coordinate, and with two
TOUR: Mapping[str, str] = {
    CLASSES: "Every example is a point: in the softmax it lies at the ring of a class that the network is sure of. "
    "Watch which classes leave the middle when, and which examples end between two rings. Drag a ring to turn the "
    "picture.",
    MULTILABEL: "Every example is a point: the farther along a label's ring, the surer the network is that the label "
    "applies. Colour them by one label and watch when it comes apart from the rest. Drag a ring to turn the picture.",
    REGRESSION: "Every example is a point, placed by the numbers that the network gives; a ring is one of them. Colour "
    "the points by what they should be and watch the colours put themselves in order. Then colour them by error.",
    NONE: "Every example is a point, placed by the numbers that the network gives; a ring is one of them. Colour the "
    "points by a column and watch whether like comes to like. Drag a ring to turn the picture.",
    BARE: "Every example is a point, placed by the numbers that the network gives; a ring is one of them. Watch which "
    "points come together and which come apart. Drag a ring to turn the picture.",
    OPENED: "Every row is a point, placed by its coordinates; a ring is one of them. Colour the points by a column and "
    "watch whether like comes to like. Drag a ring to turn the picture.",
    LINE: "Every row is a point on a line, placed by its one coordinate: there is nothing to turn. Colour the points "
    "and see where the colours lie, or select a stretch of the line.",
    PLANE: "Every row is a point, placed by its two coordinates: the picture shows all there is, and the tour only "
    "spins it. Colour the points by a column and see whether like lies by like.",
}
LAYERS: Mapping[str, str] = {
    CLASSES: "The same points behind every layer, from the input to the softmax. Watch where each class comes apart "
    "from the others. Then switch to Naive, each layer in axes of its own: turns, which tell nothing, are seen as "
    "motion too.",
    "": "The same points behind every layer, from the input to what the network gives. Colour them and watch where the "
    "colours come apart. Then switch to Naive, each layer in axes of its own: turns, which tell nothing, are seen as "
    "motion too.",
}
COMPARE: Mapping[str, str] = {
    CLASSES: "A row is a method, a column an epoch. Select the points of one class in any panel and follow them along "
    "the rows: in which do only they move when they are learnt, and in which does everything?",
    "": "A row is a method, a column an epoch. Select some points in any panel and follow them along the rows: in "
    "which do only they move when the network changes its mind of them, and in which does everything?",
    OPENED: "A row is a method, a column an epoch. Select some points in any panel and find them in the other rows: "
    "which are neighbours in all of them?",
}
EMBED: Mapping[str, str] = {
    "": "Trust which points are neighbours here, but not how far apart groups are, how large, or where they lie. Play "
    "the epochs: points also move of which the network's opinion has not changed. Compare says by how much.",
    OPENED: "Trust which points are neighbours here, but not how far apart groups are, how large, or where they lie. "
    "Select some and look for them in the Grand Tour, where distances are what they are in the data.",
}
ELSEWHERE = (
    "How far a picture like this may be trusted depends on how it was made. Look which points stay together and which "
    "part. Compare says whether neighbours here are neighbours in the data, and whether what moves here moved there."
)  # of no run in particular
TRAINING: Mapping[str, str] = {
    CLASSES: "In the strip below a row is a class and a column an epoch; the stronger a cell, the farther its points "
    "moved. A lone strong cell is one that changed at once: often a class that was learnt, or forgotten. Select it, "
    "and see its curves.",
    "": "In the strip below a row is a group of points and a column an epoch; the stronger a cell, the farther its "
    "points moved. A lone strong cell is one that changed at once. Select it, and see its curves.",
}
HOME: Mapping[str, str] = {
    CLASSES: "Points of one colour are examples of one class. In the middle the network has no opinion of them, at "
    "a corner it is sure of that corner's class. Do classes leave the middle slowly, or all at once?",
    MULTILABEL: "Points of one colour are examples with the same labels. The farther along a label's ring, the surer "
    "the network is that the label applies. Do labels come apart slowly, or all at once?",
    "": "Every point is an example, placed by the numbers that the network gives; a ring is one of them. Do the points "
    "find their places slowly, or all at once?",
    OPENED: "Every row of the data is a point, placed by its coordinates; a ring is one of them. Do the points fall "
    "into groups?",
}
PAGES = {
    "tour": TOUR,
    "layers": LAYERS,
    "compare": COMPARE,
    "embed": EMBED,
    "training": TRAINING,
    "home": HOME,
}


def sentences(page: str, run: Run) -> str:
    """What to look for.

    Args:
        page: One of ``PAGES``.
        run: That is shown.
    """
    known = PAGES[page]
    what = CLASSES if one_class(run.task) else run.task
    if what == NONE and not run.columns and BARE in known:
        what = BARE
    if is_opened(run):
        flat = {1: LINE, 2: PLANE}.get(len(run.axes), OPENED)
        what = flat if flat in known else OPENED
    text = known[what] if what in known else known[""]
    return in_unit(text, run.unit) + (_in_units(run) if page == "tour" else "")


def _in_units(run: Run) -> str:
    """In which units coordinates are drawn, where these are not their own."""
    if not is_opened(run):
        return ""
    scale = str(run.made["opened"].get("scale", "")).partition(":")[0]
    units = {"standard": "standard deviations", "robust": "distances between their quartiles"}
    return f" Coordinates are in {units[scale]} from their middle." if scale in units else ""


def advice(page: str, library: Library, run: str, action: Component | None = None) -> Component:
    """The line at a page's top; `follow` keeps it true of another run.

    Args:
        page: One of ``PAGES``.
        library: Has the run.
        run: Its name.
        action: As of `gt.ui.components.look_for.look_for`.
    """
    return look_for(sentences(page, library.run(run)), action, of=ids.LOOK_FOR[page])


def follow(page: str, select: str) -> None:
    """Have a page's advice be of the run that is chosen in a select, by the select's id."""

    @callback(
        Output(ids.LOOK_FOR[page], "children"),
        Input(select, "value"),
        State(ids.LOOK_FOR[page], "children"),
        prevent_initial_call=True,
    )
    def advise(run: str, before: str) -> str:
        library = context.library()
        return sentences(page, library.run(run)) if run in library.runs else before
