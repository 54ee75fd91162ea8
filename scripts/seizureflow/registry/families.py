"""The families of methods, in the order in which they are listed."""

from __future__ import annotations

from seizureflow.registry import (
    continuous,
    counts,
    descriptive,
    design_based,
    measurements,
    missing_data,
    responders,
    safety,
    several,
    specification,
    threshold,
    time_to_event,
)
from seizureflow.registry.needs import MethodNeeds

FAMILIES: dict[str, dict[str, MethodNeeds]] = {
    "continuous": continuous.METHODS,
    "responders": responders.METHODS,
    "counts": counts.METHODS,
    "time_to_event": time_to_event.METHODS,
    "missing_data": missing_data.METHODS,
    "design_based": design_based.METHODS,
    "threshold": threshold.METHODS,
    "specification": specification.METHODS,
    "several": several.METHODS,
    "safety": safety.METHODS,
    "descriptive": descriptive.METHODS,
    "measurements": measurements.METHODS,
}
