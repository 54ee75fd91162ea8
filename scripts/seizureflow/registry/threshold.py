"""Methods that set an estimate against the reduction that was asked for."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

METHODS: dict[str, MethodNeeds] = {}
