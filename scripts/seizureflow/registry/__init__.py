"""The analysis methods a protocol can name, and what each needs; light enough to read before a run.

The methods themselves are modules of :mod:`seizureflow.methods` and are loaded by the jobs alone.
"""

from __future__ import annotations

from seizureflow.registry import (
    continuous,
    counts,
    descriptive,
    design_based,
    missing_data,
    responders,
    several,
    specification,
    threshold,
    time_to_event,
)
from seizureflow.registry.needs import MethodNeeds, Schema

__all__ = ["METHODS", "MethodNeeds", "Schema"]

METHODS: dict[str, MethodNeeds] = {
    **continuous.METHODS,
    **responders.METHODS,
    **counts.METHODS,
    **time_to_event.METHODS,
    **missing_data.METHODS,
    **design_based.METHODS,
    **threshold.METHODS,
    **specification.METHODS,
    **several.METHODS,
    **descriptive.METHODS,
}
