"""What the server hands out: tensors by their digest alone, assets, and nothing of another host."""

from __future__ import annotations

import gc
import gzip
import html
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from gt.cache import wire
from gt.serve import announcements, modules

ROOT = Path(__file__).parents[2]


@pytest.fixture
def announced(library):
    return announcements.announce(library, "mnist", "softmax")


def urls(announcement):
    for split in announcement["splits"].values():
        for part in ("ids", "labels", "images"):
            if split[part]:
                yield split[part]["url"]
        for one in split["slices"]:
            yield one["url"]


def test_every_announced_tensor_is_served_gzipped_and_plain(client, announced):
    for url in urls(announced):
        packed = client.get(f"/{url}", headers={"Accept-Encoding": "gzip, br"})
        plain = client.get(f"/{url}", headers={"Accept-Encoding": "identity"})
        assert (packed.status_code, packed.headers.get("Content-Encoding")) == (200, "gzip")
        assert (plain.status_code, plain.headers.get("Content-Encoding")) == (200, None)
        assert gzip.decompress(packed.data) == plain.data
        assert wire.digest(plain.data) == url.split("/")[1]
        for answer in (packed, plain):
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert "Set-Cookie" not in answer.headers


def test_a_slice_is_the_recorded_numbers(client, announced, library):
    run = library.run("mnist")
    for number, split in enumerate(("train", "test")):
        entry = announced["splits"][split]
        for epoch, one in enumerate(entry["slices"]):
            raw = client.get("/" + one["url"], headers={"Accept-Encoding": "identity"}).data
            values = np.frombuffer(raw, "<u2").reshape(entry["n"], announced["p"])
            expected = run.activations("softmax", epoch)[run.splits == number]
            np.testing.assert_allclose(
                values * one["scale"] + one["offset"], expected, atol=0.51 * one["scale"]
            )
        raw = client.get("/" + entry["ids"]["url"], headers={"Accept-Encoding": "identity"}).data
        np.testing.assert_array_equal(np.frombuffer(raw, "<i4"), run.ids[run.splits == number])


@pytest.mark.parametrize(
    "name",
    [
        "0" * 32,
        "f" * 32,
        "x",
        "0" * 31,
        "0" * 33,
        "A" * 32,
        "g" * 32,
        "../app.py",
        "..%2f..%2fapp.py",
        "%2e%2e%2fapp.py",
        "....//....//etc/passwd",
        "/etc/passwd",
        "%00" * 32,
        "source%2f" + "0" * 32,
        "\u0660" * 32,  # digits to str.isdigit, not to us
    ],
)
def test_names_that_were_not_announced_are_not_found(client, announced, name):
    answer = client.get(f"/tensors/{name}", follow_redirects=True)
    # with a slash in it, it is the address of a page, and answered with the app's own
    assert answer.status_code == 404 or b"gt_bridge.js" in answer.data
    assert b"create_app" not in answer.data and b"root:" not in answer.data
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_tensors_cannot_be_written(client, announced):
    url = next(urls(announced))
    for method in (client.post, client.put, client.delete):
        assert method(f"/{url}").status_code == 405


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # flask-compress leaves it open
def test_scripts_and_styles_are_compressed_and_modules_ask_again(client):
    page = client.get("/").get_data(as_text=True)
    css = re.findall(r'href="(/assets/css/[^"]+)"', page)
    assert css
    for accepted in ("gzip, deflate", "gzip, deflate, br"):  # over http, and from this machine
        answer = client.get(html.unescape(css[0]), headers={"Accept-Encoding": accepted})
        assert answer.status_code == 200
        assert answer.headers.get("Content-Encoding") in accepted.split(", ")
    del answer
    gc.collect()
    module = client.get("/assets/js/main.mjs")
    assert module.mimetype == "text/javascript"
    assert module.headers["Cache-Control"] == "no-cache"
    assert module.headers.get("ETag")


def test_all_modules_come_in_one_and_the_page_runs_one_script_of_its_own(client):
    page = client.get("/").get_data(as_text=True)
    whole = modules.seen().whole("/")
    assert re.findall(r'rel="modulepreload" fetchpriority="low" href="([^"]+)"', page) == [whole]
    answer = client.get(whole, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200 and answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "br"
    said = client.get(whole).get_data(as_text=True)
    assert len(answer.data) < len(said) / 3
    main = (ROOT / "assets/js/main.mjs").read_text()
    names = {
        name.strip()
        for group in re.findall(r"export \{([^}]*)\}", main)
        for name in group.split(",")
    }
    last = said.rstrip().splitlines()[-1]
    assert set(re.findall(r"\w+", last[: last.index("}")])) == {"export", "const", *names}
    scripts = re.findall(r'<script[^>]* src="(/assets/[^"]+)"', page)
    assert [s.split("?")[0] for s in scripts] == ["/assets/gt_bridge.js"]


def test_who_works_on_them_has_the_modules_one_by_one(client, dash_app, monkeypatch):
    monkeypatch.setitem(dash_app.server.config, "DEBUG", True)
    page = client.get("/").get_data(as_text=True)
    assert modules.seen().whole("/") not in page
    every = sorted((ROOT / "assets/js").rglob("*.mjs"))
    found = [path for path in every if path.parent.name != "alone"]  # those are for files alone
    assert found
    version = modules.seen().version
    for path in found:
        name = path.relative_to(ROOT / "assets/js").as_posix()
        url = f"/modules/{version}/js/{name}"
        assert f'rel="modulepreload" fetchpriority="low" href="{url}"' in page
        answer = client.get(url)
        assert answer.status_code == 200 and answer.mimetype == "text/javascript"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert client.get(f"/assets/js/{name}").data == answer.data
        answer.close()


def test_modules_of_another_version_are_asked_for_again(client):
    for name in ("js/main.mjs", "all.mjs"):
        answer = client.get(f"/modules/0123456789abcdef/{name}")
        assert answer.headers["Cache-Control"] == "no-cache"
    for none in ("js/none.mjs", "css/20-shell.css", "../app.py", "js/../../app.py"):
        assert client.get(f"/modules/{modules.look().version}/{none}").status_code == 404
    answer.close()


def test_a_changed_module_has_another_address(tmp_path):
    (tmp_path / "js").mkdir()
    file = tmp_path / "js/main.mjs"
    file.write_text("export const a = 1;")
    before = modules.look(tmp_path)
    assert modules.look(tmp_path).version == before.version
    file.write_text("export const a = 10;")
    now = modules.look(tmp_path)
    assert now.version != before.version and modules.seen(tmp_path) == now
    assert now.addresses("/x/", True) == [f"/x/modules/{now.version}/js/main.mjs"]


def test_modules_are_looked_through_with_a_page_and_not_with_each_of_them(client, monkeypatch):
    client.get("/")
    now = modules.seen()
    looked = []
    monkeypatch.setattr(modules, "look", lambda *_: looked.append(1) or now)
    for address in now.addresses("/", True)[:20]:
        client.get(address).close()
    assert not looked
    client.get("/modules/0123456789abcdef/js/main.mjs").close()
    assert looked, "another process may have sent that page"


FETCHED = re.compile(
    r"""url\(\s*["']?(?P<css>[^"')]+)
      | @import\s+["'](?P<import>[^"']+)
      | (?:src|href)\s*=\s*["'](?P<attribute>[^"']+)
      | \b(?:fetch|import|Worker|EventSource|WebSocket|sendBeacon)\(\s*["'`](?P<call>[^"'`]+)
      | \bfrom\s+["'](?P<module>[^"']+)""",
    re.VERBOSE,
)


def elsewhere(text):
    """Addresses that a browser would fetch from another host."""
    found = [next(filter(None, match.groups())) for match in FETCHED.finditer(text)]
    return [url for url in found if re.match(r"(?:[a-z+]+:)?//", url)]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a { background: url(https://x.org/y.png) }", 1),
        ("@import 'https://x.org/y.css';", 1),
        ('<script src="//x.org/y.js">', 1),
        ('import { a } from "https://x.org/a.mjs";', 1),
        ("fetch('http://x.org')", 1),
        ("a { background: url(data:image/svg+xml,%3csvg xmlns='http://www.w3.org/2000/svg') }", 0),
        ('import { a } from "./a.mjs"; fetch("/tensors/a")', 0),
        ('const NAME = "http://www.w3.org/2000/svg";', 0),
    ],
)
def test_the_check_for_other_hosts_sees_them(text, seen):
    assert len(elsewhere(text)) == seen


def test_nothing_is_fetched_from_another_host(client):
    kinds = (".css", ".js", ".mjs", ".html", ".svg")
    files = [p for p in (ROOT / "assets").rglob("*") if p.suffix in kinds]
    # plotly.js has links in it, for maps; what it may fetch is for the policy of the pages to say
    files = [p for p in files if p.parent.name != "vendor"]
    assert len(files) > 20
    assert {p.name: elsewhere(p.read_text()) for p in files if elsewhere(p.read_text())} == {}
    for path in ("/", "/grand-tour"):
        assert elsewhere(client.get(path).get_data(as_text=True)) == []


def test_every_module_does_nothing_when_it_is_imported():
    """In node there is no document and no window: whoever touches one at once throws."""
    node = shutil.which("node")
    if node is None:
        message = "node is not on PATH: install Node.js 20 or newer"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    modules = sorted(str(p) for p in (ROOT / "assets/js").rglob("*.mjs"))
    assert len(modules) > 20
    script = """
      const before = Object.getOwnPropertyNames(globalThis).length;
      const names = ["document", "window", "requestAnimationFrame", "addEventListener"];
      const refuse = (name) => () => {
        throw new Error(`${name} is used while a module is evaluated`);
      };
      for (const name of names) {
        Object.defineProperty(globalThis, name, { configurable: true, get: refuse(name) });
      }
      for (const name of ["setTimeout", "setInterval", "queueMicrotask", "fetch"]) {
        globalThis[name] = refuse(name);
      }
      for (const path of process.argv.slice(1)) await import(path);
      const after = Object.getOwnPropertyNames(globalThis).length;
      if (after !== before + names.length) throw new Error("a module made a global");
    """
    command = [node, "--input-type=module", "-e", script, "--", *modules]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
