import math

import numpy as np
import pandas as pd
import pytest
from seizureflow.adsz import derive_adsz, reaches_reduction

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
    wide = pd.DataFrame(
        {"COUNT": [count], "DAYS": [days], "BSCOUNT": [base_count], "BSDAYS": [base_days]}
    )
    wide["FREQ"], wide["BSFREQ"] = 28 * wide["COUNT"] / wide["DAYS"], 28 * base_count / base_days
    assert reaches_reduction(wide, reduction).tolist() == [reached]
