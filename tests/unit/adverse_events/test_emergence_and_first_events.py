"""Treatment emergence by rule, the time at risk, and the time to the first adverse event."""

import math

import pandas as pd
import pytest
from seizureflow.adtte import derive_adtte
from seizureflow.adverse_events.first_event import NEVER_AT_RISK
from seizureflow.adverse_events.rules import known_flags
from seizureflow.tables import TABLES, empty_table, read_table, write_table
from unit.adverse_events.small_safety_trial import DOMAIN, adae, on, people

RULE = DOMAIN["emergent"]
DESIGN = {"windows": [{"id": "weeks_0_2", "days": [1, 15]}]}


def flags(rows, rule=None, adsl=None):
    """TRTEMFL of events of P1, in their order."""
    full = [("P1", *row, "N", "N", "none", "recovered") for row in rows]
    found = adae(full, adsl, emergent=RULE | (rule or {}))
    return found.sort_values("ASTDT", kind="stable")["TRTEMFL"].tolist()


def test_events_emerge_from_the_first_dose_on():
    rows = [("Nausea", "Gut", day, "mild") for day in (-1, 1, 2, 90)]
    assert flags(rows) == ["N", "Y", "Y", "Y"]


def test_events_long_after_the_last_dose_need_not_count():
    rows = [("Nausea", "Gut", day, "mild") for day in (1, 57 + 30, 57 + 31)]
    assert flags(rows, {"until_days_after_last_dose": 30}) == ["Y", "Y", "N"]
    assert flags(rows, {"until_days_after_last_dose": 0}) == ["Y", "N", "N"]


def test_what_was_there_before_counts_where_it_became_worse():
    rows = [
        ("Nausea", "Gut", -5, "moderate"),
        ("Nausea", "Gut", -3, "mild"),
        ("Nausea", "Gut", 3, "moderate"),
        ("Nausea", "Gut", 4, "severe"),
        ("Nausea", "Nerves", 5, "mild"),
        ("nausea", "Gut", 6, "mild"),
        ("Nausea", "Gut", 7, None),
    ]
    assert flags(rows, {"worsened": True}) == ["N", "N", "N", "Y", "Y", "Y", "Y"]
    assert flags(rows) == ["N", "N", "Y", "Y", "Y", "Y", "Y"]


def test_who_was_never_dosed_has_emergent_events_only_from_day_1():
    adsl = people()
    adsl[["TRTSDT", "TRTEDT"]] = pd.NaT
    rows = [("Nausea", "Gut", 3, "mild")]
    assert flags(rows, adsl=adsl) == ["N"]
    assert flags(rows, {"from": "day_1"}, adsl) == ["Y"]
    until = {"from": "day_1", "until_days_after_last_dose": 30}
    assert flags(rows, until, adsl) == ["N"]


def test_death_is_known_in_capital_or_small_letters_and_otherwise_missing():
    assert adae().set_index("USUBJID")["AESDTH"].to_dict()["P9"] == "Y"  # "Fatal"
    assert (adae()["AESDTH"] == "Y").sum() == 1
    assert adae(fatal_value=None)["AESDTH"].isna().all()


def test_adae_has_the_columns_of_its_table(tmp_path):
    write_table(adae(), tmp_path / "adae.parquet", "adae")
    assert list(read_table(tmp_path / "adae.parquet").columns) == list(TABLES["adae"])


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ({"columns": {}}, ["serious"]),
        ({"columns": {"related": "r", "action": "a"}}, ["serious", "related"]),
        ({"columns": {"action": "a"}, "withdrawn_value": "w"}, ["serious", "withdrawn"]),
        ({"columns": {"outcome": "o"}, "fatal_value": "f"}, ["serious", "fatal"]),
    ],
)
def test_flags_are_known_where_the_columns_are(domain, expected):
    assert known_flags(domain) == expected


def times(rule=None, adsl=None, rows=None, **definition):
    entry = {"id": "TTAE", "label": "First event", "kind": "adverse_event"} | definition
    adsl = people() if adsl is None else adsl
    domain = DOMAIN | {"emergent": RULE | (rule or {})}
    events = adae(**({} if rows is None else {"rows": rows}), adsl=adsl, **domain)
    nothing = empty_table("intervals").assign(DAYS=1, COUNT=0)
    return derive_adtte(
        adsl, nothing, [entry], DESIGN, {"frequency_days": 28}, (events, domain)
    ).set_index("USUBJID")


def test_the_first_emergent_event_ends_the_time():
    found = times()
    expected = {"P1": 10, "P2": 100, "P4": 5, "P5": 20, "P7": 90, "P8": 100, "P9": 30}
    assert found["AVAL"][list(expected)].to_dict() == expected
    assert found.index[found["CNSR"] == 0].tolist() == ["P1", "P4", "P5", "P7", "P9"]
    assert found.loc["P4", "EVNTDESC"] == "Adverse event: Nausea"
    assert found.loc["P2", "CNSDTDSC"] == "End of study"
    assert found.loc["P4", "ADT"] == on(5)
    assert (found.loc["P4", "SRCDOM"], found.loc["P2", "SRCDOM"]) == ("ADAE", "ADSL")


# the events that count -> who had one
@pytest.mark.parametrize(
    ("wanted", "who"),
    [
        ({"serious": True}, ["P5", "P9"]),
        ({"related": True}, ["P4", "P5"]),
        ({"withdrawn": True, "related": True}, ["P5"]),
        ({"fatal": True}, ["P9"]),
        ({"body_systems": ["Nerves"]}, ["P5", "P9"]),
        ({"terms": ["Nausea", "Stroke"]}, ["P1", "P4", "P9"]),
        ({"terms": ["nausea"]}, []),
        ({"minimum_severity": "moderate"}, ["P4", "P5", "P9"]),
        ({"minimum_severity": "severe", "body_systems": ["Gut"]}, []),
    ],
)
def test_only_the_events_asked_for_count(wanted, who):
    found = times(events=wanted)
    assert found.index[found["CNSR"] == 0].tolist() == who


def test_the_risk_period_or_the_window_censors():
    late = times({"until_days_after_last_dose": 14})
    assert late["AVAL"].max() == 57 + 14
    assert late.loc["P7", "CNSR"] == 1
    assert late.loc["P7", "CNSDTDSC"] == "End of the risk period after the last dose"
    window = times(window="weeks_0_2")
    assert window.loc["P5", ["AVAL", "CNSR", "CNSDTDSC"]].tolist() == [14, 1, "End of window"]
    assert window.loc["P1", ["AVAL", "CNSR"]].tolist() == [10, 0]


def test_the_end_is_the_last_that_is_known_of():
    adsl = people()
    adsl.loc[0:2, "EOSDT"] = pd.NaT
    adsl.loc[1:2, "LSTVSDT"] = pd.NaT
    adsl.loc[1, "LSTVSDT"] = on(80)
    found = times(adsl=adsl, rows=[])
    assert found.loc[["P2", "P3", "P4"], "AVAL"].tolist() == [80, 57, 100]
    assert found.loc[["P2", "P3"], "CNSDTDSC"].tolist() == ["Last visit", "Last dose"]


def test_who_was_never_dosed_has_no_time():
    adsl = people()
    adsl.loc[1, ["TRTSDT", "TRTEDT"]] = pd.NaT
    found = times(adsl=adsl)
    assert math.isnan(found.loc["P2", "AVAL"])
    assert pd.isna(found.loc["P2", "CNSR"])
    assert found.loc["P2", "CNSDTDSC"] == NEVER_AT_RISK
    from_day_one = times({"from": "day_1"}, adsl=adsl)
    assert from_day_one.loc["P2", "AVAL"] == 102  # randomised two days before the others' day 1
    # No event of theirs could be emergent, so that their time does not count either.
    until = times({"from": "day_1", "until_days_after_last_dose": 30}, adsl=adsl)
    assert math.isnan(until.loc["P2", "AVAL"])


def test_an_event_after_the_end_of_study_is_still_an_event():
    rows = [("P1", "Nausea", "Gut", 110, "mild", "N", "N", "none", "recovered")]
    found = times(rows=rows)
    assert found.loc["P1", ["AVAL", "CNSR"]].tolist() == [110, 0]
