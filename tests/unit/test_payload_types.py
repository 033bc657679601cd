"""The payloads' types in JavaScript are those of the TypedDicts, as they are now."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

import pytest

from gt.serve.payloads import LayersAnnouncement
from tests.payload_types import FILE, interface, type_of, written


class Some(TypedDict):
    """One."""

    a: int  # a number
    #: above
    b: NotRequired[list[str | None]]
    c: dict[str, Any] | None


def test_the_file_is_what_comes_out_now() -> None:
    assert FILE.read_text("utf-8") == written(), "run python -m tests.payload_types"


def test_fields_have_their_types_and_their_comments() -> None:
    assert list(interface(Some)) == [
        "/** One. */",
        "export interface Some {",
        "  /** a number */",
        "  a: number;",
        "  /** above */",
        "  b?: (string | null)[];",
        "  c: Record<string, any> | null;",
        "}",
    ]


def test_a_payload_says_what_it_adds_to_another() -> None:
    assert list(interface(LayersAnnouncement))[1:] == [
        "export interface LayersAnnouncement extends Announcement {",
        "  alignment: AlignmentNote;",
        "}",
    ]


def test_what_json_cannot_hold_is_refused() -> None:
    assert type_of(Literal["a", 2]) == '"a" | 2'
    with pytest.raises(TypeError, match="what JSON can hold"):
        type_of(bytes)
