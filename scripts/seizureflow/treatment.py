"""Reads the treatment codes: which arm every randomised participant was assigned to."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.arm_codes import arm_codes, compared, spellings
from seizureflow.findings import Finding, Severity
from seizureflow.raw_table import RawTable
from seizureflow.suggestions import nearest

Entry = dict[str, Any]


def read_treatment(
    raw: RawTable,
    arms: list[Entry],
    participants: pd.DataFrame,
    not_randomised: list[str],
    *,
    own_file: bool = True,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Read the arm of every randomised participant.

    A code is the id, the label or one of the ``codes`` of an arm; upper and lower case and
    surrounding blanks make no difference. A cell that is empty, or holds one of the values
    ``not_randomised``, assigns nobody.

    Args:
        raw: The file with the codes, its columns ``participant`` and ``arm``.
        arms: Entry ``design.arms`` of the protocol.
        participants: Table ``participants``.
        not_randomised: Values that stand for no arm.
        own_file: Whether the codes have a file of their own; the identifiers of the participants
            file have been checked with the participants.

    Returns:
        Table ``treatment``, sorted by participant, and the findings: errors for a code that is
        not known, a participant who stands twice or is not among the participants, and one who
        was randomised (has a date of randomisation) and has no code; a warning for a code of
        somebody who, by the dates, was not randomised.

    Raises:
        InputError: A code stands for two arms, or for an arm and for none.
    """
    known = arm_codes(arms, not_randomised)
    # In a file that was not read as a whole, nobody's code can be called missing.
    readable = not any(found.severity == "error" for found in raw.findings)
    codes = raw.column("arm").map(compared)
    _refuse_unknown_codes(raw, codes, known, spellings(arms, not_randomised))
    if own_file:
        _refuse_people(raw, participants)
    identifiers = raw.column("participant")
    arm = codes.map(known)
    assigned = arm.notna() & identifiers.isin(participants["USUBJID"])
    table = (
        pd.DataFrame({"USUBJID": identifiers, "ARMCD": arm})[assigned]
        .drop_duplicates("USUBJID")  # who stands twice has been reported
        .sort_values("USUBJID", ignore_index=True)
    )
    if readable:
        _check_randomised(raw, codes.map(known).notna() | ~codes.isin(list(known)), participants)
    return table, raw.findings


def randomised_by_date(participants: pd.DataFrame) -> pd.Series[Any] | None:
    """Whether each participant has a date of randomisation; None where nobody has one."""
    dated = participants["RANDDT"].notna()
    return dated if dated.any() else None


def _refuse_unknown_codes(
    raw: RawTable, codes: pd.Series[Any], known: dict[str, str | None], written: list[str]
) -> None:
    for code in codes[~codes.isin(list(known))].unique():
        suggested = nearest(code, written)
        raw.refuse(
            "unknown_treatment_code",
            "arm",
            codes == code,
            f"The value is no arm's code. Known: {', '.join(written)}.",
            "Correct the cell, or add the value to the arm's codes in protocol.yaml."
            + (f" {suggested}" if suggested.startswith("Did") else ""),
        )


def _refuse_people(raw: RawTable, participants: pd.DataFrame) -> None:
    """Report rows of nobody, of people who are not participants, and of somebody twice."""
    identifiers = raw.column("participant")
    named = identifiers != ""
    raw.refuse(
        "no_participant",
        "participant",
        ~named,
        "The row names no participant.",
        "Fill in the identifier, or delete the row.",
    )
    raw.refuse(
        "duplicate_participant",
        "participant",
        named & identifiers.duplicated(keep=False),
        "A participant has more than one row of treatment codes.",
        "Keep one row per participant.",
    )
    if not participants.empty:  # else no participant could be read, which has been reported
        raw.refuse(
            "unknown_participant",
            "participant",
            named & ~identifiers.isin(participants["USUBJID"]),
            "The participant is not in the participants file.",
            "Add the participant there, correct the identifier, or delete the row.",
        )


def _check_randomised(raw: RawTable, coded: pd.Series[Any], participants: pd.DataFrame) -> None:
    """Where participants have dates of randomisation, set them against the codes.

    Args:
        raw: The file with the codes.
        coded: Whether each row holds the code of an arm, or one that is not known.
        participants: Table ``participants``.
    """
    randomised = randomised_by_date(participants)
    if randomised is None:
        return
    with_code = participants["USUBJID"].isin(raw.column("participant")[coded])
    for person in participants.loc[randomised & ~with_code, "USUBJID"]:
        raw.findings.append(
            _finding(
                raw,
                "error",
                "no_treatment_code",
                person,
                "The participant was randomised and has no treatment code.",
                "Add the code, or clear the date of randomisation.",
            )
        )
    for person in participants.loc[~randomised & with_code, "USUBJID"]:
        raw.findings.append(
            _finding(
                raw,
                "warning",
                "code_without_randomisation",
                person,
                "The participant has a treatment code and no date of randomisation, and counts "
                "as randomised.",
                "Add the date, or clear the code.",
            )
        )


def _finding(
    raw: RawTable, severity: Severity, rule: str, person: str, message: str, action: str
) -> Finding:
    cells = raw.column("arm")[raw.column("participant") == person]
    shown = ", ".join(repr(value) for value in dict.fromkeys(cells))
    column = raw.columns.get("arm", "arm")
    return Finding(severity, rule, raw.file, column, person, "", shown, message, action)
