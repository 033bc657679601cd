"""What the page Method says: the idea in a few lines of text and formulas, each beside its figure."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from gt.ui.components.look_for import look_for
from gt.ui.method import figures
from gt.ui.method.text import formula, p, section, v, words


def look(movable: bool) -> Component:
    """What to try first, and a button that shows it."""
    action = html.Button(
        "Walk the point",
        type="button",
        className="btn btn-sm gt-button",
        disabled=not movable,
        **{"data-gt-action": "show-walk"},
    )
    return look_for(
        "Drag a ring of the tesseract: its edges stay straight, parallel ones stay parallel. Then walk one point from"
        " group to group: in the linear picture nothing else moves, in t-SNE and UMAP the others do too.",
        action,
    )


def no_run() -> html.P:
    """Where there is no run to take a spectrum of."""
    return html.P(
        [
            "There is no run here yet; ",
            html.Code("gt record mnist"),
            " records one, and ",
            dcc.Link("the documentation", href=dash.get_relative_path("/docs/how-to/record")),
            " says how to record your own.",
        ],
        className="gt-said",
    )


def introduction(look: Component) -> html.Header:
    """What this is about, and what to try first."""
    return html.Header(
        [
            html.H1("The idea, in one’s hands"),
            html.P(
                "A softmax layer has as many dimensions as there are classes; a screen has two. Here is how the"
                " Grand Tour gets from one to the other, what that keeps, and what it loses. Every figure can be"
                " taken hold of, by mouse, finger or arrow keys.",
                className="gt-lead",
            ),
            look,
        ],
        className="gt-method-head",
    )


def turning() -> html.Section:
    """The tour itself."""
    return section(
        "A shadow that keeps turning",
        words(
            p(
                "A point ", v("x"), " with ", v("p"), " coordinates, a row, is turned by an orthogonal matrix ", v("G"),
                ". The first two of the turned coordinates are drawn, the others stay hidden:",
            ),
            formula('~x = x G, "   " G G^T = I, "   drawn: " (~x_1, ~x_2)'),
            p(
                "Row ", v("i"), " of ", v("G"), " is where the unit vector ", v("e", html.Sub("i")), " goes; its drawn"
                " end is the ring to drag. A tour lets ", v("G"), " wander smoothly, without a favourite direction, so"
                " that in time it comes near every view. Each view is a shadow: lines stay straight, parallel edges"
                " (those of one colour) stay parallel, and nothing looks longer than it is.",
            ),
        ),
        html.Div(
            [
                figures.shape("square", "Square", "it can only spin"),
                figures.shape("cube", "Cube", "8 corners, 12 edges"),
                figures.shape("tesseract", "Tesseract", "16 corners, 32 edges"),
            ],
            className="gt-shapes",
        ),
    )  # fmt: skip


def linear(problem: str, made: str) -> html.Section:
    """Why the picture is a linear one.

    Args:
        problem: Why the figure cannot be shown; empty if it can.
        made: How its pictures were made, a sentence without its end.
    """
    return section(
        "Why linear: move one point",
        words(
            p(
                "In a linear picture what moves is what moved, and by no more; by how much less is told below:"
            ),
            formula("~x′ − ~x = (x′ − x) G"),
            p(
                "t-SNE and UMAP place a point by its neighbours instead. Try the ringed point of the linear picture: as"
                " it slides from one group to another it leaps in the other two, and points that did not move at all"
                " move with it.",
            ),
        ),
        figures.moved_point(problem),
        words(
            p(
                "The data are made up: three groups of 25 points in ten dimensions, about corners like those of a"
                " softmax, and one point that moves in their plane, on which the linear picture"
                f" looks straight down. {made or 't-SNE and UMAP are computed beforehand'}, in the way kindest to them:"
                " always from the picture of the middle place, with the same seed, and what a shift, turn, mirror image"
                " or change of size of the whole explains taken out.",
            ),
            p("They have a strength here too: every group is a tight island, however noisy."),
        ),
    )


#: Spearman's ρ, the least and the greatest median of the shipped runs, from epoch to epoch, by
#: `tests.bench.frames_tell`; what the page says of them is held to the runs by a test
TOLD = {
    "softmax": {"frame": (0.95, 0.97)},
    "hidden": {"frame": (0.26, 0.74), "tour": (0.86, 0.97), "stops": (0.92, 1.0)},
}


def _span(kind: str, measure: str) -> str:
    low, high = TOLD[kind][measure]
    return f"{low:.2f} to {high:.2f}"


def whole() -> html.Section:
    """How much one frame shows, and how all of it is shown: Pythagoras."""
    return section(
        "How much one frame shows, and how to see all of it",
        html.Div([_one_frame(), _all_frames()], className="gt-two"),
        figures.pythagoras(),
        words(
            p(
                "One displacement of length 1 in four dimensions. Pull its end, in either plane: what one"
                " draws less the other draws more, and the small squares are always as large as the large"
                " one.",
            ),
            p(
                f"Measured on the three shipped runs, from epoch to epoch, medians: in ten coordinates of"
                f" the softmax one random frame reaches ρ = {_span('softmax', 'frame')}; in 32 of hidden"
                f" layers {_span('hidden', 'frame')}, twenty frames of a tour,"
                f" five seconds apart, {_span('hidden', 'tour')}, the first four stops"
                f" {_span('hidden', 'stops')}, and all sixteen 1.",
            ),
        ),
    )


def _one_frame() -> html.Div:
    return words(
        p(
            "A displacement ", v("d"), " from epoch to epoch or layer to layer is drawn in two of its ", v("p"),
            " dimensions, by the two columns ", v("F"), " of ", v("G"), " that are seen. It looks shorter than it is:",
        ),
        formula('|d F|^2 ≤ |d|^2, "   in the mean over all frames " {2}⁄{p} |d|^2'),
        p(
            "So in many dimensions one picture hardly tells who moved how far. The meter below each stage"
            " says how much it does: Spearman’s ", v("ρ"), " between all lengths and their drawn lengths, in"
            " this frame, and over all planes passed so far. That number rises: the moving tour is the"
            " instrument, not any one picture.",
        ),
    )  # fmt: skip


def _all_frames() -> html.Div:
    return words(
        p(
            "“Show all of it” needs no patience. Take planes ", v("F", html.Sub("1")), ", ",
            v("F", html.Sub("2")), ", … at right angles to each other that fill the space: side by side"
            " their columns are an orthogonal matrix, which changes no length, and so, by Pythagoras,",
        ),
        formula("|d|^2 = |d F_1|^2 + |d F_2|^2 + … + |d F_m|^2"),
        p(
            "with ", v("m"), " = ", v("p"), "/2, rounded up: after so many stops every motion has been shown"
            " in full (", v("ρ"), " = 1). Those of the displacements’ own principal directions, two by two,"
            " show most first: no other planes draw more of the squares in as many stops. Of a still"
            " picture the same holds for the differences between points.",
        ),
    )  # fmt: skip


def holding() -> html.Section:
    """Direct manipulation."""
    return section(
        "How a drag becomes a rotation",
        html.Div(
            [
                words(
                    html.H3("A handle"),
                    p(
                        "The pointer at (", v("x"), ", ", v("y"), ") is what the first two entries of row ", v("i"),
                        " become. The hidden rest ", v("h"), " of the row is scaled so that its length is 1, and the"
                        " handle stays under the pointer:",
                    ),
                    formula('g_i = (x, y, s h), "   " s = {√{1 − x^2 − y^2}}⁄{|h|}'),
                    p("The other rows follow by Gram–Schmidt, with row ", v("i"), " first:"),
                    formula("g_j ← g_j − {∑_k} (g_j · g_k) g_k, \"   then \" g_j ← {g_j}⁄{|g_j|}"),
                    p(
                        "where ", v("k"), " runs over the rows already done. In two dimensions nothing is hidden and"
                        " the picture just turns. Outside the unit circle the handle waits at its rim. (The article"
                        " adds the pointer’s step and normalises, which takes the handle off the pointer again.)",
                    ),
                ),
                words(
                    html.H3("Points"),
                    p(
                        "The middle of some points is seen at ", v("c̃"), " = ", v("c G"), ". Pulled by ", v("Δ"),
                        " its length would change, which no rotation can do; so it goes that way, as long as it was:",
                    ),
                    formula("~c′ = (~c + Δ) {|~c|}⁄{|~c + Δ|}, \"   \" G ← G ρ"),
                    p(
                        v("ρ"), " turns the plane of ", v("c̃"), " and ", v("c̃′"), " from the one to the other, and"
                        " leaves all that is at right angles to that plane alone. Pulled far out, the points therefore"
                        " lag behind the pointer.",
                    ),
                    p(
                        "Below, the same three dimensions twice: as they are drawn, and seen from the side, with the"
                        " hidden one. Drag a ring, or the diamond in the middle of the points.",
                    ),
                ),
            ],
            className="gt-two",
        ),
        figures.rotation(),
    )  # fmt: skip


def layers() -> html.Section:
    """How alignment works."""
    return section(
        "What a layer turns, and what it changes",
        html.Div(
            [
                words(
                    p(
                        "A linear layer is ", v("y"), " = ", v("x M"), ". Its singular value decomposition is a turn, a"
                        " scaling along the axes, and another turn (either may mirror):",
                    ),
                    formula('M = U Σ V^T, "   " X U → Y V = X U Σ'),
                    p(
                        "Seen in the axes ", v("U"), " before the layer and ", v("V"), " behind it, points are scaled"
                        " and nothing else. The turns go into ", v("G"), ", where they move no point: a turned picture"
                        " is the same picture. Only ", v("Σ"), " can bring points together or pull them apart.",
                    ),
                    p("Change the matrix, and go through the layer."),
                    figures.matrix(),
                ),
                figures.negation(),
            ],
            className="gt-two",
        ),
    )  # fmt: skip


def components(run: Component | None, said: Any, graph: Component | None) -> html.Section:
    """Why two principal components are not enough."""
    text = words(
        p(
            "Principal components are the obvious still picture: the two directions in which points vary most. But"
            " where ", v("k"), " classes are told apart, points lie about ", v("k"), " corners that are all equally far"
            " from each other, and no direction is better than another. For classes of equal size, each at its corner:",
        ),
        formula('"two components hold " {2}⁄{k − 1} " of the variance"'),
        p(
            "which is 22\u00a0% for ten classes: what a single picture leaves out is most of it, and a tour shows it in"
            " turn. This is what a recorded network comes to:",
        ),
        *([run] if run is not None else []),
        said,
    )  # fmt: skip
    if graph is None:
        return section("Why two components are not enough", text)
    return section(
        "Why two components are not enough", html.Div([text, graph], className="gt-two gt-spectrum")
    )


def limits() -> html.Section:
    """What it cannot do, as plainly."""
    return section(
        "What it cannot do",
        html.Ul(
            [
                html.Li(
                    [html.Strong("A shadow overlaps. "), "Two points that coincide in one view may be far apart; what"
                     " lies apart in a view is apart. Before believing that two groups meet, turn the picture."]
                ),
                html.Li(
                    [html.Strong("Topology and clusters: use t-SNE or UMAP. "), "Rings, rolled-up sheets, or many small"
                     " groups in many dimensions have no linear view that lays them open. Those methods show who is"
                     " whose neighbour; in exchange, the size of a group, the distance of two and motion between two"
                     " pictures mean little there."]
                ),
                html.Li(
                    [html.Strong("Many dimensions. "), "The more there are, the less of the variance and of"
                     " every motion any two hold, and the smaller everything is; the meter below a stage"
                     " says how much. Of a wider layer the app shows a few dozen coordinates, and says how"
                     " much of the variance they keep."]
                ),
                html.Li(
                    [html.Strong("Only the linear part is aligned. "), "What a ReLU or a pooling does is not a rotation"
                     " and stays visible as motion; where points are not what a layer’s weights say, as in a residual"
                     " block, the turn is a best fit with a remainder."]
                ),
                html.Li(
                    [html.Strong("It takes time. "), "A tour of ten dimensions does not pass every view in a minute."
                     " Handles, pulled points and found views are there to go straight to one."]
                ),
            ],
            className="gt-limits",
        ),
    )  # fmt: skip


REFERENCES = [
    ("Asimov, D. (1985). The grand tour: a tool for viewing multidimensional data. SIAM Journal on Scientific and"
     " Statistical Computing 6(1), 128–143.", "https://doi.org/10.1137/0906011"),
    ("Buja, A., Cook, D., Asimov, D., Hurley, C. (2005). Computational methods for high-dimensional rotations in data"
     " visualization. Handbook of Statistics 24, 391–413.", "https://doi.org/10.1016/S0169-7161(04)24014-7"),
    ("Cook, D., Buja, A. (1997). Manual controls for high-dimensional data projections. Journal of Computational and"
     " Graphical Statistics 6(4), 464–480.", "https://doi.org/10.1080/10618600.1997.10474754"),
    ("Li, M., Zhao, Z., Scheidegger, C. (2020). Visualizing neural networks with the grand tour. Distill.",
     "https://doi.org/10.23915/distill.00025"),
    ("van der Maaten, L., Hinton, G. (2008). Visualizing data using t-SNE. Journal of Machine Learning Research 9,"
     " 2579–2605.", "https://jmlr.org/papers/v9/vandermaaten08a.html"),
    ("McInnes, L., Healy, J., Saul, N., Großberger, L. (2018). UMAP: uniform manifold approximation and projection."
     " Journal of Open Source Software 3(29), 861; arXiv:1802.03426.", "https://doi.org/10.21105/joss.00861"),
    ("Wattenberg, M., Viégas, F., Johnson, I. (2016). How to use t-SNE effectively. Distill.",
     "https://doi.org/10.23915/distill.00002"),
]  # fmt: skip


def references() -> html.Section:
    """Whose ideas these are."""
    return section(
        "References",
        html.Ol(
            [
                html.Li([text + " ", html.A(address.removeprefix("https://"), href=address)])
                for text, address in REFERENCES
            ],
            className="gt-references",
        ),
    )


def stores(mount: Any, store: str, sink: str) -> list[Component]:
    """What the figures are given."""
    return [dcc.Store(id=store, data=mount), dcc.Store(id=sink)]
