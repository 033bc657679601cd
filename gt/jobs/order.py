"""An order: what a form comes to, as it goes to the browser and comes back from there.

Whoever asks may have made it up: a list where a name should be, a number of a million digits, a field that is not
there. So its fields are held to the job's TypedDict before anything else is done with it. What an order *means*
(whether there is such a run, layer or method) is checked where it is carried out.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, get_type_hints

from gt.jobs.job import Checked, Job
from gt.jobs.known import jobs
from gt.serve.said import came
from gt.serve.shapes import wrong


class OrderError(ValueError):
    """An order is malformed; says where, in a sentence."""


def made(job: Job, checked: Checked) -> dict[str, Any]:
    """The order for a form that can be sent; its ``nonce`` makes asking twice two orders."""
    return {"work": job.name, **checked.order, "nonce": uuid.uuid4().hex}


def checked(order: Any) -> dict[str, Any]:
    """An order with the fields of its job and no others.

    Args:
        order: One of the orders of `gt.state`, or anything else that JSON can say.

    Raises:
        OrderError: If it is anything else.
    """
    if not isinstance(order, Mapping):
        raise OrderError(f"An order must be an object, {came(order)} came; ask by the form.")
    work, known = order.get("work"), jobs()
    if not isinstance(work, str) or work not in known:
        raise OrderError(f"work must be {' or '.join(known)}, {came(work)} came; ask by the form.")
    if said := wrong(dict(order), known[work].order, exact=True):
        raise OrderError(f"{said}; ask by the form.")
    return {name: order[name] for name in get_type_hints(known[work].order)}


def key_of(order: Any) -> str:
    """What an order's progress and result are found by: the same for the same order, whoever asks again."""
    return sha256(json.dumps(order, sort_keys=True).encode()).hexdigest()
