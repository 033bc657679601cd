"""The page around the app: theme before the first paint, modules on their way before they are needed."""

from __future__ import annotations

from pathlib import Path

# In a classic inline script, so that a dark page is never white first. "auto" follows the system.
_THEME = """(function () {
  var dark = matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var asked = null;
    try { asked = localStorage.getItem("gt-theme"); } catch (blocked) { asked = null; }
    var theme = asked === "light" || asked === "dark" ? asked : dark.matches ? "dark" : "light";
    document.documentElement.setAttribute("data-bs-theme", theme);
  }
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
{{%favicon%}}
{{%css%}}
{preloads}
<script>{theme}</script>
</head>
<body>
{{%app_entry%}}
<footer>{{%config%}}{{%scripts%}}{{%renderer%}}</footer>
</body>
</html>
"""


def index_string(assets: Path, prefix: str) -> str:
    """The HTML that everything is mounted in.

    Args:
        assets: The folder of served files; its modules are announced to the browser at once, so that
            they arrive while plotly does, and not one import after the other.
        prefix: Under which the app is served, ending in a slash.
    """
    modules = sorted((assets / "js").rglob("*.mjs"))
    preloads = "\n".join(
        f'<link rel="modulepreload" href="{prefix}assets/{path.relative_to(assets).as_posix()}">'
        for path in modules
    )
    return _INDEX.format(preloads=preloads, theme=_THEME)
