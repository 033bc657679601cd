"""The page Method without a browser: what it says, what it hands to its figures."""

from __future__ import annotations

import re

import numpy as np
import pytest

from gt import ids
from gt.embed import moved_point
from gt.ui.method.page import REFERENCES
from tests.app.conftest import ask, components, text


def by_id(layout):
    return {c["props"]["id"]: c["props"] for c in components(layout) if "id" in c["props"]}


def test_it_has_the_stages_of_the_design_and_is_read_in_ten_minutes(page):
    layout = page("/method")
    stages = {c["props"].get("data-gt-stage") for c in components(layout)}
    assert {"method-square", "method-cube", "method-tesseract"} <= stages
    [details] = [c for c in components(layout) if c["props"].get("data-gt-part") == "technical"]
    [contents] = [c for c in components(layout) if c["type"] == "Nav"]
    rest = [len(text(one).split()) for one in (details, contents)]
    assert len(text(layout).split()) - sum(rest) < 1500  # at 150 words a minute
    assert 500 < rest[0] < 1000  # what is in detail is no second page
    kinds = [c["type"] for c in components(layout)]
    assert kinds.count("H1") == 1
    formulas = [
        c["props"]["data-gt-math"] for c in components(layout) if "data-gt-math" in c["props"]
    ]
    assert len(formulas) >= 6 and all(formulas)


def test_contents_lead_to_every_section_and_every_figure_of_the_technical_part_has_its_place(page):
    layout = page("/method")
    steps = {
        f"#{c['props']['data-gt-anchor']}": c["props"]["aria-label"]
        for c in components(layout)
        if c["props"].get("className") == "gt-step"
    }
    [contents] = [c for c in components(layout) if c["type"] == "Nav"]
    links = {c["props"]["href"]: text(c) for c in components(contents) if c["type"] == "A"}
    assert list(links.items()) == [one for one in steps.items() if one[1] != "References"]
    assert len(links) == 14 and all(re.fullmatch(r"#[a-z]+(-[a-z]+)+", one) for one in links)
    kinds = [c["props"].get("className", "") for c in components(layout)]
    assert sum("gt-detail" in kind.split() for kind in kinds) == 7
    assert kinds.count("gt-entry") == 6


def test_references_have_addresses_and_those_with_a_doi_give_it():
    addresses = [address for _, address in REFERENCES]
    assert len(set(addresses)) == len(addresses)
    dois = [a for a in addresses if re.fullmatch(r"https://doi\.org/10\.\d{4,5}/[\w.()/-]+", a)]
    assert len(dois) == len(addresses) - 1  # the JMLR gives none
    for wanted in ("10.1137/0906011", "10.23915/distill.00025", "10.1080/10618600.1997.10474754"):
        assert f"https://doi.org/{wanted}" in dois


def test_the_moved_point_is_announced_with_arrays_that_can_be_fetched(page, client):
    mount = by_id(page("/method"))[ids.METHOD_STORE]["data"]
    note = mount["moved"]
    shipped = moved_point.read(moved_point_folder())
    for picture in note["pictures"]:
        raw = client.get(mount["base"] + picture["tensor"]["url"]).get_data()
        values = np.frombuffer(raw, "<u2").reshape(picture["tensor"]["shape"])
        np.testing.assert_allclose(
            values * picture["scale"] + picture["offset"],
            shipped.pictures[picture["name"]],
            atol=picture["scale"],
        )
    points = np.frombuffer(client.get(mount["base"] + note["points"]["url"]).get_data(), "<f4")
    wanted = shipped.points - shipped.middle
    np.testing.assert_allclose(points.reshape(note["n"], note["p"]), wanted, atol=1e-6)
    assert [one["name"] for one in note["pictures"]] == ["tsne", "umap"]


def moved_point_folder():
    from gt.dashboard import METHOD

    return METHOD


def test_without_the_computed_pictures_the_rest_of_the_page_is_there(page, monkeypatch, tmp_path):
    from gt.ui.method import moved_point as shown

    monkeypatch.setattr(shown.announce, "__defaults__", (tmp_path,))
    layout = page("/method")
    assert "no moved-point.npz" in text(layout) and "gt method makes it" in text(layout)
    assert by_id(layout)[ids.METHOD_STORE]["data"]["moved"] is None
    assert "two components hold" in text(layout)


@pytest.mark.parametrize(("run", "k"), [("shapes", 3), ("mnist", 10), ("wide", None)])
def test_the_spectrum_is_of_the_run_that_is_asked_for(page, library, run, k):
    parts = by_id(page("/method", f"?run={run}"))
    assert parts[ids.METHOD_RUN]["value"] == run
    said = parts[ids.METHOD_SAID]["children"]
    assert said.startswith(library.run(run).title)
    shares = np.array(parts[ids.METHOD_SPECTRUM]["figure"]["data"][0]["y"])
    assert k is None or len(shares) == k
    assert abs(shares.sum() - 100) < 0.1
    assert f"two components hold {shares[:2].sum():.0f}\u00a0%" in said


def test_choosing_another_run_changes_figure_and_sentence(client):
    client.get("/")
    [show] = [
        c
        for c in client.get("/_dash-dependencies").get_json()
        if any(i["id"] == ids.METHOD_RUN for i in c["inputs"])
    ]
    answer = ask(client, show, ["shapes"])["response"]
    assert len(answer[ids.METHOD_SPECTRUM]["figure"]["data"][0]["y"]) == 3
    assert answer[ids.METHOD_SAID]["children"].startswith("Shapes")
    gone = ask(client, show, ["gone"])["response"]
    assert 'no run "gone"' in gone[ids.METHOD_SAID]["children"]


def test_how_the_pictures_were_made_is_read_from_them(tmp_path):
    import json
    import shutil

    from gt.ui.method.moved_point import how_made

    folder = tmp_path / "method"
    shutil.copytree(moved_point_folder(), folder)
    [file] = folder.glob("*.json")
    made = json.loads(file.read_text())
    assert how_made(folder).startswith("t-SNE (perplexity 15) and UMAP (neighbours: 15)")
    for stored, said in (
        ({**made, "tsne": {"perplexity": 7.5}}, "perplexity 7.5"),
        ({"seed": 4}, "perplexity unknown) and UMAP (neighbours: unknown)"),
    ):
        other = tmp_path / said[-9:-1].replace(" ", "")
        shutil.copytree(folder, other)
        (other / file.name).write_text(json.dumps(stored))
        assert said in how_made(other) and "25 × 25 places" in how_made(other)
    assert how_made(tmp_path / "nothing") == ""
