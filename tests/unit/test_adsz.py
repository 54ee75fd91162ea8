import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from seizureflow.adsz import ALL_SEIZURES, BY_TYPE, derive_adsz
from seizureflow.adsz_endpoints import Rates, reaches_reduction
from seizureflow.problems import InputError
from seizureflow.seizure_frequency import countable_intervals
from seizureflow.study_days import from_ordinal

DESIGN = {
    "baseline": {"days": [-42, 1]},
    "visits": [],
    "visit_windows": {"boundaries": "nominal"},
    "windows": [{"id": "w", "days": [1, 29]}],
}
DIARY = {
    "frequency_days": 28,
    "minimum_recorded_days": 1,
    "cluster_count_per_day": 1,
    "seizure_types": [
        {"id": "motor", "label": "Motor", "countable": True},
        {"id": "aura", "label": "Aura", "countable": False},
    ],
}
ENDPOINTS = [
    {"id": "LOGCHG", "label": "", "kind": "log_change", "post_offset": 0.2, "baseline_offset": 0.0},
    {"id": "LOG2", "label": "", "kind": "log_change", "post_offset": 0.2, "baseline_offset": 0.2},
    {"id": "LOG0", "label": "", "kind": "log_change", "post_offset": 0.0, "baseline_offset": 0.0},
    {"id": "RESP50", "label": "", "kind": "responder", "reduction": 50},
]


def derive(count: int, days: int, base_count: int = 12, base_days: int = 42) -> pd.DataFrame:
    """ADSZ of one participant with a count in one window of 28 days, indexed by parameter."""
    frequency = 28 * base_count / base_days if base_days else np.nan
    adsl = pd.DataFrame(
        {
            "STUDYID": ["s"],
            "USUBJID": ["A"],
            "TRT01P": ["x"],
            "RANDFL": ["Y"],
            "BSFREQ": [frequency],
        }
    ).assign(BSCOUNT=base_count, BSDAYS=base_days)
    daily = pd.DataFrame(
        {
            "USUBJID": "A",
            "START": range(1, days + 1),
            "END": range(2, days + 2),
            "DAYS": 1,
            "COUNT": 0,
        }
    )
    if days:
        daily.loc[0, "COUNT"] = count
    adsz = derive_adsz(adsl, daily, pd.DataFrame(), DESIGN, DIARY, ENDPOINTS)
    return adsz[adsz["AWTYPE"] == "window"].set_index("PARAMCD")


def test_log_change_adds_the_offset_after_baseline_only():
    """ln(SF_post + 0.2) - ln(SF_base), by hand: 6 in 28 days is 6, 12 in 42 days is 8 per 28."""
    adsz = derive(6, 28)
    assert adsz.loc["SZFREQ", "AVAL"] == 6
    assert adsz.loc["SZFREQ", "BASE"] == 8
    assert adsz.loc["SZFREQ", "PCHG"] == -25
    assert adsz.loc["LOGCHG", "CHG"] == pytest.approx(math.log(6.2) - math.log(8), rel=1e-14)
    assert adsz.loc["LOG2", "CHG"] == pytest.approx(math.log(6.2) - math.log(8.2), rel=1e-14)


def test_a_window_free_of_seizures_is_ln_of_the_offset():
    adsz = derive(0, 20)
    assert adsz.loc["LOGCHG", "AVAL"] == pytest.approx(math.log(0.2))
    assert math.isnan(adsz.loc["LOG0", "CHG"])  # no logarithm of zero: missing, not -infinity


def test_no_recorded_day_gives_no_frequency():
    adsz = derive(0, 0)
    assert adsz.loc["SZDAYS", "AVAL"] == 0
    assert adsz.loc[["SZFREQ", "LOGCHG", "RESP50"], "AVAL"].isna().all()
    assert (adsz["ANL01FL"] == "N").all()


@pytest.mark.parametrize(("base_count", "base_days"), [(0, 42), (0, 0)])
def test_a_baseline_without_seizures_or_days_gives_no_change(base_count, base_days):
    adsz = derive(3, 28, base_count, base_days)
    assert adsz.loc[["LOGCHG", "SZFREQ"], ["CHG", "PCHG"]].loc["LOGCHG"].isna().all()
    assert math.isnan(adsz.loc["RESP50", "AVAL"])
    assert math.isnan(adsz.loc["SZFREQ", "PCHG"])


@pytest.mark.parametrize(
    ("count", "days", "base_count", "base_days", "reduction", "reached"),
    [
        (3, 28, 9, 42, 50, 1.0),  # 3.0 of 6.0 per 28 days: exactly half
        (7, 49, 12, 42, 50, 1.0),  # 4.0 of 8.0
        (7, 48, 12, 42, 50, 0.0),
        (0, 28, 9, 42, 100, 1.0),
        (1, 112, 90, 42, 100, 0.0),
        (3, 27, 20, 90, 50, 1.0),  # 3.111... of 6.222...: exactly half
    ],
)
def test_responders_are_compared_in_whole_numbers(
    count, days, base_count, base_days, reduction, reached
):
    rates = Rates(
        *(
            np.array([float(value)])
            for value in (
                count,
                days,
                28 * count / days,
                base_count,
                base_days,
                28 * base_count / base_days,
            )
        )
    )
    assert reaches_reduction(rates, reduction).tolist() == [reached]


# --- a whole study of two participants, with its baseline and seizure types -----------------------

WHOLE = DIARY | {"frequency_days": 7, "cluster_count_per_day": 2}
TWO_WEEKS = {
    "baseline": {"days": [-7, 1]},
    "visits": [{"id": "week_1", "week": 1, "day": 8}],
    "visit_windows": {"boundaries": "nominal"},
    "windows": [{"id": "weeks_0_2", "label": "", "days": [1, 15]}],
}
# Days -7 to -1 and 1 to 14 of participant A: motor seizures, auras; None is a missing day.
MOTOR = [1, 0, 0, 2, 0, 0, 0, None, 1, 0, 0, 0, 0, 0, 0, 0, 0, "cluster", 0, 0, 0]
AURA = [0, 1, 1, 0, 0, 0, 0, None, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]


def whole_study(coded: bool, seizures: bool = True, **design) -> pd.DataFrame:
    start = from_ordinal(np.arange(-7, 14))
    end = from_ordinal(np.arange(-6, 15))
    intervals = pd.DataFrame({"USUBJID": "A", "START": start, "END": end})
    intervals["RECORDED"] = [count is not None for count in MOTOR]
    rows = [
        ("A", int(day), kind, 1 if count == "cluster" else count, count == "cluster")
        for day, *counts in zip(start, MOTOR, AURA, strict=True)
        for kind, count in zip(("motor", "aura"), counts, strict=True)
        if count
    ]
    rows += [("A", 1, "motor", 7, False)]  # entered for the day that was not recorded
    seen = pd.DataFrame(rows, columns=["USUBJID", "START", "SEIZTYPE", "COUNT", "CLUSTER"])
    if coded:
        intervals["USUBJID"] = pd.Categorical(intervals["USUBJID"], ["Z", "A"])
        seen["USUBJID"] = pd.Categorical(seen["USUBJID"])
        seen["SEIZTYPE"] = pd.Categorical(seen["SEIZTYPE"])
    adsl = pd.DataFrame(
        {"STUDYID": "s", "USUBJID": ["B", "A"], "TRT01P": ["x", "y"], "RANDFL": "Y"}
    ).assign(BSCOUNT=[0, 3], BSDAYS=[0, 7], BSFREQ=[np.nan, 3.0])
    return derive_adsz(
        adsl,
        countable_intervals(intervals, seen, WHOLE),
        pd.DataFrame(),
        TWO_WEEKS | design,
        WHOLE,
        [ENDPOINTS[3]],
        seen if seizures else None,
    )


# Parameter -> AVAL, BASE, CHG, PCHG in the baseline (7 days), week 1 (6 of 7 days recorded) and
# weeks 0-2 (13 of 14 days), counted by hand from MOTOR and AURA; a cluster counts 2 a day.
NAN = math.nan
BY_HAND = {
    "SZCOUNT": ([3, NAN, NAN, NAN], [1, NAN, NAN, NAN], [3, NAN, NAN, NAN]),
    "SZDAYS": ([7, NAN, NAN, NAN], [6, NAN, NAN, NAN], [13, NAN, NAN, NAN]),
    "SZFREQ": (
        [3, 3, NAN, NAN],
        [7 / 6, 3, 7 / 6 - 3, 100 * (7 / 18 - 1)],
        [21 / 13, 3, 21 / 13 - 3, 100 * (7 / 13 - 1)],
    ),
    "SZFREE": ([5, NAN, NAN, NAN], [5, NAN, NAN, NAN], [11, NAN, NAN, NAN]),
    "SZFREEFQ": (
        [5, 5, NAN, NAN],
        [35 / 6, 5, 35 / 6 - 5, NAN],
        [77 / 13, 5, 77 / 13 - 5, NAN],
    ),
    "SZCT01": ([3, NAN, NAN, NAN], [1, NAN, NAN, NAN], [3, NAN, NAN, NAN]),
    "SZFR01": (
        [3, 3, NAN, NAN],
        [7 / 6, 3, 7 / 6 - 3, 100 * (7 / 18 - 1)],
        [21 / 13, 3, 21 / 13 - 3, 100 * (7 / 13 - 1)],
    ),
    "SZCT02": ([2, NAN, NAN, NAN], [3, NAN, NAN, NAN], [3, NAN, NAN, NAN]),
    "SZFR02": (
        [2, 2, NAN, NAN],
        [3.5, 2, 1.5, 75],
        [21 / 13, 2, 21 / 13 - 2, 100 * (21 / 26 - 1)],
    ),
}
AVISITS = ("baseline", "week_1", "weeks_0_2")


@pytest.mark.parametrize("coded", [False, True])
def test_every_parameter_of_every_window_by_hand(coded):
    adsz = whole_study(coded)
    rows = adsz[adsz["USUBJID"] == "A"].set_index(["PARAMCD", "AVISIT"])
    for code, (place, visit) in product(BY_HAND, enumerate(AVISITS)):
        found = rows.loc[(code, visit), ["AVAL", "BASE", "CHG", "PCHG"]].astype(float)
        assert found.tolist() == pytest.approx(BY_HAND[code][place], rel=1e-12, nan_ok=True), code
    assert rows.loc[("RESP50", "week_1"), "AVAL"] == 1.0


def test_rows_stand_by_participant_window_and_parameter():
    adsz = whole_study(coded=False)
    assert adsz["USUBJID"].unique().tolist() == ["A", "B"]
    own = adsz[adsz["USUBJID"] == "A"]
    assert own["AVISIT"].unique().tolist() == list(AVISITS)
    assert own["AWTYPE"].unique().tolist() == ["baseline", "visit", "window"]
    later = ["SZCOUNT", "SZDAYS", "SZFREQ", "SZFREE", "SZFREEFQ", "RESP50", *list(BY_HAND)[-4:]]
    assert own.loc[own["AVISIT"] == "week_1", "PARAMCD"].tolist() == later
    baseline = own[own["AVISIT"] == "baseline"]
    assert baseline["PARAMCD"].tolist() == list(BY_HAND)  # the endpoints have no baseline
    assert (baseline["AVISITN"] == 0).all()
    assert baseline[["AWLO", "AWHI"]].drop_duplicates().to_numpy().tolist() == [[-7, 1]]


def test_parameters_say_which_seizures_they_are_of():
    about = whole_study(coded=False).drop_duplicates("PARAMCD").set_index("PARAMCD")
    assert about.loc["SZFREQ", "PARCAT1"] == ALL_SEIZURES
    assert about.loc["SZFR02", "PARCAT1"] == BY_TYPE
    assert about.loc["SZFR02", "SEIZTYPE"] == "aura"
    assert about.loc["SZFR02", "PARAM"] == "Seizures per 7 days: Aura"
    assert about["SEIZTYPE"].isna().sum() == 6


def test_a_participant_without_a_diary_has_counts_of_no_days():
    own = whole_study(coded=False).query("USUBJID == 'B'").set_index(["PARAMCD", "AVISIT"])
    assert own.loc[("SZDAYS", "baseline"), "AVAL"] == 0
    assert own.loc["SZFREEFQ", "AVAL"].isna().all()
    assert (own["ANL01FL"] == "N").all()


def test_without_the_table_of_seizures_there_are_no_types():
    without = whole_study(coded=False, seizures=False)
    every = whole_study(coded=False)
    assert not without["SEIZTYPE"].notna().any()
    same = every[every["SEIZTYPE"].isna()].reset_index(drop=True)
    kept = ["USUBJID", "AVISIT", "AVAL", "BASE", "CHG", "PCHG"]
    pd.testing.assert_frame_equal(without[kept], same[kept])


@pytest.mark.parametrize(
    ("design", "endpoints", "name"),
    [
        ({"windows": [{"id": "baseline", "days": [1, 15]}]}, [], '"baseline"'),
        ({"windows": [{"id": "week_1", "days": [1, 15]}]}, [], '"week_1"'),
        ({}, [ENDPOINTS[3] | {"id": "SZFREQ"}], '"SZFREQ"'),
    ],
)
def test_names_that_would_stand_for_two_things_are_refused(design, endpoints, name):
    adsl = pd.DataFrame(
        {"STUDYID": "s", "USUBJID": ["A"], "TRT01P": "x", "RANDFL": "Y", "BSFREQ": 3.0}
    ).assign(BSCOUNT=3, BSDAYS=7)
    nothing = pd.DataFrame({"USUBJID": ["A"], "START": [1], "END": [2], "DAYS": [1], "COUNT": [0]})
    with pytest.raises(InputError, match=name):
        derive_adsz(adsl, nothing, pd.DataFrame(), TWO_WEEKS | design, WHOLE, endpoints)
