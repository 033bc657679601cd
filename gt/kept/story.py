"""A story: views of a run in an order, each with a title, a sentence, a note that points at something, and a picture.

A view is an address: the name of a page and what stands behind its ``?``, which restores everything that the page
shows. A story is data: it is read without trust, and what is wrong with it is said by its place. Where stories lie
beside a run: `gt.kept.stories`. The browser's twin of these checks is ``assets/js/story/checked.mjs``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from gt.errors import RunError
from gt.run import metadata
from gt.run.saying import short

VERSION = 1
VIEWS = 64  # of a story
TITLE, TEXT, ALT = 120, 1000, 2000  # characters
NOTE = 300  # characters of a note
NAME = 200  # characters of the class or group that it points at
QUERY = 40_000  # characters
PICTURE = 60_000  # bytes
#: paths of the pages that a view can be of
PAGES = (
    "grand-tour", "layers", "tsne", "umap", "embedding", "compare", "adversarial", "training", "network", "two-runs",
)  # fmt: skip
_QUERY = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]*")
_DATA = re.compile(r"data:image/(webp|png);base64,([A-Za-z0-9+/]*={0,2})")

At = Mapping[Literal["point", "class", "group", "place"], Any]


class StoryError(RunError):
    """A story that is not as it should be; it names the place."""


@dataclass(frozen=True)
class Note:
    """An arrow from a text to something in the picture.

    Attributes:
        text: What it says, 1 to `NOTE` characters.
        at: What it points at, one of ``{"point": id}``, ``{"class": name}``, ``{"group": name}`` and
            ``{"place": (x, y)}``: fractions of the stage from its left and its top, 0 to 1.
    """

    text: str
    at: At

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        what, where = next(iter(self.at.items()))
        return {"text": self.text, "at": {what: list(where) if what == "place" else where}}


@dataclass(frozen=True)
class View:
    """One view of a story.

    Attributes:
        page: Path of a page without its slash, one of `PAGES`.
        query: What stands behind the ``?`` of its address. ``run`` in it is the run's name where the view was taken.
        title: One line, 1 to `TITLE` characters.
        text: The sentence; may be empty, at most `TEXT` characters.
        note: None for none.
        picture: What the page showed, as the bytes of a WebP or PNG of at most `PICTURE`; None for none.
        alt: What the page says to those who hear it, at most `ALT` characters.
    """

    page: str
    query: str
    title: str
    text: str = ""
    note: Note | None = None
    picture: bytes | None = None
    alt: str = ""

    def to_json(self) -> dict[str, Any]:
        """As it is stored: what is empty is left out."""
        said: dict[str, Any] = {"page": self.page, "query": self.query, "title": self.title}
        said["text"] = self.text
        if self.note is not None:
            said["note"] = self.note.to_json()
        if self.picture is not None:
            kind = "webp" if self.picture[:4] == b"RIFF" else "png"
            data = base64.b64encode(self.picture).decode()
            said["picture"] = f"data:image/{kind};base64,{data}"
        if self.alt:
            said["alt"] = self.alt
        return said


@dataclass(frozen=True)
class Story:
    """Views in an order, of one run.

    Attributes:
        uid: Of the run.
        title: One line, 1 to `TITLE` characters.
        views: At most `VIEWS`.
    """

    uid: str
    title: str
    views: tuple[View, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        views = [view.to_json() for view in self.views]
        return {"version": VERSION, "uid": self.uid, "title": self.title, "views": views}


def story_from(said: Any, where: str = "story") -> Story:
    """Read what `Story.to_json` made, or what says it is that.

    Args:
        said: JSON from anywhere.
        where: What it is, to begin errors with: the path of its file.

    Raises:
        StoryError: If it is not as it should be; it names the place.
    """
    try:
        found = _fields(said, "story", ("version", "uid", "title", "views"))
        version = metadata.whole(found["version"], "version", 1)
        if version > VERSION:
            raise ValueError(f"version must be {VERSION}, it is {version}: a newer gt wrote it")
        uid = _line(found["uid"], "uid", 64)
        title = _line(found["title"], "title", TITLE)
        listed = metadata.of(list, found["views"], "views")
        if len(listed) > VIEWS:
            raise ValueError(f"views must be at most {VIEWS}, there are {len(listed)}")
        return Story(uid, title, tuple(_view(one, f"views[{i}]") for i, one in enumerate(listed)))
    except ValueError as error:
        raise StoryError(f"{where}: {error}") from error


def _fields(
    said: Any, name: str, wanted: Sequence[str], more: Sequence[str] = ()
) -> Mapping[str, Any]:
    """An object that has all of some fields, and none but these and more."""
    found = metadata.mapping(said, name)
    if missing := [one for one in wanted if one not in found]:
        raise ValueError(f"{name} must say {', '.join(wanted)}; {', '.join(missing)} is missing")
    if other := [one for one in found if one not in (*wanted, *more)]:
        raise ValueError(f"{name} says {short(other[0])}, which nobody reads")
    return found


def _line(value: Any, name: str, most: int) -> str:
    return _within(metadata.line(value, name), name, most)


def _text(value: Any, name: str, most: int) -> str:
    """Some lines of text, or none."""
    if value == "":
        return ""
    for line in metadata.text(value, name).split("\n"):
        if not metadata.is_line(line):
            raise ValueError(f"{name} must be plain text, it has control characters")
    return _within(str(value), name, most)


def _within(text: str, name: str, most: int) -> str:
    if not text.strip():
        raise ValueError(f"{name} must be text, it is blank")
    if len(text) > most:
        raise ValueError(f"{name} must have at most {most:,} characters, it has {len(text):,}")
    return text


def _view(said: Any, name: str) -> View:
    found = _fields(said, name, ("page", "query", "title"), ("text", "note", "picture", "alt"))
    query = found["query"]
    if not isinstance(query, str) or not _QUERY.fullmatch(query):
        raise ValueError(f"{name}.query must be what stands behind the ? of an address")
    if len(query) > QUERY:
        raise ValueError(
            f"{name}.query must have at most {QUERY:,} characters, it has {len(query):,}"
        )
    picture, note = found.get("picture"), found.get("note")
    return View(
        page=metadata.one_of(found["page"], f"{name}.page", PAGES),
        query=query,
        title=_line(found["title"], f"{name}.title", TITLE),
        text=_text(found.get("text", ""), f"{name}.text", TEXT),
        note=None if note is None else _note(note, f"{name}.note"),
        picture=None if picture is None else _picture(picture, f"{name}.picture"),
        alt=_text(found.get("alt", ""), f"{name}.alt", ALT),
    )


def _note(said: Any, name: str) -> Note:
    found = _fields(said, name, ("text", "at"))
    at = metadata.mapping(found["at"], f"{name}.at")
    if len(at) != 1:
        raise ValueError(f"{name}.at must say one of point, class, group and place")
    [(what, where)] = at.items()
    if what == "point":
        metadata.whole(where, f"{name}.at.point")
    elif what in ("class", "group"):
        _line(where, f"{name}.at.{what}", NAME)
    elif what == "place":
        where = metadata.numbers(where, f"{name}.at.place")
        if len(where) != 2 or not all(0 <= one <= 1 for one in where):
            raise ValueError(f"{name}.at.place must be two numbers, 0 to 1")
    else:
        raise ValueError(f"{name}.at must say one of point, class, group and place")
    return Note(_text_of_note(found["text"], f"{name}.text"), cast(At, {what: where}))


def _text_of_note(value: Any, name: str) -> str:
    text = _text(value, name, NOTE)
    if not text:
        raise ValueError(f"{name} must be text, it is empty")
    return text


def _picture(value: Any, name: str) -> bytes:
    most = len("data:image/webp;base64,") + 4 * (PICTURE // 3 + 1)
    if isinstance(value, str) and len(value) > most:
        raise ValueError(f"{name} must have at most {PICTURE:,} bytes")
    match = _DATA.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{name} must be a WebP or PNG as a data: address")
    try:
        content = base64.b64decode(match[2], validate=True)
    except binascii.Error as error:
        raise ValueError(f"{name} must be base64: {error}") from error
    if len(content) > PICTURE:
        raise ValueError(f"{name} must have at most {PICTURE:,} bytes, it has {len(content):,}")
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if not (webp if match[1] == "webp" else content[:8] == b"\x89PNG\r\n\x1a\n"):
        raise ValueError(f"{name} must be a {match[1].upper()}, its bytes are not")
    return content
