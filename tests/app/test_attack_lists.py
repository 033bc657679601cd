"""Pages of trainings list no attacks, and say where an attack that is asked for can be seen."""

from __future__ import annotations

import numpy as np
import pytest

from gt.run import RunError, write_run
from tests.app.conftest import components, text
from tests.attacks import write_attack


@pytest.fixture
def dash_app(nothing_shipped, tmp_path):
    """The app with a training and an attack."""
    import app

    outputs = np.random.default_rng(0).normal(size=(2, 6, 3))
    write_run(tmp_path / "runs" / "taught", outputs, [0, 1, 2] * 2, kind="logits", title="TAUGHT")
    write_attack(tmp_path / "runs" / "turned", title="TURNED")
    return app.create_app([tmp_path / "runs"], tmp_path / "cache" / "tensors")


@pytest.mark.parametrize("path", ["/grand-tour", "/tsne", "/umap", "/compare", "/layers"])
def test_a_page_of_trainings_lists_no_attack_and_says_where_it_is(page, path):
    found = page(path, "?run=turned")
    options = [
        one["value"]
        for component in components(found)
        for one in component["props"].get("options") or []
        if isinstance(one, dict)
    ]
    assert "taught" in options and "turned" not in options
    assert "TURNED is an attack, see the page Adversarial; this is TAUGHT." in text(found)


def test_the_overview_leads_to_the_attacks_where_there_are_any(page, library):
    said = page("/")
    assert "TAUGHT" in text(said) and "TURNED" not in text(said)
    assert "Watch an attack" in text(said)
    library._attacks._first.clear()
    library._attacks.keep_in.clear()
    assert "Watch an attack" not in text(page("/"))


def test_attacks_are_kept_in_the_folder_of_runs_that_the_app_was_given(library, tmp_path):
    place = library.attack_workplace("taught") / "new"
    write_attack(place, title="New")
    assert library.keep("new") == tmp_path / "runs" / "new"
    assert list(library.attack_titles) == ["turned", "new"]


def test_what_ships_is_no_folder_to_keep_attacks_in(nothing_shipped, tmp_path):
    import app
    from gt.serve import context

    outputs = np.random.default_rng(0).normal(size=(1, 6, 3))
    write_run(nothing_shipped / "taught", outputs, [0, 1, 2] * 2, kind="logits")
    made = app.create_app([nothing_shipped], tmp_path / "cache" / "tensors")
    library = made.server.config[context.KEY]
    place = library.attack_workplace("taught") / "new"
    write_attack(place)
    with pytest.raises(RunError, match="there is none"):
        library.keep("new")
