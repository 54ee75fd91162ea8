"""Checks that an endpoint of the plan has the keys of its kind, and no others."""

from __future__ import annotations

from typing import Any

from seizureflow.domain_checks import Report
from seizureflow.yaml_source import Key

Entry = dict[str, Any]

_NEEDED = {
    "log_change": ("post_offset", "baseline_offset"),
    "percent_change": (),
    "responder": ("reduction",),
    "seizure_free_days": (),
}
_ALLOWED = {
    "log_change": ("seizure_type",),
    "percent_change": ("seizure_type",),
    "responder": ("seizure_type", "dropouts", "composite_events"),
    "seizure_free_days": (),
}
_KEYS_OF_KINDS = (
    "post_offset",
    "baseline_offset",
    "reduction",
    "seizure_type",
    "dropouts",
    "composite_events",
)


def check_endpoint_fields(key: Key, endpoint: Entry, report: Report) -> None:
    """Report keys that an endpoint lacks, or that belong to another kind.

    Args:
        key: Its place in the protocol.
        endpoint: Its entry.
        report: Takes the problems.
    """
    kind = endpoint["kind"]
    for name in _NEEDED[kind]:
        if name not in endpoint:
            report(key, f"An endpoint of kind {kind} needs {name}.")
    for name in _KEYS_OF_KINDS:
        if name in endpoint and name not in (*_NEEDED[kind], *_ALLOWED[kind]):
            report((*key, name), f"An endpoint of kind {kind} has no {name}.", action="Delete it.")
