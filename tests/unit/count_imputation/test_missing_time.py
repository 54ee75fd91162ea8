"""Missing days are told apart: those under follow-up from those after its end."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.count_imputation.missing_time import missing_time

# Window of days [57, 169), 112 days long.
#           completed, intervals recorded, expected (recorded, between, after)
CASES = {
    "all days": ("Y", [(57, 169)], (112, 0, 0)),
    "gaps under follow-up": ("Y", [(50, 60), (70, 169)], (102, 10, 0)),
    "completed some days early": ("Y", [(1, 166)], (109, 3, 0)),
    "left in the window": ("N", [(1, 100)], (43, 0, 69)),
    "left in the window with gaps": ("N", [(57, 60), (80, 100)], (23, 20, 69)),
    "left before the window": ("N", [(1, 40)], (0, 0, 112)),
    "left on the day before it": ("N", [(1, 57)], (0, 0, 112)),
    "never recorded": ("N", [], (0, 0, 112)),
    "recorded beyond the window": ("N", [(57, 100), (150, 200)], (62, 50, 0)),
}


def tables(completed: list[str | None]):
    adsl = pd.DataFrame({"USUBJID": list(CASES), "COMPLFL": pd.Series(completed, dtype="str")})
    intervals = pd.DataFrame(
        [(name, start, end, True) for name, (_, spans, _) in CASES.items() for start, end in spans]
        # Days on which nothing was recorded do not lengthen follow-up.
        + [("left in the window", 100, 169, False)],
        columns=["USUBJID", "START", "END", "RECORDED"],
    )
    adsz = pd.DataFrame(
        [
            (name, code, "w", 57, 169, float(value))
            for name, (_, _, (recorded, _, _)) in CASES.items()
            for code, value in (("SZDAYS", recorded), ("SZCOUNT", 3))
        ],
        columns=["USUBJID", "PARAMCD", "AVISIT", "AWLO", "AWHI", "AVAL"],
    )
    return adsl, adsz, intervals


@pytest.mark.parametrize("name", CASES)
def test_days_are_divided(name):
    adsl, adsz, intervals = tables([completed for completed, _, _ in CASES.values()])
    found = missing_time(adsl, adsz, intervals, "w").loc[name]
    assert tuple(found[["RECORDED", "BETWEEN", "AFTER"]]) == CASES[name][2]
    assert found["LENGTH"] == 112
    assert found["COUNT"] == 3


def test_where_nobody_is_known_to_have_completed_the_last_recorded_day_ends_follow_up():
    adsl, adsz, intervals = tables([None] * len(CASES))
    found = missing_time(adsl, adsz, intervals, "w")
    assert found.loc["completed some days early", "AFTER"] == 3
    assert found.loc["all days", "AFTER"] == 0
    assert found.equals(missing_time(adsl.drop(columns="COMPLFL"), adsz, intervals, "w"))


def test_a_participant_without_the_window_has_no_days():
    adsl, adsz, intervals = tables(["Y"] * len(CASES))
    found = missing_time(adsl, adsz[adsz["USUBJID"] != "all days"], intervals, "w")
    assert np.isnan(found.loc["all days"]).all()
