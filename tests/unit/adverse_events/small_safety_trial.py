"""A trial of nine participants in three arms, with adverse events, doses and medications."""

import pandas as pd
from seizureflow.adae import derive_adae
from seizureflow.adex import derive_adex
from seizureflow.analysis import AnalysisSpec, Arm

ARMS = ("placebo", "low", "high")
DAY_ONE = pd.Timestamp("2021-03-01")
DOMAIN = {
    "severity_order": ["mild", "moderate", "severe"],
    "withdrawn_value": "drug withdrawn",
    "fatal_value": "fatal",
    "columns": {"related": "r", "action": "a", "outcome": "o"},
    "emergent": {"from": "first_dose", "until_days_after_last_dose": None, "worsened": False},
}
FLAGS = ("serious", "related", "withdrawn", "fatal")
MARKUP = "<b>Headache</b> & more"


def on(day):
    """Date of a study day."""
    return DAY_ONE + pd.Timedelta(days=day - 1 if day > 0 else day)


def people():
    """P1-P3 placebo, P4-P6 low, P7-P9 high; all from day 1 to day 100, last dose on day 57."""
    names = [f"P{n}" for n in range(1, 10)]
    return pd.DataFrame(
        {
            "STUDYID": "s",
            "USUBJID": names,
            "TRT01P": [arm for arm in ARMS for _ in range(3)],
            "RANDFL": "Y",
            "SAFFL": "Y",
            "RANDDT": DAY_ONE - pd.Timedelta(days=2),
            "TRTSDT": DAY_ONE,
            "TRTEDT": on(57),
            "EOSDT": on(100),
            "LSTVSDT": on(100),
            "DCSREAS": pd.Series([None] * 9, dtype="str"),
        }
    )


EVENTS = [
    # who, term, body system, day, severity, serious, related, action, outcome
    ("P1", "Nausea", "Gut", 10, "mild", "N", "N", "none", "recovered"),
    ("P4", "Nausea", "Gut", 5, "moderate", "N", "Y", "none", "recovered"),
    ("P4", "Nausea", "Gut", 50, "mild", "N", "Y", "none", "recovered"),
    ("P5", MARKUP, "Nerves", 20, "severe", "Y", "Y", "drug withdrawn", "recovered"),
    ("P7", "nausea ", "Gut", 90, "mild", "N", "N", "none", "recovered"),
    ("P8", "Nausea", "Gut", -3, "mild", "N", "N", "none", "recovered"),
    ("P9", "Stroke", "Nerves", 30, "severe", "Y", "N", "drug withdrawn", "Fatal"),
]


def adverse_events(rows=EVENTS):
    columns = [
        "USUBJID", "TERM", "BODYSYS", "DAY", "SEVERITY", "SERIOUS", "RELATED", "ACTION", "OUTCOME"
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    start = pd.to_datetime([on(day) for day in frame.pop("DAY")])
    return frame.assign(ASTDT=start)


def adae(rows=EVENTS, adsl=None, **changes):
    return derive_adae(people() if adsl is None else adsl, adverse_events(rows), DOMAIN | changes)


def adex(doses):
    """Doses by participant: pairs of a study day and a dose."""
    rows = [(who, dose, on(day)) for who, given in doses.items() for day, dose in given]
    frame = pd.DataFrame(rows, columns=["USUBJID", "DOSE", "ADT"]).assign(AENDT=pd.NaT)
    frame["AENDT"] = frame["AENDT"].astype("datetime64[ms]")
    return derive_adex(people(), frame, {"unit": "mg"})


def spec(rule=None, arms=ARMS, **options):
    """An analysis of the safety set."""
    return AnalysisSpec(
        "x",
        "safety",
        tuple(Arm(arm, arm.title()) for arm in arms),
        options=options,
        adverse_events={"emergent": rule or DOMAIN["emergent"], "flags": list(FLAGS)},
    )


def values(result):
    """Values by statistic, group, variable and level."""
    return {(s.name, s.group, s.variable, s.level): s.value for s in result.statistics}
