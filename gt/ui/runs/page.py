"""What the page of all runs is made of: where files are dropped, the list, the trash. The browser fills them in."""

from __future__ import annotations

from dash import dcc, html

from gt.serve import bringing, owned, run_list
from gt.serve.library import Library
from gt.serve.payloads import RunsMount
from gt.serve.uploads import LARGEST
from gt.ui.components.controls import part


def mount(library: Library, base: str) -> RunsMount:
    """What the browser's module is handed.

    Args:
        library: Has the runs.
        base: Prefix under which the app is served.
    """
    return {
        "base": base,
        "list": run_list.listed(library, base),
        "endings": bringing.endings(),
        "largest": LARGEST,
    }


def shown(library: Library, docs: str, stories: str) -> list[html.Header | html.Div | html.Section]:
    """The parts of the page.

    Args:
        library: Has the runs.
        docs: The address of the page of the documentation that is about this one.
        stories: The address of the page of stories.
    """
    return [
        html.Header(
            [
                html.H1("Runs"),
                html.P(
                    [
                        "Everything in the folders of this server: trainings, recorded with ",
                        html.Code("gt record"),
                        " or in a loop of your own, attacks, and tables. ",
                        dcc.Link("What can be done with them", href=docs),
                        ", and ",
                        dcc.Link("the stories that are told of them", href=stories),
                        ".",
                    ],
                    className="gt-runs-lead",
                ),
            ]
        ),
        _bring(library),
        html.Div(className="gt-runs-said", role="status", **part("runs-said")),
        html.Div(className="gt-runs-tools", role="search", **part("runs-tools")),
        html.Div(**part("runs-list")),
        html.Section(className="gt-runs-trash", hidden=True, **part("runs-trash")),
    ]


def _bring(library: Library) -> html.Div:
    """Where files are dropped; or why none can be."""
    if library.read_only:
        said = "This server is read-only: its runs are shown, and nothing is added, renamed, deleted or computed."
    elif owned.into(library) is None:
        said = f"No file can be dropped here. {bringing.NOWHERE}."
    else:
        return html.Div(className="gt-bring-drop", **part("runs-bring"))
    return html.Div(html.P(said, className="gt-hint"), **part("runs-bring"))
