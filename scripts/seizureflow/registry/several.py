"""Methods that look at several groups of participants, or at several hypotheses."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

METHODS: dict[str, MethodNeeds] = {
    "subgroups": MethodNeeds(
        "another analysis of the plan repeated within subgroups, with tests of the interaction of "
        "arm and subgroup",
        "Does the effect differ between groups of participants?",
        options={
            "repeats": {
                "description": "The analysis that is repeated within each subgroup.",
                "type": "string",
            },
            "by": {
                "description": "Variables of ADSL that subgroups are formed by; SITESIZE is the "
                "number of participants at the site. With cuts (numbers, median or tertiles) a "
                "number is divided there, the value at a cut belonging to the upper group; "
                "without, each value is a subgroup.",
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["variable"],
                    "properties": {
                        "variable": {"type": "string"},
                        "label": {
                            "description": "Name in the report in place of the variable's own.",
                            "type": "string",
                            "pattern": "^[^:]+$",
                        },
                        "cuts": {
                            "anyOf": [
                                {"enum": ["median", "tertiles"]},
                                {
                                    "type": "array",
                                    "minItems": 1,
                                    "items": {"type": "number"},
                                    "uniqueItems": True,
                                },
                            ]
                        },
                    },
                },
            },
            "minimum_per_arm": {
                "description": "Participants that each arm of a subgroup must have for it to be "
                "analysed.",
                "type": "integer",
                "minimum": 1,
                "default": 5,
            },
        },
        repeats=True,
    ),
}
