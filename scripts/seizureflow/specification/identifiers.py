"""The variables that every dataset has: study, participant and arm."""

from __future__ import annotations

from typing import Any

from seizureflow.displays.words import listed
from seizureflow.specification.model import Variable
from seizureflow.specification.sources import raw_source

Entry = dict[str, Any]


def is_dummy(protocol: Entry) -> bool:
    """Whether the arms are dummies."""
    return bool(protocol.get("treatment") == "blinded")


def adsl_identifiers(protocol: Entry) -> list[Variable]:
    """STUDYID, USUBJID and TRT01P of ADSL."""
    return [
        Variable(
            "STUDYID",
            "Study Identifier",
            "text",
            f'Name of the study: "{protocol["study"]}".',
            "protocol.yaml, study",
        ),
        Variable(
            "USUBJID",
            "Unique Subject Identifier",
            "text",
            "Identifier of the participant, as collected.",
            raw_source(protocol, "participants", "participant"),
        ),
        _treatment(protocol),
    ]


def copied_identifiers(protocol: Entry) -> list[Variable]:
    """STUDYID, USUBJID and TRT01P of every other dataset."""
    return [
        Variable(v.name, v.label, v.kind, copied(v), f"ADSL.{v.name}", v.codelist)
        for v in adsl_identifiers(protocol)
    ]


def copied(variable: Variable) -> str:
    """That a variable is that of ADSL, with what a reader must not overlook."""
    dummy = " DUMMY TREATMENT." if "DUMMY" in variable.derivation else ""
    return f"As in ADSL.{dummy}"


def _treatment(protocol: Entry) -> Variable:
    arms = protocol["design"]["arms"]
    if is_dummy(protocol):
        ratio = ":".join(str(arm.get("ratio", 1)) for arm in arms)
        names = listed([str(arm["label"]) for arm in arms])
        derivation = (
            "DUMMY TREATMENT: the study is blinded, and the treatment codes are not read. "
            f"Randomised participants are assigned at random, within their strata, to {names} in "
            f"the ratio {ratio}. Missing for those not randomised."
        )
        source = ""
    else:
        codes = [
            f"{arm['id']} also from {listed([str(code) for code in arm['codes']], 'or')}"
            for arm in arms
            if arm.get("codes")
        ]
        derivation = "The arm to which the participant was randomised; missing where to none."
        derivation += f" {'; '.join(codes)}." if codes else ""
        separate = "treatment_codes" in protocol["domains"]
        source = raw_source(protocol, "treatment_codes" if separate else "participants", "arm")
    return Variable(
        "TRT01P",
        # A label travels with the data, so that a dummy is never taken for the treatment.
        "DUMMY TREATMENT (Planned, Period 01)"
        if is_dummy(protocol)
        else "Planned Treatment for Period 01",
        "text",
        derivation,
        source,
        tuple((str(arm["id"]), str(arm["label"])) for arm in arms),
    )
