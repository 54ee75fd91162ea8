"""Methods that look at several groups of participants, or at several hypotheses."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

METHODS: dict[str, MethodNeeds] = {}
