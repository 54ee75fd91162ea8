import math

import pandas as pd
import pytest
from seizureflow.adtte import LEFT_BEFORE, NO_BASELINE, NO_DIARY, derive_adtte
from seizureflow.problems import InputError
from seizureflow.tables import TABLES, read_table, write_table

DIARY = {"frequency_days": 28}
DESIGN = {
    "windows": [
        {"id": "week_1", "days": [1, 8]},
        {"id": "weeks_0_4", "days": [1, 29]},
        {"id": "before", "days": [-14, 1]},
    ]
}
FIRST_DOSE = pd.Timestamp("2021-03-01")


def diary(counts: dict[int, int], length: int = 1, who: str = "A") -> pd.DataFrame:
    """Recorded intervals by start, each of ``length`` days."""
    rows = [(who, start, start + length, length, count) for start, count in counts.items()]
    return pd.DataFrame(rows, columns=["USUBJID", "START", "END", "DAYS", "COUNT"])


def person(**columns) -> pd.DataFrame:
    row = {
        "STUDYID": "s", "USUBJID": "A", "TRT01P": "x", "RANDFL": "Y", "TRTSDT": FIRST_DOSE,
        "RANDDT": FIRST_DOSE - pd.Timedelta(days=1), "EOSDY": None, "COMPLFL": None, "BSFREQ": 2.0,
    }  # fmt: skip
    frame = pd.DataFrame({name: [value] for name, value in (row | columns).items()})
    return frame.astype({"EOSDY": "Int64", "BSFREQ": "float64"})


def derive(adsl: pd.DataFrame, countable: pd.DataFrame, **definition) -> pd.Series:
    entry = {"id": "T", "label": "Time", "kind": "nth_seizure"} | definition
    return derive_adtte(adsl, countable, [entry], DESIGN, DIARY).iloc[0]


DAILY = {-2: 5, -1: 0, 1: 1, 2: 0, 3: 2, 5: 1, 10: 1}

# definition, diary -> AVAL, CNSR, description
CASES = {
    "an event on day 1 is at 1": ({"n": 1}, DAILY, 1, 0, "Countable seizure 1"),
    "baseline seizures do not count": ({"n": 5}, DAILY, 10, 0, "Countable seizure 5"),
    "several seizures on a day": ({"n": 3}, DAILY, 3, 0, "Countable seizure 3"),
    "too few: the last recorded day": ({"n": 6}, DAILY, 10, 1, "Last diary day"),
    "window ends first": ({"n": 5, "window": "week_1"}, DAILY, 7, 1, "End of window"),
    "window ends later": ({"n": 6, "window": "weeks_0_4"}, DAILY, 10, 1, "Last diary day"),
    "event within the window": ({"n": 4, "window": "week_1"}, DAILY, 5, 0, "Countable seizure 4"),
    "no diary after day 1": ({"n": 1}, {-2: 5}, 0, 1, NO_DIARY),
    "no diary at all": ({"n": 1}, {}, 0, 1, NO_DIARY),
}


@pytest.mark.parametrize("name", CASES)
def test_time_to_the_nth_seizure(name):
    definition, counts, days, censored, why = CASES[name]
    found = derive(person(), diary(counts), **definition)
    assert (found["AVAL"], found["CNSR"]) == (days, censored)
    assert found["CNSDTDSC" if censored else "EVNTDESC"] == why
    assert pd.isna(found["EVNTDESC" if censored else "CNSDTDSC"])
    assert found["SRCDOM"] == ("INTERVALS" if censored else "SEIZURES")
    assert found["STARTDT"] == FIRST_DOSE
    # ADT - STARTDT + 1, except for those who were never at risk.
    assert (found["ADT"] - FIRST_DOSE).days + 1 == max(days, 1)


# Baseline frequency -> number of seizures that makes the event, with its day in DAILY.
@pytest.mark.parametrize(
    ("baseline", "number", "day"), [(0.0, 1, 1), (0.4, 1, 1), (2.0, 2, 3), (2.1, 3, 3), (3.5, 4, 5)]
)
def test_the_baseline_count_is_rounded_up_and_at_least_1(baseline, number, day):
    found = derive(person(BSFREQ=baseline), diary(DAILY), kind="baseline_count")
    assert (found["AVAL"], found["CNSR"]) == (day, 0)
    assert found["EVNTDESC"] == f"Countable seizure {number}"


def test_without_a_baseline_frequency_there_is_no_time():
    found = derive(person(BSFREQ=None), diary(DAILY), kind="baseline_count")
    assert math.isnan(found["AVAL"])
    assert pd.isna(found["CNSR"])
    assert pd.isna(found["ADT"])
    assert found["CNSDTDSC"] == NO_BASELINE


# EOSDY, COMPLFL, window -> AVAL, CNSR, description; the last diary day is 10
@pytest.mark.parametrize(
    ("left", "completed", "window", "days", "censored", "why"),
    [
        (20, "N", None, 20, 0, "Discontinuation of the study"),
        (20, "Y", None, 20, 1, "Completion of the study"),
        (None, "N", None, 10, 1, "Last diary day"),
        (None, None, None, 10, 1, "Last diary day"),
        (20, "N", "week_1", 7, 1, "End of window"),
        (7, "N", "week_1", 7, 0, "Discontinuation of the study"),
        (-3, "N", None, math.nan, None, LEFT_BEFORE),
    ],
)
def test_time_to_discontinuation(left, completed, window, days, censored, why):
    limit = {"window": window} if window else {}
    found = derive(
        person(EOSDY=left, COMPLFL=completed), diary(DAILY), kind="discontinuation", **limit
    )
    assert found["AVAL"] == pytest.approx(days, nan_ok=True)
    assert pd.isna(found["CNSR"]) if censored is None else found["CNSR"] == censored
    assert found["EVNTDESC" if censored == 0 else "CNSDTDSC"] == why


def test_an_event_within_a_period_is_put_on_its_last_day():
    found = derive(person(), diary({-14: 3, 1: 1, 15: 4, 29: 0}, length=14), n=3)
    assert (found["AVAL"], found["CNSR"]) == (28, 0)
    assert found["EVNTDESC"] == "Countable seizure 3; interval-censored: on one of days 15 to 28"


def test_a_window_that_cuts_a_period_is_refused():
    with pytest.raises(InputError, match=r"window week_1.*\n.*cuts the period of days \[1, 15\)"):
        derive(person(), diary({1: 1}, length=14), n=1, window="week_1")


def test_a_window_before_day_1_is_refused():
    with pytest.raises(InputError, match='"before" ends before day 1'):
        derive(person(), diary(DAILY), n=1, window="before")


def test_a_study_without_dates_has_times_without_dates():
    found = derive(person(TRTSDT=pd.NaT, RANDDT=pd.NaT), diary(DAILY), n=1)
    assert found["AVAL"] == 1
    assert pd.isna(found["STARTDT"])
    assert pd.isna(found["ADT"])


def test_without_a_dose_times_begin_at_randomisation():
    day_one = pd.Timestamp("2021-02-01")
    found = derive(person(TRTSDT=pd.NaT, RANDDT=day_one), diary(DAILY), n=1)
    assert found["STARTDT"] == found["ADT"] == day_one


def test_one_row_per_randomised_participant_and_definition(tmp_path):
    adsl = pd.concat([person(USUBJID="B"), person(USUBJID="A"), person(USUBJID="C", RANDFL="N")])
    definitions = [
        {"id": "T1", "label": "First", "kind": "nth_seizure", "n": 1},
        {"id": "T2", "label": "Left", "kind": "discontinuation"},
    ]
    countable = pd.concat([diary({2: 1}, who="B"), diary({1: 0, 3: 1}), diary({1: 1}, who="C")])
    adtte = derive_adtte(adsl, countable, definitions, DESIGN, DIARY)
    assert adtte[["USUBJID", "PARAMCD", "AVAL"]].to_numpy().tolist() == [
        ["A", "T1", 3], ["A", "T2", 3], ["B", "T1", 2], ["B", "T2", 2],
    ]  # fmt: skip
    write_table(adtte, tmp_path / "adtte.parquet", "adtte")
    assert list(read_table(tmp_path / "adtte.parquet").columns) == list(TABLES["adtte"])
    assert derive_adtte(adsl, countable, [], DESIGN, DIARY).empty
