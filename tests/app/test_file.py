"""``/file/<page>``: the page as a file, and what is said where there is none."""

from __future__ import annotations

from tests.in_file import blocks_in, layouts_in, said_in


def test_a_page_is_a_file_as_the_reader_sees_it(client):
    answer = client.get("/file/grand-tour?run=shapes&layer=softmax&view=epoch%3D2%26play%3D0")
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert answer.headers["Content-Disposition"] == "attachment"
    text = answer.get_data(as_text=True)
    said = said_in(text)
    assert said["query"] == "epoch=2&play=0"
    shown = said["pages"][0]["shown"]
    assert list(shown) == ["softmax"] and shown["softmax"]["run"] == "shapes"
    layout = layouts_in(text)
    assert '"grand-tour-train"' in layout and "Neighbours" not in layout


def test_every_page_of_points_can_be_a_file_and_is_asked_as_its_button_does(client, library):
    for page, more in [
        ("tsne", "&layer=tsne"),
        ("compare", ""),
        ("training", "&split=test"),
        ("umap", "&layer=umap-8d&view=epoch%3D5"),
    ]:
        answer = client.get(f"/file/{page}?run=mnist{more}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        text = answer.get_data(as_text=True)
        body = layouts_in(text)
        assert f'data-gt-page="{page}"' in body
        for word in ("save-view", "csv", "file"):
            assert f'data-gt-action="{word}"' not in body, "what a server does is left out"


def test_a_story_is_written_into_a_file_whether_it_lies_beside_its_run_or_not(client, library):
    story = {
        "version": 1,
        "uid": library.run("mnist").uid,
        "title": "How digits are learnt",
        "views": [{"page": "tsne", "query": "run=old&method=tsne&epoch=5", "title": "One"}],
    }
    asked = {"run": "mnist", "name": "~digits", "story": story}
    answer = client.post("/file/story", json=asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    text = answer.get_data(as_text=True)
    assert (
        "<title>How digits are learnt</title>" in text
        and b"startStories" in blocks_in(text)["script"]
    )
    for wrong, status, said in [
        ({**asked, "story": {**story, "uid": "0" * 32}}, 409, "was recorded anew"),
        ({**asked, "story": {**story, "views": []}}, 422, "must have a view"),
        ({**asked, "story": {"version": 1}}, 422, "must say"),
        ({**asked, "run": "none"}, 404, "none"),
        ({"run": "mnist"}, 400, "name"),
    ]:
        answer = client.post("/file/story", json=wrong)
        assert answer.status_code == status, answer.get_data(as_text=True)
        assert said in answer.get_data(as_text=True)


def test_what_cannot_be_a_file_is_said_in_a_sentence(client):
    for address, status, expected in [
        ("/file/method", 404, "There is no page method that can be a file; there is grand-tour"),
        ("/file/grand-tour?run=none", 422, "none"),
        ("/file/grand-tour?run=mnist&layer=relu9", 422, "no layer “relu9” to show"),
        ("/file/grand-tour", 422, ""),
    ]:
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (status, "text/plain"), address
        assert expected in answer.get_data(as_text=True)
