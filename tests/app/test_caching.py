"""What a browser that comes back has to ask for again, and what it then gets."""

from __future__ import annotations

import gc
import html
import re

import pytest

BROWSER = {"Accept-Encoding": "gzip, deflate, br"}
# flask-compress leaves the file it compressed to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.fixture(autouse=True)
def collected():
    yield
    gc.collect()


def test_styles_and_scripts_with_their_age_in_the_address_are_kept_for_good(client):
    page = client.get("/").get_data(as_text=True)
    addresses = re.findall(r'(?:href|src)="(/assets/[^"]+\?m=[^"]+)"', page)
    assert len(addresses) > 3
    for address in map(html.unescape, addresses):
        kept = client.get(address, headers=BROWSER).headers["Cache-Control"]
        assert kept == "public, max-age=31536000, immutable"
        plain = client.get(address.split("?")[0], headers=BROWSER)
        assert plain.headers["Cache-Control"] == "no-cache"


def test_bundles_with_their_version_in_the_name_are_kept_for_good(client):
    page = client.get("/").get_data(as_text=True)
    bundles = re.findall(r'script src="(/_dash-component-suites/[^"]+)"', page)
    assert len(bundles) > 5
    for bundle in bundles:
        answer = client.get(bundle, headers=BROWSER)
        assert answer.headers["Cache-Control"] == "max-age=31536000"
        assert len(answer.data) < 1000 or answer.headers["Content-Encoding"] == "br"


@pytest.mark.parametrize(
    "address",
    [
        "/assets/js/main.mjs",  # too small to be compressed
        "/assets/js/stage/tour_view.mjs",
        "/_dash-component-suites/plotly/package_data/plotly.min.js",
    ],
)
@pytest.mark.parametrize("accepted", ["gzip, deflate, br", "gzip, deflate", "identity"])
def test_what_has_no_version_is_asked_for_again_and_not_sent_again(client, address, accepted):
    headers = {"Accept-Encoding": accepted}
    first = client.get(address, headers=headers)
    again = client.get(address, headers=headers | {"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert not again.data


def test_plotly_is_announced_where_dash_looks_for_it(client):
    page = client.get("/").get_data(as_text=True)
    announced = re.search(r'<script defer fetchpriority="high" src="([^"]+)"', page)
    assert announced and client.get(announced[1]).status_code == 200
    renderer = re.search(r'src="([^"]*dash_renderer[^"]*)"', page)
    assert renderer
    script = client.get(renderer[1]).get_data(as_text=True)
    assert announced[1].lstrip("/") in script  # the renderer puts the app's prefix before it
