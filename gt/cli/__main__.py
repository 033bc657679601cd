"""``python -m gt.cli`` is ``gt``."""

import sys

from gt.cli import main

sys.exit(main())
