"""The browser's modules in one text: without comments they say the same, and what they export is there."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from gt.dashboard import ASSETS
from gt.serve import bundle
from tests.unit.test_node import ROOT, find_tool

MODULES = sorted((ASSETS / "js").rglob("*.mjs"))
TYPESCRIPT = ROOT / "tests" / "js" / "node_modules" / "typescript" / "lib" / "typescript.js"
#: the tokens of each text, as TypeScript has them: comments and spaces are none
TOKENS = """
const ts = require(process.argv[1]);
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
function tokens(text) {
  const found = [];
  const file = ts.createSourceFile("a.mjs", text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.JS);
  (function walk(node) {
    const { FirstJSDocNode, LastJSDocNode } = ts.SyntaxKind;
    const children = node.getChildren(file).filter(({ kind }) => kind < FirstJSDocNode || kind > LastJSDocNode);
    if (!children.length && node.getText(file)) found.push(node.getText(file));
    children.forEach(walk);
  })(file);
  return found;
}
console.log(JSON.stringify(texts.map(tokens)));
"""


def test_without_comments_a_module_says_the_same():
    node = find_tool("node")
    if not TYPESCRIPT.exists():
        find_tool("tsc")
    texts = [file.read_text("utf-8") for file in MODULES]
    bare = [bundle.stripped(text) for text in texts]
    told = subprocess.run(
        [node, "-e", TOKENS, str(TYPESCRIPT)],
        input=json.dumps(texts + bare),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(told.stdout)
    for file, before, after in zip(MODULES, found, found[len(texts) :], strict=False):
        assert before == after, file.name
    assert sum(map(len, bare)) < 0.7 * sum(map(len, texts))


def test_what_is_no_comment_stays():
    source = "const a = `// ${b /* c */ + `}`} /* d */`; // e\n\n  const f = /[/*]\\/\\//.test(g) / h / i;\n"
    assert (
        bundle.stripped(source)
        == "const a = `// ${b  + `}`} /* d */`;\nconst f = /[/*]\\/\\//.test(g) / h / i;\n"
    )
    with pytest.raises(ValueError, match="has no end"):
        bundle.stripped("const a = `b")


def test_what_is_passed_on_and_what_comes_later(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "lib.mjs").write_text("export const seven = 7;\n", "utf-8")
    (tmp_path / "js" / "one.mjs").write_text(
        "export const two = 2;\n"
        'const later = () => import(new URL("../vendor/lib.mjs", import.meta.url).href);\n'
        "export const sum = async () => two + (await later()).seven;\n",
        "utf-8",
    )
    (tmp_path / "js" / "main.mjs").write_text('export { two, sum } from "./one.mjs";\n', "utf-8")
    made = bundle.Bundle(tmp_path / "js", later=lambda file: f"./vendor/{file.name}")
    name = made.add("main.mjs")
    assert made.exports(name) == ["sum", "two"]
    (tmp_path / "all.mjs").write_text(
        f"{made.text}\nconsole.log({name}.two, await {name}.sum());\n", "utf-8"
    )
    told = subprocess.run(
        [find_tool("node"), tmp_path / "all.mjs"], capture_output=True, text=True, check=True
    )
    assert told.stdout == "2 9\n"
    (tmp_path / "js" / "main.mjs").write_text('export { two as zwei } from "./one.mjs";\n', "utf-8")
    with pytest.raises(ValueError, match="it says “export"):
        bundle.Bundle(tmp_path / "js").add("main.mjs")


#: what each module exports, by its name in the folder
EXPORTED = """
const { pathToFileURL } = require("url");
(async () => {
  const found = {};
  for (const [name, file] of Object.entries(JSON.parse(require("fs").readFileSync(0, "utf8"))))
    found[name] = Object.keys(await import(pathToFileURL(file))).sort();
  console.log(JSON.stringify(found));
})();
"""


def test_all_that_modules_export_is_exported() -> None:
    base = ASSETS / "js"
    files = {file.relative_to(base).as_posix(): str(file) for file in MODULES}
    told = subprocess.run(
        [find_tool("node"), "-e", EXPORTED],
        input=json.dumps(files),
        capture_output=True,
        text=True,
        check=True,
    )
    made = bundle.Bundle(base, later=lambda file: f"./{file.name}")
    exported = {name: one for name, one in json.loads(told.stdout).items() if "default" not in one}
    assert len(exported) > 300
    assert {name: made.exports(made.add(name)) for name in exported} == exported


@pytest.mark.parametrize("said", ["export const [a, b] = [1, 2];", "export const { a } = c;"])
def test_names_that_are_not_found_are_refused(said: str, tmp_path: Path) -> None:
    (tmp_path / "main.mjs").write_text(f"const c = {{ a: 1 }};\n{said}\n", "utf-8")
    with pytest.raises(ValueError, match="it says “export const"):
        bundle.Bundle(tmp_path).add("main.mjs")
