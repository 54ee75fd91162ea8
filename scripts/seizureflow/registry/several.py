"""Methods that look at several groups of participants, or at several hypotheses."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

METHODS: dict[str, MethodNeeds] = {
    "multiplicity": MethodNeeds(
        "multiple testing of the hypotheses of other analyses at one familywise level",
        "Which of the hypotheses hold when all of them are tested?",
        datasets=(),
        options={
            "procedure": {
                "enum": ["hierarchical", "holm", "hochberg", "graphical"],
                "default": "hierarchical",
                "description": "Fixed sequence in the order of the hypotheses, Holm's or "
                "Hochberg's procedure, or a graph (Bretz et al. 2009).",
            },
            "alpha": {
                "type": "number",
                "exclusiveMinimum": 0,
                "exclusiveMaximum": 1,
                "default": 0.05,
                "description": "Familywise level.",
            },
            "hypotheses": {
                "type": "array",
                "minItems": 1,
                "description": "Analyses that stand before this one, each with the statistic that "
                "is its p, the arm where there are several, and a label.",
                "items": {
                    "type": "object",
                    "required": ["analysis"],
                    "additionalProperties": False,
                    "properties": {
                        "analysis": {"type": "string"},
                        "statistic": {"type": "string", "default": "p_value"},
                        "arm": {"type": "string"},
                        "label": {"type": "string"},
                    },
                },
            },
            "weights": {
                "type": "array",
                "items": {"type": "number", "minimum": 0, "maximum": 1},
                "default": [],
                "description": "For graphical: share of the level that each hypothesis has "
                "at the start.",
            },
            "transitions": {
                "type": "array",
                "items": {
                    "type": "array",
                    "items": {"type": "number", "minimum": 0, "maximum": 1},
                },
                "default": [],
                "description": "For graphical: row by row, the share of its level that a rejected "
                "hypothesis passes on to each other.",
            },
        },
        reads_results=("hypotheses",),
    ),
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
