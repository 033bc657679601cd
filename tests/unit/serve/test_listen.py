"""How many connections there may be, and what is printed of the address."""

import logging
import subprocess
import sys

import pytest

from gt.serve import listen
from gt.serve.rules import Rules


@pytest.mark.parametrize(
    ("host", "token", "printed"),
    [
        ("127.0.0.1", None, "http://127.0.0.1:8050/"),
        ("::1", None, "http://[::1]:8050/"),
        ("0.0.0.0", "abc", "http://localhost:8050/?token=abc"),
        ("::", None, "http://localhost:8050/"),
    ],
)
def test_the_address_can_be_opened(host, token, printed):
    assert listen.address(host, 8050, token) == printed


@pytest.mark.parametrize(
    ("host", "token", "warned"),
    [
        ("127.0.0.1", None, False),
        ("::1", None, False),
        ("0.0.0.0", None, True),
        ("192.168.0.7", None, True),
        ("0.0.0.0", "a-token-of-mine", False),
    ],
)
def test_listening_for_others_without_a_token_is_warned_of(caplog, host, token, warned):
    with caplog.at_level(logging.WARNING):
        listen.warn_if_open(host, Rules(token=token))
    assert [host in record.getMessage() for record in caplog.records] == [True] * warned


@pytest.mark.parametrize(("soft", "hard"), [(256, 4096), (1024, 1024), (4096, 4096), (64, 64)])
def test_connections_fit_into_the_files_that_may_be_open(soft, hard):
    resource = pytest.importorskip("resource")
    script = (
        "import resource\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))\n"
        "from gt.serve import listen\n"
        "print(listen.connections(), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < hard:
        pytest.skip("this machine lets nobody open as many files")
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    most, now, still = map(int, done.stdout.split())
    wanted = listen.MOST_CONNECTIONS * listen.FILES_EACH + listen.OTHER_FILES
    assert still == hard
    assert now == max(soft, min(hard, wanted))
    if hard >= wanted:
        assert most == listen.MOST_CONNECTIONS
    else:
        assert most == max(16, (now - listen.OTHER_FILES) // listen.FILES_EACH)
