"""The documentation: Markdown files that GitHub shows as they are, and the app under ``/docs``.

``README.md`` is its first page, and its lists of links are the order of all others: a page that they do not name is
none. Here the files are read; `gt.ui.docs` makes pages of them.
"""

from gt.docs.contents import Entry as Entry
from gt.docs.contents import Group as Group
from gt.docs.contents import contents as contents
from gt.docs.contents import source as source
from gt.docs.markdown import Heading as Heading
from gt.docs.markdown import headings as headings
from gt.docs.markdown import parse as parse
from gt.docs.sections import Section as Section
from gt.docs.sections import sections as sections
