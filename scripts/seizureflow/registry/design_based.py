"""Methods that rest on the randomisation, or on leaving something out."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

METHODS: dict[str, MethodNeeds] = {}
