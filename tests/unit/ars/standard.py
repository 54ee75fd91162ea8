"""Checks a reporting event against the table of the standard, and that what it refers to exists."""

from collections import Counter
from functools import cache
from pathlib import Path

import jsonschema
import yaml

TABLE = yaml.safe_load(
    Path(__file__).with_name("ars_1_0.yaml").read_text(encoding="utf-8"),
)
# Keys that name an instance, and the lists of the reporting event that define it.
REFERENCES = {
    "analysisId": "analyses",
    "outputId": "outputs",
    "methodId": "methods",
    "analysisSetId": "analysisSets",
    "dataSubsetId": "dataSubsets",
    "groupingId": "analysisGroupings",
    "referenceDocumentId": "referenceDocuments",
}


def _schema(written: str) -> dict:
    either = [_one(part.strip()) for part in written.removesuffix("!").split("|")]
    return either[0] if len(either) == 1 else {"anyOf": either}


def _one(name: str) -> dict:
    if name.endswith("*"):
        return {"type": "array", "items": _one(name.removesuffix("*"))}
    if name in TABLE["classes"]:
        return {"$ref": f"#/$defs/{name}"}
    if name in TABLE["enumerations"]:
        return {"enum": TABLE["enumerations"][name]}
    return {"type": name}


@cache
def _validator() -> jsonschema.Draft202012Validator:
    definitions = {
        name: {
            "type": "object",
            "additionalProperties": False,
            "required": [key for key, written in properties.items() if written.endswith("!")],
            "properties": {key: _schema(written) for key, written in properties.items()},
        }
        for name, properties in TABLE["classes"].items()
    }
    schema = {"$ref": "#/$defs/ReportingEvent", "$defs": definitions}
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def violations(event: dict) -> list[str]:
    """What the standard does not permit of an event."""
    return [f"{error.json_path}: {error.message}" for error in _validator().iter_errors(event)]


def broken_references(event: dict) -> list[str]:
    """Identifiers that nothing defines, or that are defined twice."""
    ids = [value for key, value in _pairs(event) if key == "id"]
    problems = [
        f"{name} is defined {count} times" for name, count in Counter(ids).items() if count > 1
    ]
    defined = {name: {one["id"] for one in event[name]} for name in REFERENCES.values()}
    defined["groups"] = {
        group["id"] for one in event["analysisGroupings"] for group in one.get("groups", [])
    }
    defined["operations"] = {
        one["id"] for method in event["methods"] for one in method["operations"]
    }
    defined["terms"] = {
        term["id"] for one in event["terminologyExtensions"] for term in one["sponsorTerms"]
    }
    kinds = REFERENCES | {
        "groupId": "groups",
        "operationId": "operations",
        "sponsorTermId": "terms",
    }
    return problems + [
        f"{key} {value} is not among {kinds[key]}"
        for key, value in _pairs(event)
        if key in kinds and value not in defined[kinds[key]]
    ]


def _pairs(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from _pairs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _pairs(inner)
