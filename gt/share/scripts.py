"""The browser's modules in one script: a file that is opened by itself can import nothing.

Modules are put one behind the other, those that are imported first; each is a function of its own that returns what it
exports. That is all: no names are changed, no code is. Comments and indentation are left out, since half of the text is
comments. What modules may say is checked, so that one that would mean something else in this form is refused.

Some modules speak with the world around the page: the server, Dash, plotly, the address. In a file others stand in
their places (``SWAPPED``), with the same exports; all other modules are the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from gt.dashboard import ASSETS
from gt.serve import modules

MAIN = "alone/main.mjs"  # which is around the pages
BEGIN = "alone/begin.mjs"  # which unpacks all others
#: what stands in the place of what, in ``assets/js``
SWAPPED: Mapping[str, str] = {
    "core/ask.mjs": "alone/ask.mjs",
    "core/dash.mjs": "alone/dash.mjs",
    "core/go_to.mjs": "alone/go_to.mjs",
    "core/here.mjs": "alone/here.mjs",
    "gl/scene.mjs": "alone/scene.mjs",
    "core/visit.mjs": "alone/visit.mjs",
    "picture/video.mjs": "alone/video.mjs",
}

_IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"([^"]+)";?$', re.M)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const)\b)", re.M)
_NAME = re.compile(r"^export (?:async function|function|class|const) (\w+)", re.M)
_LIST = re.compile(r"\bexport\s*\{([^}]*)\};?")
_LATER = re.compile(r'\bimport\((?:new URL\()?"([^"]+)"(?:, import\.meta\.url\)\.href)?\)')
_PLAIN = re.compile(r"[^/\"'`{}\n]+")
_STRING = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)
_TEXT = re.compile(
    r"(?:\\.|(?!\$\{)[^`\\])*(?:`|\$\{)", re.S
)  # of a template, to its end or a value
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_BEFORE_REGEX = re.compile(
    r"(?:^|[(,=:\[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|throw|else|await))\s*$"
)


def bundle(entries: Mapping[str, str]) -> str:
    """The modules of pages with all that they need, as one script that has the pages opened.

    Args:
        entries: By a page's name its module in ``assets/js``, such as ``alone/tour.mjs``, which exports ``open``.

    Returns:
        The text of a script of type ``module``.

    Raises:
        ValueError: If a module says what this form has no place for.
    """
    return _bundle(MAIN, tuple(entries.items()), modules.look().version)


def first() -> str:
    """What unpacks that script, as a script of type ``module``."""
    return _bundle(BEGIN, (), modules.look().version)


@lru_cache(maxsize=8)
def _bundle(main: str, entries: tuple[tuple[str, str], ...], version: str) -> str:
    """Of the modules as they are now, which their version stands for."""
    names: dict[Path, str] = {}
    pieces: list[str] = []
    base = (ASSETS / "js").resolve()
    for entry in (main, *dict(entries).values()):
        _add(base / entry, base, names, pieces)
    pages = ", ".join(f'"{page}": {names[base / entry]}.open' for page, entry in entries)
    text = "\n".join(pieces) + f"\n{names[base / main]}.start({{ {pages} }});\n"
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _add(file: Path, base: Path, names: dict[Path, str], pieces: list[str]) -> str:
    """Add a module behind those that it imports; returns the name of what it exports."""
    if file in names:
        return names[file]
    text = file.read_text("utf-8")
    ours = file.is_relative_to(base)
    text = stripped(text) if ours else re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.M)

    def other(name: str) -> str:
        found = (file.parent / name).resolve()
        if found.is_relative_to(base):
            found = base / SWAPPED.get(found.relative_to(base).as_posix(), found)
        return _add(found, base, names, pieces)

    def imported(match: re.Match[str]) -> str:
        wanted = re.sub(r"\bas\b", ":", match[1])
        return f"const {{{wanted}}} = {other(match[2])};"

    text = _IMPORT.sub(imported, text)
    text = _LATER.sub(lambda match: f"Promise.resolve({other(match[1])})", text)
    exports = {name: name for name in _NAME.findall(text)}
    for listed in _LIST.findall(text):
        pairs = [one.split(" as ") for one in listed.split(",") if one.strip()]
        exports |= {pair[-1].strip(): pair[0].strip() for pair in pairs}
    text = _LIST.sub("", _EXPORT.sub("", text))
    if left := re.search(r"^(?:import|export)\b.*|\bimport\.meta\b|\bimport\(", text, re.M):
        raise ValueError(
            f"{file.name}: in a file modules import {{names}}, and export functions, classes and constants; it says "
            f"“{left[0][:60]}”; say it so, or put another module in its place (SWAPPED)"
        )
    name = names[file] = f"m{len(names)}"
    given = ", ".join(
        one if one == inner else f"{one}: {inner}" for one, inner in sorted(exports.items())
    )
    pieces.append(f"const {name} = (() => {{\n{text.strip()}\nreturn {{ {given} }};\n}})();")
    return name


def stripped(source: str) -> str:
    """A module without comments, empty lines and indentation; texts and patterns in it are as they were."""
    out: list[str] = []
    depths: list[int] = []  # of braces, in each value of a template that is open
    at = 0

    def text_from(start: int) -> int:
        """The rest of a template's text, up to its end or to a value in it."""
        found = _TEXT.match(source, start)
        if found is None:
            raise ValueError(f"a template has no end: {source[start : start + 40]}")
        out.append(found[0])
        if found[0].endswith("${"):
            depths.append(0)
        return found.end()

    while at < len(source):
        letter, two = source[at], source[at : at + 2]
        if two == "//":
            at = _or_end(source.find("\n", at), source)
        elif two == "/*":
            at = source.index("*/", at) + 2
        elif found := _STRING.match(source, at):
            out.append(found[0])
            at = found.end()
        elif letter == "`" or (letter == "}" and depths and depths[-1] == 0):
            if letter == "}":
                depths.pop()
            out.append(letter)
            at = text_from(at + 1)
        elif letter == "\n":
            at = _line(source, at, out)
        elif letter == "/" and _BEFORE_REGEX.search("".join(out[-3:])):
            found = _REGEX.match(source, at)
            if found is None:
                raise ValueError(f"a pattern has no end: {source[at : at + 40]}")
            out.append(found[0])
            at = found.end()
        else:
            if depths and letter in "{}":
                depths[-1] += 1 if letter == "{" else -1
            found = _PLAIN.match(source, at)
            out.append(found[0] if found else letter)
            at = found.end() if found else at + 1
    return "".join(out)


def _or_end(at: int, source: str) -> int:
    return len(source) if at < 0 else at


def _line(source: str, at: int, out: list[str]) -> int:
    """End a line, unless it is empty; returns where the next one begins."""
    while out and out[-1].endswith((" ", "\n")):
        last = out.pop().rstrip(" \n")
        if last:
            out.append(last)
    if out:
        out.append("\n")
    while at < len(source) and source[at] in " \n":
        at += 1
    return at
