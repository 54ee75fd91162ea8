"""The analysis methods a protocol can name, and what each needs; light enough to read before a run.

The methods themselves are modules of :mod:`seizureflow.methods` and are loaded by the jobs alone.
"""

from __future__ import annotations

from seizureflow.registry.families import FAMILIES
from seizureflow.registry.needs import MethodNeeds, Schema

__all__ = ["FAMILIES", "METHODS", "MethodNeeds", "Schema"]

METHODS: dict[str, MethodNeeds] = {
    name: needs for methods in FAMILIES.values() for name, needs in methods.items()
}
