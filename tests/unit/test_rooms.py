"""Who may import whom, in Python and in JavaScript: arrows go one way, and no module needs itself.

A room is a package, or a module that stands apart from the rest of its package. Rooms are listed from the ground up;
a module may import from its own room and from those above it in the list. What is in each: `gt/docs/contributing.md`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = (
    ("gt.ids", "gt.words", "gt.views.kinds", "gt.errors", "gt.discover", "gt.dashboard"),  # words
    ("gt.state",),
    ("gt.tour", "gt.files"),
    ("gt.cache",),
    ("gt.run",),
    ("gt.bring", "gt.layers"),
    ("gt.align",),  # mathematics
    ("gt.embed.method", "gt.attack.method"),  # tables
    ("gt.kept",),
    ("gt.align.align_run", "gt.measure"),
    ("gt.embed", "gt.record"),
    ("gt.attack", "gt.lightning", "gt.hf"),  # record for others
    ("gt.figures", "gt.docs"),
    ("gt.serve",),
    ("gt.views",),
    ("gt.ui.components",),
    ("gt.jobs",),
    ("gt.ui",),
    ("gt.share",),
    ("pages",),
    ("gt.cli", "gt.examples"),
    ("app",),
)
JAVASCRIPT = (
    ("core", "tour"),
    ("data", "state", "gl"),
    ("points",),
    ("network",),
    ("charts", "method", "docs", "filter"),
    ("stage",),
    ("meter", "picture"),
    ("story",),
    ("pages",),
    ("main", "alone"),
)
ANYONE = ("gt",)  # the package itself, whose names are looked up when they are used
Graph = Mapping[str, set[str]]


def python_modules() -> dict[str, Path]:
    files = [*(ROOT / "gt").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return {name.removesuffix(".__init__"): file for name, file in zip(names, files, strict=True)}


@cache
def python_graph() -> dict[str, set[str]]:
    """What each module imports of ours, wherever in the file it does; what is for types alone is left out."""
    modules = python_modules()
    return {
        name: imports(file.read_text("utf-8"), modules) - {name} for name, file in modules.items()
    }


def imports(source: str, modules: Iterable[str]) -> set[str]:
    """The modules among ``modules`` that a source imports."""
    known, found, todo = set(modules), set(), [*ast.parse(source).body]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            todo += node.orelse
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{one.name}" for one in node.names} & known or {
                str(node.module)
            } & known
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names} & known
        else:
            todo += list(ast.iter_child_nodes(node))
    return found


@cache
def javascript_graph() -> dict[str, set[str]]:
    """What each module imports when it is loaded; types alone do not count."""
    base = ROOT / "assets" / "js"
    found = {}
    for file in base.rglob("*.mjs"):
        said = re.findall(
            r'^(?:import|export|\} from)\b[^;]*?from "(\.[^"]+)"', file.read_text("utf-8"), re.M
        )
        found[name_of(file, base)] = {name_of((file.parent / one).resolve(), base) for one in said}
    return found


def name_of(file: Path, base: Path) -> str:
    return ".".join(file.relative_to(base).with_suffix("").parts)


def room_of(module: str, rooms: Iterable[tuple[str, ...]]) -> tuple[int, str]:
    """The place of a module's room in the list, and its name: the longest that begins the module's.

    Raises:
        KeyError: If it is in none.
    """
    fit = [
        (len(room), place, room)
        for place, row in enumerate(rooms)
        for room in row
        if module == room or module.startswith(f"{room}.")
    ]
    if not fit:
        raise KeyError(f"{module} is in no room; list it in {Path(__file__).name}")
    return max(fit)[1:]


def wrong_ways(graph: Graph, rooms: tuple[tuple[str, ...], ...]) -> list[str]:
    """Imports that go up, or across to another room of the same row."""
    found = []
    for module, used in graph.items():
        if module in ANYONE:
            continue
        place, room = room_of(module, rooms)
        for other in used - set(ANYONE):
            there, of = room_of(other, rooms)
            if there > place or (there == place and of != room):
                found.append(f"{module} imports {other}")
    return sorted(found)


def cycle(graph: Graph) -> list[str]:
    """Modules that import each other in a ring; none if there is no ring."""
    done: set[str] = set()

    def walk(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        for other in sorted(graph.get(module, ())):
            if ring := walk(other, [*path, module]):
                return ring
        done.add(module)
        return []

    return next(filter(None, (walk(module, []) for module in sorted(graph))), [])


@pytest.mark.parametrize(
    ("read", "rooms"),
    [(python_graph, PYTHON), (javascript_graph, JAVASCRIPT)],
    ids=["Python", "JavaScript"],
)
def test_arrows_go_one_way(read: Callable[[], Graph], rooms: tuple[tuple[str, ...], ...]) -> None:
    graph = read()
    assert len(graph) > 90 and sum(map(len, graph.values())) > 150
    assert wrong_ways(graph, rooms) == []


@pytest.mark.parametrize("read", [python_graph, javascript_graph], ids=["Python", "JavaScript"])
def test_no_module_needs_itself(read: Callable[[], Graph]) -> None:
    assert cycle({module: used for module, used in read().items() if module not in ANYONE}) == []


def test_pages_do_not_import_pages() -> None:
    graph = python_graph()
    assert [
        (a, b) for a in graph for b in graph[a] if a.startswith("pages.") and b.startswith("pages.")
    ] == []


def test_these_tests_can_fail() -> None:
    rooms = (("a",), ("b", "c"), ("b.high",))
    assert wrong_ways({"a.x": {"b"}, "b.y": {"c.z", "a"}, "b": {"b.high"}}, rooms) == [
        "a.x imports b",
        "b imports b.high",
        "b.y imports c.z",
    ]
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c", "b"]
    source = "if TYPE_CHECKING:\n    import m\ndef f():\n    from p import q\nfrom p.q import name"
    assert imports(source, ["m", "p", "p.q"]) == {"p.q"}
    with pytest.raises(KeyError, match="in no room"):
        room_of("elsewhere.x", rooms)
