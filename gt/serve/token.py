"""One token for all readers: a cookie for browsers, a header for programs.

The cookie holds no token, only a digest that it decides, so that any worker that knows the token can check it and
nothing must be kept. It is called after the token as well: servers on other ports of a machine share its cookies.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode

FIELD = "token"  # in a link's query, and in the form


def right(asked: str, token: str) -> bool:
    """Whether somebody knows the token; takes as long whatever they say."""
    return hmac.compare_digest(asked.encode("utf-8", "replace"), token.encode())


def bearer(header: str) -> str | None:
    """The token in an ``Authorization`` header, or None."""
    scheme, _, asked = header.partition(" ")
    return asked.strip() if scheme.lower() == "bearer" else None


def cookie_name(token: str) -> str:
    """What the cookie of a token is called."""
    return f"gt-{_digest(token, 'name')[:12]}"


def cookie_value(token: str) -> str:
    """What it holds."""
    return _digest(token, "value")


def has_cookie(header: str, token: str) -> bool:
    """Whether a ``Cookie`` header carries the right one."""
    wanted = cookie_value(token).encode()
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == cookie_name(token) and hmac.compare_digest(value.encode("utf-8"), wanted):
            return True
    return False


def cookie(token: str, path: str, *, secure: bool) -> str:
    """A ``Set-Cookie`` header, for scripts unreadable and of no use from other sites.

    Args:
        token: The token.
        path: Under which the app is served.
        secure: Whether the reader came by https.
    """
    kept = f"{cookie_name(token)}={cookie_value(token)}; Path={path}; HttpOnly; SameSite=Strict"
    return f"{kept}; Secure" if secure else kept


def in_query(query: str) -> tuple[str | None, str]:
    """The token in a query, or None, and the query without it."""
    pairs = parse_qsl(query, keep_blank_values=True)
    asked = [value for name, value in pairs if name == FIELD]
    if not asked:
        return None, query
    return asked[0], urlencode([(name, value) for name, value in pairs if name != FIELD])


def _digest(token: str, use: str) -> str:
    return hmac.new(token.encode(), f"grand tour: {use}".encode(), hashlib.sha256).hexdigest()
