"""How properties of what lies on the disk are tried: the same examples every day, and as many as are asked for."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings


def thoroughly(examples: int) -> settings:
    """So many examples, without a clock."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # what fails is small, and making it smaller takes minutes
        suppress_health_check=list(HealthCheck),
    )
