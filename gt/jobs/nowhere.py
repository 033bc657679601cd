"""Where nothing can be written nothing can be computed: orders are refused in a sentence, and pages are served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash.background_callback.managers import BaseBackgroundCallbackManager

REFUSED = (
    "A computation needs a folder that can be written, and there is none: free some space, or name"
    " another folder in GT_CACHE_DIR, and start the server again."
)


class Nowhere(BaseBackgroundCallbackManager):
    """Stands where computations would be started, and starts none."""

    def __init__(self) -> None:
        super().__init__(None)

    def make_job_fn(self, fn: Any, progress: Any, key: Any = None) -> Any:
        """Nothing is prepared."""
        return fn

    def call_job_fn(self, key: str, job_fn: Any, args: Any, context: Any) -> Any:
        """Refuse.

        Raises:
            OSError: Always; it says what to do.
        """
        raise OSError(REFUSED)

    def at_work(self, order: Any) -> bool:
        """None is."""
        return False

    def terminate_job(self, job: Any) -> None:
        """There is none."""

    def terminate_unhealthy_job(self, job: Any) -> bool:
        """There is none."""
        return False

    def job_running(self, job: Any) -> bool:
        """None is."""
        return False

    def get_progress(self, key: str) -> Any:
        """Of nothing."""
        return None

    def result_ready(self, key: str) -> bool:
        """None is."""
        return False

    def get_result(self, key: str, job: Any) -> Any:
        """Never one."""
        return self.UNDEFINED

    def get_updated_props(self, key: str) -> dict[str, Any]:
        """None."""
        return {}

    def get_or_create_signing_secret(self, generate: Callable[[], bytes]) -> bytes:
        """This worker's own."""
        return generate()
