"""``/network``: markup around the blocks, and what the page's module is told of a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from dash import html
from dash.development.base_component import Component

from gt import ids
from gt.bring.opened import needed
from gt.kept.describe import layered_command, learnt_late
from gt.layers import kind_of
from gt.measure.network.one_image import Source, source_of
from gt.run import Run, RunError
from gt.run.layer import Layer
from gt.serve.library import Library
from gt.serve.payloads import NetworkAnnouncement, NetworkLayer
from gt.state import PageMount
from gt.ui.components.controls import button, group, heading, icon, part, save_view
from gt.ui.components.look_for import look_for
from gt.ui.tour.page import csv_button, file_button, groups

ON_THE_SERVER = "are computed on the server"
SAMPLES = 40  # thumbnails of no selection
LOOK_FOR = (
    "Go through the epochs and watch which layers still change, the first ones or the last, and what the last one"
    " does when something is learnt. Behind a ReLU nothing is negative: all that is not orange is zero. Where a network"
    " ends in a ReLU, an output that is clipped there gets no gradient from that point and waits."
)


def page(
    above: Sequence[Component],
    rest: Sequence[Component] = (),
    *,
    asked: str = "",
    hidden: bool = False,
    served: bool = True,
) -> html.Main:
    """The page, in the app and in a file.

    Args:
        above: What stands above the network.
        rest: What is not seen.
        asked: The run that its address asks for.
        hidden: Whether there is nothing to show.
        served: Whether there is a server, which writes CSV and files.
    """
    return html.Main(
        [
            heading("One image through the network"),
            *above,
            html.Div(
                html.Div([side(), main(served=served)], className="gt-network-grid"),
                id=ids.NETWORK_PICTURE,
                hidden=hidden,
            ),
            *rest,
        ],
        key="network",
        className="gt-network",
        **{"data-gt-page": "network", "data-gt-asked-run": asked},
    )


def mounted(base: str) -> PageMount:
    """What the page's module is handed.

    Args:
        base: The prefix under which the app is served.
    """
    names = {"run": ids.NETWORK_RUN, "csv": ids.CSV_STORE, "chosenRun": ids.RUN_STORE}
    return {"page": "network", "base": base, "ids": names}


def announce(library: Library, name: str, how: str = ON_THE_SERVER) -> NetworkAnnouncement:
    """Say what can be shown of a run's network.

    Args:
        library: Has the run.
        name: Of the run.
        how: Values come about, where they are computed.

    Raises:
        KeyError: If there is no such run.
        RunError: If what is kept with it is damaged.
    """
    run = library.run(name)
    source = source_of(run)
    if source is None:
        raise RunError(
            f"announce: {name} must have weights or hidden layers, it has its outputs alone"
        )
    late = next(iter(learnt_late(run)), None)
    return {
        "run": name,
        "title": library.titles[name],
        "uid": run.uid,
        "classes": list(run.classes),
        "task": run.task,
        "unit": run.unit,
        "outputs": list(run.axes),
        "epochs": [int(e) for e in run.epochs],
        "available": [int(e) for e in source.epochs],
        "layers": [_layer(run, source, one) for one in source.layers],
        "samples": samples(run),
        "images": run.images is not None,
        "late": None if late is None else {"epoch": late[0], "label": run.classes.index(late[1])},
        "origin": _origin(source, run.unit, how),
        "only": None,
    }


def try_announce(
    library: Library, name: str
) -> tuple[NetworkAnnouncement | None, list[Component | str], str]:
    """What is announced, what to say where there is nothing, and what went wrong."""
    try:
        if source_of(library.run(name)) is None:
            return None, none_yet(library.run(name)), ""
        return announce(library, name), [], ""
    except (KeyError, ValueError, OSError) as error:
        return None, [], library.said(error)


def samples(run: Run) -> list[int]:
    """Ids of some points of each class in turn, test points before training points."""
    order = np.argsort(1 - run.splits.astype(int), kind="stable")
    each = max(1, SAMPLES // len(run.classes))
    rows = [order[run.labels[order] == c][:each] for c in range(len(run.classes))]
    return [int(run.ids[row]) for group in rows for row in group][: max(SAMPLES, 64)]


def none_yet(run: Run) -> list[Component | str]:
    """What to say of a run whose outputs alone are known, with what records the rest."""
    command = layered_command(run)
    if lacks := needed(run, "network"):
        return [f"{lacks} Record one: ", html.Code(command)]
    said: list[Component | str] = [
        f"{run.title} was recorded with its outputs alone: no image can be sent through its network. This records the"
        " same training with all layers and weights: ",
        html.Code(command),
    ]
    if command.startswith("gt "):
        said += [". This keeps its weights with this run, small: ", html.Code(_bring(run))]
    return said


def _bring(run: Run) -> str:
    return f"gt weights runs/{run.name}-layers --into {run.path.parent.name}/{run.path.name}"


def _layer(run: Run, source: Source, layer: Layer) -> NetworkLayer:
    prefix = "" if layer.module in (None, "model") else f"{layer.module}."
    known = run.weight_list if source.checkpoints is None else source.checkpoints.parameters
    return {
        "name": layer.name,
        "kind": layer.kind,
        "family": kind_of(layer.kind).family,
        "shape": list(layer.shape),
        "kernels": layer.module is not None and any(one.name == f"{prefix}weight" for one in known),
    }


def _origin(source: Source, unit: str, how: str = ON_THE_SERVER) -> str:
    """How the values come about, in a sentence."""
    if source.kind == "recorded":
        return "Values as they were recorded."
    if source.checkpoints is None:
        return f"Values {how} from the recorded weights."
    off = source.checkpoints.made.get("off")
    known = isinstance(off, int | float) and not isinstance(off, bool)
    return (
        f"Values {how} from the weights of {len(source.epochs)} {unit}s, kept in 16 bits each;"
        + (
            f" on all images of the run no output is off by more than {off:.2g}."
            if known
            else " how far that takes the outputs off is not recorded."
        )
    )


def advice() -> html.Section:
    """What to look for, and the button that shows it."""
    return look_for(
        LOOK_FOR,
        html.Button(
            [icon("play-fill"), html.Span("Show me")],
            type="button",
            className="btn btn-sm gt-button",
            title="Play the epochs in which a class is learnt, for one of its images",
            **{"data-gt-action": "show-me"},
        ),
    )


def transport(*, served: bool = True) -> html.Div:
    """The epoch, which is all that moves here; what a server writes where there is one."""
    return html.Div(
        [
            group(
                "Epochs",
                [
                    button("step-back", "skip-start-fill", "One epoch back", key="←"),
                    button("play", "play-fill", "Play the epochs", key="Space"),
                    button("step-on", "skip-end-fill", "One epoch on", key="→"),
                ],
            ),
            html.Div(className="gt-epoch", **part("epoch")),
            html.Button(
                [icon("square"), html.Span("Hold the scales")],
                type="button",
                className="btn btn-sm gt-button",
                title="Keep each layer's colours as they are now while epochs and images change (H)",
                **{"data-gt-action": "hold", "aria-pressed": "false"},
            ),
            html.Div(
                button("jump", "image", "Go to the image, and to others", text="Image"),
                className="gt-network-jump",  # where they stand below the network
            ),
            save_view() if served else None,
            button("link", "link-45deg", "Copy a link to this image and epoch", text="Link"),
            csv_button() if served else None,
            file_button() if served else None,
        ],
        className="gt-transport",
        **{"data-gt-unit": "epoch"},
    )


def side() -> html.Aside:
    """The image that is sent, others to choose from, and groups."""
    return html.Aside(
        [
            advice(),
            html.Section(
                html.Div(className="gt-network-chosen", **part("chosen")),
                className="gt-panel",
                **{"aria-label": "The image"},
            ),
            html.Section(
                html.Div(className="gt-network-picker", **part("picker")),
                className="gt-panel",
                **{"aria-label": "Choose a point"},
            ),
            groups(named=False),
        ],
        className="gt-network-side",
    )


def main(*, served: bool = True) -> html.Div:
    """The network, block by block."""
    return html.Div(
        [
            transport(served=served),
            html.P(className="gt-network-note", role="status", **part("note")),
            html.Div(className="gt-network-blocks", **part("blocks")),
        ],
        className="gt-network-main",
    )
