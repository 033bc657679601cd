"""What whoever starts the server may choose."""

import socket

import pytest

from gt.cli.serve import serve
from gt.serve import rules


def chosen(*arguments):
    """The rules for a command line."""
    given = serve.make_context("serve", list(arguments)).params
    return rules.chosen(
        **{
            name: given[name]
            for name in ("host", "allow_host", "token", "allow_frame", "read_only")
        }
    )


@pytest.fixture(autouse=True)
def nothing_around(monkeypatch):
    for name in ("GT_TOKEN", "GT_ALLOW_HOST", "GT_ALLOW_FRAME", "GT_READ_ONLY"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_word_this_machine_alone_is_answered():
    made = chosen()
    answered = ["localhost", "127.0.0.1", "::1"]
    assert all(map(made.answers, answered))
    refused = ["evil.example", "192.168.0.7", "127.0.0.2", socket.gethostname() + ".example"]
    assert not any(map(made.answers, refused))
    assert made.token is None


def test_hosts_are_named_in_any_spelling_and_repeated():
    made = chosen("--host", "10.0.0.5", "--allow-host", "Lab.Example.", "--allow-host", "[fe80::1]")
    assert all(map(made.answers, ["10.0.0.5", "lab.example", "fe80::1"]))
    assert not made.answers("10.0.0.6")


@pytest.mark.parametrize("everywhere", ["0.0.0.0", "::"])
def test_on_all_addresses_every_number_is_answered_and_no_name_but_its_own(everywhere):
    made = chosen("--host", everywhere)
    assert all(map(made.answers, ["192.168.0.7", "2001:db8::7", socket.gethostname().lower()]))
    assert not made.answers("evil.example")  # a name can be pointed at 192.168.0.7


def test_the_environment_says_the_same_and_options_go_before_it(monkeypatch):
    monkeypatch.setenv("GT_TOKEN", "from-the-environment")
    monkeypatch.setenv("GT_ALLOW_HOST", "a.example  b.example")
    monkeypatch.setenv("GT_ALLOW_FRAME", "https://c.example")
    made = rules.from_environment()
    assert made == chosen()
    assert made.named == {"a.example", "b.example", "127.0.0.1"}
    assert (made.token, made.frames) == ("from-the-environment", ("https://c.example",))
    assert chosen("--token", "from-the-command").token == "from-the-command"


def test_a_token_is_made_anew_each_time_and_never_shown_in_a_repr():
    first, second = chosen("--token"), chosen("--token")
    assert first.token != second.token and len(first.token) >= 32
    assert first.token not in repr(first)


@pytest.mark.parametrize(
    "token", ["short", "with space inside", "ümlaut-ümlaut", "semi;colon;semi", ""]
)
def test_a_token_that_is_short_or_cannot_stand_in_a_link_is_refused_and_not_repeated(token):
    with pytest.raises(rules.RulesError, match="must be 12 or more") as refused:
        chosen(f"--token={token}")
    assert not token or token not in str(refused.value)


@pytest.mark.parametrize("host", ["http://lab.example", "lab.example:8050", "*", "a b", "127.1"])
def test_a_host_that_is_none_is_refused(host):
    with pytest.raises(rules.RulesError, match="without scheme and port"):
        chosen("--allow-host", host)


@pytest.mark.parametrize(
    "frame", ["*", "lab.example", "https://lab.example/", "https://a b", "x; y"]
)
def test_a_frame_that_is_no_origin_is_refused(frame):
    with pytest.raises(rules.RulesError, match="must be origins like"):
        chosen("--allow-frame", frame)


def test_a_value_may_begin_with_a_dash():
    assert chosen("--token=-begins-with-a-dash").token == "-begins-with-a-dash"


def test_a_server_writes_unless_it_is_told_not_to(monkeypatch):
    assert not chosen().read_only and not rules.from_environment().read_only
    assert chosen("--read-only").read_only
    for said, only in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv("GT_READ_ONLY", said)
        assert chosen().read_only is rules.from_environment().read_only is only
    monkeypatch.setenv("GT_READ_ONLY", "yes")
    with pytest.raises(rules.RulesError, match="must be 1 or 0, came 'yes'"):
        rules.from_environment()
