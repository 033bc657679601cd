"""Modules of the browser in one text: one request in the place of hundreds, or a file that can ask for nothing.

Modules are put one behind the other, those that are imported first; each is a function of its own that returns what it
exports. That is all: no names are changed, no code is. Comments and indentation are left out, since half of the text is
comments. What modules may say is checked, so that one that would mean something else in this form is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

_IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"([^"]+)";?$', re.M)
_PASSED_ON = re.compile(r'^export\s*\{((?![^}]*\bas\b)[^}]*)\}\s*from\s*"([^"]+)";?$', re.M)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) \w)", re.M)
_NAME = re.compile(r"^export (?:async function|function|class|const) (\w+)", re.M)
_LIST = re.compile(r"\bexport\s*\{([^}]*)\}(?!\s*from\b);?")
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


class Bundle:
    """Modules one behind the other.

    Args:
        base: The folder of our modules; others are taken as they are.
        swapped: What stands in the place of what, by names in that folder.
        later: The address of a module from elsewhere that is asked for when it is used; all are put in where None.
    """

    def __init__(
        self,
        base: Path,
        swapped: Mapping[str, str] | None = None,
        later: Callable[[Path], str] | None = None,
    ) -> None:
        self._base, self._swapped, self._later = base.resolve(), swapped or {}, later
        self._names: dict[Path, str] = {}
        self._exports: dict[str, list[str]] = {}
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        """What was added, those first that others import."""
        return "\n".join(self._pieces)

    def exports(self, name: str) -> list[str]:
        """What a module exports that was added under a name."""
        return self._exports[name]

    def add(self, name: str) -> str:
        """Add a module behind those that it imports.

        Args:
            name: In our folder, such as ``core/dom.mjs``.

        Returns:
            The name, in the text, of what it exports.

        Raises:
            ValueError: If it says what this form has no place for.
        """
        return self._add(self._base / name)

    def _add(self, file: Path) -> str:
        if file in self._names:
            return self._names[file]
        text = file.read_text("utf-8")
        if file.is_relative_to(self._base):
            text = stripped(text)
        else:
            text = re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.M)
        text, exports = self._without_imports(file, text), {}
        for name in _NAME.findall(text):
            exports[name] = name
        for listed in _LIST.findall(text):
            pairs = [one.split(" as ") for one in listed.split(",") if one.strip()]
            exports |= {pair[-1].strip(): pair[0].strip() for pair in pairs}
        text = _LIST.sub("", _EXPORT.sub("", text))
        self._check(file, text)
        name = self._names[file] = f"m{len(self._names)}"
        self._exports[name] = sorted(exports)
        given = ", ".join(
            one if one == inner else f"{one}: {inner}" for one, inner in sorted(exports.items())
        )
        self._pieces.append(
            f"const {name} = (() => {{\n{text.strip()}\nreturn {{ {given} }};\n}})();"
        )
        return name

    def _without_imports(self, file: Path, text: str) -> str:
        """What a module imports stands in the text, and is taken from there."""

        def imported(match: re.Match[str]) -> str:
            wanted = re.sub(r"\bas\b", ":", match[1])
            return f"const {{{wanted}}} = {self._add(self._other(file, match[2]))};"

        def later(match: re.Match[str]) -> str:
            found = self._other(file, match[1])
            if self._later and not found.is_relative_to(self._base):
                return f'import("{self._later(found)}")'
            return f"Promise.resolve({self._add(found)})"

        text = _PASSED_ON.sub(r'import {\1} from "\2";\nexport {\1};', text)
        return _LATER.sub(later, _IMPORT.sub(imported, text))

    def _other(self, file: Path, name: str) -> Path:
        """The module that a file means by a name."""
        found = (file.parent / name).resolve()
        if not found.is_relative_to(self._base):
            return found
        return self._base / self._swapped.get(found.relative_to(self._base).as_posix(), found)

    def _check(self, file: Path, text: str) -> None:
        """Refuse what would mean something else in this form."""
        here = r"|\bimport\.meta\b|\bimport\(" if self._later is None else r"|\bimport\((?!\"\./)"
        if left := re.search(rf"^(?:import|export)\b.*{here}", text, re.M):
            raise ValueError(
                f"{file.name}: in a file modules import {{names}}, and export functions, classes and constants; it"
                f" says “{left[0][:60]}”; say it so, or put another module in its place (SWAPPED)"
            )


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
