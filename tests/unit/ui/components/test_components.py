"""Markup that the browser's modules rely on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from plotly.utils import PlotlyJSONEncoder

from gt.serve import modules, tasks
from gt.ui import theme
from gt.ui.components import controls
from gt.ui.components.stage import stage
from gt.ui.tour import page as tour_page
from gt.ui.tour.tools import tools

ROOT = Path(__file__).parents[4]


def markup(component):
    return json.loads(json.dumps(component, cls=PlotlyJSONEncoder))


def attributes(component, name):
    """Every value of an attribute in a component and what it holds."""
    if isinstance(component, list):
        return [value for one in component for value in attributes(one, name)]
    if not isinstance(component, dict) or "props" not in component:
        return []
    props = component["props"]
    own = [props[name]] if name in props else []
    return own + attributes(props.get("children"), name)


def test_a_stage_has_every_part_that_the_modules_look_for():
    made = markup(stage("some-stage", "some-graph", "test", "Test points"))
    source = (ROOT / "assets/js/stage/stage.mjs").read_text()
    wanted = set(re.findall(r'part\(this\.root, "([a-z-]+)"\)', source))
    assert wanted and wanted <= set(attributes(made, "data-gt-part"))
    assert attributes(made, "data-gt-stage") == ["some-stage"]
    assert attributes(made, "data-gt-split") == ["test"]
    assert "some-graph" in attributes(made, "id")


def test_every_action_of_the_tour_page_is_known_to_its_module():
    parts = [tools(), tour_page.transport(), tour_page.side()]
    actions = set(attributes(markup([markup(part) for part in parts]), "data-gt-action"))
    shared = (ROOT / "assets/js/pages/points_page.mjs").read_text()
    source = (ROOT / "assets/js/pages/tour_actions.mjs").read_text()
    table = source[source.index("\n  return {") :]
    table = table[: table.index("\n  };")]
    known = {
        a or b for a, b in re.findall(r'^    (?:async )?(?:"([a-z-]+)"|(\w+))\s*[:(]', table, re.M)
    }
    known |= set(re.findall(r"this\.actions\.(\w+) = ", shared))
    everywhere = (ROOT / "assets/js/pages/room.mjs").read_text()
    everywhere = everywhere[everywhere.index("const acts = {") :]
    known |= set(
        re.findall(r'^    "?([a-z-]+)"?: ', everywhere[: everywhere.index("\n  };")], re.M)
    )
    stories = (ROOT / "assets/js/story/start.mjs").read_text()
    known |= set(re.findall(r'data-gt-action="([a-z-]+)"', stories))
    assert len(actions) > 10
    assert actions - known == set()


def test_every_colour_and_pace_that_can_be_chosen_is_known_to_the_modules():
    module = (ROOT / "assets/js/points/colorings.mjs").read_text()
    table = module[module.index("export const COLORINGS = {") :]
    known = re.findall(r"^  (\w+): \{$", table[: table.index("\n};")], re.M)
    assert known == list(tasks.CLASSES)
    assert all(float(rate) > 0 for rate in tour_page.EPOCH_RATES)


def test_every_icon_has_a_style():
    css = (ROOT / "assets/css/02-icons.css").read_text()
    sources = [*(ROOT / "gt/ui").glob("*.py"), *(ROOT / "pages").glob("*.py")]
    names = set()
    for file in sources:
        names |= set(re.findall(r'\bicon\("([a-z0-9-]+)"\)', file.read_text()))
    parts = [tools(), tour_page.transport(), tour_page.side()]
    for kind in attributes([markup(part) for part in parts], "className"):
        names |= set(re.findall(r"gt-icon-([a-z0-9-]+)", kind))
    for file in (ROOT / "assets/js").rglob("*.mjs"):
        names |= set(re.findall(r'\bicon\("([a-z0-9-]+)"\)', file.read_text()))
        names |= set(re.findall(r'"((?:play|pause)-fill)"', file.read_text()))
    assert len(names) > 10
    assert [name for name in sorted(names) if not re.search(rf"\.gt-icon-{name}\b", css)] == []


def test_a_button_is_named_and_says_its_key():
    made = markup(controls.button("play", "play-fill", "Play the epochs", key="Space", value="on"))
    props = made["props"]
    assert props["aria-label"] == "Play the epochs"
    assert props["title"] == "Play the epochs (Space)"
    assert (props["data-gt-action"], props["data-gt-value"]) == ("play", "on")
    assert (props["type"], props["aria-pressed"]) == ("button", "false")


@pytest.mark.parametrize(("prefix", "one_by_one"), [("/", True), ("/behind/a/proxy/", False)])
def test_the_page_announces_modules_under_its_prefix(tmp_path, prefix, one_by_one):
    (tmp_path / "js/view").mkdir(parents=True)
    (tmp_path / "js/main.mjs").touch()
    (tmp_path / "js/view/a.mjs").touch()
    (tmp_path / "js/other.txt").touch()
    page = theme.index_string(prefix, tmp_path, one_by_one)
    found = re.findall(r'rel="modulepreload" fetchpriority="low" href="([^"]+)"', page)
    at = f"{prefix}modules/{modules.look(tmp_path).version}/"
    imports = {f"{prefix}assets/js/": f"{at}js/"}
    if one_by_one:
        assert found == [f"{at}js/main.mjs", f"{at}js/view/a.mjs"]
    else:
        assert found == [f"{at}all.mjs"]
        imports[f"{prefix}assets/js/main.mjs"] = f"{at}all.mjs"
    mapped = re.search(r'<script type="importmap">([^<]+)</script>', page)
    assert mapped and json.loads(mapped[1]) == {"imports": imports}
    assert mapped.start() < page.index("modulepreload"), "a map that comes later is not heeded"
    for part in ("metas", "title", "favicon", "css", "app_entry", "config", "scripts", "renderer"):
        assert f"{{%{part}%}}" in page
