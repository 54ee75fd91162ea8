"""Names the instances of a reporting event; a full stop parts the words, so none can coincide."""

from __future__ import annotations

TREATMENT = "Grouping.TRT01P"
REFERENCE = "Grouping.reference"
VISIT = "Grouping.AVISIT"
VARIABLE = "Grouping.variable"
LEVEL = "Grouping.level"
PLAN = "Document.protocol"


def analysis_set(identifier: str) -> str:
    """Of an analysis set of the protocol."""
    return f"AnalysisSet.{identifier}"


def group(grouping: str, value: str) -> str:
    """Of a group of a grouping.

    >>> group(TREATMENT, "placebo")
    'Group.TRT01P.placebo'
    """
    return f"Group.{grouping.removeprefix('Grouping.')}.{value}"


def method(name: str) -> str:
    """Of a method of the registry."""
    return f"Method.{name}"


def method_document(name: str) -> str:
    """Of the source code of a method."""
    return f"Document.method.{name}"


def operation(method_name: str, statistic: str) -> str:
    """Of a statistic that a method gives."""
    return f"Operation.{method_name}.{statistic}"


def analysis(identifier: str) -> str:
    """Of an analysis of the protocol."""
    return f"Analysis.{identifier}"


def display(output_name: str, identifier: str) -> str:
    """Of what an output shows of an analysis."""
    return f"Display.{output_name}.{identifier}"


def output(name: str) -> str:
    """Of an output file."""
    return f"Output.{name}"


def term(enumeration: str, name: str) -> str:
    """Of a term that the standard has not."""
    return f"Term.{enumeration}.{name}"
