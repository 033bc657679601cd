"""Who is answered: hosts, origins, sizes, tokens; and what every answer carries."""

from __future__ import annotations

import base64
import hashlib
import io
import re

import pytest

import app
from gt.serve import announcements, gate, token
from gt.serve.rules import Rules, made
from tests.app.conftest import Client

TOKEN = "correct-horse-battery"
CALLBACKS = "/_dash-update-component"
EVERYTHING = [
    "/",
    "/grand-tour",
    "/tensors/" + "0" * 32,
    "/assets/js/main.mjs",
    "/_dash-layout",
    "/_dash-dependencies",
    "/_dash-component-suites/plotly/package_data/plotly.min.js",
    "/activations/mnist/0/0",
    "/thumbnails/mnist/0",
    "/_favicon.ico",
    "/no/such/page",
]


@pytest.fixture
def serve(nothing_shipped, runs_folder, tmp_path):
    def serve(rules=None, cookies=True):
        made = app.create_app([runs_folder], tmp_path / "cache", rules)
        made.server.test_client_class = Client
        return made.server.test_client(use_cookies=cookies)

    return serve


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.:8050", "127.0.0.1:1", "[::1]:8050"])
def test_this_machine_is_answered_by_its_own_names(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8050", "192.168.0.7"])
def test_a_name_that_was_pointed_here_reaches_nothing(client, host):
    for path in EVERYTHING:
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 403
        assert "--allow-host" in answer.get_data(as_text=True)
        forwarded = {"Host": host, "X-Forwarded-Host": "localhost", "Forwarded": "host=localhost"}
        assert client.get(path, headers=forwarded).status_code == 403


@pytest.mark.parametrize(
    "host", ["", "localhost, evil.example", "a b", "<script>alert(1)</script>"]
)
def test_no_host_at_all_is_a_bad_request(client, host):
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400 and b"<script>" not in answer.data


def test_a_host_that_is_allowed_is_answered(serve):
    client = serve(made(allow_hosts=["lab.example"]))
    assert client.get("/", headers={"Host": "lab.example:443"}).status_code == 200
    assert client.get("/", headers={"Host": "other.example"}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "goes_on"),
    [
        ({}, True),  # a program
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "https://localhost:443"}, False),
        ({"Origin": "http://localhost:3000"}, False),  # another program on this machine
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_no_page_of_another_site_may_ask_for_anything_to_be_done(client, headers, goes_on):
    answer = client.post(CALLBACKS, json={}, headers={"Host": "localhost:80", **headers})
    assert answer.status_code == (400 if goes_on else 403)  # 400: nothing was asked


def test_behind_a_proxy_its_name_is_an_origin_of_ours(serve):
    client = serve(made(allow_hosts=["lab.example"]))
    for host in ("lab.example", "127.0.0.1:8050"):  # whether it passes its name on or not
        for origin, status in (("https://lab.example", 400), ("https://evil.example", 403)):
            headers = {"Host": host, "Origin": origin}
            assert client.post(CALLBACKS, json={}, headers=headers).status_code == status


def test_every_answer_says_what_it_is_and_what_it_may(client):
    for path in EVERYTHING:
        said = client.get(path).headers
        assert said["X-Content-Type-Options"] == "nosniff"
        assert said["Referrer-Policy"] == "same-origin"
        assert said["Cross-Origin-Resource-Policy"] == "same-origin"
        policy = said["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in policy and "default-src 'none'" in policy
        assert len(said.getlist("Content-Security-Policy")) == 1


def test_tensors_from_memory_carry_the_headers_too(client, library):
    url = announcements.announce(library, "mnist", "softmax")["splits"]["train"]["slices"][0]["url"]
    answer = client.get(f"/{url}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/{url}", headers={"Host": "evil.example"}).status_code == 403


def test_the_inline_scripts_of_a_page_are_those_that_its_policy_allows_and_nothing_is_compiled(
    client,
):
    answer = client.get("/grand-tour")
    policy = dict(
        part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ")
    )
    page = answer.get_data(as_text=True)
    inline = re.findall(r"<script(?![^>]* src=)([^>]*)>(.*?)</script>", page, re.S)
    scripts = [text for kind, text in inline if "application/json" not in kind]
    digests = {
        f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
        for one in scripts
    }
    assert len(digests) == 4  # the theme, the map of the modules, two of Dash
    assert set(policy["script-src"].split()) == {"'self'", *digests}
    assert policy["connect-src"] == policy["form-action"] == "'self'"
    assert not re.search(r"\son[a-z]+=", page)  # handlers in attributes would be inline too


def test_the_policy_is_whole_even_if_the_first_request_was_refused(serve):
    client = serve()
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert client.get("/").headers["Content-Security-Policy"].count("sha256") == 4


def test_pages_of_others_show_it_inside_where_that_is_allowed(serve):
    client = serve(made(frames=["https://lab.example"]))
    for path in ("/", "/assets/js/main.mjs"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "frame-ancestors 'self' https://lab.example" in policy


def test_nothing_is_handed_out_without_the_token(serve):
    client = serve(Rules(token=TOKEN))
    for path in EVERYTHING:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": "gt=1"}):
            for method in ("GET", "HEAD", "OPTIONS", "POST"):
                answer = client.open(path, method=method, headers=headers)
                assert answer.status_code == 401
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
                assert method == "HEAD" or b'name="token"' in answer.data
                assert answer.headers["Cache-Control"] == "no-store"
        known = client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
        assert known.status_code in (200, 404)


@pytest.mark.parametrize("token_in", ["query", "form"])
def test_a_link_or_the_form_lets_a_browser_in_and_leaves_no_token_in_its_address(serve, token_in):
    client = serve(Rules(token=TOKEN))
    if token_in == "query":
        answer = client.get(f"/grand-tour?run=mnist&token={TOKEN}")
    else:
        answer = client.post("/grand-tour?run=mnist", data={"token": TOKEN})
    assert answer.status_code == 200
    assert answer.headers["Refresh"] == "0; url=/grand-tour?run=mnist"
    assert answer.headers["Cache-Control"] == "no-store"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and TOKEN not in cookie
    assert client.get("/grand-tour?run=mnist").status_code == 200
    other = serve(Rules(token=TOKEN), cookies=False)  # another worker
    kept = {"Cookie": cookie.split(";")[0]}
    assert other.get("/", headers=kept).status_code == 200
    changed = serve(Rules(token=TOKEN + "-new"), cookies=False)
    assert changed.get("/", headers=kept).status_code == 401


@pytest.mark.parametrize("wrong", ["", "wrong", TOKEN + " ", TOKEN.upper(), "é", "\ud7ff"])
def test_a_wrong_token_lets_nobody_in(serve, wrong):
    client = serve(Rules(token=TOKEN))
    for answer in (
        client.get("/", query_string={"token": wrong}),
        client.post("/", data={"token": wrong}),
        client.post("/", data={"token": TOKEN, "x": "y" * 5000}),  # no form of ours is as long
        client.post("/", json={"token": TOKEN}),
    ):
        assert answer.status_code == 401
        assert "Set-Cookie" not in answer.headers


def test_the_token_leads_to_no_other_host(serve):
    client = serve(Rules(token=TOKEN))
    for path in ("//evil.example/", "///evil.example", "/\\evil.example", "evil.example"):
        said = {"PATH_INFO": path, "QUERY_STRING": f"token={TOKEN}"}
        answer = client.get("/", environ_overrides=said)
        assert re.match(r"0; url=/[^/\\]", answer.headers["Refresh"]), path


def test_a_form_from_another_site_is_refused(serve):
    client = serve(Rules(token=TOKEN))
    answer = client.post("/", data={"token": TOKEN}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


def test_with_a_token_no_cache_between_may_keep_a_tensor(serve):
    client = serve(Rules(token=TOKEN))
    library = client.application.config[app.context.KEY]
    url = announcements.announce(library, "mnist", "softmax")["splits"]["train"]["slices"][0]["url"]
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "gzip"}
    kept = client.get(f"/{url}", headers=headers).headers["Cache-Control"]
    assert kept == "private, max-age=31536000, immutable"


def test_cookies_are_named_for_the_token_and_kept_to_the_apps_path(serve):
    answer = serve(Rules(token=TOKEN)).get(f"/?token={TOKEN}")
    assert answer.headers["Set-Cookie"].startswith(f"{token.cookie_name(TOKEN)}=")
    assert "Path=/;" in answer.headers["Set-Cookie"]


class Endless(io.BytesIO):
    """A body without an end, which counts what was read of it."""

    given = 0

    def read(self, size=-1):
        self.given += size
        return b" " * size

    def readinto(self, buffer):
        buffer[:] = self.read(len(buffer))
        return len(buffer)


@pytest.mark.parametrize("path", [CALLBACKS, "/", "/tensors/x"])
def test_a_body_over_the_limit_is_refused_unread(client, path):
    body = Endless()
    said = {"wsgi.input": body, "CONTENT_LENGTH": str(gate.LARGEST_BODY + 1)}
    answer = client.post(path, content_type="application/json", environ_overrides=said)
    assert (answer.status_code, body.given) == (413, 0)
    assert "8,000,000 bytes, this one has 8,000,001" in answer.get_data(as_text=True)


def test_a_body_that_does_not_say_its_length_is_read_no_further_than_the_limit(client):
    body = Endless()
    said = {"wsgi.input": body, "wsgi.input_terminated": True}  # as servers say of chunked bodies
    said |= {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = client.post(CALLBACKS, content_type="application/json", environ_overrides=said)
    assert answer.status_code == 413 and "8,000,000" in answer.get_data(as_text=True)
    assert 0 < body.given < 2 * gate.LARGEST_BODY


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "9" * 40, "٣"])
def test_a_length_that_is_none_is_a_bad_request(client, length):
    environ = {"CONTENT_LENGTH": length}
    assert client.post(CALLBACKS, environ_overrides=environ).status_code == 400


def test_each_refusal_is_one_line_in_the_log(client, caplog):
    client.get("/", headers={"Host": "evil.example"})
    client.post("/a\nb", headers={"Origin": "null"})
    said = [record.getMessage() for record in caplog.records if record.name == "gt.serve.gate"]
    assert len(said) == 2 and not any("\n" in one for one in said)
