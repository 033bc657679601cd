"""``/file/<page>``: the page as a file, and what is said where there is none."""

from __future__ import annotations

import json
import re


def test_a_page_is_a_file_as_the_reader_sees_it(client):
    answer = client.get("/file/grand-tour?run=shapes&layer=softmax&view=epoch%3D2%26play%3D0")
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert answer.headers["Content-Disposition"] == "attachment"
    text = answer.get_data(as_text=True)
    said = json.loads(re.search(r'id="gt-said">(.*?)</script>', text)[1])
    assert said["query"] == "epoch=2&play=0"
    shown = said["pages"][0]["shown"]
    assert list(shown) == ["softmax"] and shown["softmax"]["run"] == "shapes"
    assert '"grand-tour-train"' in text and "Neighbours" not in text.split("gt-said")[0]


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
