"""Bundles are compressed once; nothing that can change is ever kept."""

from types import SimpleNamespace

import brotli
import flask
import flask_compress.flask_compress
import pytest

from gt.serve import compression

BUNDLE = "/_dash-component-suites/plotly/package_data/plotly.min.js"


@pytest.fixture
def compressed(monkeypatch):
    """A client of a small server, and the list of what was compressed for it."""
    server = flask.Flask("compression")
    config = SimpleNamespace(routes_pathname_prefix="/")
    compression.register(SimpleNamespace(server=server, config=config))
    numbers = iter(range(100))

    @server.get("/_dash-component-suites/<path:_>")
    def bundle(_):
        return flask.Response("var x;" * 1000, mimetype="application/javascript")

    @server.route("/page", methods=["GET", "POST"])
    def page():
        return flask.Response(f"{next(numbers)} " * 1000, mimetype="text/html")

    made = []
    inner = flask_compress.flask_compress._compress_data

    def watched(app, data, algorithm):
        made.append((algorithm, len(data)))
        return inner(app, data, algorithm)

    monkeypatch.setattr(flask_compress.flask_compress, "_compress_data", watched)
    return server.test_client(), made


def test_a_bundle_is_compressed_once_for_each_algorithm(compressed):
    client, made = compressed
    for accepted in ("gzip, br", "gzip, br", "gzip", "gzip"):
        answer = client.get(BUNDLE, headers={"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == ("br" if "br" in accepted else "gzip")
        assert int(answer.headers["Content-Length"]) == len(answer.data) < 1000
    assert [algorithm for algorithm, _ in made] == ["br", "gzip"]


def test_a_page_is_compressed_as_it_is_now(compressed):
    client, made = compressed
    for expected in range(3):
        answer = client.get("/page", headers={"Accept-Encoding": "br"})
        assert brotli.decompress(answer.data).decode() == f"{expected} " * 1000
    assert len(made) == 3


def test_an_answer_to_a_question_is_never_kept(compressed):
    client, _ = compressed
    first, second = (
        brotli.decompress(client.post(address, headers={"Accept-Encoding": "br"}).data)
        for address in ("/page", "/page")
    )
    assert first != second
