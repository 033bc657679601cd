"""Write the generated pages of the documentation: ``python -m tests.docs``."""

from __future__ import annotations

import sys

from gt.docs.contents import ROOT
from tests.docs import commands, payloads, python, terms

#: page of gt/docs: what makes its text
PAGES = {
    "reference/cli.md": commands.page,
    "reference/python.md": python.page,
    "reference/payloads.md": payloads.page,
    "reference/words.md": terms.page,
}


def main() -> int:
    """Write those that are not as they should be, and say which."""
    for file, page in PAGES.items():
        text = page()
        path = ROOT / file
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(f"gt/docs/{file} written anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
