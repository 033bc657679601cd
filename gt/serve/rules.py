"""What whoever starts the server decides: which names it answers to, who may enter, who may frame it.

The same choices come as options of ``python app.py`` and ``gt serve``, and from the environment for a WSGI server of
one's own.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from gt.serve import hosts

SHORTEST_TOKEN = 12  # characters; one that is made has 32
_TOKEN = re.compile(r"[A-Za-z0-9._~-]+")  # goes into an address as it is
MADE = object()  # a token that is made up


class RulesError(ValueError):
    """A choice that cannot be; says what must hold, what came, and what to do."""


@dataclass(frozen=True)
class Rules:
    """Who is answered.

    Attributes:
        named: Hosts that were named (``--host``, ``--allow-host``), as `gt.serve.hosts.normal` spells them.
        any_address: Whether every address in numbers is answered to, as when the server listens on all of them.
        token: What a reader must know; None if nobody is asked.
        frames: Origins whose pages may show this one inside, besides its own.
        read_only: Whether nothing may be written for a reader: no run, no computation, no upload.
    """

    named: frozenset[str] = frozenset()
    any_address: bool = False
    token: str | None = field(default=None, repr=False)
    frames: tuple[str, ...] = ()
    read_only: bool = False

    def answers(self, name: str) -> bool:
        """Whether requests for a host are answered; `name` as `gt.serve.hosts.normal` spells it."""
        if name in hosts.LOOPBACK or name in self.named:
            return True
        return self.any_address and hosts.address_of(name) is not None


def made(
    host: str = "127.0.0.1",
    allow_hosts: Iterable[str] = (),
    token: str | object | None = None,
    frames: Iterable[str] = (),
    read_only: bool = False,
) -> Rules:
    """Check the choices.

    Args:
        host: Address or name that the server listens on. If that is all of the machine's addresses, it answers to
            each of them in numbers, and to the machine's own name.
        allow_hosts: Further names or addresses, without a port.
        token: What a reader must know; `MADE` for one made up now, None for none.
        frames: Origins that may show the app inside a page of theirs.
        read_only: Whether nothing may be written.

    Raises:
        RulesError: If one of them cannot be.
    """
    everywhere = host in hosts.EVERYWHERE or not host
    asked = [*allow_hosts, socket.gethostname() if everywhere else host]
    named = {_named(one) for one in asked if one}
    return Rules(
        named=frozenset(named),
        any_address=everywhere,
        token=None if token is None else _token(token),
        frames=tuple(_frame(one) for one in frames),
        read_only=read_only,
    )


def from_environment(environment: Mapping[str, str] = os.environ) -> Rules:
    """The rules for ``app:server``, from variables.

    They are ``GT_ALLOW_HOST`` and ``GT_ALLOW_FRAME`` (several, with spaces), ``GT_TOKEN`` and ``GT_READ_ONLY``.

    Raises:
        RulesError: If one of them cannot be.
    """
    return made(
        allow_hosts=environment.get("GT_ALLOW_HOST", "").split(),
        token=environment.get("GT_TOKEN") or None,
        frames=environment.get("GT_ALLOW_FRAME", "").split(),
        read_only=_flag(environment, "GT_READ_ONLY"),
    )


def chosen(
    host: str,
    allow_host: Iterable[str] = (),
    token: str | object | None = None,
    allow_frame: Iterable[str] = (),
    read_only: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> Rules:
    """The rules for a command's options; what is not said there comes from the environment.

    Args:
        host: As of `made`.
        allow_host: Likewise.
        token: As of `made`; None where the option was not given.
        allow_frame: Origins.
        read_only: Likewise.
        environment: See `from_environment`.

    Raises:
        RulesError: If one of them cannot be.
    """
    return made(
        host,
        tuple(allow_host) or environment.get("GT_ALLOW_HOST", "").split(),
        environment.get("GT_TOKEN") or None if token is None else token,
        tuple(allow_frame) or environment.get("GT_ALLOW_FRAME", "").split(),
        read_only or _flag(environment, "GT_READ_ONLY"),
    )


def _named(text: str) -> str:
    name = hosts.normal(text)
    if name is None:
        raise RulesError(
            f"allowed hosts: must be names or addresses without scheme and port, like lab.example.org, came {text!r}"
        )
    return name


def _token(asked: str | object) -> str:
    if asked is MADE:
        return secrets.token_urlsafe(24)
    text = str(asked)
    if len(text) < SHORTEST_TOKEN or not _TOKEN.fullmatch(text):
        raise RulesError(
            f"token: must be {SHORTEST_TOKEN} or more letters, digits or any of . _ ~ -, came {len(text)} characters;"
            " let --token without a value make one"
        )
    return text


def _flag(environment: Mapping[str, str], name: str) -> bool:
    said = environment.get(name, "")
    if said not in ("", "0", "1"):
        raise RulesError(f"{name}: must be 1 or 0, came {said!r}; unset it for 0")
    return said == "1"


def _frame(text: str) -> str:
    parts = urlsplit(text)
    host = hosts.split(parts.netloc)
    if parts.scheme not in ("http", "https") or host is None or text.count("/") != 2:
        raise RulesError(
            f"allowed frames: must be origins like https://example.org, came {text!r}; leave out what follows the host"
        )
    name, port = host
    shown = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}"
