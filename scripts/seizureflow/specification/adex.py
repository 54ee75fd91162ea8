"""The variables of ADEX, the doses."""

from __future__ import annotations

from typing import Any

from seizureflow.specification.identifiers import copied_identifiers
from seizureflow.specification.model import Variable
from seizureflow.specification.sources import NOT_COLLECTED, collected
from seizureflow.specification.taken import taken
from seizureflow.specification.words import study_day

Entry = dict[str, Any]

DOMAIN = "doses"


def adex_variables(protocol: Entry) -> dict[str, Variable]:
    """Every variable of ADEX, by name."""
    unit = (protocol["domains"].get(DOMAIN) or {}).get("unit")
    ends = collected(protocol, DOMAIN, "end_date")
    variables = [
        *copied_identifiers(protocol),
        Variable(
            "EXSEQ",
            "Sequence Number",
            "integer",
            "Number of the dose within the participant, by date, from 1.",
            "ADEX.ASTDT",
        ),
        taken(protocol, (DOMAIN, "date"), "ASTDT", "Analysis Start Date", "date"),
        Variable(
            "ASTDY", "Analysis Start Relative Day", "integer", study_day("ASTDT"), "ADEX.ASTDT"
        ),
        taken(protocol, (DOMAIN, "end_date"), "AENDT", "Analysis End Date", "date")
        if ends
        else Variable(
            "AENDT",
            "Analysis End Date",
            "date",
            "The last day of the dose; the study has one day per dose.",
            "ADEX.ASTDT",
        ),
        Variable("AENDY", "Analysis End Relative Day", "integer", study_day("AENDT"), "ADEX.AENDT"),
        taken(protocol, (DOMAIN, "dose"), "EXDOSE", "Dose", "float"),
        Variable(
            "EXDOSU",
            "Dose Units",
            "text",
            f'"{unit}" for every dose.' if unit else NOT_COLLECTED,
            "protocol.yaml, domains.doses.unit" if unit else "",
        ),
    ]
    return {variable.name: variable for variable in variables}
