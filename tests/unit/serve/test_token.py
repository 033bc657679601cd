"""The token's cookie and headers."""

import pytest

from gt.serve import token

TOKEN = "correct-horse-battery"


def test_the_cookie_is_the_same_in_every_worker_and_does_not_hold_the_token():
    said = token.cookie(TOKEN, "/", secure=False)
    assert said == token.cookie(TOKEN, "/", secure=False)
    assert TOKEN not in said
    kept, *rest = said.split("; ")
    assert sorted(rest) == ["HttpOnly", "Path=/", "SameSite=Strict"]
    assert token.has_cookie(f"other=1; {kept}; more=2", TOKEN)
    assert token.cookie(TOKEN, "/", secure=True).endswith("; Secure")


@pytest.mark.parametrize(
    "header",
    [
        "",
        ";",
        "=",
        "{name}",
        "{name}=",
        "{name}=\xff",
        "{name}={token}",
        "x={value}",
        "{name}=0{value}",
    ],
)
def test_another_cookie_is_none(header):
    name, value = token.cookie_name(TOKEN), token.cookie_value(TOKEN)
    assert not token.has_cookie(header.format(name=name, value=value, token=TOKEN), TOKEN)


def test_servers_with_other_tokens_on_one_machine_have_cookies_of_other_names():
    both = "; ".join(
        f"{token.cookie_name(one)}={token.cookie_value(one)}" for one in (TOKEN, "another-token")
    )
    assert token.has_cookie(both, TOKEN) and token.has_cookie(both, "another-token")
    assert not token.has_cookie(both, "a-third-token")


def test_comparing_takes_the_constant_time_way_for_every_text(monkeypatch):
    compared = []
    inner = token.hmac.compare_digest
    monkeypatch.setattr(
        token.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or inner(a, b)
    )
    for asked in ("", TOKEN, TOKEN[:-1], "\udcff", "é" * 9):
        assert token.right(asked, TOKEN) is (asked == TOKEN)
    assert len(compared) == 5


@pytest.mark.parametrize(
    ("query", "asked", "rest"),
    [
        ("", None, ""),
        ("run=a%20b", None, "run=a%20b"),
        ("token=x", "x", ""),
        ("run=mnist&token=x&epoch=&token=y", "x", "run=mnist&epoch="),
        ("token=", "", ""),
        ("token=%ff%00", "\ufffd\x00", ""),
    ],
)
def test_the_token_is_taken_out_of_a_query(query, asked, rest):
    assert token.in_query(query) == (asked, rest)


def test_bearer_is_read_in_any_case():
    assert token.bearer("Bearer x") == token.bearer("bearer  x ") == "x"
    assert token.bearer("Basic x") is None and token.bearer("") is None
