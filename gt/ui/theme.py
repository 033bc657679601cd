"""The page around the app: the theme before the first paint, scripts before they are asked for.

Order matters, since a browser fetches six files at a time: first what draws the page, then plotly.js, then the modules,
which are needed last. plotly.js runs as soon as it is there, while the
browser waits for the server; Dash would ask for it when a graph is mounted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dash import Dash

from gt.dashboard import ASSETS
from gt.serve import modules, plotly

# In a classic inline script, so that a dark page is never white first. "auto" follows the system.
THEME = """(function () {
  var dark = matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var asked = null;
    try { asked = localStorage.getItem("gt-theme"); } catch (blocked) { asked = null; }
    var around = document.documentElement.getAttribute("data-gt-around"); // of the page around this one, if it says
    var theme = asked === "light" || asked === "dark" ? asked : around || (dark.matches ? "dark" : "light");
    document.documentElement.setAttribute("data-bs-theme", theme);
  }
  // what the reader has put away, before it would be seen
  ["side", "look"].forEach(function (what) {
    try {
      if (localStorage.getItem("gt-" + what) !== "closed") return;
      document.documentElement.setAttribute("data-gt-" + what, "closed");
    } catch (blocked) { return; }
  });
  apply();
  dark.addEventListener("change", apply);
  window.addEventListener("gt-theme", apply);
})();"""

_INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
{{%metas%}}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{%title%}}</title>
<script>{theme}</script>
<script type="importmap">{modules}</script>
{{%favicon%}}
{{%css%}}
</head>
<body>
{{%app_entry%}}
<footer>{{%config%}}{{%scripts%}}{{%renderer%}}
{preloads}
</footer>
</body>
</html>
"""


class Dashboard(Dash):
    """An app whose pages name the modules as they are now, also when one was changed since it was started."""

    def interpolate_index(self, *parts: Any, **named: Any) -> str:
        """The HTML of a page."""
        one_by_one = self.server.debug
        self.index_string = index_string(self.config.requests_pathname_prefix, ASSETS, one_by_one)
        return super().interpolate_index(*parts, **named)


def index_string(prefix: str, assets: Path = ASSETS, one_by_one: bool = False) -> str:
    """The HTML that everything is mounted in.

    Args:
        prefix: Under which the app is served, ending in a slash.
        assets: The folder of served files; what of its modules is needed is announced to the browser, so that
            it does not wait for who imports it.
        one_by_one: Whether modules come as they were written, each by itself.
    """
    found = modules.look(assets)
    preloads = [f'<script defer fetchpriority="high" src="{prefix}{plotly.ADDRESS}"></script>']
    preloads += [
        f'<link rel="modulepreload" fetchpriority="low" href="{one}">'
        for one in found.addresses(prefix, one_by_one)
    ]
    mapped = found.import_map(prefix, one_by_one)
    return _INDEX.format(preloads="\n".join(preloads), theme=THEME, modules=mapped)


def inline_scripts(prefix: str, one_by_one: bool) -> list[str]:
    """The scripts inside the HTML besides those of Dash, which a policy has to allow by their digests."""
    return [THEME, modules.seen().import_map(prefix, one_by_one)]
