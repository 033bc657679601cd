"""All pages of an app, as a reader's browser gets them, without a browser."""

from __future__ import annotations

from typing import Any

from tests.app.conftest import PAGES, Client, ask, request, text


class Pages:
    """``pages("/compare", "?run=mnist")``: the text of a page; it must answer 200."""

    def __init__(self, made: Any) -> None:
        from gt.serve import context

        made.server.test_client_class = Client
        self.client = made.server.test_client()
        self.library = made.server.config[context.KEY]
        self.client.get("/")
        self.callbacks = self.client.get("/_dash-dependencies").get_json()
        [self.router] = [c for c in self.callbacks if "_pages_content.children" in c["output"]]

    def __call__(self, path: str, query: str = "") -> str:
        answer = ask(self.client, self.router, [path, query])
        return " ".join(text(answer["response"]["_pages_content"]["children"]).split())

    def all(self, run: str) -> dict[str, str]:
        """Every page, of one run."""
        return {path: self(path, f"?run={run}") for path in PAGES}

    def raw(self, path: str, query: str = "") -> Any:
        """The answer as it is, whatever its status."""
        asked = request(self.router, [path, query])
        return self.client.post("/_dash-update-component", json=asked)
