"""The methods of a study's analyses, each with one operation per statistic that it gave."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from seizureflow.ars import identifiers
from seizureflow.displays.values import Result, distinct, number
from seizureflow.registry import METHODS

Entry = dict[str, Any]


def methods(rows_by_method: dict[str, list[Result]]) -> list[Entry]:
    """Describe methods.

    Args:
        rows_by_method: For each method the rows of all its analyses.
    """
    return [_method(name, rows) for name, rows in rows_by_method.items()]


def method_documents(names: Iterable[str]) -> list[Entry]:
    """The source code of methods, as reference documents."""
    return [
        {
            "id": identifiers.method_document(name),
            "name": f"Source code of the method {name}",
            "location": f"scripts/seizureflow/methods/{name}.py",
        }
        for name in names
    ]


def _method(name: str, rows: list[Result]) -> Entry:
    by_statistic: dict[str, list[Result]] = {}
    for row in rows:
        by_statistic.setdefault(row.statistic, []).append(row)
    needs = METHODS[name]
    caution = f" {needs.caution}" if needs.caution else ""
    return {
        "id": identifiers.method(name),
        "name": name,
        "description": needs.summary + "." + caution,
        "documentRefs": [{"referenceDocumentId": identifiers.method_document(name)}],
        "operations": [
            _operation(name, statistic, of, place)
            for place, (statistic, of) in enumerate(by_statistic.items(), start=1)
        ],
    }


def _operation(method: str, statistic: str, rows: list[Result], place: int) -> Entry:
    labels = distinct(row.label for row in rows)
    operation: Entry = {
        "id": identifiers.operation(method, statistic),
        "name": statistic,
        "label": labels[0],
        "order": place,
    }
    if len(labels) > 1:
        operation["description"] = f"In other analyses: {'; '.join(labels[1:])}."
    pattern = result_pattern(rows)
    return operation | ({"resultPattern": pattern} if pattern else {})


def result_pattern(rows: Iterable[Result]) -> str:
    """How the numbers of a statistic are written, read from how they are; empty for words.

    A p-value has several patterns, by its size.

    >>> result_pattern([Result("a", "p_value", "p", 0.51), Result("a", "p_value", "p", 1e-9)])
    'X.XX or <0.001'
    """
    shown = [number(row).text for row in rows if row.text is None and math.isfinite(row.value)]
    return " or ".join(sorted({_pattern(text) for text in shown}, key=lambda p: ("<" in p, p)))


def _pattern(text: str) -> str:
    if text.startswith("<"):
        return text
    written = re.match(r"−?\d+(?:\.(?P<decimals>\d+))?(?P<unit>.*)", text)
    if written is None:
        return text
    decimals = written["decimals"]
    return "X" + (f".{'X' * len(decimals)}" if decimals else "") + written["unit"]
