"""Hostile requests, a few of those that ``python -m tests.fuzz.requests`` makes."""

from __future__ import annotations

from tests.fuzz import requests


def test_no_hostile_request_makes_the_server_fail_or_tell(tmp_path):
    found = requests.run(700, 11, tmp_path)
    assert found["wrong"] == []
    kinds = {kind for kind, _ in found["counts"]}
    statuses = {status for _, status in found["counts"]}
    assert len(kinds) == 10 and {200, 400, 403, 404, 405, 415} <= statuses
