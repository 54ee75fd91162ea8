"""Methods that ask how far the answer rests on data that were not seen."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

METHODS: dict[str, MethodNeeds] = {}
