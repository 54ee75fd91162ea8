"""Checks a YAML file against a JSON Schema, fills in the defaults and words every violation."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from seizureflow.problems import InputError, Problem
from seizureflow.suggestions import nearest
from seizureflow.yaml_source import Key, YamlSource

# The schemas are the project's own; nested without end, a file would crash the loader in C.
_FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_schema(path: Path) -> dict[str, Any]:
    """Read a JSON Schema that is kept as YAML; that it is one is a test's to check."""
    schema: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_FAST_LOADER)  # noqa: S506
    return schema


def check_against_schema(source: YamlSource, schema: dict[str, Any]) -> dict[str, Any]:
    """Give the data of a YAML file with defaults filled in.

    Raises:
        InputError: The data violate the schema; all violations are in it.
    """
    errors = sorted(Draft202012Validator(schema).iter_errors(source.data), key=_position(source))
    if errors:
        raise InputError([problem for error in errors for problem in _problems(error, source)])
    filled: dict[str, Any] = copy.deepcopy(source.data)
    _fill_defaults(filled, schema, schema)
    return filled


def _position(source: YamlSource) -> Any:
    def line(error: ValidationError) -> tuple[int, str]:
        return source.lines.get(tuple(error.absolute_path), 0), str(list(error.absolute_path))

    return line


def _problems(error: ValidationError, source: YamlSource) -> list[Problem]:
    """Word one violation, with the place in the file."""
    return [Problem(source.where(key), what, **details) for key, what, details in violations(error)]


def violations(error: ValidationError) -> list[tuple[Key, str, dict[str, str]]]:
    """Word one violation: its key, what is wrong and details as :class:`Problem` takes them.

    Unknown and missing keys are named one by one.
    """
    key: Key = tuple(error.absolute_path)
    rule = str(error.validator)
    found: Any = error.instance
    limit: Any = error.validator_value
    schema: dict[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    if rule == "additionalProperties":
        known = list(schema.get("properties", {}))
        return [
            (
                (*key, name),
                f'Unknown key "{name}".',
                {
                    "expected": ", ".join(known),
                    "action": nearest(str(name), known) + " Otherwise delete it.",
                },
            )
            for name in found
            if name not in known
        ]
    if rule == "required":
        missing = [name for name in limit if name not in found]
        named = next((name for name in missing if f"'{name}'" in error.message), missing[0])
        return [(key, f'The key "{named}" is missing.', {"action": f'Add "{named}".'})]
    expected = {
        "type": f"a value of type {limit}",
        "enum": f"one of {', '.join(map(str, limit))}" if rule == "enum" else "",
        "anyOf": _alternatives(limit) if rule == "anyOf" else "",
        "pattern": f"text that matches {limit}",
        "minItems": f"at least {limit} entries",
        "minimum": f"at least {limit}",
        "maximum": f"at most {limit}",
        "exclusiveMinimum": f"more than {limit}",
        "exclusiveMaximum": f"less than {limit}",
        "uniqueItems": "entries that differ from each other",
    }.get(rule, str(schema.get("description", "")))
    action = nearest(str(found), map(str, limit)) if rule == "enum" else ""
    details = {"expected": expected, "found": _shown(found), "action": action}
    return [(key, "The value is not allowed.", details)]


def _alternatives(schemas: list[dict[str, Any]]) -> str:
    """What may stand where several kinds of value may."""
    words = []
    for schema in schemas:
        if "enum" in schema:
            words.append(f"one of {', '.join(map(str, schema['enum']))}")
        elif "properties" in schema:
            words.append(f"a mapping with the keys {', '.join(schema['properties'])}")
        else:
            words.append(f"a value of type {schema.get('type')}")
    return ", or ".join(words)


def _shown(value: Any, limit: int = 120) -> str:
    text = repr(value)
    return text if len(text) <= limit else text[:limit] + " ..."


def _fill_defaults(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> None:
    """Fill absent keys with their defaults, in place, wherever the schema names one."""
    if "$ref" in schema:
        _fill_defaults(value, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)
    if isinstance(value, dict):
        for name, entry in schema.get("properties", {}).items():
            if name not in value and isinstance(entry, dict) and "default" in entry:
                value[name] = copy.deepcopy(entry["default"])
            if name in value:
                _fill_defaults(value[name], entry, root)
        other = schema.get("additionalProperties")
        if isinstance(other, dict):
            for name in value.keys() - schema.get("properties", {}).keys():
                _fill_defaults(value[name], other, root)
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for item in value:
            _fill_defaults(item, schema["items"], root)
