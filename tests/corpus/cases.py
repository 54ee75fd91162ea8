"""Broken inputs: what is broken in the good study, and the findings that it must give.

A case replaces text in one file. Where it does not say otherwise, its findings name the line that was
changed and the participant on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.good_study import diary_row, on

Expected = tuple[str, str]  # severity and rule


@dataclass(frozen=True)
class Case:
    """An edit of a file of the good study, and what must be found.

    Attributes:
        file: Raw file without its suffix.
        old: Text that stands once in it; empty to add ``new`` at its end.
        new: What replaces it.
        finds: Severity and rule of every finding, in any order.
        participant: Participant of each finding; None where it is not to be compared.
        rows: Rows of each finding; ``changed`` for the changed line.
        protocol: Edit of the protocol that goes with it.
    """

    file: str
    old: str
    new: str
    finds: tuple[Expected, ...]
    participant: str | None = None
    rows: str | None = "changed"
    protocol: tuple[str, str] | None = None


def error(rule: str) -> tuple[Expected, ...]:
    return (("error", rule),)


def warning(rule: str) -> tuple[Expected, ...]:
    return (("warning", rule),)


P1, P2, P3 = diary_row("P1", 5), diary_row("P2", 5), diary_row("P3", 5)
DAY = on("P1", 5)  # P1,<DAY>,,<next day>,Y,1,1,0,
NEXT = on("P1", 6)
assert f"P1,{DAY},,{NEXT},Y,1,1,0," == P1


def diary(row: str, finds: tuple[Expected, ...], **details) -> Case:
    """A case that replaces the row of P1 on day 6."""
    return Case("diary", P1, row, finds, **{"participant": "P1"} | details)


PEOPLE = {
    "participant without identifier": Case("people", "P2,02,31", ",02,31", (("error", "no_participant"), ("error", "unknown_participant")), None, None),
    "participant twice": Case("people", "P2,02,31", "P1,02,31", (("error", "duplicate_participant"), ("error", "unknown_participant"), ("warning", "dosed_before_randomisation")), None, None),
    "identifiers that differ in case": Case("people", "S7,01,36", "p6,01,36", (("warning", "similar_participants"), ("error", "unknown_participant"), ("warning", "low_compliance")), None, None),
    "identifier that is a formula": Case("people", "", "=1+1,01,40,F,2020-02-01,,,Y,2\n", (("warning", "formula_text"), ("warning", "low_compliance")), "=1+1", "9"),
    "age in words": Case("people", ",31,F", ",forty,F", error("number"), "P2"),
    "age with a fraction": Case("people", ",31,F", ",31.5,F", error("whole_number"), "P2"),
    "negative age": Case("people", ",31,F", ",-31,F", error("negative_count"), "P2"),
    "infinite age": Case("people", ",31,F", ",inf,F", error("number"), "P2"),
    "decimal comma": Case("people", ",31,F", ',"31,5",F', error("number"), "P2"),
    "covariate of an unknown value": Case("people", f"{on('P1', -14)},{on('P1', 0)},Y,Y", f"{on('P1', -14)},{on('P1', 0)},Y,yes", error("unknown_value"), "P1"),
    "covariate empty": Case("people", f"{on('P1', -14)},{on('P1', 0)},Y,Y", f"{on('P1', -14)},{on('P1', 0)},Y,", error("empty"), "P1"),
    "stratum of an unknown value": Case("people", f"{on('P1', -14)},{on('P1', 0)},Y,Y", f"{on('P1', -14)},{on('P1', 0)},X,Y", error("unknown_value"), "P1"),
    "whole number with a fraction": Case("people", "N,N,3", "N,N,3.5", error("whole_number"), "P2"),
    "screened on a day in another form": Case("people", on("P1", -14), "18/02/2020", error("date"), "P1"),
    "screened on an impossible day": Case("people", on("P1", -14), "2020-02-30", error("impossible_date"), "P1"),
    "screened in the future": Case("people", on("P1", -14), "2021-02-18", error("future_date"), "P1"),
    "screened in another century": Case("people", on("P1", -14), "1820-02-18", (("error", "implausible_date"),), "P1"),
    "month without a day": Case("people", on("P1", -14), "2020-02", error("date"), "P1"),
    "one-digit month": Case("people", on("P1", -14), "2020-2-18", error("date"), "P1"),
    "two-digit year": Case("people", on("P1", -14), "20-02-18", error("date"), "P1"),
    "randomised before screening": Case("people", on("P1", -14), "2020-04-18", (("error", "randomised_before_screening"), ("warning", "before_screening")), "P1", None),
    "randomised after the first dose": Case("people", f"{on('P1', 0)},Y", f"{on('P1', 1)},Y", warning("dosed_before_randomisation"), "P1"),
    "site that is a formula": Case("people", "P2,02", 'P2,"=HYPERLINK(""http://x"")"', warning("formula_text"), "P2"),
    "site with a control character": Case("people", "P2,02", "P2,0\x07", error("control_character"), None, None),
    "identifier with a right-to-left override": Case("people", "P2,02", "P2\u202e,02", error("control_character"), None, None),
    "no column of the covariate": Case("people", "structural,failed", "structure,failed", error("missing_column"), "", ""),
    "no column of the stratum": Case("people", "stratum,", "strata,", error("missing_column"), "", ""),
    "randomised and without a code": Case("codes", "P3,dummy\n", "", error("no_treatment_code"), "P3", None),
    "code without randomisation": Case("codes", "", "S7,TAB\n", (("warning", "code_without_randomisation"), ("warning", "low_compliance")), "S7", None),
    "unknown arm": Case("codes", "P3,dummy", "P3,dumy", (("error", "unknown_treatment_code"),), "P3"),
    "code of a stranger": Case("codes", "", "P9,dummy\n", error("unknown_participant"), "P9", "8"),
    "code twice": Case("codes", "", "P3,dummy\n", error("duplicate_participant"), "P3", "4, 8"),
    "codes without arms": Case("codes", "id,arm", "id,group", error("missing_column"), "", ""),
}  # fmt: skip

DIARY = {
    "day entered twice alike": Case("diary", "", P1 + "\n", error("duplicate_day"), "P1", None),
    "day entered twice with another count": Case("diary", "", P1.replace("Y,1", "Y,2") + "\n", error("duplicate_day"), "P1", None),
    "row that covers days of other rows": diary(P1.replace(",,", f",{on('P1', 7)},", 1), error("overlapping_records"), rows=None),
    "row that ends before it begins": diary(P1.replace(",,", f",{on('P1', 3)},", 1), (("error", "end_before_start"), ("note", "gap_in_diary"))),
    "day before screening": Case("diary", "", f"P1,{on('P1', -20)},,{on('P1', -19)},Y,1,0,0,\n", (("warning", "before_screening"), ("note", "gap_in_diary")), "P1", None),
    "day after the end of study": Case("diary", "", f"P1,{on('P1', 40)},,{on('P1', 41)},Y,1,0,0,\n", (("warning", "after_end_of_study"), ("note", "gap_in_diary")), "P1", None),
    "day in the future": diary(P1.replace(DAY, "2021-03-08").replace(NEXT, ""), (("error", "future_date"), ("note", "gap_in_diary")), rows=None),
    "year with a slip": diary(P1.replace(DAY, "0202-03-08"), (("error", "implausible_date"), ("note", "gap_in_diary")), rows=None),
    "impossible day": diary(P1.replace(DAY, "2020-04-31"), (("error", "impossible_date"), ("note", "gap_in_diary")), rows=None),
    "29 February of a common year": diary(P1.replace(DAY, "2019-02-29"), (("error", "impossible_date"), ("note", "gap_in_diary")), rows=None),
    "no day": diary(P1.replace(DAY, ""), (("error", "empty"), ("note", "gap_in_diary")), rows=None),
    "day as a spreadsheet's number": diary(P1.replace(DAY, "43898"), (("error", "date"), ("note", "gap_in_diary")), rows=None),
    "day in American order": diary(P1.replace(DAY, "03/08/2020"), (("error", "date"), ("note", "gap_in_diary")), rows=None),
    "negative count": diary(P1.replace("Y,1", "Y,-1"), error("negative_count")),
    "fractional count": diary(P1.replace("Y,1", "Y,1.5"), error("whole_number")),
    "count in words": diary(P1.replace("Y,1", "Y,several"), error("number")),
    "count with a sign for more": diary(P1.replace("Y,1", "Y,>10"), error("number")),
    "range for a count": diary(P1.replace("Y,1", "Y,3-5"), error("number")),
    "hexadecimal count": diary(P1.replace("Y,1", "Y,0x1F"), error("number")),
    "count with a thousands separator": diary(P1.replace("Y,1", 'Y,"1,000"'), error("number")),
    "infinite count": diary(P1.replace("Y,1", "Y,inf"), error("number")),
    "count that is not a number": diary(P1.replace("Y,1", "Y,NaN"), error("number")),
    "absurd count": diary(P1.replace("Y,1", "Y,145"), error("absurd_count")),
    "count of the next cell": diary(P1.replace("Y,1", "Y,20200308"), error("absurd_count")),
    "ceiling of the protocol": diary(P1.replace("Y,1", "Y,11"), error("absurd_count"), protocol=("diary:\n  seizure_types", "diary:\n  quality: {maximum_daily_count: 10}\n  seizure_types")),
    "empty count on a recorded day": diary(P1.replace("Y,1", "Y,"), warning("empty_count")),
    "seizures on a day marked missing": diary(P1.replace(",Y,", ",N,"), (("warning", "count_on_missing_day"),), rows=None),
    "cluster and single seizures": diary(P1 + "focal_aware_motor", warning("cluster_and_single")),
    "status epilepticus": diary(P1.replace("1,1,0", "1,1,1"), warning("status_epilepticus")),
    "unknown type of a cluster": diary(P1.replace("1,1,0,", "1,1,0,blackout"), error("unknown_seizure_type")),
    "misspelt type of a cluster": diary(P1.replace("1,1,0,", "1,1,0,focal_awre_motor"), error("unknown_seizure_type")),
    "ambiguous type of a cluster": diary(P1.replace("1,1,0,", "1,1,0,drop attack"), error("unknown_seizure_type")),
    "type of a cluster that the protocol lacks": diary(P1.replace("1,1,0,", "1,1,0,absence"), error("unknown_seizure_type")),
    "unknown mark": diary(P1.replace(",Y,", ",yes,"), (("error", "unknown_value"), ("warning", "count_on_missing_day")), rows=None),
    "no mark": diary(P1.replace(",Y,", ",,"), (("error", "empty"), ("warning", "count_on_missing_day")), rows=None),
    "entered before the day": diary(P1.replace(NEXT, on("P1", 4)), error("entered_before_day")),
    "entered long after": diary(P1.replace(NEXT, on("P1", 13)), warning("backfilled")),
    "entered on an impossible day": diary(P1.replace(NEXT, "2020-13-01"), error("impossible_date")),
    "row of a stranger": diary(P1.replace("P1,", "P9,"), (("error", "unknown_participant"), ("note", "gap_in_diary")), participant=None, rows=None),
    "row of nobody": diary(P1.replace("P1,", ","), (("error", "unknown_participant"), ("note", "gap_in_diary")), participant=None, rows=None),
    "identifier with a blank inside": diary(P1.replace("P1,", "P 1,"), (("error", "unknown_participant"), ("note", "gap_in_diary")), participant=None, rows=None),
    "identifier in other letters": diary(P1.replace("P1,", "p1,"), (("error", "unknown_participant"), ("note", "gap_in_diary")), participant=None, rows=None),
    "day left out": diary("", (("note", "gap_in_diary"), ("warning", "blank_line")), participant=None, rows=None),
    "type without its column": Case("diary", "impaired,", "impared,", error("missing_column"), "", ""),
    "mark without its column": Case("diary", "kept,", "recorded,", (("error", "missing_column"), ("warning", "empty_count")), "", None),
    "field too many": diary(P1 + ",1", error("ragged_row"), participant=None),
    "field too few": diary(P1[:-2], error("ragged_row"), participant=None),
    "quotation mark not closed": diary(P1.replace("Y,1", 'Y,"1'), error("unreadable_file"), participant=None, rows=None),
    "NUL byte": diary(P1.replace("Y,1", "Y,1\x00"), error("control_character"), participant=None, rows=None),
    "field of 10 MB": diary(P1.replace("Y,1", "Y," + "9" * 10_000_000), error("oversized_cell"), participant=None),
    "column twice": Case("diary", "motor,impaired", "motor,motor", error("duplicate_column"), None, None),
    "column without a name": Case("diary", "status,cluster", "status,", error("unnamed_column"), None, None),
    "blank line": diary(P1 + "\n", warning("blank_line"), participant=None, rows=None),
}  # fmt: skip

RECORDS = {
    "visit twice": Case("visits", "", f"P1,week_2,{on('P1', 15)}\n", error("duplicate_visit"), "P1", None),
    "misspelt visit": Case("visits", f"P1,week_2,{on('P1', 14)}", f"P1,wek_2,{on('P1', 14)}", warning("misspelt_visit"), "P1"),
    "visit without a name": Case("visits", f"P1,week_2,{on('P1', 14)}", f"P1,,{on('P1', 14)}", error("empty"), "P1"),
    "visit without a day": Case("visits", f"P1,week_2,{on('P1', 14)}", "P1,week_2,", error("empty"), "P1"),
    "visit of a stranger": Case("visits", "", f"P9,week_2,{on('P1', 15)}\n", error("unknown_participant"), "P9", "21"),
    "visit on an impossible day": Case("visits", f"P1,week_2,{on('P1', 14)}", "P1,week_2,2020-06-31", error("impossible_date"), "P1"),
    "visit with a time of day that is none": Case("visits", f"P1,week_2,{on('P1', 14)}", f"P1,week_2,{on('P1', 14)}T25:00", error("date"), "P1"),
    "negative dose": Case("doses", f"P1,{on('P1', 14)},114", f"P1,{on('P1', 14)},-114", error("negative_dose"), "P1"),
    "dose in words": Case("doses", f"P1,{on('P1', 14)},114", f"P1,{on('P1', 14)},full", error("number"), "P1"),
    "dose with its unit": Case("doses", f"P1,{on('P1', 14)},114", f"P1,{on('P1', 14)},114 mg", error("number"), "P1"),
    "dose without a day": Case("doses", f"P1,{on('P1', 14)},114", "P1,,114", error("empty"), "P1"),
    "dose of a stranger": Case("doses", "", f"P9,{on('P1', 14)},114\n", error("unknown_participant"), "P9", "14"),
    "dose twice": Case("doses", "", f"P1,{on('P1', 14)},114\n", warning("identical_records"), "P1", "3, 14"),
    "dose in the future": Case("doses", f"P1,{on('P1', 14)},114", "P1,2022-01-01,114", error("future_date"), "P1"),
    "end of study twice": Case("ends", "", f"P1,discontinued,withdrew,{on('P1', 20)}\n", error("duplicate_disposition"), "P1", None),
    "end of study without a status": Case("ends", f"P1,completed,,{on('P1', 28)}", f"P1,,,{on('P1', 28)}", error("empty"), "P1"),
    "completion in other letters": Case("ends", f"P1,completed,,{on('P1', 28)}", f"P1,Completed,,{on('P1', 28)}", error("misspelt_status"), "P1"),
    "end of study in another form": Case("ends", f"P1,completed,,{on('P1', 28)}", "P1,completed,,31.03.2020", error("date"), "P1"),
    "end of study of a stranger": Case("ends", "", f"P9,completed,,{on('P1', 20)}\n", error("unknown_participant"), "P9", "9"),
    "reason that is a formula": Case("ends", "lack of efficacy", "@SUM(A1:A9)", warning("formula_text"), "P6"),
    "unknown severity": Case("events", "mild,N,N", "light,N,N", error("unknown_value"), "P1"),
    "severity in other letters": Case("events", "mild,N,N", "Mild,N,N", error("unknown_value"), "P1"),
    "no severity": Case("events", "mild,N,N", ",N,N", error("empty"), "P1"),
    "unknown seriousness": Case("events", "mild,N,N", "mild,no,N", error("unknown_value"), "P1"),
    "no seriousness": Case("events", "mild,N,N", "mild,,N", error("empty"), "P1"),
    "unknown relatedness": Case("events", "mild,N,N", "mild,N,maybe", error("unknown_value"), "P1"),
    "event without a term": Case("events", "Headache", "", error("empty"), "P1"),
    "event without a start": Case("events", f"disorders,{on('P1', 3)}", "disorders,", error("empty"), "P1"),
    "event that ends before it begins": Case("events", on("P1", 5), on("P1", 1), error("end_before_start"), "P1"),
    "event that began in a month": Case("events", f"{on('P1', 3)},{on('P1', 5)}", "2020-03,", error("date"), "P1"),
    "event that began in a thirteenth month": Case("events", f"{on('P1', 3)},{on('P1', 5)}", "2020-13,", error("date"), "P1", protocol=("    severity_order", "    partial_dates: impute\n    severity_order")),
    "event years before the study": Case("events", f"disorders,{on('P1', 3)}", "disorders,2011-03-06", warning("event_before_screening"), "P1"),
    "event of a stranger": Case("events", "P1,Headache", "P9,Headache", error("unknown_participant"), "P9"),
    "event twice": Case("events", "", f"P2,Rash,Skin disorders,{on('P2', 8)},,moderate,N,Y,none\n", warning("identical_records"), "P2", "3, 5"),
    "term that is a formula": Case("events", "Headache", "=cmd|'/c calc'!A0", warning("formula_text"), "P1"),
    "term with an escape sequence": Case("events", "Headache", "Head\x1b[31mache", error("control_character"), None, None),
    "term of 40,000 characters": Case("events", "Headache", "x" * 40_000, error("oversized_cell"), None),
    "medication without a name": Case("drugs", "P1,Lamotrigine", "P1,", error("empty"), "P1"),
    "medication that ends before it begins": Case("drugs", on("P2", 9), on("P2", 1), error("end_before_start"), "P2"),
    "medication of a stranger": Case("drugs", "P1,Lamotrigine", "P8,Lamotrigine", error("unknown_participant"), "P8"),
    "medication since an impossible day": Case("drugs", "2015-04-01", "2015-04-31", error("impossible_date"), "P1"),
    "semicolons for commas": Case("drugs", "id,drug,class,start,end,reason", "id;drug;class;start;end;reason", error("wrong_delimiter"), None, None),
}  # fmt: skip

CASES = PEOPLE | DIARY | RECORDS
