"""What a hostile browser may say: values, addresses, headers and bodies, made from a seed."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

MARK = "gtfuzz"
SCRIPT = f"<script>{MARK}(1)</script>"
#: texts that mean something to HTML, to file systems, to logs, to SQL, to templates, to number parsers
TEXTS = [
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "NaN",
    "null",
    "undefined",
    "None",
    "__proto__",
    "__class__",
    "constructor",
    SCRIPT,
    f'"><img src=x onerror={MARK}(1)>',
    f"javascript:{MARK}(1)",
    "<b>x</b>",
    "a&amp;b",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "file:///etc/passwd",
    "s3://bucket/key",
    "//evil.example/",
    "\x00",
    "a\x00b",
    "\r\nX-Injected: 1",
    "%0d%0aX-Injected: 1",
    "%s%s%n",
    "{0.__class__}",
    "{{7*7}}",
    "' OR 1=1 --",
    "\u202e\u2066",
    "\u0660\u0661",
    "é" * 50,
    "𝕏" * 30,
    "x" * 5000,
    '{"type":"job-parameter","job":"embed","name":"perplexity"}',
    "mnist",
    "shapes",
    "softmax",
    "tsne",
    "umap",
    "train",
    "test",
    "fgsm",
    "grand-tour",
]
NUMBERS = [0, -1, 1, 2, 3, 10, 0.5, -0.0, 1e-300, 1e300, 2**31, 2**53, -(2**53), 2**63 - 1, 10**6]
#: what json.dumps would not write
RAW = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"1",
    b'"x"',
    b"\xff\xfe",
    b"NaN",
    b"[" * 100_000,
    b"[" * 900 + b"]" * 900,
    b'{"a":' * 5000 + b"1" + b"}" * 5000,
    b'{"output":' + b"9" * 5000 + b"}",
    b'{"output":1e999,"inputs":[],"state":[]}',
    b'{"output":"\\ud800","inputs":[]}',
    b'{"output":"x.y","inputs":[{"id":"x","property":"y","value":Infinity}]}',
    b"\x00" * 1000,
    b"output=1&inputs=2",
    b"\xef\xbb\xbf{}",
    b"<xml/>",
    b" " * 100_000,
]
KINDS = [
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "",
    "application/json" + "x" * 500,
]
HOSTS = [
    "localhost",
    "127.0.0.1:8050",
    "[::1]:8050",
    "LOCALHOST.",
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example:8050",
    "",
    "localhost@evil.example",
    "localhost, evil.example",
    "[::1",
    "0x7f.1",
    "2130706433",
    "127.1",
    "a" * 300,
    "localhost:99999999",
    "\xe9vil",
    "169.254.169.254",
    "<script>",
]
ORIGINS = [
    "http://localhost",
    "http://evil.example",
    "null",
    "https://localhost",
    "http://localhost:3000",
    "",
    "http://",
    "http://[",
    "chrome-extension://x",
    "x" * 2000,
]
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "FOO"]


def value(rng: random.Random, depth: int = 0) -> Any:
    """Some JSON, mostly flat."""
    kind = rng.random()
    if kind < 0.45 or depth > 3:
        return rng.choice(TEXTS)
    if kind < 0.65:
        return rng.choice(NUMBERS)
    if kind < 0.78:
        return rng.choice([None, True, False])
    if kind < 0.88:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(TEXTS): value(rng, depth + 1) for _ in range(rng.randrange(4))}


def damaged(rng: random.Random, whole: Any, times: int) -> Any:
    """A copy of some JSON with that many places replaced, taken out or doubled."""
    whole = copy.deepcopy(whole)
    for _ in range(times):
        places = list(_places(whole))
        if not places:
            return value(rng)
        owner, key = rng.choice(places)
        kind = rng.random()
        if kind < 0.7:
            owner[key] = value(rng)
        elif kind < 0.85:
            del owner[key]
        elif isinstance(owner, list):
            owner.append(copy.deepcopy(owner[key]))
        else:
            owner[rng.choice(TEXTS)] = copy.deepcopy(owner[key])
    return whole


def _places(whole: Any) -> Any:
    keys = (
        whole.keys()
        if isinstance(whole, dict)
        else range(len(whole))
        if isinstance(whole, list)
        else ()
    )
    for key in keys:
        yield whole, key
        yield from _places(whole[key])


def body(rng: random.Random, whole: Any) -> bytes:
    """What is sent for a callback: damaged JSON, or none at all."""
    if rng.random() < 0.1:
        return rng.choice(RAW)
    return json.dumps(whole).encode("utf-8", "surrogatepass")


def segment(rng: random.Random, good: list[str]) -> str:
    """A part of a path."""
    from urllib.parse import quote

    if good and rng.random() < 0.5:
        return rng.choice(good)
    text = rng.choice([*TEXTS, "..", ".", "%2e%2e", "%2F", "%00", "%ff", "%", "0" * 32, "9" * 400])
    return text if text.startswith("%") else quote(text, safe="." if rng.random() < 0.5 else "./")


def query(rng: random.Random) -> str:
    """A query, of names that pages know and of others."""
    from urllib.parse import quote

    names = ["run", "layer", "epoch", "split", "alignment", "method", "play", "token", "self", ""]
    names += ["path_template", "_", "library", "ids", "row", "class", *TEXTS]
    parts = [
        f"{quote(rng.choice(names))}={quote(rng.choice(TEXTS))}" for _ in range(rng.randrange(4))
    ]
    return ("?" if rng.random() < 0.9 else "") + rng.choice("&&&;").join(parts)


def headers(rng: random.Random) -> dict[str, str]:
    """Headers that a test client can send: a few, with odd values."""
    said = {
        "Host": lambda: rng.choice(HOSTS),
        "Origin": lambda: rng.choice(ORIGINS),
        "Sec-Fetch-Site": lambda: rng.choice(["same-origin", "cross-site", "none", "x", ""]),
        "Cookie": lambda: rng.choice([*TEXTS, "gt-0=1; gt-0=2", "=" * 50, ";" * 500]),
        "Authorization": lambda: rng.choice(["Bearer", "Bearer x", "Basic eDp4", "\xff", ""]),
        "Accept-Encoding": lambda: rng.choice(["gzip", "br;q=0", "*", "gzip;q=x", "", "zstd"]),
        "Range": lambda: rng.choice(["bytes=0-0", "bytes=9-1", "bytes=-1", "x=1", "bytes=0-9e9"]),
        "If-None-Match": lambda: rng.choice(["*", '"x"', 'W/"', "x" * 999]),
        "If-Modified-Since": lambda: rng.choice(["x", "Thu, 01 Jan 1970 00:00:00 GMT", "0"]),
        "X-Forwarded-Host": lambda: "evil.example",
        "X-Forwarded-For": lambda: rng.choice(TEXTS[:12]),
        "Forwarded": lambda: "host=evil.example",
        "Transfer-Encoding": lambda: rng.choice(["chunked", "gzip", "x"]),
        "Content-Length": lambda: rng.choice(["-1", "x", "0", "9" * 30, "1e3"]),
        "Upgrade": lambda: "websocket",
        "Expect": lambda: "100-continue",
    }
    found = {
        name: said[name]() for name in rng.sample(sorted(said), rng.choice([0, 0, 1, 1, 2, 4]))
    }
    return {name: text for name, text in found.items() if "\n" not in text and "\r" not in text}
