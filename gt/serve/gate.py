"""What every request passes first, whatever it asks for: scripts, tensors, pages and callbacks alike.

A request goes on if it is for a host that is ours, is no larger than it may be, was not made by a page of another, and
comes from who knows the token, where there is one. Where nothing may be written it asks for something, or is of Dash's
callbacks, which answer for themselves. Every answer leaves with the headers of `gt.serve.policy`.
"""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

from dash import Dash

from gt.serve import hosts, policy, token
from gt.serve.rules import Rules

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_BODY = 8_000_000  # bytes of a request; a page's longest take a few hundred kilobytes
LARGEST_FORM = 4096  # bytes of the form that asks for the token
CALLBACKS = "_dash-update-component"  # of Dash: pages and choices pass through it, and orders, which are refused there
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})  # methods that change nothing

log = logging.getLogger(__name__)


class Refused(Exception):
    """An answer in place of what was asked for."""

    def __init__(self, status: str, said: str, *headers: tuple[str, str], form: bool = False):
        super().__init__(said)
        self.status = status
        self.said = said
        self.headers = headers
        self.form = form


def register(app: Dash, rules: Rules, scripts: Callable[[], Iterable[str]]) -> None:
    """Put a gate before an app, and before all that answers in its place.

    Args:
        app: The app, with everything else registered.
        rules: Who is answered.
        scripts: Says what inline scripts a page has besides those of Dash.
    """
    server = app.server
    gate = Gate(
        server.wsgi_app,
        rules,
        app.config.requests_pathname_prefix,
        lambda: [*map(policy.digest, scripts()), *app.csp_hashes()],
        f"{app.config.routes_pathname_prefix}{CALLBACKS}",
    )
    server.wsgi_app = gate


class Gate:
    """A WSGI app around another.

    Args:
        app: Is asked if nothing stands against it.
        rules: Who is answered.
        prefix: Under which the app is served, with a slash at its end.
        scripts: Says what allows each inline script of the app's pages, see `gt.serve.policy.digest`; called with
            every page, since Dash writes some of its scripts with the first.
        callbacks: The path of Dash's callbacks.
    """

    def __init__(
        self,
        app: WSGIApplication,
        rules: Rules,
        prefix: str,
        scripts: Callable[[], list[str]],
        callbacks: str = f"/{CALLBACKS}",
    ):
        self.rules = rules
        self._app = app
        self._prefix = prefix
        self._scripts = scripts
        self._callbacks = callbacks
        self._files = policy.for_files(rules.frames)

    def __call__(self, environ: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
        """Answer, or let the app answer."""
        try:
            self._host(environ)
            _length(environ)
            _origin(environ, self.rules)
            self._token(environ)
            self._writes(environ)
        except Refused as no:
            if no.status[0] == "4":
                log.warning(
                    "%s %.80r: %s %s",
                    environ["REQUEST_METHOD"],
                    environ.get("PATH_INFO", ""),
                    no.status,
                    no.said,
                )
            return _page(no, environ, self._telling(environ, respond, list))
        return self._app(environ, self._telling(environ, respond, self._scripts))

    def _telling(
        self, environ: WSGIEnvironment, respond: StartResponse, scripts: Callable[[], list[str]]
    ) -> StartResponse:
        """The same way to respond, with the headers that every answer has."""

        def told(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            kind = next((v for n, v in headers if n.lower() == "content-type"), "")
            page = kind.startswith("text/html")
            may = policy.for_pages(scripts(), self.rules.frames) if page else self._files
            added = [*policy.ALWAYS, ("Content-Security-Policy", may)]
            host = hosts.split(environ.get("HTTP_HOST", ""))
            secure = environ["wsgi.url_scheme"] == "https"
            if page and (secure or (host is not None and hosts.is_loopback(host[0]))):
                added.append(policy.OPENER)
            if self.rules.token is not None:  # what is for some is for no cache between
                headers = [
                    (n, v.replace("public", "private") if n.lower() == "cache-control" else v)
                    for n, v in headers
                ]
            return respond(status, [*headers, *added], *more)

        return told

    def _host(self, environ: WSGIEnvironment) -> None:
        said = environ.get("HTTP_HOST", "")
        found = hosts.split(said)
        if found is None:
            raise Refused("400 Bad Request", "The request must say for which host it is, once.")
        if not self.rules.answers(found[0]):
            raise Refused(
                "403 Forbidden",
                f"This server does not answer to the name “{found[0]}”. If that is its name, start it with --allow-host"
                f" {found[0]}, or with GT_ALLOW_HOST={found[0]} behind a server of your own.",
            )

    def _writes(self, environ: WSGIEnvironment) -> None:
        if not self.rules.read_only or environ["REQUEST_METHOD"] in SAFE:
            return
        if environ.get("PATH_INFO", "") != self._callbacks:
            raise Refused("403 Forbidden", "This server is read-only: nothing is written.")

    def _token(self, environ: WSGIEnvironment) -> None:
        wanted = self.rules.token
        if wanted is None:
            return
        asked, rest = token.in_query(environ.get("QUERY_STRING", ""))
        if environ["REQUEST_METHOD"] == "GET" and asked is not None:
            self._let_in(environ, asked, rest)
        header = token.bearer(environ.get("HTTP_AUTHORIZATION", ""))
        if header is not None and token.right(header, wanted):
            return
        if token.has_cookie(environ.get("HTTP_COOKIE", ""), wanted):
            return
        if (asked := _in_form(environ)) is not None:
            self._let_in(environ, asked, environ.get("QUERY_STRING", ""))
        raise self._stop("This server is open to those who know its token.")

    def _let_in(self, environ: WSGIEnvironment, asked: str, query: str) -> None:
        """Hand out the cookie, and lead to the address without the token."""
        assert self.rules.token is not None
        if not token.right(asked, self.rules.token):
            raise self._stop("This is not the token of this server.")
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        # one slash: what begins with two is an address on another host
        clean = "/" + quote(path, encoding="latin-1").lstrip("/") + (f"?{query}" if query else "")
        secure = environ["wsgi.url_scheme"] == "https"
        cookie = token.cookie(self.rules.token, self._prefix, secure=secure)
        raise Refused("200 OK", "Welcome.", ("Set-Cookie", cookie), ("Refresh", f"0; url={clean}"))

    def _stop(self, said: str) -> Refused:
        return Refused(
            "401 Unauthorized",
            f"{said} It is in the address that was printed when the server was started.",
            ("WWW-Authenticate", 'Bearer realm="Grand Tour"'),
            form=True,
        )


def _length(environ: WSGIEnvironment) -> None:
    said = environ.get("CONTENT_LENGTH") or "0"
    if not (said.isascii() and said.isdigit() and len(said) < 20):
        raise Refused("400 Bad Request", "Content-Length must be a number of bytes.")
    if int(said) > LARGEST_BODY:
        raise Refused(
            "413 Content Too Large",
            f"A request may have {LARGEST_BODY:,} bytes, this one has {int(said):,}.",
        )


def _origin(environ: WSGIEnvironment, rules: Rules) -> None:
    """Refuse what a page of another site has its reader's browser ask.

    Every browser says ``Origin`` with a POST, and ``Sec-Fetch-Site`` where the address is https or of the same machine;
    neither can be set by a page. A program says neither, and is nobody's browser.
    """
    if environ["REQUEST_METHOD"] in SAFE:
        return
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        mine = site in ("same-origin", "none")
    else:
        said = environ.get("HTTP_ORIGIN")
        mine = said is None or _same(said, environ, rules)
    if not mine:
        raise Refused("403 Forbidden", "A page of another site may not ask this of the server.")


def _same(origin: str, environ: WSGIEnvironment, rules: Rules) -> bool:
    """Whether an origin is this server, or the name of a proxy before it, which may change ports and ``Host``."""
    theirs, ours = hosts.of_origin(origin), hosts.split(environ["HTTP_HOST"])
    if theirs is None or ours is None:
        return False
    if theirs[0] == ours[0] and (not ours[1] or theirs[1] == ours[1]):
        return True
    return theirs[0] in rules.named and not hosts.is_loopback(theirs[0])


def _in_form(environ: WSGIEnvironment) -> str | None:
    """The token in the form of the page that asks for it, or None."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if environ["REQUEST_METHOD"] != "POST" or kind != "application/x-www-form-urlencoded":
        return None
    if not 0 < length <= LARGEST_FORM:
        return None
    text = environ["wsgi.input"].read(length).decode("utf-8", "replace")
    return parse_qs(text).get(token.FIELD, [None])[0]


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }}
input, button {{ font: inherit; padding: 0.25rem 0.5rem }}</style>
</head>
<body>
<h1>{title}</h1>
<p>{said}</p>
{form}</body>
</html>
"""
_FORM = """<form method="post">
<label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
<button>Enter</button>
</form>
"""


def _page(no: Refused, environ: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
    title = "Grand Tour" if no.form or no.status[0] == "2" else no.status
    body = _PAGE.format(
        title=html.escape(title), said=html.escape(no.said), form=_FORM if no.form else ""
    ).encode()
    respond(
        no.status,
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            *no.headers,
        ],
    )
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
