"""Fills in the options that an analysis of the plan leaves at the default of its method."""

from __future__ import annotations

import copy
from typing import Any

from seizureflow.registry import METHODS

Entry = dict[str, Any]


def with_option_defaults(data: Entry) -> Entry:
    """Give a protocol in which every analysis has all options of its method that have a default.

    What an analysis rests on then stands in its entry, whether the plan says it or not. Methods
    that do not exist are left as they are: the checks report them.

    Args:
        data: The protocol.
    """
    return data | {"analyses": [_filled(analysis) for analysis in data["analyses"]]}


def _filled(analysis: Entry) -> Entry:
    needs = METHODS.get(analysis["method"])
    if needs is None or not needs.options:
        return analysis
    defaults = {
        name: copy.deepcopy(schema["default"])
        for name, schema in needs.options.items()
        if "default" in schema
    }
    given = analysis.get("options", {})
    filled = analysis | {"options": defaults | given}
    return filled if filled["options"] else analysis
