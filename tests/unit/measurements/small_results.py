"""A few participants with laboratory results, from which ADLB is derived."""

import pandas as pd
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.measurements.derive import derive_measurements

ARMS = (Arm("placebo", "Placebo"), Arm("active", "Active"))
VISITS = [
    {"id": "week_4", "label": "Week 4", "week": 4, "day": 29},
    {"id": "week_8", "label": "Week 8", "week": 8, "day": 57},
]
DAY_ONE = pd.Timestamp("2020-03-02")
TEXT = ("CATEGORY", "TEST", "VALUETXT", "UNIT", "VISIT", "TPT")
NAMES = {
    "ALT": "Alanine aminotransferase",
    "AST": "Aspartate aminotransferase",
    "BILI": "Bilirubin",
    "ALP": "Alkaline phosphatase",
}


def adsl(arms: dict[str, str], last_dose: int = 60) -> pd.DataFrame:
    """ADSL of participants by arm, all with day 1 on 2 March 2020 and a last dose."""
    end = DAY_ONE + pd.Timedelta(days=last_dose - 1)
    people = pd.DataFrame({"USUBJID": list(arms), "TRT01P": list(arms.values())}, dtype="str")
    dates = {"TRTSDT": DAY_ONE, "TRTEDT": end}
    frame = people.assign(STUDYID="made_up", SAFFL="Y", **dates)
    return frame.astype({"TRTSDT": "datetime64[ms]", "TRTEDT": "datetime64[ms]"})


def results(*rows: dict, **defaults) -> pd.DataFrame:
    """Table ``laboratory`` of rows that give at least a participant, a day and a value."""
    blank = {"TESTCD": "ALT", "LOW": 10.0, "HIGH": 40.0, "UNIT": "U/L"} | defaults
    frame = pd.DataFrame([blank | row for row in rows])
    for name in TEXT:
        if name not in frame:
            frame[name] = None
        frame[name] = frame[name].astype("str")
    frame["TEST"] = frame["TEST"].fillna(frame["TESTCD"].map(NAMES))
    frame = frame.astype({"VALUE": "float64", "LOW": "float64", "HIGH": "float64"})
    frame["ADY"] = frame["ADY"].astype("Int64")
    elapsed = frame["ADY"] - (frame["ADY"] > 0).astype("Int64")
    frame["ADT"] = (DAY_ONE + pd.to_timedelta(elapsed, unit="D")).astype("datetime64[ms]")
    order = ["USUBJID", "TESTCD", "TPT", "ADT"]
    return frame.sort_values(order, kind="stable", ignore_index=True)


def row(person: str, day: int, value: float | None, **more) -> dict:
    """A result."""
    return {"USUBJID": person, "ADY": day, "VALUE": value} | more


def adlb(people: pd.DataFrame, table: pd.DataFrame, assignment="nearest_day", days=30):
    """ADLB of these people."""
    return derive_measurements(
        people, table, VISITS, visit_assignment=assignment, days_after_last_dose=days
    )


def spec(arms=ARMS, **options) -> AnalysisSpec:
    """An analysis of the safety set."""
    return AnalysisSpec("x", "safety", arms, visits=("week_4", "week_8"), options=options)


def value(result, name, **where) -> float:
    """The one statistic of a name and place."""
    (found,) = [
        s
        for s in result.statistics
        if s.name == name and all(getattr(s, key) == wanted for key, wanted in where.items())
    ]
    return found.value
