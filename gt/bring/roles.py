"""What each column is: coordinate, label, time, name of a point, path of an image, or a further value. By looking.

What is said decides; then the names that such columns usually have; then the values. Each has its reason.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gt.bring.source import WHERE, BringError, Field, Source
from gt.run import column_text

COORDINATE, LABEL, TIME, POINT, IMAGE = "coordinate", "label", "time", "point", "image"
VALUE, LEFT_OUT = "value", "left out"
WORDS: Mapping[str, str] = {
    LABEL: "label labels class classes target targets species category y group cluster diagnosis outcome"
    " variety survived classname",
    POINT: "id ids index idx uid uuid key rowid pointid rowname",
    TIME: "epoch step iteration time t frame date year timestamp tick",
    IMAGE: "image images imagepath imagefile img picture thumbnail sprite",
}  # letters and digits of names, in small
NAMES = {role: frozenset(words.split()) for role, words in WORDS.items()}
FEW = 50  # different values that tell groups apart, where no name says so
MANY = 1000  # likewise where a name does
GAPS = 0.1  # share of missing numbers above which a column is no coordinate
PICTURE = re.compile(r"\.(png|jpe?g|gif|bmp|webp|tiff?)$", re.I)
NOTHING = "none"


@dataclass
class Roles:
    """Who plays which part.

    Attributes:
        of: Role and reason by the name of a field.
        label, time, point, image: The name of the one field that is, or None.
        coordinates: Names of those that are.
    """

    of: dict[str, tuple[str, str]] = field(default_factory=dict)
    label: str | None = None
    time: str | None = None
    point: str | None = None
    image: str | None = None

    @property
    def coordinates(self) -> list[str]:
        """Names of the fields that are, in the order of the file."""
        return [name for name, (role, _) in self.of.items() if role == COORDINATE]

    def give(self, role: str, one: str, why: str) -> None:
        """Let a field be something."""
        self.of[one] = (role, why)
        if role in (LABEL, TIME, POINT, IMAGE):
            setattr(self, role, one)


def decide(
    source: Source,
    *,
    label: str | None = None,
    coords: Sequence[str] | None = None,
    time: str | None = None,
    image: str | None = None,
    point: str | None = None,
) -> Roles:
    """Say what each field of a source is.

    Args:
        source: With fields whose names differ.
        label: Name of the field that is; "none" for no such field; None to decide by looking. So are the others.
        coords: Names, or patterns of names such as ``x*``.
        time: Likewise.
        image: Likewise.
        point: Likewise: which rows at several times are the same point.

    Returns:
        A role and a reason of each field, in their order.

    Raises:
        BringError: If a name that was given is of no field, or none is left for coordinates.
    """
    fields = {one.name: one for one in source.fields}
    given = {LABEL: label, TIME: time, IMAGE: image, POINT: point}
    roles = Roles()
    chosen = _matching(fields, coords, source)
    for role, name in given.items():
        if name is not None and name != NOTHING:
            _check(fields, name, role, source)
            roles.give(role, name, "as was said")
    for name in chosen or ():
        if name in roles.of:
            raise _refused(source, f"“{name}” must be one thing, it was named as two")
        if not fields[name].is_number:
            raise _refused(source, f"“{name}” must be numbers to be a coordinate, it is text")
        roles.give(COORDINATE, name, "as was said")
    free = [one for one in source.fields if one.name not in roles.of]
    for hinted in [one for one in free if one.name in source.hints]:
        role = source.hints[hinted.name]
        if getattr(roles, role, None) is None and given.get(role) != NOTHING:
            roles.give(role, hinted.name, "as its file says")
    for look in (_points, _times, _images, _labels):
        look(source, roles, {role for role, name in given.items() if name == NOTHING})
    block = next((one.name for one in source.fields if one.block and one.name not in roles.of), "")
    for one in source.fields:
        if one.name not in roles.of:
            roles.give(*_rest(one, chosen is None, block))
    roles.of = {one.name: roles.of[one.name] for one in source.fields}
    if not roles.coordinates:
        raise _refused(
            source, "must have a column of numbers that differ, as a coordinate; there is none"
        )
    return roles


def _refused(source: Source, what: str) -> BringError:
    names = ", ".join(one.name for one in source.fields[:12])
    more = f" and {len(source.fields) - 12:,} more" if len(source.fields) > 12 else ""
    return BringError(f"{source.where}: {what}; it has {names}{more}", by=WHERE)


def _check(fields: Mapping[str, Field], name: str, role: str, source: Source) -> None:
    if name not in fields:
        raise _refused(source, f"the {role} must be one of its columns, “{name}” is none")
    if fields[name].values.ndim > 1:
        raise _refused(source, f"the {role} must be one value for each row, “{name}” is a block")


def _matching(
    fields: Mapping[str, Field], coords: Sequence[str] | None, source: Source
) -> list[str] | None:
    """The fields that patterns name, in the order of the file."""
    if coords is None:
        return None
    found: set[str] = set()
    for pattern in [coords] if isinstance(coords, str) else coords:
        hits = [pattern] if pattern in fields else fnmatch.filter(fields, pattern)
        if not hits:
            raise _refused(source, f"coordinates must be among its columns, “{pattern}” is none")
        found |= set(hits)
    return [name for name in fields if name in found]


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _called(source: Source, roles: Roles, role: str) -> list[Field]:
    """Fields without a role that are called as such fields usually are, and hold one value a row."""
    names = NAMES[role]
    if any(_letters(one.name) == "x" and one.values.ndim == 1 for one in source.fields):
        names -= {"y"}  # a place, then, and no label
    return [one for one in _free(source, roles) if _letters(one.name) in names]


def _free(source: Source, roles: Roles) -> list[Field]:
    return [one for one in source.fields if one.name not in roles.of and one.values.ndim == 1]


def different(values: np.ndarray) -> int:
    """How many different values there are, without those that are missing."""
    return len(set(values[~missing(values)].tolist()))


def missing(values: np.ndarray) -> np.ndarray:
    """Which of ``(n,)`` values are, as bool: None, NaN, NaT."""
    if values.dtype.kind == "O":
        return np.array([one is None for one in values.tolist()], bool)
    if values.dtype.kind == "M":
        return np.isnat(values)
    return np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), bool)


def is_whole(one: Field) -> bool:
    """Whether a field is of whole numbers, whatever their type."""
    a = one.values
    if a.dtype.kind in "iu":
        return True
    return bool(
        a.dtype.kind == "f" and not one.wrong and np.isfinite(a).all() and (a == np.floor(a)).all()
    )


def _counts(one: Field) -> bool:
    """Whether it numbers the rows."""
    a = one.values
    return len(a) > 1 and is_whole(one) and a[0] in (0, 1) and bool((np.diff(a) == 1).all())


def _points(source: Source, roles: Roles, without: set[str]) -> None:
    if roles.point or POINT in without:
        return
    for one in _called(source, roles, POINT):
        if is_whole(one) or one.values.dtype.kind == "O":
            return roles.give(POINT, one.name, "called as names of rows are")
    first = source.fields[0]
    unnamed = re.fullmatch(r"column 1|Unnamed: 0", first.name) and source.first
    if (
        unnamed
        and any(first is one for one in _free(source, roles))
        and len(source.fields) > 1
        and _counts(first)
    ):
        roles.give(POINT, first.name, "it numbers the rows")
    return None


def _times(source: Source, roles: Roles, without: set[str]) -> None:
    if roles.time or TIME in without or source.epochs:
        return
    for one in _called(source, roles, TIME):
        moments = as_moments(one)
        if moments is None or np.isnan(moments).any() or len(set(moments.tolist())) < 2:
            continue
        point = _same_at(source, roles, one, moments)
        if point is None:
            continue
        roles.give(TIME, one.name, "called as times are, and points come at several of them")
        if roles.point is None:
            roles.give(POINT, point, "comes once at each time")
        return


def _same_at(source: Source, roles: Roles, time: Field, moments: np.ndarray) -> str | None:
    """The field whose values come at several times, and once at each."""
    own = [one for one in source.fields if one.name == roles.point]
    others = [
        one
        for one in _free(source, roles)
        if one.name != time.name and (one.values.dtype.kind == "O" or is_whole(one))
    ]
    for one in own or others:
        names, times = codes(one.values), codes(moments)
        if names.max() + 1 == len(names) or not names.any():
            continue
        pairs = names.astype(np.int64) * (times.max() + 1) + times
        whole = (names.max() + 1) * (times.max() + 1)
        if len(np.unique(pairs)) == len(pairs) and len(pairs) >= 0.8 * whole:
            return one.name
    return None


def codes(values: np.ndarray) -> np.ndarray:
    """``(n,)`` int64: equal values have equal numbers, 0, 1, … in order of the values."""
    if values.dtype.kind == "O":
        values = np.array(["" if one is None else f"={one}" for one in values.tolist()])
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def as_moments(one: Field) -> np.ndarray | None:
    """Times ``(n,)`` float64 (dates as seconds since 1970); None if it is no field of times."""
    if one.values.ndim != 1 or one.wrong:
        return None
    if one.values.dtype.kind == "M":
        found = one.values.astype("datetime64[us]").astype(np.int64) / 1e6
        return np.where(np.isnat(one.values), np.nan, found)
    if one.is_number:
        return one.values.astype(np.float64)
    if missing(one.values).any():
        return None
    return column_text.as_dates(one.values.astype(str))


def _images(source: Source, roles: Roles, without: set[str]) -> None:
    if roles.image or IMAGE in without or source.images is not None or source.folder is None:
        return
    for one in _free(source, roles):
        if one.values.dtype.kind != "O":
            continue
        there = [text for text in one.values[:200].tolist() if text]
        if there and all(PICTURE.search(text) and "://" not in text for text in there):
            return roles.give(IMAGE, one.name, "its texts end as names of images do")


def _labels(source: Source, roles: Roles, without: set[str]) -> None:
    if roles.label or LABEL in without:
        return
    for one in _called(source, roles, LABEL):
        count = different(one.values)
        if (not one.is_number or is_whole(one) or one.values.dtype.kind == "b") and (
            1 < count <= min(MANY, max(2, source.n // 2))
        ):
            return roles.give(LABEL, one.name, f"called as labels are, {count} different")
    for one in _free(source, roles):
        if one.values.dtype.kind in "Ob":
            count = different(one.values)
            if 1 < count <= min(FEW, max(2, source.n // 2)):
                what = "text" if one.values.dtype.kind == "O" else "true or false"
                return roles.give(
                    LABEL,
                    one.name,
                    f"the first column of {what} with few different values, {count}",
                )
    return None


def _rest(one: Field, looking: bool, block: str) -> tuple[str, str, str]:
    """Role, name and reason of a field that nothing else has been found for."""
    if not one.is_number:
        return VALUE, one.name, "date" if one.values.dtype.kind == "M" else "text"
    if not looking:
        return VALUE, one.name, "a number that was not named as a coordinate"
    if one.values.ndim > 1:
        count = one.values.shape[-1]
        together = f"{count:,} numbers that belong together"
        return COORDINATE, one.name, together if count > 1 else "a number that changes"
    if block:
        return VALUE, one.name, f"a number beside the coordinates of “{block}”"
    gaps = missing(one.values)
    if gaps.mean() > GAPS:
        return VALUE, one.name, f"a number that {gaps.mean():.0%} of rows lack"
    there = one.values[~gaps]
    if len(there) and (there == there[0]).all() and len(one.values) > 1:
        return VALUE, one.name, "a number that is the same in all rows"
    return COORDINATE, one.name, "a number"
