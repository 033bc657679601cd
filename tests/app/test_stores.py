"""What goes through stores is described in `gt.state`: of every store, and every name that is referred to is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gt import ids, state
from gt.jobs.known import jobs
from gt.serve import payloads as described
from gt.serve import stores as announced
from gt.serve.shapes import wrong
from tests.app.conftest import PAGES, components

ROOT = Path(__file__).parents[2]


def payloads() -> dict[str, Any]:
    """The payload of every store that there may be, by its id."""
    of_jobs = {
        ids.job(name, part): one for name in jobs() for part, one in announced.JOB_PAYLOADS.items()
    }
    return {**announced.PAYLOADS, **of_jobs}


def stores(client, page):
    """Every store of the shell and of the pages: its id and what is in it."""
    layouts = [client.get("/_dash-layout").get_json(), *map(page, PAGES)]
    return [
        (one["props"]["id"], one["props"].get("data"))
        for layout in layouts
        for one in components(layout)
        if one["type"] == "Store"
    ]


def test_the_payload_of_every_store_is_described_and_is_what_is_in_it(client, page):
    known, found = payloads(), stores(client, page)
    used = {one for one, _ in found} - {"_pages_store", "_pages_dummy"}
    assert len(used) > 40
    assert used == set(known)
    for one, data in found:
        if one in known and data is not None:
            assert wrong(data, known[one], one) == ""


def test_the_check_of_payloads_sees_what_is_wrong(client, page):
    [data] = [data for one, data in stores(client, page) if one == ids.TOUR_ANNOUNCEMENT_STORE]
    spoilt = {**data, "epochs": ["first"]}
    said = wrong(spoilt, announced.PAYLOADS[ids.TOUR_ANNOUNCEMENT_STORE], "x")
    assert said == "x.epochs[0] must be a whole number"


@pytest.mark.parametrize("name", jobs())
def test_an_order_of_a_job_has_what_all_orders_have(name):
    order = jobs()[name].order
    assert state.JobOrder.__required_keys__ < order.__required_keys__


def test_every_payload_that_is_referred_to_is_there():
    files = [p for room in ("gt", "pages", "tests") for p in (ROOT / room).rglob("*.py")]
    modules = {"state": state, "serve.payloads": described}
    told = {
        (path, *found)
        for path in [*files, ROOT / "app.py"]
        for found in re.findall(r"gt\.(state|serve\.payloads)\.([A-Z]\w*)", path.read_text("utf-8"))
    }
    assert len(told) >= 5
    assert [one for one in told if not hasattr(modules[one[1]], one[2])] == []


def test_a_selection_is_kept_and_given_out_and_what_is_none_is_told(client):
    packed = bytes([1] * 5000)
    kept = client.post("/selections", data=packed)
    assert kept.status_code == 200
    name = kept.get_data(as_text=True).strip()
    found = client.get(f"/selections/{name}")
    assert found.get_data() == packed and "immutable" in found.headers["Cache-Control"]
    assert client.get("/selections/" + "0" * 32).status_code == 404
    refused = client.post("/selections", data=b"\x80")
    assert refused.status_code == 422 and "breaks off" in refused.get_data(as_text=True)
    foreign = client.post("/selections", data=packed, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
