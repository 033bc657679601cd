"""The browser's modules in one script: nothing is lost, nothing else is said, what cannot be is refused."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from gt.dashboard import ASSETS
from gt.share import scripts
from gt.share.pages import PAGES
from tests.unit.test_node import find_tool

#: pages of one module
TOURS = {"grand-tour", "tsne", "umap", "embedding"}


def exports(text: str) -> set[str]:
    return set(re.findall(r"^export (?:async function|function|class|const) (\w+)", text, re.M))


#: the module of each page, as `gt/share/kinds/` names them
ENTRIES = {
    page: f"alone/{'tour' if page in TOURS else page.replace('-', '_')}.mjs" for page in PAGES
}


def test_a_script_of_all_pages_is_whole(tmp_path: Path) -> None:
    text = scripts.bundle(ENTRIES)
    assert not re.search(r"^(import|export)\b|import\.meta|\bimport\(", text, re.M)
    assert "</script" not in text and "<!--" not in text
    (tmp_path / "page.mjs").write_text(text, "utf-8")
    subprocess.run([find_tool("node"), "--check", tmp_path / "page.mjs"], check=True)
    called = text[text.rindex(".start({") :]
    assert all(f'"{page}": ' in called for page in PAGES)


@pytest.mark.parametrize(("of", "by"), scripts.SWAPPED.items())
def test_what_stands_in_the_place_of_a_module_exports_what_it_does(of: str, by: str) -> None:
    before, after = ((ASSETS / "js" / name).read_text("utf-8") for name in (of, by))
    assert exports(before) and exports(before) <= exports(after)


@pytest.mark.parametrize(
    "said",
    [
        "export let a = 1;",
        'import b from "./other.mjs";',
        'import "./other.mjs";',
        "const c = import.meta.url;",
        "const d = await import(name);",
        'export * from "./other.mjs";',
    ],
)
def test_what_would_mean_something_else_is_refused(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "js" / "alone").mkdir(parents=True)
    (tmp_path / "js" / scripts.MAIN).write_text("export const start = () => {};\n", "utf-8")
    (tmp_path / "js" / "other.mjs").write_text("export const start = 1;\n", "utf-8")
    (tmp_path / "js" / "page.mjs").write_text(f"{said}\nexport function open() {{}}\n", "utf-8")
    monkeypatch.setattr(scripts, "ASSETS", tmp_path)
    with pytest.raises(ValueError, match=r"page.mjs: in a file modules import"):
        scripts.bundle({"page": "page.mjs"})


def test_names_that_are_changed_on_the_way_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "js" / "alone").mkdir(parents=True)
    main = "export const start = ({ page }) => page();\n"
    (tmp_path / "js" / scripts.MAIN).write_text(main, "utf-8")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "lib.mjs").write_text("var x=7;export{x as seven};", "utf-8")
    (tmp_path / "js" / "one.mjs").write_text(
        "const two = 2;\nexport { two as zwei };\nexport const three = 3;\n", "utf-8"
    )
    (tmp_path / "js" / "page.mjs").write_text(
        'import { zwei as due,\n  three } from "./one.mjs";\n'
        'const later = () => import(new URL("../vendor/lib.mjs", import.meta.url).href);\n'
        "export const open = async () => console.log(due + three + (await later()).seven);\n",
        "utf-8",
    )
    monkeypatch.setattr(scripts, "ASSETS", tmp_path)
    (tmp_path / "made.mjs").write_text(scripts.bundle({"page": "page.mjs"}), "utf-8")
    told = subprocess.run(
        [find_tool("node"), tmp_path / "made.mjs"], capture_output=True, text=True, check=True
    )
    assert told.stdout == "12\n"
