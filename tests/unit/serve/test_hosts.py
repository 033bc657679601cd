"""Names by which a server is called, in all their spellings."""

import pytest

from gt.serve import hosts


@pytest.mark.parametrize(
    ("text", "name", "port"),
    [
        ("localhost", "localhost", ""),
        ("LocalHost:8050", "localhost", "8050"),
        ("localhost.:8050", "localhost", "8050"),
        ("127.0.0.1:1", "127.0.0.1", "1"),
        ("[::1]", "::1", ""),
        ("[0:0:0:0:0:0:0:1]:8050", "::1", "8050"),
        ("[::ffff:127.0.0.1]:8050", "127.0.0.1", "8050"),
        ("lab_7.example.org:", "lab_7.example.org", ""),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example", ""),
    ],
)
def test_a_host_is_taken_apart_into_one_spelling(text, name, port):
    assert hosts.split(text) == (name, port)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":8050",
        "::1",
        "[localhost]",
        "[::1",
        "[::1]x",
        "localhost:x",
        "localhost:123456",
        "localhost:٠",
        "localhost, evil.example",
        "localhost@evil.example",
        "localhost/x",
        "local host",
        "127.1",
        "2130706433",
        "a..b",
        "-a.example",
        "a" * 300,
        "[fe80::1%25eth0]",
        "localhost\x00",
        "localhost:80:80",
    ],
)
def test_what_is_no_host_is_none(text):
    assert hosts.split(text) is None


def test_a_name_in_any_alphabet_is_that_of_the_header():
    assert hosts.normal("München.example") == "xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("http://localhost:8050", ("localhost", "8050")),
        ("https://Lab.Example", ("lab.example", "443")),
        ("http://[::1]", ("::1", "80")),
        ("null", None),
        ("", None),
        ("file://", None),
        ("http://localhost/", None),
        ("http://[", None),
        ("chrome-extension://abc", None),
        ("http://a@localhost", None),
    ],
)
def test_an_origin_is_taken_apart(text, found):
    assert hosts.of_origin(text) == found


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.0.7", False),
        ("localhost.example", False),
    ],
)
def test_loopback_is_known(name, here):
    assert hosts.is_loopback(name) is here
