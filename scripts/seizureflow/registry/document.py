"""Writes the page on the methods that a protocol can name, from the registry itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seizureflow.registry import FAMILIES
from seizureflow.registry.needs import MethodNeeds, Schema

_TITLES: dict[str, str] = {
    "Continuous endpoints": "continuous",
    "Responders": "responders",
    "Counts": "counts",
    "Time to event": "time_to_event",
    "Missing data": "missing_data",
    "Design-based": "design_based",
    "Against a threshold": "threshold",
    "Other choices": "specification",
    "Several groups or hypotheses": "several",
    "Safety": "safety",
    "Laboratory and vital signs": "measurements",
    "Descriptive": "descriptive",
}
_INTRODUCTION = """\
# Methods that a protocol can name

Written from the registry (`scripts/seizureflow/registry/`) by `make docs`; a test holds the two
together.

An entry of `analyses:` names a method, the analysis set, and what the method takes: an endpoint,
a window, covariates, options. An option without a default must be given. Every method writes its
results in the same long form (`results/<study>/ard.parquet`).

Variables that can be named as covariates, in analysis sets and in eligibility: `AGE`, `SEX`,
`SITEID`, `BSCOUNT`, `BSDAYS`, `BSFREQ`, `LBSFREQ` (countable seizures, recorded days, frequency
and log frequency of the baseline), the `covariates:` of the domain participants, and the
`derived_covariates:`.

Endpoints (`endpoints:`) are of the kinds `log_change`, `percent_change`, `responder` and
`seizure_free_days`; all but the last can be of one `seizure_type`. A responder endpoint says by
`dropouts:` what a participant who left counts as, and by `composite_events:` which intercurrent
events make no response. A window can end `until:` an intercurrent event.
"""


def methods_page() -> str:
    """The page as Markdown."""
    return "\n".join([_INTRODUCTION, *_contents(), *_families()]).rstrip() + "\n"


def _contents() -> Iterator[str]:
    for title, family in _TITLES.items():
        names = ", ".join(f"[`{name}`](#{name})" for name in FAMILIES[family])
        yield f"- {title}: {names}"
    yield ""


def _families() -> Iterator[str]:
    for title, family in _TITLES.items():
        yield f"## {title}\n"
        for name, needs in FAMILIES[family].items():
            yield from _method(name, needs)


def _method(name: str, needs: MethodNeeds) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{needs.summary[:1].upper()}{needs.summary[1:]}.\n"
    facts = {
        "Endpoint": ", ".join(f"`{kind}`" for kind in needs.endpoint),
        "Window": "needed, with scheduled visits" if needs.visits else "needed" * needs.window,
        "Covariates": "can be given" * needs.covariates,
        "Variables": "needed" * needs.variables,
        "Domains": ", ".join(f"`{domain}`" for domain in needs.domains)
        + " or ".join(f"`{domain}`" for domain in needs.either),
        "Estimate": _estimate(needs),
        "Random numbers": "from the seed of `config.yaml`, a stream per analysis" * needs.random,
        "Known limits": needs.caution,
    }
    yield from (f"- {fact}: {words}" for fact, words in facts.items() if words)
    yield ""
    if needs.options:
        yield "| option | values | default | what it is |"
        yield "|---|---|---|---|"
        for option, schema in needs.options.items():
            yield _row(option, schema, "must be given")
            yield from _keys(option, schema)
        yield ""


def _row(option: str, schema: Schema, without_default: str) -> str:
    default = f"`{_value(schema['default'])}`" if "default" in schema else without_default
    words = str(schema.get("description", "")).replace("|", "\\|")
    return f"| `{option}` | {_values(schema)} | {default} | {words} |"


def _keys(option: str, schema: Schema) -> Iterator[str]:
    """A row for each key of an option whose values have keys; ``[]`` marks those of a list."""
    for entry, mark in ((schema, ""), (schema.get("items", {}), "[]")):
        for name, inner in entry.get("properties", {}).items():
            needed = "must be given" if name in entry.get("required", ()) else "can be left out"
            yield _row(f"{option}{mark}.{name}", inner, needed)


def _estimate(needs: MethodNeeds) -> str:
    if needs.estimate is None:
        return ""
    if isinstance(needs.estimate, Mapping):
        kinds: dict[str, list[str]] = {}
        for kind, measure in needs.estimate.items():
            kinds.setdefault(measure, []).append(f"`{kind}`")
        return "; ".join(f"`{measure}` of {', '.join(of)}" for measure, of in kinds.items())
    return f"`{needs.estimate}`"


def _values(schema: Schema) -> str:
    """The values that a schema allows, in words."""
    if "enum" in schema:
        return ", ".join(f"`{_value(value)}`" for value in schema["enum"])
    kinds = schema.get("type", "any value")
    words = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if kinds == "array":
        items = _values(schema["items"]) if "items" in schema else "values"
        return f"list of {items}"
    bounds = [
        f"{sign} {schema[key]:g}"
        for key, sign in (
            ("minimum", "≥"),
            ("exclusiveMinimum", ">"),
            ("maximum", "≤"),
            ("exclusiveMaximum", "<"),
        )
        if key in schema
    ]
    return " ".join([words, ", ".join(bounds)]).strip()


def _value(value: Any) -> str:
    """A value as YAML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_value(item)}' for key, item in value.items())}}}"
    return "null" if value is None else f"{value}"


if __name__ == "__main__":
    print(methods_page(), end="")
