"""Methods that describe laboratory results and vital signs."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds, Schema

DATASETS = {"laboratory": "adlb", "vital_signs": "advs"}

_DOMAIN: Schema = {
    "description": "laboratory (ADLB) or vital_signs (ADVS).",
    "enum": list(DATASETS),
    "default": "laboratory",
}
_RECORDS: Schema = {
    "description": "post_baseline - all results after day 1, unscheduled ones too; on_treatment - "
    "those of them until days_after_last_dose after the last dose.",
    "enum": ["post_baseline", "on_treatment"],
    "default": "post_baseline",
}
_CODES: Schema = {
    "type": "array",
    "minItems": 1,
    "uniqueItems": True,
    "items": {"type": "string", "minLength": 1, "maxLength": 8},
}


def _code(test: str, code: str) -> Schema:
    return {"description": f"Test code of {test}.", "type": "string", "default": code}


def _bounds(what: str) -> Schema:
    return {
        "description": what,
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {
            name: {"type": "number"} for name in ("at_least", "at_most", "more_than", "less_than")
        },
    }


METHODS: dict[str, MethodNeeds] = {
    "laboratory_shift": MethodNeeds(
        "participants by the category (low, normal, high) of their baseline and of their worst "
        "result afterwards, against the reference range of the laboratory",
        "Whose laboratory results left the reference range?",
        datasets=("adsl", "adlb"),
        domains=("laboratory",),
        options={
            "tests": _CODES
            | {"description": "Test codes; all by default.", "minItems": 0, "default": []},
            "records": _RECORDS,
        },
    ),
    "measurement_summary": MethodNeeds(
        "number, mean, standard deviation, median, minimum and maximum of results and of their "
        "change from baseline, by visit",
        "How did the results change from visit to visit?",
        datasets=("adsl",),
        either=DATASETS,
        options={
            "domain": _DOMAIN,
            "tests": _CODES
            | {"description": "Test codes. Each gives a dozen numbers per visit and arm."},
            "visits": {
                "description": "Visits of the plan, beside the baseline; all by default.",
                "type": "array",
                "uniqueItems": True,
                "items": {"type": "string"},
                "default": [],
            },
        },
    ),
    "hys_law": MethodNeeds(
        "participants whose aminotransferases and bilirubin rose as in severe drug-induced liver "
        "injury (Hy's law), with the peaks in multiples of the upper limit of normal (FDA 2009)",
        "Did anybody's liver tests rise as in severe drug-induced liver injury?",
        datasets=("adsl", "adlb"),
        domains=("laboratory",),
        options={
            "alt": _code("alanine aminotransferase", "ALT"),
            "ast": _code("aspartate aminotransferase", "AST"),
            "bilirubin": _code("total bilirubin", "BILI"),
            "alkaline_phosphatase": _code("alkaline phosphatase", "ALP"),
            "aminotransferase_multiple": {
                "description": "ALT or AST above this multiple of the upper limit of normal.",
                "type": "number",
                "exclusiveMinimum": 0,
                "default": 3,
            },
            "bilirubin_multiple": {
                "description": "With bilirubin of at least this multiple.",
                "type": "number",
                "exclusiveMinimum": 0,
                "default": 2,
            },
            "within_days": {
                "description": "The two results lie at most this many days apart.",
                "type": "integer",
                "minimum": 0,
                "default": 30,
            },
            "alkaline_phosphatase_below": {
                "description": "A participant is no case by two results between which (their days "
                "among them) alkaline phosphatase reached this multiple, usually 2; none by "
                "default. Where it was not measured, it excludes nothing.",
                "type": ["number", "null"],
                "exclusiveMinimum": 0,
                "default": None,
            },
            "listed": {
                "description": "As many participants are listed with their peaks, the highest "
                "first.",
                "type": "integer",
                "minimum": 0,
                "maximum": 500,
                "default": 20,
            },
            "records": _RECORDS,
        },
    ),
    "marked_abnormalities": MethodNeeds(
        "participants with a result that the protocol calls markedly abnormal: by its value, its "
        "change from baseline or its multiple of the upper limit of normal",
        "How many participants had markedly abnormal results?",
        datasets=("adsl",),
        either=DATASETS,
        options={
            "domain": _DOMAIN,
            "criteria": {
                "description": "What is markedly abnormal; a result meets a criterion if it keeps "
                "all bounds that are given.",
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["label", "test"],
                    "minProperties": 3,
                    "properties": {
                        "label": {"description": "The criterion in words.", "type": "string"},
                        "test": {"description": "Test code.", "type": "string"},
                        "value": _bounds("Bounds on the result."),
                        "change": _bounds("Bounds on its change from baseline."),
                        "percent_change": _bounds("Bounds on its change in percent."),
                        "times_upper_limit": _bounds(
                            "Bounds on its multiple of the upper limit of the reference range."
                        ),
                    },
                },
            },
            "records": _RECORDS,
        },
    ),
}
