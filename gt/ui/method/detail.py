"""The technical part of the page Method: what is behind the tools and the layers, each with a figure to hold."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from gt.ui.method import detail_figures as figures
from gt.ui.method.text import formula, p, section, v, words


def contents(idea: Sequence[html.Section], details: Sequence[html.Section]) -> html.Nav:
    """Links to all sections, those of the technical part apart."""

    def row(name: str, sections: Sequence[html.Section]) -> html.Div:
        said = [one.to_plotly_json()["props"] for one in sections]
        links = [html.A(props["aria-label"], href=f"#{props['data-gt-anchor']}") for props in said]
        return html.Div([html.H2(name), html.Ul([html.Li(link) for link in links])])

    return html.Nav(
        [row("In ten minutes", idea), row("In detail", details)],
        className="gt-contents",
        **{"aria-label": "On this page"},
    )


def sections() -> list[html.Section]:
    """All of them, in order."""
    return [
        fit_and_spread(),
        drawn_lengths(),
        passing(),
        padding(),
        convolution(),
        pooling(),
        glossary(),
    ]


def fit_and_spread() -> html.Section:
    """Procrustes, and principal components of a selection."""
    return section(
        "Behind Fit and Spread",
        html.Div(
            [
                words(
                    html.H3("Fit"),
                    p(
                        "Rotate, above, asks for the middle of the selected points. Fit asks for all points at once:"
                        " those selected shall move by the drag, the others stay. With ", v("D"), " the wish, a row a"
                        " point, it is the rotation that leaves least of it, orthogonal Procrustes:",
                    ),
                    formula('"least " |W (X G′ − X G − D)|'),
                    formula('X^T W^2 (X G + D) = U Σ V^T, "   " G′ = U V^T'),
                    p(
                        v("W"), " lets the selected points weigh as much as all others together. Mirror images are"
                        " left out, and where the points leave ", v("G′"), " open, ", v("G"), " stays.",
                    ),
                ),
                words(
                    html.H3("Spread"),
                    p(
                        "Spread turns to the plane in which the selected points vary most about their middle ", v("c"),
                        ": principal components, of these points only. Its two columns ", v("F"), " are the leading"
                        " eigenvectors of",
                    ),
                    formula('{∑_"selected"} (x − c)^T (x − c)'),
                    p(
                        "Where the drag points does not matter; its length says how far to go on the shortest way"
                        " there, half a unit being all of it.",
                    ),
                    p(
                        "Below, 17 points in four dimensions. Pull the ring in any picture: small rings are the wish,"
                        " dots the answer. The selected points vary mostly where it is not seen at first.",
                    ),
                ),
            ],
            className="gt-two",
        ),
        figures.fit_and_spread(),
    )  # fmt: skip


def drawn_lengths() -> html.Section:
    """The bound on drawn lengths."""
    return section(
        "Nothing looks longer than it is",
        words(
            p(
                "The two columns ", v("F"), " of ", v("G"), " that are seen have length 1 and a right angle between"
                " them. The square of what they draw of a row ", v("x"), " is that of its length, less that of the"
                " hidden rest ", v("h"), ". A distance is the length of a difference, so it is bounded too:",
            ),
            formula('|x F|^2 = |x|^2 − |h|^2 ≤ |x|^2, "   " |x F − y F| ≤ |x − y|'),
            p(
                "Points that lie apart are apart; points that meet may not. All unit vectors together are drawn by two"
                " columns of length 1, so that their squares share 2, however many there are:",
            ),
            formula("|e_1 F|^2 + … + |e_p F|^2 = 2"),
            p(
                "Pull a ring outward: it gets no farther than the circle, and the others make room. (That other planes"
                " draw what this one leaves out is the figure with the squares, above.)",
            ),
        ),
        figures.drawn_lengths(),
    )  # fmt: skip


def passing() -> html.Section:
    """How a frame goes through the layers."""
    return section(
        "Passing the frame on",
        words(
            p(
                "Each layer is drawn in bases of its own: the first goes ", v("X₀ U₁ → X₁ V₁"), ", the second",
                " ", v("X₁ U₂ → X₂ V₂"), ". The points between them, ", v("X₁"), ", are in both. For them to be drawn"
                " at the same places, the second frame follows from the first (the article writes ", v("GT"),
                " for ", v("G"), "):",
            ),
            formula('X_1 V_1 G_1 = X_1 U_2 G_2, "   so " G_2 = U_2^T V_1 G_1'),
            p(
                "It is a product of orthogonal matrices, so orthogonal itself. The app goes the other way, from the"
                " softmax back to the image, ", v("G₁ = V₁ᵀ U₂ G₂"), ": the axes that one holds keep their meaning.",
            ),
            p(
                "Go through both layers. Rings are the points between as the first layer leaves them, small dots as"
                " the second takes them.",
            ),
        ),
        figures.passing(),
    )  # fmt: skip


def padding() -> html.Section:
    """What happens where a layer's two sides differ in width."""
    text = words(
        p(
            "One frame for both sides of a layer needs as many coordinates on both. Where ", v("p"), " values become",
            " ", v("r"), ", zeros fill the narrower side up to ", v("k"), ", the larger of the two. They move no point,"
            " as zeros times anything are zeros:",
        ),
        formula("[X, 0] [M, 0; 0, 0] = [Y, 0]"),
        p(
            "The singular values stay, with zeros behind them. Directions that belong to a zero have no partner by the"
            " layer; they are paired so that the points move least. Of wide states the app keeps 32 directions, and"
            " fills narrower ones up to that.",
        ),
    )  # fmt: skip
    both = html.Div([text, figures.padding()], className="gt-two")
    return section("As many values behind as before", both)


def convolution() -> html.Section:
    """A convolution as a matrix."""
    return section(
        "A convolution is a matrix",
        words(
            p(
                "An image is a row of pixels, and each value that comes out is a sum of some of them times the kernel."
                " So a convolution is a linear layer, ", v("y = x M"), ": column ", v("j"), " of ", v("M"), " holds"
                " the kernel at its ", v("j"), "th place, and zeros elsewhere.",
            ),
            formula('M = U Σ V^T, "   " u_i M = σ_i v_i'),
            p(
                "It has singular vectors like any other: ", v("u"), " is an image, ", v("σ v"), " what becomes of it,"
                " and no image is stretched by more than the largest ", v("σ"), ". A layer of real size is never"
                " written out (3 × 3 on 56 × 56 with 64 channels would take 161 GB): its leading vectors come from"
                " products with the layer alone.",
            ),
        ),
        figures.convolution(),
    )  # fmt: skip


def pooling() -> html.Section:
    """Max-pooling in the axes of average-pooling."""
    return section(
        "Max-pooling, by average-pooling",
        words(
            p(
                "A maximum is not linear and has no singular vectors. The average of the same windows has: windows"
                " side by side are at right angles already, so for four values each, in closed form,",
            ),
            formula('U = 2 M, "   " Σ = {1}⁄{2} I, "   " V = I'),
            p(
                "Before the layer points are seen in ", v("U"), ", a coordinate for each window; behind it stand the"
                " real maxima, nothing rescaled. From the average to the maximum is no scaling by the layer, and stays"
                " visible as motion.",
            ),
        ),
        figures.pooling(),
    )  # fmt: skip


def glossary() -> html.Section:
    """What the layers are called, and what they do."""
    entry = figures.entry
    return section(
        "Glossary of layers",
        figures.glossary(
            [
                entry(
                    "convolution",
                    "Convolution",
                    "A small kernel goes along the input; where it lies, a weighted sum comes out. The same weights"
                    " everywhere, here ¼, ½, ¼.",
                ),
                entry(
                    "connected",
                    "Fully connected",
                    "Every output is a weighted sum of all inputs, with weights of its own, and a constant: x W + b.",
                ),
                entry(
                    "relu",
                    "ReLU",
                    "Rectified linear unit: what is negative becomes zero, the rest stays. max(0, x).",
                    slider=True,
                ),
                entry(
                    "sigmoid",
                    "Sigmoid",
                    "Any number becomes one between 0 and 1, half at zero: 1 ⁄ (1 + e⁻ˣ).",
                    slider=True,
                ),
                entry(
                    "softmax",
                    "Softmax",
                    "Scores (logits) become shares of one whole: each is eˣ, divided by the sum of all. A step of 1 is"
                    " a factor of 2.7.",
                ),
                entry(
                    "max-pooling",
                    "Max-pooling",
                    "Of a few neighbours the largest stays; the others leave no trace. Here of two each.",
                ),
            ]
        ),
    )
