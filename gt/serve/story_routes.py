"""``/stories/…``: the stories that lie beside runs, read by everybody, and written where one's own runs are.

What is written is asked for by POST with JSON, as of `gt.serve.run_routes`, and passes the gate. A refusal is a
sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import dash
from dash import Dash
from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from gt.errors import RunError
from gt.kept.stories import (
    FOLDER,
    Kept,
    delete_story,
    read_stories,
    read_story,
    write_story,
)
from gt.kept.story import story_from
from gt.run.read import Run
from gt.serve import context, owned
from gt.serve.library import Library
from gt.serve.owned import ChangedRunError
from gt.serve.payloads import KeptStory, ListedStory, SavedStory, StoriesOfRun, StoryList
from gt.serve.run_list import story_link
from gt.serve.run_routes import body, told


class Saving(TypedDict):
    """What keeping a story asks for."""

    run: str
    uid: str
    name: str | None
    revision: str | None
    story: Any  # is looked at by `gt.kept.story`, which says more of what is wrong with it


class Removing(TypedDict):
    """What taking a story away asks for."""

    run: str
    uid: str
    name: str
    revision: str


def register(app: Dash) -> None:
    """Answer these questions beside the pages of an app."""
    server: Flask = app.server
    at = f"{app.config.routes_pathname_prefix}{FOLDER}"
    asked: list[tuple[str, Callable[..., Any], str]] = [
        ("list", _listing, "GET"),
        ("of", _of, "GET"),
        ("one", _one, "GET"),
        ("save", _save, "POST"),
        ("delete", _delete, "POST"),
    ]
    for name, view, method in asked:
        server.add_url_rule(f"{at}/{name}", f"stories-{name}", told(view), methods=[method])
    server.add_url_rule(f"{at}/picture", "stories-picture", _picture, methods=["GET"])


def stories_of(library: Library, name: str, run: Run, title: str = "") -> StoriesOfRun:
    """A run and what stories lie beside it.

    Args:
        library: Has the run.
        name: Of the run.
        run: The run itself.
        title: What it is called among others; its own when empty.
    """
    found, problems = read_stories(run)
    return {
        "run": name,
        "title": title or run.title,
        "uid": run.uid,
        "fixed": owned.why_nothing_beside(library, run),
        "stories": [_listed(name, one) for one in found],
        "problems": [library.short(one) for one in problems],
    }


def _listed(run: str, one: Kept) -> ListedStory:
    views = one.story.views
    pictured = next((i for i, view in enumerate(views, 1) if view.picture is not None), 0)
    return {
        "name": one.name,
        "title": one.story.title,
        "views": len(views),
        "revision": one.revision,
        "pictured": pictured,
        "href": story_link(run, one, dash.get_relative_path("/")),
    }


def _listing() -> StoryList:
    library = context.library()
    library.look(anew=True)
    runs = [*library.runs.items(), *library.attacks().items()]
    titles = library.titles | library.attack_titles  # by which runs of one title are told apart
    return {"runs": [stories_of(library, name, run, titles[name]) for name, run in runs]}


def _of() -> StoriesOfRun:
    library, name = context.library(), request.args.get("run", "")
    return stories_of(library, name, library.run(name))


def _one() -> KeptStory:
    name = request.args.get("run", "")
    kept = read_story(context.library().run(name), request.args.get("story", ""))
    return {
        "run": name,
        "name": kept.name,
        "revision": kept.revision,
        "story": kept.story.to_json(),  # type: ignore[typeddict-item]
    }


def _picture() -> Response:
    """The picture of a view, for lists; 404 where there is none."""
    asked = request.args
    try:
        kept = read_story(context.library().run(asked.get("run", "")), asked.get("story", ""))
        picture = kept.story.views[int(asked.get("at", "1")) - 1].picture
    except (KeyError, ValueError, IndexError, OSError):
        picture = None
    if picture is None:
        return Response("There is no such picture.\n", 404, mimetype="text/plain")
    kind = "image/webp" if picture[:4] == b"RIFF" else "image/png"
    return Response(picture, mimetype=kind, headers={"Cache-Control": "private, max-age=3600"})


def _run(library: Library, name: str, uid: str) -> Run:
    """The run that a reader saw, where a story may be written.

    Raises:
        ChangedRunError: If it is another one now.
        RunError: If nothing may be written beside it.
    """
    library.check_may_write("no story is kept beside a run")
    run = library.run(name)
    if run.uid != uid:
        raise ChangedRunError(f"{run.title} is not the run that was shown: it was recorded anew")
    if reason := owned.why_nothing_beside(library, run):
        raise RunError(f"No story can be kept beside {run.title}. {reason}")
    return run


def _save() -> SavedStory:
    asked: Saving = body(Saving)
    run = _run(context.library(), asked["run"], asked["uid"])
    if asked["name"] is not None and asked["revision"] is None:
        raise BadRequest(
            "revision must be that of the story whose place is taken; reload the page."
        )
    kept = write_story(run, story_from(asked["story"]), asked["name"], asked["revision"])
    return {"name": kept.name, "revision": kept.revision}


def _delete() -> dict[str, str]:
    asked: Removing = body(Removing)
    run = _run(context.library(), asked["run"], asked["uid"])
    delete_story(run, asked["name"], asked["revision"])
    return {}
