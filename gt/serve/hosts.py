"""Names by which a server is called: the headers ``Host`` and ``Origin``, taken apart.

A web page elsewhere may point a name of its own at 127.0.0.1 and so have a browser ask a server there (DNS rebinding).
The browser then says that name as ``Host``, which is why only known names are answered. An address in numbers cannot be
pointed anywhere: whoever says it means it.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # as an address to listen on: all that a machine has
MOST = 255  # characters of a name, RFC 1035
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\[\]:]+)(?::(?P<port>[0-9]{0,5}))?", re.ASCII)


def split(text: str) -> tuple[str, str] | None:
    """Take a ``Host`` apart.

    Args:
        text: Of the header, ``name``, ``name:port`` or ``[IPv6]:port``, in any case, a name perhaps with a last dot.

    Returns:
        The name as `normal` spells it and the port, ``""`` if it is not said; None for what is no host.
    """
    found = _HOST.fullmatch(text.lower()) if len(text) <= MOST + 6 else None
    if found is None:
        return None
    bare = found["name"]
    name = normal(bare)
    if name is None or (":" in bare) != bare.startswith("["):
        return None
    return name, found["port"] or ""


def normal(name: str) -> str | None:
    """One spelling for all spellings of a name or an address; None for what is neither.

    Args:
        name: Without a port; an IPv6 address with or without brackets, a name in any alphabet.
    """
    address = address_of(name.removeprefix("[").removesuffix("]"))
    if address is not None:
        return str(address)
    try:
        plain = name.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        return None
    if not _NAME.fullmatch(plain) or len(plain) > MOST:
        return None
    return None if plain.rsplit(".", 1)[-1].isdigit() else plain  # 127.1 is no name either


def address_of(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a name is in numbers, IPv4 in IPv6 as IPv4; None for any other name."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(name: str) -> bool:
    """Whether a name or address stands for this machine, seen from itself."""
    address = address_of(name)
    return address.is_loopback if address is not None else normal(name) == "localhost"


def of_origin(text: str) -> tuple[str, str] | None:
    """Host and port of an ``Origin``; None for ``null`` and for what is none."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or text.count("/") != 2:
        return None
    found = split(parts.netloc)
    standard = {"http": "80", "https": "443"}[parts.scheme]
    return None if found is None else (found[0], found[1] or standard)
